"""Recorded decisions: read back as they were written, or refused by their form."""

import msgspec
import pytest

from pharos.errors import UnknownRecord
from pharos.keep.batch import RECORD_VERSION, from_bytes
from pharos.words.descriptions import Descriptions


def test_decisions_of_another_form_are_named() -> None:
    content = msgspec.msgpack.encode({"version": RECORD_VERSION - 1, "reports": 7})
    with pytest.raises(UnknownRecord, match=f"form {RECORD_VERSION - 1}"):
        from_bytes(content, Descriptions())
