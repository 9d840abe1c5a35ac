"""The truth as a file, and its sums by any cut."""

from pathlib import Path

import msgspec
import pyarrow.parquet as pq

from pharos.rehearse.truth import FILE_NAME, MANIFEST_NAME, SUMS
from tests.rehearse.short import UNSAID, played, short


def test_the_truth_is_a_file_that_says_it_is_rehearsed(tmp_path: Path) -> None:
    rehearsal = played(short("small-country", 5, 20, UNSAID))
    rehearsal.truth.write(tmp_path)
    table = pq.read_table(tmp_path / FILE_NAME)
    assert table.schema.metadata[b"rehearsed"] == b"true"
    assert table.to_pylist() == rehearsal.truth.table().to_pylist()
    said = msgspec.json.decode((tmp_path / MANIFEST_NAME).read_bytes())
    assert said["rehearsed"] is True
    assert (said["scenario"], said["seed"], said["cinemas"]) == ("small-country", 5, 20)
    assert said["total"] == rehearsal.truth.total()


def test_every_cut_adds_up_to_the_whole() -> None:
    truth = played(short("small-country", 5, 20, UNSAID)).truth
    for cut in ("work", "cinema", "province", "chain", "screening_hour", "business_date", "book"):
        rows = truth.sums(cut)
        assert len(rows) > 1
        assert len({row[cut] for row in rows}) == len(rows)
        assert {name: sum(row[name] for row in rows) for name in SUMS} == truth.total()
