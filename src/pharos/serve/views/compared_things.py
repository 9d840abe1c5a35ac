"""What a comparison is of: films, runs of films, or places, as its address names them.

In: lists of the address. Out: the things in the order in which they are named. Ids may have commas
in them: the longest id that is known is meant.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from pharos.errors import BadQuestion, UnknownWord
from pharos.measure.dimensions import BY_NAME as DIMENSIONS
from pharos.measure.edition import Edition
from pharos.measure.lists import meant_id
from pharos.measure.places import known_places
from pharos.measure.standings import BOARD_PLACES
from pharos.serve.names import in_language
from pharos.serve.views.asking import Asker
from pharos.serve.views.links import page_about

#: How many things are compared.
FEWEST, MOST = 2, 8
_IN_CHINESE = {DIMENSIONS[name].chinese: name for name in BOARD_PLACES}


@dataclass(frozen=True, slots=True)
class Thing:
    """A film (perhaps one run of it) or a place; ``kind`` is its dimension."""

    kind: str
    value: str
    text: str
    run: int | None = None

    @property
    def name(self) -> str:
        """What it is called in addresses and files."""
        return f"{self.value}:{self.run}" if self.run is not None else self.value

    def link(self, asker: Asker) -> str:
        """The page about it."""
        return page_about(asker.language, asker.wanted, self.kind, self.value)


def films(asker: Asker) -> tuple[Thing, ...]:
    """The films and runs that are named, each once. Raises UnknownWord, BadQuestion."""
    found = [_film(asker, text, None) for text in _parts(asker.edition, asker.wanted.get("works"))]
    for text in asker.wanted.several("runs"):
        work, colon, run = text.rpartition(":")
        if not (colon and run.isascii() and run.isdecimal() and len(run) < len("1000")):
            raise BadQuestion(f"runs={text[:40]!r} is none; write FILM:1,FILM:2")
        found.append(_film(asker, work.strip(), int(run)))
    return tuple(dict.fromkeys(found))


def _film(asker: Asker, said: str, run: int | None) -> Thing:
    work = meant_id(asker.edition, "work", said)
    name, _ = in_language(asker.edition, "work", work, asker.language.code)
    if run is not None:
        name = asker.language.say("compare_page.run_of", film=name, run=run)
    return Thing("work", work, name, run)


def _parts(edition: Edition, text: str) -> Iterator[str]:
    """The films of a list; a part that is no id alone may be one with what follows it."""
    known = edition.registered_works | edition.canonical("work").keys()
    terms, parts = edition.terms["work"], text.split(",")
    while parts:
        tried = range(len(parts), 1, -1) if len(parts) <= 4 * MOST else ()
        whole = (",".join(parts[:count]).strip() for count in tried)
        found = next((one for one in whole if one in known or terms.known(one) is not None), None)
        count = 1 if found is None else found.count(",") + 1
        said = ",".join(parts[:count]).strip()
        del parts[:count]
        if said:
            yield said


def places(asker: Asker) -> tuple[Thing, ...]:
    """The places that are named, each once. Raises BadQuestion, UnknownWord."""
    # As Chinese keyboards write commas and colons.
    text = asker.wanted.get("places").replace("，", ",").replace("：", ":")
    return tuple(dict.fromkeys(_place(asker, part) for part in text.split(",") if part.strip()))


def _place(asker: Asker, text: str) -> Thing:
    said, colon, value = (part.strip() for part in text.partition(":"))
    kind = _IN_CHINESE.get(said, said)
    if not colon or kind not in BOARD_PLACES or not value:
        raise BadQuestion(f"places={text[:40]!r} is none; write city:NAME or chain:NAME")
    if kind == "cinema":
        cinema = meant_id(asker.edition, "cinema", value)
        name, _ = in_language(asker.edition, "cinema", cinema, asker.language.code)
        return Thing(kind, cinema, name)
    known = known_places(asker.edition)[kind]
    if value not in known:
        raise UnknownWord(kind, value, known)
    return Thing(kind, value, value)
