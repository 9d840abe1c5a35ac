"""A correction: what stands, what shall stand, and the message that says so.

In: the figures that the books hold, and what a person says. Out: a native message, guarded by the
figures that the person has seen: if they change meanwhile, the correction is held.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pharos.errors import BadQuestion, NoSuchMessage
from pharos.measure.standing import Thing
from pharos.words.money import decimal_text, to_minor

#: The stream of corrections.
STREAM = "corrections"

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Wish:
    """What shall stand: figures that are not said stay; ``by`` is a role, not a person."""

    thing: Thing
    by: str
    why: str
    set: Mapping[str, str]
    book: str = ""


@dataclass(frozen=True, slots=True)
class Drafted:
    """A correction that nobody has sent yet, with the figures before and after."""

    thing: Thing
    before: Row
    gross: str
    admissions: int
    row: Mapping[str, Any]

    @property
    def body(self) -> bytes:
        """The native message."""
        lines = ({"pharos": 1}, self.row)
        return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()


def parse_set(texts: Sequence[str]) -> dict[str, str]:
    """Figures from ``gross=610.00,admissions=51``. Raises BadQuestion."""
    found: dict[str, str] = {}
    for part in (part.strip() for text in texts for part in text.split(",")):
        name, equals, value = part.partition("=")
        if name.strip() not in ("gross", "admissions") or not equals or name.strip() in found:
            raise BadQuestion(f"{part[:60]!r} sets nothing; write --set gross=610.00,admissions=51")
        found[name.strip()] = value.strip()
    return found


def drafted(rows: Sequence[Row], wish: Wish) -> Drafted:
    """The correction of what stands.

    Raises BadQuestion where it is not certain what is meant, or nothing would change.
    """
    before = _the_one(rows, wish)
    currency = before["currency"]
    if not currency:
        raise BadQuestion("nobody said in which currency it counts; send a register row first")
    if not wish.why.strip() or not wish.by.strip():
        raise BadQuestion("say why (--why TEXT) and in which role (--by auditor)")
    gross = to_minor(wish.set["gross"], currency) if "gross" in wish.set else before["gross_minor"]
    admissions = _count(wish.set["admissions"]) if "admissions" in wish.set else None
    admissions = before["admissions"] if admissions is None else admissions
    if (gross, admissions) == (before["gross_minor"], before["admissions"]):
        raise BadQuestion("these figures stand already; say what shall stand instead with --set")
    said = decimal_text(gross, currency)
    row = {
        "kind": "correction",
        "cinema": wish.thing.cinema,
        "book": before["book"],
        **_named(wish.thing),
        "expect": {"gross": before["gross"], "admissions": before["admissions"]},
        "set": {"gross": said, "admissions": admissions},
        "reason": wish.why.strip(),
        "by": wish.by.strip(),
    }
    return Drafted(wish.thing, before, said, admissions, row)


def _named(thing: Thing) -> dict[str, str]:
    if thing.screening:
        return {"screening": thing.screening}
    return {"date": str(thing.day), "work": thing.work}


def called(thing: Thing) -> str:
    """A thing in words."""
    what = f"screening {thing.screening}" if thing.screening else f"{thing.day} {thing.work}"
    return f"{what} of cinema {thing.cinema}"


def _the_one(rows: Sequence[Row], wish: Wish) -> Row:
    """The figures that are meant."""
    books = sorted({row["book"] for row in rows})
    found = [row for row in rows if wish.book in ("", row["book"])]
    if not found:
        there = f"; there are figures in {' and '.join(books)}" if books else ""
        in_book = f" in the book {wish.book}" if wish.book else ""
        raise NoSuchMessage(f"nothing is said of {called(wish.thing)}{in_book}{there}")
    if not wish.book and len(books) > 1:
        raise BadQuestion(f"{called(wish.thing)} stands in {' and '.join(books)}; say --book")
    if len(found) > 1:
        senders = ", ".join(sorted({row["sender"] for row in found}))
        raise BadQuestion(
            f"{called(wish.thing)} stands for several things (said by {senders}); send the right "
            "figures as a report of the sender whose they are"
        )
    return found[0]


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise BadQuestion(f"admissions={text[:40]!r}: write a whole number")
    return int(text)
