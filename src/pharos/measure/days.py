"""What is known of days beside their figures: holiday windows, notes, years with figures.

In: an edition, a span of dates, perhaps places. Out: windows, notes, years. Knows no measure.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from pharos.measure import tables
from pharos.measure.coverage import PLACES
from pharos.measure.edition import Edition
from pharos.words.notes import Note
from pharos.words.territory import Window


def windows(edition: Edition, territory: str) -> list[Window]:
    """The windows of a territory, by which a question can be split, in the order of their dates."""
    rules = edition.territories.get(territory)
    return sorted(tables.chosen_windows(rules), key=lambda w: (w.first, w.last)) if rules else []


def notes(edition: Edition, first: date, last: date, only: Mapping[str, str]) -> list[Note]:
    """The notes that explain days of a span, in the order of their dates.

    ``only`` are places that are asked: what happened where none of their cinemas stands, explains
    nothing there.
    """
    found = [note for note in edition.notes if note.first <= last and first <= note.last]
    if not only or not any(note.place for note in found):
        return found
    asked = {name: _plain(edition, name, value) for name, value in only.items()}
    standing = [asked, *_standing(edition, asked)]
    return [note for note in found if not note.place or _explains(edition, note, standing)]


def _plain(edition: Edition, name: str, value: str) -> str:
    """A place as registers call it; a cinema by the id that stands for it."""
    if name != "cinema":
        return tables.plain(name, value)
    keys, _ = tables.meant(edition, name, (value,))
    return str(edition.terms[name].texts[keys.column("key")[0].as_py()])


def _standing(edition: Edition, asked: Mapping[str, str]) -> list[Mapping[str, str | None]]:
    """Where the cinemas stand that are asked, each combination of places once."""
    found: dict[tuple[Any, ...], Mapping[str, str | None]] = {}
    for cinema, stays in edition.stays.items():
        for stay in stays:
            place = {name: stay.attributes.get(said) for name, said in PLACES.items()}
            place["territory"] = place["territory"] or edition.default_territory
            place["cinema"] = cinema
            if all(place[name] == value for name, value in asked.items()):
                found[tuple(place.values())] = place
    return list(found.values())


def _explains(edition: Edition, note: Note, standing: Iterable[Mapping[str, str | None]]) -> bool:
    dimension, _, value = note.place.partition("=")
    if dimension == "cinema":
        value = edition.canonical("cinema").get(value, value)
    return any(place.get(dimension) == value for place in standing)


def years(edition: Edition) -> list[int]:
    """The years of which there are figures, in order."""
    return [year for (year,) in edition.rows(_YEARS, edition.position)]


_YEARS = """
SELECT DISTINCT year(business_date) FROM spoke WHERE book > 0 AND position <= ? ORDER BY 1
"""
