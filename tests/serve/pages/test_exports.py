"""The files of a page hold the rows of the screen as exact numbers, and are safe to open.

In: boards of random cuts, names that want to be formulas. Out: a difference between any two of the
screen, JSON, CSV, XLSX and Parquet.
"""

import csv
import io
import json
import zipfile
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any
from xml.etree import ElementTree as ET

import pyarrow.parquet as pq
import pytest
from python_calamine import CalamineWorkbook

from pharos.measure.board import BOARD_MEASURES
from pharos.serve.exports import KINDS, Column, Sheet, as_csv, as_parquet, as_xlsx
from pharos.serve.views.names import ENDS
from tests.serve.asking_home import Asking, asking
from tests.serve.pages.test_board_page import page_of
from tests.serve.pages.week import EVIL_CINEMA, today
from tests.serve.test_live import rehearsed_home, ticket

NUMBERS = ("rank", "rank_change", *BOARD_MEASURES)
PLACES: tuple[dict[str, str], ...] = (
    {}, {"province": "Haidong"}, {"city": "Lüyuan"}, {"city_tier": "2"}, {"chain": "Maple"},
    {"chain": "Great Lamp"}, {"cinema": "meadow"}, {"cinema": "summit"}, {"city": EVIL_CINEMA},
)  # fmt: skip


def cut(random: Random) -> dict[str, str]:
    """The query of some board."""
    asked = dict(random.choice(PLACES))
    if random.random() < 0.7:
        asked["date"] = (today() - timedelta(random.randrange(7))).isoformat()
    if random.random() < 0.5:
        asked["basis"] = random.choice(["without_fee", "without_tax", "without_fee_and_tax"])
    if random.random() < 0.3:
        asked["as_of"] = str(random.randrange(3, 40))
    return asked


def number(value: Any) -> Decimal | None:  # noqa: ANN401
    """A cell of any file as an exact number; None if it holds none."""
    return None if value in (None, "") else Decimal(str(value))


def rows_of(kind: str, content: bytes) -> list[list[Any]]:
    """The rows of a file below its head: id and name as texts, then numbers."""
    if kind == "parquet":
        table = pq.read_table(io.BytesIO(content)).to_pylist()
    elif kind == "csv":
        table = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    else:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        head, *lines = book.get_sheet_by_name("Rows").to_python(skip_empty_area=False)
        names = ["currency", "rank", "rank_change", "work_id", "work", *BOARD_MEASURES]
        assert len(head) == len(names)
        table = [dict(zip(names, line, strict=True)) for line in lines]
    return [[row["work_id"], row["work"], *(number(row[n]) for n in NUMBERS)] for row in table]


def compare(home: Asking, language: str, query: dict[str, str]) -> int:
    """Compare all forms of one board; how many rows there are."""
    files = {
        kind: home.get(f"/{language}/board.{kind}", None, **query)
        for kind in ("json", "csv", "xlsx", "parquet")
    }
    assert {found.status for found in files.values()} == {200}, query
    said = json.loads(files.pop("json").body, parse_float=Decimal)
    expected = [
        [film["work_id"], film["shown"]["name"], *(number(film[name]) for name in NUMBERS)]
        for section in said["sections"]
        for film in section["films"]
    ]
    for kind, found in files.items():
        assert rows_of(kind, found.body) == expected, (kind, query)
    page = page_of(home, f"/{language}/board", **query)
    assert [row.key for row in page.rows] == [row[0] for row in expected]
    films = [film for section in said["sections"] for film in section["films"]]
    for row, film in zip(page.rows, films, strict=True):
        assert {n: cell[0] for n, cell in row.cells.items()} == {
            name: film["shown"][name] for name in BOARD_MEASURES
        }
    return len(expected)


@pytest.mark.slow
@pytest.mark.parametrize("count", [8, pytest.param(200, marks=pytest.mark.torture)])
def test_all_forms_of_random_boards_are_equal(home: Asking, count: int) -> None:
    random = Random(5)
    found = [compare(home, random.choice(["en", "zh"]), cut(random)) for _ in range(count)]
    assert sum(found) > 4 * count


