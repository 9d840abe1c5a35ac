"""Every page of tables says the same on the screen, in JSON, in CSV, in XLSX and in Parquet."""

import csv
import io
from decimal import Decimal
from html.parser import HTMLParser
from http import HTTPStatus
from random import Random
from typing import Any

import pyarrow.parquet as pq
import pytest
from python_calamine import CalamineWorkbook

from pharos.serve.views.names import PAGE_NAMES
from pharos.serve.views.registry import PAGES
from pharos.serve.views.table import Cell, Head, Row, Table, cut
from tests.serve.asking_home import Asking
from tests.serve.pages.views import ADDRESSES, EXAMPLES

KINDS = ("csv", "xlsx", "parquet")


class Tables(HTMLParser):
    """The texts of the rows of every table of a page."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[str]]] = []
        self._cell = self._body = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        del attrs
        if tag == "tbody":
            self._body = True
            self.tables.append([])
        elif tag == "tr" and self._body:
            self.tables[-1].append([])
        elif tag == "td":
            self._cell = True
            self.tables[-1][-1].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "td":
            self._cell = False
        elif tag == "tbody":
            # The row of heads of the next table is none of this one.
            self._body = False

    def handle_data(self, data: str) -> None:
        if self._cell:
            self.tables[-1][-1][-1] += data


def at(path: str, kind: str, table: str = "") -> str:
    """The address of a file of a page."""
    page, _, query = path.partition("?")
    said = "&".join(part for part in (query, f"table={table}" if table else "") if part)
    return f"{page}.{kind}?{said}" if said else f"{page}.{kind}"


def rows_of(kind: str, content: bytes, names: list[str]) -> list[list[Any]]:
    """The rows of a file below its head."""
    if kind == "parquet":
        return [list(row.values()) for row in pq.read_table(io.BytesIO(content)).to_pylist()]
    if kind == "csv":
        head, *lines = csv.reader(io.StringIO(content.decode("utf-8-sig")))
        assert head == names
        return [list(line) for line in lines]
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    _, *rows = book.get_sheet_by_name("Rows").to_python(skip_empty_area=False)
    return [list(row) for row in rows]


def plain(value: Any, head: dict[str, Any], kind: str) -> Any:  # noqa: ANN401
    """A cell of any file, to be compared."""
    if value in (None, ""):
        return None
    if head["kind"] in ("whole", "decimal"):
        return Decimal(str(value))
    if head["kind"] == "yes_no":
        return str(value).lower()
    # Before what a spreadsheet would take for a formula stands an apostrophe, in CSV only.
    text = str(value)
    return text.removeprefix("'") if kind == "csv" and text[1:2] in "=+-@" else text


@pytest.mark.slow
@pytest.mark.parametrize("count", [1, pytest.param(1_000, marks=pytest.mark.torture)])
@pytest.mark.parametrize("path", ADDRESSES)
def test_all_forms_of_a_page_are_equal(home: Asking, path: str, count: int) -> None:
    """All tables on the screen and in JSON, and the files of some of them."""
    random = Random(path)
    language = random.choice(["en", "zh"])
    said = home.get(f"/{language}/{at(path, 'json')}")
    assert said.status == HTTPStatus.OK, said.body
    page = Tables(home.get(f"/{language}/{path}").body.decode())
    shown = [table for table in said.json["tables"] if table["rows"]]
    assert len(page.tables) == len(shown)
    taken = random.sample([table["name"] for table in shown], min(count, len(shown)))
    for table, lines in zip(shown, page.tables, strict=True):
        heads = table["heads"]
        names = [head["name"] for head in heads]
        visible = [head["name"] for head in heads if head["shown"]]
        assert lines == [[row["shown"][name] for name in visible] for row in table["rows"]]
        for kind in KINDS if table["name"] in taken else ():
            found = home.get(f"/{language}/{at(path, kind, table['name'])}")
            assert found.status == HTTPStatus.OK
            got = rows_of(kind, found.body, names)
            expected = [
                [plain(row[head["name"]], head, "") for head in heads] for row in table["rows"]
            ]
            compared = [
                [plain(value, head, kind) for value, head in zip(row, heads, strict=True)]
                for row in got
            ]
            assert compared == expected, kind


@pytest.mark.slow
@pytest.mark.parametrize("count", [3, pytest.param(1_000, marks=pytest.mark.torture)])
@pytest.mark.parametrize("path", ADDRESSES)
def test_every_link_of_a_page_leads_somewhere(home: Asking, path: str, count: int) -> None:
    """Definitions, traces, pages beside and files; what leads to other pages of tables, too."""
    said = home.get(f"/en/{at(path, 'json')}").json
    addresses = {head["sort"] for table in said["tables"] for head in table["heads"]}
    for table in said["tables"]:
        for row in table["cells"][:2]:
            addresses |= {link for _, _, link, _ in row["cells"] if link}
            measures = [head["measure"] for head in table["heads"] if head["measure"]]
            addresses |= {row["trace"] + measure for measure in measures[:3] if row["trace"]}
    addresses |= {tab["address"] for tab in (*said["tabs"], *said["periods"])} | set(
        said["links"].values()
    )
    chosen = Random(path).sample(sorted(addresses), min(count, len(addresses)))
    for address in chosen:
        assert home.get(address).status == HTTPStatus.OK, address


@pytest.mark.slow
@pytest.mark.parametrize("count", [2, pytest.param(1_000, marks=pytest.mark.torture)])
@pytest.mark.parametrize("path", ADDRESSES)
def test_a_trace_of_a_cell_is_its_number(home: Asking, path: str, count: int) -> None:
    """Of the first row of each table, some of its numbers."""
    random = Random(path)
    said = home.get(f"/en/{at(path, 'json')}").json
    for table in said["tables"]:
        for row, line in list(zip(table["rows"], table["cells"], strict=True))[:1]:
            known = [head for head in table["heads"] if head["measure"] and line["trace"]]
            known = [head for head in known if row[head["name"]] is not None]
            for head in random.sample(known, min(count, len(known))):
                address = line["trace"] + head["measure"]
                query = address.partition("?")[2]
                found = home.get(f"/api/v1/trace?{query}")
                assert found.status == HTTPStatus.OK, found.body
                values = [value[head["measure"]] for value in found.json["values"]]
                assert Decimal(str(row[head["name"]])) in map(Decimal, map(str, values)), address


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGE_NAMES)
def test_what_is_not_known_is_refused_in_words(home: Asking, page: str) -> None:
    for query in ("colour=red", "rows=0", "basis=free", "as_of=never", "rows=2&rows=3", "table=x"):
        found = home.get(f"/zh/{page}?{query}")
        assert found.status == HTTPStatus.BAD_REQUEST, query
        assert "返回大盘" in found.body.decode()


def test_every_page_is_named_and_tried() -> None:
    assert tuple(page.name for page in PAGES) == PAGE_NAMES == tuple(EXAMPLES)


def row(*values: int | str | None) -> Row:
    return Row(tuple(Cell(value, str(value)) for value in values))


def test_a_table_is_sorted_and_cut() -> None:
    rows = (row("b", 2), row("a", None), row("c", 10), row("d", 2))
    table = Table("t", "", (Head("name", "N"), Head("n", "#", "whole")), rows, "-n")

    def names(order: str, page: int = 1, size: int = 9) -> list[Any]:
        return [one.cells[0].value for one in cut(table, order, page, size).table.rows]

    assert names("") == ["c", "b", "d", "a"]
    assert names("n") == ["b", "d", "c", "a"]
    assert names("-name") == ["d", "c", "b", "a"]
    assert names("n", 2, 3) == ["a"]
    assert names("n", 7, 3) == ["a"]
    assert cut(table, "n", 1, 3).pages == 2
