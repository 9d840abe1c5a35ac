"""Published figures as they are said, row by row and through mappings, and why rows are held.

In: rows and tables. Out: values with their precision, or the sentence that holds a row.
"""

import json
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
import zstandard

from pharos.arrive.documents import document_rows
from pharos.arrive.extract import extract, in_parts
from pharos.arrive.formats import read
from pharos.arrive.mapping import packaged_mappings, parse_mapping
from pharos.arrive.packed import unpacked
from pharos.arrive.reading import Nowhere, Reading
from pharos.arrive.stating import moment_of, unit_of
from pharos.errors import BadMapping, UnreadableRow, UnreadableTable
from pharos.words.published import Unit, shown

NATION = {
    "kind": "published", "publisher": "P", "territory": "CN", "date": "2022-10-01",
    "measure": "gross", "value": "2.65", "unit": "1e8 CNY",
}  # fmt: skip
MAPPING = """
name = "office"
kind = "published"
[constants]
publisher = "Office"
territory = "CN"
currency = "CNY"
[columns]
work = "Film"
from = { column = "Week", days = -6 }
to = "Week"
[numbers]
thousands = ","
signs = ["%"]
multipliers = { "万" = "10000", "亿" = "100000000" }
none = ["--"]
[[figure]]
measure = "gross"
column = "Box"
[[figure]]
measure = "box_office_share"
column = "Share"
unit = "percent"
"""


#: A total row of a measure that two columns state, on two bases.
_TWO_SUMS = """[[total]]
column = "Film"
equals = ["All"]
fields = ["gross"]
[[figure]]
measure = "gross"
column = "Net"
basis = "without_fee"
[[figure]]
measure = "gross\""""


def native(*rows: dict[str, Any]) -> Reading:
    body = "\n".join(json.dumps(row) for row in ({"pharos": 1}, *rows))
    return read(body.encode(), Nowhere(), lambda _: None)


def mapped(table: str, mapping: str = MAPPING, name: str = "t.csv") -> Reading:
    body = extract(table.encode(), name, mapping)
    return read(body, Nowhere(), {parse_mapping(mapping).digest: mapping}.get)


def stated(reading: Reading) -> list[dict[str, Any]]:
    assert reading.published is not None
    rows: list[dict[str, Any]] = reading.published.to_pylist()
    return rows


@pytest.mark.parametrize(
    ("said", "value", "precision"),
    [
        ({"value": "2.65"}, 26_500_000_000, 100_000_000),
        ({"value": "265000000", "unit": "CNY"}, 26_500_000_000, 100),
        ({"value": "-20000000", "unit": "USD"}, -2_000_000_000, 100),
        ({"measure": "admissions", "value": "639", "unit": "10000 count"}, 6_390_000, 10_000),
        ({"measure": "box_office_share", "value": "30.7", "unit": "percent"}, 307_000, 1_000),
        ({"measure": "runtime", "value": "1.6667", "unit": "hours"}, 16_667, 1),
        ({"value": "7715149100", "unit": "KRW"}, 7_715_149_100, 1),
    ],
)
def test_a_figure_keeps_what_was_printed(said: dict[str, str], value: int, precision: int) -> None:
    reading = native(NATION | said)
    assert not reading.findings
    (row,) = stated(reading)
    assert (row["value"], row["precision"]) == (value, precision)
    assert (row["scope"], row["subject"], row["relation"]) == ("nation", "", "=")


@pytest.mark.parametrize(
    ("said", "rule", "sentence"),
    [
        ({"measure": "grss"}, "unknown_measure", "gross"),
        ({"value": "1.5 bn"}, "bad_number", "plain digits"),
        ({"value": "NaN"}, "bad_number", "plain digits"),
        ({"value": "1e99"}, "bad_number", "plain digits"),
        ({"value": "9" * 30}, "out_of_range", "check its unit"),
        ({"value": "0.001", "unit": "CNY"}, "bad_amount", "decimal places"),
        ({"unit": "many CNY"}, "bad_field", "1e8 CNY"),
        ({"unit": "XXQ"}, "unknown_currency", "ISO 4217"),
        ({"unit": ""}, "no_currency", "add currency"),
        ({"scope": "work"}, "bad_field", "one work"),
        ({"work": "W", "city": "C"}, "bad_field", "nothing else"),
        ({"from": "2022-10-01"}, "bad_field", "both from and to"),
        ({"date": None, "from": "2022-10-02", "to": "2022-10-01"}, "bad_field", "turn them"),
        ({"stated_at": "last week"}, "bad_time", "ISO 8601"),
        ({"basis": "mine"}, "bad_field", "with_fee"),
        ({"territory": "China"}, "bad_territory", "ISO 3166"),
    ],
)
def test_a_figure_that_cannot_be_read_is_held(
    said: dict[str, Any], rule: str, sentence: str
) -> None:
    reading = native({k: v for k, v in (NATION | said).items() if v is not None}, NATION)
    assert [one.rule for one in reading.findings] == [rule]
    assert sentence in reading.findings[0].sentence
    assert len(stated(reading)) == 1


@pytest.mark.parametrize(
    ("said", "moment"),
    [
        ("2022-10-08", datetime(2022, 10, 7, 16)),
        ("2021-10-07T24:00", datetime(2021, 10, 7, 16)),
        ("2015-10-07T20:00", datetime(2015, 10, 7, 12)),
        ("2017-10", datetime(2017, 9, 30, 16)),
        ("2020", datetime(2019, 12, 31, 16)),
        ("2022-10-07T20:00+00:00", datetime(2022, 10, 7, 20)),
    ],
)
def test_a_time_of_statement_is_the_territorys(said: str, moment: datetime) -> None:
    assert moment_of(said, "Asia/Shanghai") == moment


