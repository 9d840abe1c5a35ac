"""What a held row said is found again in the message, whatever form the message has."""

import json
from typing import Any

import pytest

from pharos.arrive.said import MOST, row_said
from tests.serve.terminal import native

TABLE = b'{"pharos":1,"table":"t","columns":["Film","Paid"]}\n[2,"A","1"]\n[21,"B","x"]\n'
COLUMNAR: dict[str, Any] = {
    "pharos": 1, "columnar": "tickets", "channels": ["online", "desk"],
    "screenings": {"screening": ["s1", "s2"], "start": ["19:00", "21:00"]},
    "columns": {"screening": [0, 1], "number": [1, 2], "paid": [900, -1], "channel": [0, 1]},
}  # fmt: skip


def columnar(**said: Any) -> bytes:  # noqa: ANN401
    return json.dumps(COLUMNAR | said).encode()


def test_a_native_row_is_its_line() -> None:
    body = native({"kind": "a"}, {"kind": "b"})
    assert row_said(body, 3) == '{"kind": "b"}'
    assert row_said(b'{"pharos": 1}\r\nnot json\r\n\n{"kind": 1}', 2) == "not json"


def test_a_row_of_a_table_is_its_named_cells() -> None:
    assert row_said(TABLE, 21) == '{"Film":"B","Paid":"x"}'
    assert row_said(TABLE, 2) == '{"Film":"A","Paid":"1"}'


def test_an_event_of_columns_is_told_with_its_screening() -> None:
    said = json.loads(row_said(columnar(), 2) or "")
    assert said == {"screening": "s2", "start": "21:00", "number": 2, "paid": -1, "channel": "desk"}


@pytest.mark.parametrize("row", [-1, 0, 3, 99])
def test_a_row_that_is_not_there_says_nothing(row: int) -> None:
    assert row_said(native({"kind": "a"}), row if row != 3 else 30) is None
    assert row_said(TABLE, row) is None
    assert row_said(columnar(), row) is None


@pytest.mark.parametrize("body", [
    b"", b"\n", b"\xff\xfe", b"[]", b"{", b'{"columnar": 1}', b'{"table": 1}\n[1]',
    b'{"columnar": 1, "columns": {"a": 1, "screening": ["x"]}, "screenings": []}',
])  # fmt: skip
def test_a_message_that_cannot_be_read_is_no_failure(body: bytes) -> None:
    assert row_said(body, 1) is None or isinstance(row_said(body, 1), str)


def test_a_long_row_is_shown_in_part() -> None:
    assert len(row_said(native({"kind": "x" * MOST * 2}), 2) or "") == MOST
