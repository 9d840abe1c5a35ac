"""A shelf of bad bodies, each with what must become of it.

In: nothing. Out: named bodies: refused before they are kept, refused as a whole, or with held rows,
and a word that must stand in what the sender is told. All are made here, none is large on the disk.
"""

from dataclasses import dataclass
from typing import Any

from tests.serve.terminal import native

#: The largest body that the server takes, in bytes.
LARGEST = 8 << 20

NOT_KEPT, REFUSED, HELD, TOO_LARGE = "not-kept", "refused", "held", "body-too-large"

_DAY = {"kind": "day_totals", "cinema": "c", "date": "2024-03-05", "work": "W",
        "admissions": 10, "gross": "100.00"}  # fmt: skip
_TICKET = {"kind": "tickets", "cinema": "c", "number": 1, "screening": "s", "work": "W",
           "start": "2024-03-05T19:00:00-05:00", "sold_at": "2024-03-05T18:00:00-05:00",
           "paid": "9.00"}  # fmt: skip


@dataclass(frozen=True)
class Bad:
    """One bad body: its name, its bytes, what becomes of it, a word of what is told."""

    name: str
    body: bytes
    end: str
    word: str


def _day(**said: Any) -> bytes:  # noqa: ANN401
    return native(_DAY | said)


def _ticket(**said: Any) -> bytes:  # noqa: ANN401
    return native(_TICKET | said)


def _raw(rows: bytes) -> bytes:
    return b'{"pharos": 1}\n' + rows


def _columnar(columns: str, more: str = "") -> bytes:
    screenings = '{"screening": ["s"], "start": ["2024-03-05T19:00:00-05:00"], "work": ["W"]}'
    said = f'"cinema": "c", "currency": "USD", "screenings": {screenings}'
    return f'{{"pharos": 1, "columnar": "tickets", {said}, "columns": {columns}{more}}}'.encode()


_WHOLE = _day()
_OLD_SAYING = '{"screening": [0], "number": [1], "sold_at": [1709679600], "paid": [900]}'