def test_a_table_of_a_publisher_is_read_as_it_is_printed() -> None:
    table = (
        "Film,Week,Box,Share\n"
        "Heron,2024-03-10,5.11亿,30.4%\n"
        'Owl,2024-03-10,"1,200.5万",<0.1%\n'
        "Lark,2024-03-10,--,--\n"
        "Wren,2024-03-10,many,1%\n"
    )
    reading = mapped(table)
    assert [(one.rule, one.row) for one in reading.findings] == [("bad_number", 5)]
    rows = stated(reading)
    assert [(r["subject"], r["measure"], r["value"], r["relation"]) for r in rows] == [
        ("Heron", "gross", 51_100_000_000, "="),
        ("Heron", "box_office_share", 304_000, "="),
        ("Owl", "gross", 1_200_500_000, "="),
        ("Owl", "box_office_share", 1_000, "<"),
    ]
    assert {(str(r["first"]), str(r["last"])) for r in rows} == {("2024-03-04", "2024-03-10")}


def test_a_json_document_is_a_table() -> None:
    mapping = (
        MAPPING.replace("[columns]", '[table]\njson = "data.list"\n[columns]')
        .replace('to = "Week"', 'to = { column = "Week", fill = true }')
        .replace('from = { column = "Week", days = -6 }', 'from = { column = "Week", fill = true }')
    )
    document = {
        "data": {"Week": "2024-03-10", "list": [{"Film": "Heron", "Box": 12.50, "Share": None}]}
    }
    (row,) = stated(mapped(json.dumps(document).replace("12.5", "12.50"), mapping, "t.json"))
    assert (row["value"], row["precision"], str(row["first"])) == (1_250, 1, "2024-03-10")


@pytest.mark.parametrize(
    ("content", "path", "sentence"),
    [
        (b"{", "list", "no JSON"),
        (b'{"rows": []}', "list", "'list'"),
        (b'{"list": 3}', "list", "no list"),
        (b"[" * 100_000, ".", "no JSON"),
        (b'{"list": [{"Film": "Heron"}, 7]}', "list", "number 2 .* no object"),
    ],
)
def test_a_document_without_its_list_is_refused(content: bytes, path: str, sentence: str) -> None:
    with pytest.raises(UnreadableTable, match=sentence):
        document_rows(content, "t.json", path)


def test_what_is_packed_is_unpacked_and_what_is_torn_is_refused() -> None:
    packed = zstandard.ZstdCompressor().compress(b"a,b\n" * 1000)
    assert unpacked(packed, "t.csv.zst") == b"a,b\n" * 1000
    assert unpacked(b"a,b\n", "t.csv") == b"a,b\n"
    with pytest.raises(UnreadableTable, match="cannot be unpacked"):
        unpacked(packed[:4] + b"\xff" * 40, "t.csv.zst")


def test_a_message_goes_in_parts_of_whole_rows() -> None:
    body = b"head\n1\n2\n3\n4\n5\n"
    assert in_parts(body, 2) == [b"head\n1\n2\n", b"head\n3\n4\n", b"head\n5\n"]
    assert in_parts(body, 5) == [body]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('measure = "gross"', 'measure = "grss"', "gross"),
        ('unit = "percent"', 'unit = "so much percent"', "1e8 CNY"),
        ('column = "Box"', 'column = "Box"\nbasis = "mine"', "with_fee"),
        (MAPPING[MAPPING.index("[[figure]]") :], "", "figure"),
        ("days = -6", 'days = -6, formt = "%d"', "format"),
        ('publisher = "Office"\n', "", "publisher"),
        ('work = "Film"', 'work = { column = "Film", days = 1 }', "days"),
        ('"万" = "10000"', '"万" = "many"', "cannot be used"),
        ("days = -6", "days = -100000000", "366"),
        ('to = "Week"', "", "date, or from and to"),
        ("[columns]", '[table]\njson = "list"\ndelimiter = ";"\n[columns]', "remove the rest"),
        ('[[figure]]\nmeasure = "gross"', _TWO_SUMS, "not one alone"),
    ],
)
def test_a_mapping_that_means_nothing_is_refused(old: str, new: str, sentence: str) -> None:
    with pytest.raises(BadMapping, match=sentence):
        parse_mapping(MAPPING.replace(old, new))


def test_a_measure_on_two_bases_has_no_one_sum() -> None:
    two = MAPPING.replace('[[figure]]\nmeasure = "gross"', _TWO_SUMS.replace('["gross"]', "[]"))
    assert parse_mapping(MAPPING).summed_columns() == {"gross": ("Box",)}
    assert parse_mapping(two).summed_columns() == {}


def test_every_mapping_that_comes_with_pharos_can_be_read() -> None:
    for name, text in packaged_mappings().items():
        assert parse_mapping(text).name == name


def test_units_and_values_are_shown_as_they_were_said() -> None:
    assert unit_of("10000 CNY") == (Decimal(10_000), "CNY")
    assert shown(-4_140, Unit.MONEY, "CNY") == "-41.40"
    assert shown(3_070_000, Unit.PERCENT, "") == "307"
    assert shown(5, Unit.HOURS, "") == "0.0005"
    with pytest.raises(UnreadableRow):
        unit_of("lots of CNY")