@pytest.mark.slow
def test_a_file_says_what_it_is_of(home: Asking) -> None:
    query = {"date": (today() - timedelta(1)).isoformat(), "province": "Haidong"}
    said = home.get("/zh/board.json", None, **query).json
    for kind in ("csv", "xlsx", "parquet"):
        found = home.get(f"/zh/board.{kind}", None, **query)
        name = f"board-{query['date']}-version-{said['edition']}.{kind}"
        assert found.headers["content-disposition"] == f'attachment; filename="{name}"'
    book = CalamineWorkbook.from_filelike(
        io.BytesIO(home.get("/zh/board.xlsx", None, **query).body)
    )
    about = {str(row[0]): row[1] for row in book.get_sheet_by_name("About").to_python()}
    assert about["版本"] == str(said["edition"])
    assert about["总票房 CNY"] == said["sections"][0]["total"]["gross"]
    assert about["地区"] == said["shown"]["place"]
    table = pq.read_table(io.BytesIO(home.get("/en/board.parquet", None, **query).body))
    assert table.schema.metadata[b"Version"] == str(said["edition"]).encode()


def test_a_rehearsed_home_says_so_in_every_file(tmp_path: Path) -> None:
    with rehearsed_home(tmp_path / "home") as home:
        home.send("x", "s", "1", ticket(1, "2022-10-01T12:00:00Z"))
    with asking(tmp_path / "home") as rehearsed:
        said = rehearsed.get("/en/board.csv")
        assert 'filename="rehearsed-board-' in said.headers["content-disposition"]
        rows = list(csv.DictReader(io.StringIO(said.body.decode("utf-8-sig"))))
        assert {row["rehearsed"] for row in rows} == {"true"}
        content = rehearsed.get("/en/board.xlsx").body
        about = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name("About")
        assert about.to_python()[0][0] == "Rehearsed"


EVIL = ("=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x")',
        "http://x.example", "{=1}", "'quoted", "plain")  # fmt: skip
SHEET = Sheet(
    "evil",
    (Column("name", "=head"), Column("n", "N", "whole"), Column("d", "D", "decimal", 2)),
    tuple((text, nth - 5, Decimal(nth) / 4 - 1) for nth, text in enumerate(EVIL)),
    {"=about": "=1+1"},
    datetime(2024, 3, 1),
)


def test_no_text_of_a_csv_is_a_formula() -> None:
    rows = list(csv.reader(io.StringIO(as_csv(SHEET).decode("utf-8-sig"), newline="")))
    assert rows[0] == ["name", "n", "d"]
    for text, row in zip(EVIL, rows[1:], strict=True):
        assert row[0] == (f"'{text}" if text[0] in "=+-@\t\r" else text)
    assert [row[1] for row in rows[1:]] == [str(nth - 5) for nth in range(len(EVIL))]
    assert rows[1][2] == "-1.00" or Decimal(rows[1][2]) == -1


def test_no_cell_of_a_workbook_is_a_formula_or_leads_elsewhere() -> None:
    content = as_xlsx(SHEET)
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        for name in parts.namelist():
            tree = ET.fromstring(parts.read(name))
            tags = {element.tag.rpartition("}")[2] for element in tree.iter()}
            assert not tags & {"f", "hyperlink", "hyperlinks", "externalReference"}, name
    page = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name("Rows")
    assert [row[0] for row in page.to_python()[1:]] == list(EVIL)
    assert as_xlsx(SHEET) == content, "the same rows are the same bytes"


def test_parquet_keeps_types_and_what_is_not_known() -> None:
    sheet = Sheet("s", SHEET.columns, (("a", None, None), ("b", 2, Decimal("1.25"))))
    table = pq.read_table(io.BytesIO(as_parquet(sheet)))
    assert [str(kind) for kind in table.schema.types] == ["string", "int64", "decimal128(38, 2)"]
    assert table.to_pylist()[0] == {"name": "a", "n": None, "d": None}


def test_a_number_that_no_float_holds_is_text() -> None:
    exact = Decimal("12345678901234567.89")
    sheet = Sheet("s", (Column("d", "D", "decimal", 2),), ((exact,), (Decimal("0.10"),)))
    page = CalamineWorkbook.from_filelike(io.BytesIO(as_xlsx(sheet))).get_sheet_by_name("Rows")
    assert [row[0] for row in page.to_python()[1:]] == ["12345678901234567.89", 0.1]


def test_every_end_of_a_page_has_its_writer() -> None:
    assert ("json", *KINDS) == ENDS
