"""The bytes under a leaf: one text for each envelope, and back."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharos.arrive.envelope import decode, encode, micros, moment, pack, unpack
from pharos.words.report import Envelope

TEXTS = st.text(max_size=40).filter(lambda text: text.isprintable())
ENVELOPES = st.builds(
    Envelope,
    TEXTS,
    TEXTS,
    TEXTS,
    st.datetimes(timezones=st.just(UTC)),
    st.binary(min_size=32, max_size=32),
)


def test_the_bytes_as_documented() -> None:
    arrived = datetime(2022, 10, 1, 6, 0, tzinfo=UTC)
    digest = bytes(range(32))
    assert encode(Envelope("北京", "", "7", arrived, digest)).hex() == (
        "00000001" + "01"
        "00000006" + "e58c97e4baac"
        "00000000"
        "00000001" + "37"
        "00000008" + "0005e9f2d21c9800"
        "00000020" + digest.hex()
    )  # fmt: skip


@given(ENVELOPES)
def test_there_and_back(envelope: Envelope) -> None:
    assert decode(encode(envelope)) == envelope


@given(st.lists(st.binary(max_size=5), max_size=5), st.lists(st.binary(max_size=5), max_size=5))
def test_no_two_lists_share_their_bytes(one: list[bytes], other: list[bytes]) -> None:
    assert unpack(pack(*one)) == tuple(one)
    assert (pack(*one) == pack(*other)) == (one == other)


@given(st.binary(max_size=80))
def test_any_bytes_are_read_without_failure(packed: bytes) -> None:
    fields = unpack(packed)
    assert fields is None or pack(*fields) == packed
    envelope = decode(packed)
    assert envelope is None or encode(envelope) == packed


def test_a_cut_envelope_is_none() -> None:
    whole = encode(Envelope("a", "b", "c", moment(0), bytes(32)))
    assert all(decode(whole[:length]) is None for length in range(len(whole)))
    assert decode(whole + b"\x00") is None
    assert decode(b"\x00\x00\x00\x01\x02" + whole[5:]) is None


@pytest.mark.parametrize("hours", [-11, 0, 8])
def test_a_moment_is_kept_to_the_microsecond(hours: int) -> None:
    zone = timezone(timedelta(hours=hours))
    arrived = datetime(2022, 10, 1, 23, 59, 59, 999_999, tzinfo=zone)
    assert moment(micros(arrived)) == arrived
    assert moment(micros(arrived)).tzinfo is UTC
