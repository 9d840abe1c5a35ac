"""A question from the words of a door: a command line, a URL, a Python call.

In: texts. Out: a checked Question. Knows no home, so that doors that only read may use it.
"""

from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime
from typing import Any

from pharos.errors import BadQuestion, nearest
from pharos.measure.question import Question, question

#: The first day of which anything may be asked, and the last.
_FIRST_DAY, _LAST_DAY = date(1895, 1, 1), date(2199, 12, 31)


def said_once(
    pairs: Iterable[tuple[str, str]], known: Collection[str], many: Collection[str] = ()
) -> dict[str, str]:
    """What an address says, each name once but for those of ``many``, which are left out.

    Raises BadQuestion, also where a name is none of ``known``.
    """
    said: dict[str, str] = {}
    for name, text in pairs:
        if name in many:
            continue
        if name not in known:
            raise BadQuestion(f"there is no parameter {name[:40]!r} here; {nearest(name, known)}")
        if name in said:
            raise BadQuestion(f"{name} is said more than once; say it once")
        said[name] = text.strip()
    return said


def day(name: str, text: str) -> date | None:
    """A date; None where nothing is said. Raises BadQuestion."""
    try:
        found = date.fromisoformat(text) if text else None
    except ValueError:
        found = date.min
    # The first and the last day that there are have no neighbours to lead to.
    if found is not None and not _FIRST_DAY <= found <= _LAST_DAY:
        raise BadQuestion(f"{name}={text[:40]!r} is no date; write 2022-10-01")
    return found


def asked(measures: Iterable[str], by: Any, where: Any, **rest: Any) -> Question:  # noqa: ANN401
    """A checked question: ``by`` "work,year" or a list, ``where`` "key=value" or a mapping."""
    split = [part for part in by.split(",") if part] if isinstance(by, str) else list(by)
    if isinstance(where, str):
        where = [where] if where else []
    if hasattr(where, "items"):
        where = [f"{key}={value}" for key, value in where.items()]
    names = [name for measure in measures for name in measure.split()]
    return question(names, split, where, **rest)


def as_of(text: str | None) -> int | datetime | None:
    """An edition by its number or a moment; None is the newest. Raises BadQuestion."""
    is_number = text is not None and text.isascii() and text.isdigit()
    return int(text or 0) if is_number else moment(text)


def moment(text: str | None) -> datetime | None:
    """A moment, in UTC unless it says its offset. Raises BadQuestion."""
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
        # Within hours of the first and the last day that there are, it has no UTC.
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        said = text[:60]
        raise BadQuestion(f"{said!r} is no moment; write 2022-10-01T21:00:00+08:00") from None
