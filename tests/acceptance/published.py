"""Tables of publishers, and plain sums over their rows.

In: the folder beside the repository. Out: rows as they were published. Must not know how anything
is counted elsewhere.
"""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import zstandard

DATA = Path(__file__).parents[2].parent / "shared/data"
WHY_NOT = f"tables of publishers are not here ({DATA}); their rows are never in the repository"
Row = dict[str, str]


def text_of(path: Path) -> str:
    """The text of a file, unpacked."""
    content = path.read_bytes()
    if path.suffix == ".zst":
        content = zstandard.ZstdDecompressor().stream_reader(io.BytesIO(content)).read()
    return content.decode("utf-8-sig")


def rows_of(path: Path, delimiter: str = ",") -> Iterator[Row]:
    """The rows of a table."""
    return iter(csv.DictReader(io.StringIO(text_of(path)), delimiter=delimiter))