SHELF: tuple[Bad, ...] = (
    Bad("empty", b"", NOT_KEPT, "empty"),
    Bad("only white space", b" \n\t\r\n " * 1000, NOT_KEPT, "empty"),
    Bad("NUL bytes", b"\0" * 10_000, NOT_KEPT, "no known format"),
    Bad("random bytes", bytes(range(256)) * 4_000, NOT_KEPT, "no known format"),
    Bad("HTML", b"<!doctype html><html><body>502</body></html>", NOT_KEPT, "no known format"),
    Bad("XXE", b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', NOT_KEPT,
        "no known format"),
    Bad("a spreadsheet as it is", b"PK\x03\x04" + b"\0" * 5_000, NOT_KEPT, "pharos submit FILE"),
    Bad("a CSV file as it is", b"Date;Film;Gross\n05.03.2024;W;100,00\n", NOT_KEPT,
        "pharos submit FILE"),
    Bad("truncated in the header", _WHOLE[:9], NOT_KEPT, "no known format"),
    Bad("truncated in a row", _WHOLE[:-20], HELD, "no valid JSON"),
    Bad("header of another version", b'{"pharos": 99}\n{}\n', NOT_KEPT, "version"),
    Bad("header without version", b'{"pharos": "one"}\n{}\n', NOT_KEPT, "header"),
    Bad("header with an undeclared key", b'{"pharos": 1, "key": "k"}\n{}\n', NOT_KEPT, "key"),
    Bad("header only", b'{"pharos": 1}\n', NOT_KEPT, "no rows"),
    Bad("UTF-16", _WHOLE.decode().encode("utf-16"), NOT_KEPT, "no known format"),
    Bad("UTF-32", _WHOLE.decode().encode("utf-32"), NOT_KEPT, "no known format"),
    Bad("GB18030", _raw('{"kind": "day_totals", "work": "流浪地球"}\n'.encode("gb18030")), NOT_KEPT,
        "UTF-8"),
    Bad("half a letter", _raw(b'{"kind": "day_totals", "work": "\xe6\xb5"}\n'), NOT_KEPT, "UTF-8"),
    Bad("a lone surrogate", _raw(rb'{"kind": "day_totals", "work": "\ud83d"}'), HELD, "row"),
    Bad("a NUL in a name", _day(cinema="a\0b"), HELD, "control character"),
    Bad("a line break in a name", _day(cinema="a\nb"), HELD, "control character"),
    Bad("a name of a million letters", _day(work="x" * 1_000_000), HELD, "longer"),
    Bad("an undeclared field", _day(buyer="Jane Roe"), NOT_KEPT, "buyer"),
    Bad("an undeclared kind", native({"kind": "popcorn", "cinema": "c"}), NOT_KEPT, "popcorn"),
    Bad("deep JSON in a row", _raw(b"[" * 2_000_000), HELD, "no JSON object"),
    Bad("deep JSON as header", b'{"pharos": ' + b"[" * 2_000_000, NOT_KEPT, "header"),
    Bad("deep objects", _raw(b'{"a":' * 500_000), HELD, "no valid JSON"),
    Bad("a number of two million digits", _raw(b'{"kind": "day_totals", "admissions": '
        + b"9" * 2_000_000 + b"}\n"), HELD, "row"),
    Bad("a line of eight million bytes", _raw(b'{"kind": "day_totals", "work": "'
        + b"x" * (LARGEST - 100) + b'"}\n'), HELD, "row"),
    Bad("a million fields", _raw(b"{" + b",".join(b'"f%d": 1' % n for n in range(300_000))
        + b"}\n"), NOT_KEPT, "no field 'f0'"),
    Bad("a million empty rows", _raw(b"{}\n" * 600_000), NOT_KEPT, "rows"),
    Bad("a hundred thousand bad rows", _raw(b"x\n" * 100_000), NOT_KEPT, "cannot be read"),
    Bad("more than the server takes", _raw(b" " * (LARGEST + 1)), TOO_LARGE, "at most"),
    Bad("negative admissions", _day(admissions=-5), HELD, "between"),
    Bad("negative seats", native({"kind": "schedule", "cinema": "c", "screening": "s",
        "start": "2024-03-05T19:00:00-05:00", "work": "W", "seats": -1}), HELD, "between"),
    Bad("a negative price", _ticket(paid="-9.00"), HELD, "never negative"),
    Bad("a price as a number", _ticket(paid=9.0), HELD, "text in quotes"),
    Bad("too many decimals", _day(gross="1.005"), HELD, "gross"),
    Bad("NaN", _raw(b'{"kind": "day_totals", "admissions": NaN}\n'), HELD, "no valid JSON"),
    Bad("infinite gross", _day(gross="Infinity"), HELD, "gross"),
    Bad("a gross beyond all money", _day(gross="9" * 40), HELD, "gross"),
    Bad("an unknown currency", _day(currency="XXZ"), HELD, "currency"),
    Bad("a date in 1800", _day(date="1800-01-01"), HELD, "1895"),
    Bad("a date that never was", _day(date="2024-02-30"), HELD, "date"),
    Bad("a year of five digits", _day(date="12024-03-05"), HELD, "date"),
    Bad("a start without offset", _ticket(start="2024-03-05 19:00"), HELD, "start"),
    Bad("a sale in 9999", _ticket(sold_at="9999-12-31T23:59:59Z"), HELD, "2200"),
    Bad("an event without number", native({k: v for k, v in _TICKET.items() if k != "number"}),
        HELD, "number"),
    Bad("a number below one", _ticket(number=0), HELD, "between"),
    Bad("uneven columns", _columnar(_OLD_SAYING.replace("[900]", "[900, 1]")), NOT_KEPT,
        "equally long"),
    Bad("columns of an unknown screening", _columnar(_OLD_SAYING.replace("[0]", "[7]")), HELD,
        "screening"),
    Bad("an undeclared column", _columnar(_OLD_SAYING, ', "buyers": ["Jane"]'), NOT_KEPT, "buyers"),
    Bad("columns without events", _columnar('{"screening": [], "number": [], "sold_at": [], '
        '"paid": []}'), NOT_KEPT, "no event"),
    Bad("columns cut short", _columnar(_OLD_SAYING)[:-10], NOT_KEPT, "columnar"),
    Bad("a table of an unknown mapping", b'{"pharos": 1, "table": "t", "mapping": "'
        + b"0" * 64 + b'", "original": "", "file": "f", "columns": ["a"]}\n[1, "x"]\n', NOT_KEPT,
        "not known here"),
    Bad("a table with a broken header", b'{"pharos": 1, "table": 5}\n', NOT_KEPT, "table"),
    Bad("administration by a stranger", b'{"pharos": 1, "administration": [{"fact": "closing", '
        b'"first": "2024-03-01", "last": "2024-03-31"}]}', NOT_KEPT, "home itself"),
    Bad("a correction of nothing", native({"kind": "correction", "cinema": "c",
        "book": "day_totals", "date": "2019-01-01", "work": "Z", "expect": {"gross": "1.00"},
        "set": {"gross": "0.00"}, "by": "a", "reason": "b"}), HELD, "expect"),
)  # fmt: skip
