"""What users noted about the days that a page shows.

In: tables, an edition. Out: notes as values, for JSON and for whoever draws. Knows no page.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from pharos.measure import days
from pharos.serve.views.asking import Asker
from pharos.serve.views.table import Table
from pharos.words.notes import PLACES, Note

#: The head under which a table says which day a row is of.
DAY = "business_date"
_CINEMA = "cinema"


def noted(asker: Asker, tables: Iterable[Table]) -> list[dict[str, str]]:
    """The notes about the days of tables; none where no table has days."""
    shown = [day for table in tables for day in _days(table)]
    if not shown:
        return []
    return [as_value(note) for note in notes_in(asker, min(shown), max(shown))]


def notes_in(asker: Asker, first: date, last: date) -> Sequence[Note]:
    """The notes that explain days of a span at the places that the address asks.

    What is noted of a cinema tells of it, and is only for who may see cinemas.
    """
    only = {name: said for name in PLACES if (said := asker.wanted.get(name))}
    found = days.notes(asker.edition, first, last, only)
    if asker.sight.splits(_CINEMA):
        return found
    return [note for note in found if note.place.partition("=")[0] != _CINEMA]


def _days(table: Table) -> list[date]:
    places = [at for at, head in enumerate(table.heads) if head.name == DAY]
    said = (row.cells[at].value for row in table.rows for at in places)
    return [date.fromisoformat(str(one)) for one in said if one]


def as_value(note: Note) -> dict[str, str]:
    """A note as JSON has it."""
    return {
        "first": note.first.isoformat(),
        "last": note.last.isoformat(),
        "name": note.name,
        "kind": note.kind,
        "place": note.place,
    }


def told(asker: Asker, note: Note) -> str:
    """A note as a reader sees it: its kind, name, and place if the page is of more."""
    say = asker.language.say
    kind = asker.language.words["note_kinds"][note.kind]
    text = say("calendar_page.note", kind=kind, name=note.name)
    dimension, _, value = note.place.partition("=")
    if not dimension or asker.wanted.get(dimension) == value:
        return text
    return say("calendar_page.note_of", note=text, place=value)
