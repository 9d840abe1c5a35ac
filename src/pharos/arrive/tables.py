"""Messages from tables become figures, by the mapping that their sender named.

In: the body that `extract` made, the mapping, where cinemas are. Out: a `Reading` with the scope
that the file covers; it never raises. Knows no file format and no source by name.
"""

from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from pharos.arrive import limits
from pharos.arrive.cells import plain_number, read_time, whole_number
from pharos.arrive.checks import AMOUNTS
from pharos.arrive.extract import VERSION, TableHeader
from pharos.arrive.gathering import Gatherer
from pharos.arrive.mapping import NAMES, OF_CINEMA, WHOLE, Mapping
from pharos.arrive.native_lines import read_fields
from pharos.arrive.native_rows import FIELDS, DayTotals, Schedule, ScreeningTotals, Tickets
from pharos.arrive.reading import Place, Places, Reading, RegisterCinema, refusal, unknown_version
from pharos.arrive.rows import joined, numbered
from pharos.arrive.starts import read_start
from pharos.arrive.stated_tables import StatedTable
from pharos.arrive.totals import Totals, differences
from pharos.errors import PharosError, UnreadableRow
from pharos.words.calendar import NEVER, TWICE, resolve
from pharos.words.report import Finding, Scope, Severity
from pharos.words.works import Name, tidy_name

#: Between the cells that together are a key.
_BETWEEN = " | "

_header: msgspec.json.Decoder[TableHeader] = msgspec.json.Decoder(TableHeader)


def read_header(body: bytes) -> TableHeader | Reading:
    """The header of a message from a table, or the refusal of the message."""
    try:
        header = _header.decode(body[: body.find(b"\n") + 1] or body)
    except (ValueError, RecursionError) as problem:
        return refusal(
            "bad_header",
            f"the first line is no header of a table ({problem}); make the message with pharos "
            "submit FILE --map NAME",
            row=1,
        )
    if header.pharos != VERSION:
        return unknown_version(header.pharos, VERSION)
    return header


def read_table(body: bytes, mapping: Mapping, places: Places) -> Reading:
    """What a table says: figures, the scope it covers, and which rows are held and why."""
    header = read_header(body)
    if isinstance(header, Reading):
        return header
    if (wrong := wrong_columns(header, mapping)) is not None:
        return wrong
    table = _Table(mapping, places) if mapping.kind != "published" else StatedTable(mapping, places)
    for place, line in enumerate(body.split(b"\n")[1:], 2):
        if line.strip():
            table.read(place, line, header.columns)
    reading = table.reading()
    reading.file = header.file
    reading.original = header.original
    reading.mapping = header.mapping
    return reading


def wrong_columns(header: TableHeader, mapping: Mapping) -> Reading | None:
    """The refusal of a message with other columns than those that its mapping names."""
    named = mapping.named_columns()
    if missing := [name for name in named if name not in header.columns]:
        return refusal(
            "missing_column",
            f"the message lacks the column {missing[0]!r}, which mapping {mapping.name} names; "
            "send the file again with this mapping",
            row=1,
        )
    if further := [name for name in header.columns if name not in named]:
        return refusal(
            "undeclared_field",
            f"the message has the column {further[0][:40]!r}, which mapping {mapping.name} does "
            "not name; send the file again with this mapping",
            row=1,
        )
    return None


class _MappedPlaces:
    """Places, with what a mapping says of cinemas that nobody registered."""

    def __init__(self, places: Places, constants: dict[str, str]) -> None:
        self.descriptions = places.descriptions
        self._places = places
        self._territory = constants.get("territory", "")
        self._zone = constants.get("zone")

    def place(self, cinema: str, territory: str = "") -> Place:
        """Where a cinema is; its zone is the registered one, else the mapping's."""
        found = self._places.place(cinema, territory or self._territory)
        if self._zone is None or (found.known and found.zone is not None):
            return found
        return replace(found, zone=self._zone)


class _Table:
    """Reads the rows of one table."""

    def __init__(self, mapping: Mapping, places: Places) -> None:
        self._mapping = mapping
        self._gatherer = Gatherer(_MappedPlaces(places, mapping.constants), checks=mapping.checks)
        self._formats = {column.field: column.formats for column in mapping.columns}
        self._totals = Totals(mapping)
        self._days: dict[str, list[date]] = {}
        self._names: dict[str, str] = {}
        self._doubted: set[str] = set()

    def read(self, place: int, line: bytes, columns: tuple[str, ...]) -> None:
        """Read one line of the message, which stands at a place in it."""
        try:
            number, cells = numbered(line, columns)
        except UnreadableRow as problem:
            self._gatherer.hold(place, problem)
            return
        if (rule := self._totals.rule_for(cells)) is not None:
            self._totals.total(number, rule, cells)
        elif not any(skip.meets(cells[skip.column]) for skip in self._mapping.skips):
            counts = self._read_line(number, cells)
            self._totals.line(number, cells, counts=counts)

    def _read_line(self, number: int, cells: dict[str, str]) -> bool:
        """Read one line of figures and say so, or hold it with its reason."""
        texts: dict[str, str] = {}
        try:
            texts = self._texts(cells)
            times = self._times(number, texts)
            self._note_day(texts, times)
            row = read_fields(self._fields(texts) | times)
        except PharosError as problem:
            self._gatherer.hold(number, problem, _subject(texts))
            return False
        if not isinstance(row, Schedule | Tickets | ScreeningTotals | DayTotals):
            return False
        return self._gatherer.add(number, row, _key(cells, self._mapping.row_key))

    def reading(self) -> Reading:
        """Everything that was read."""
        reading = self._gatherer.reading()
        reading.totals = self._totals.checked()
        currency = self._mapping.constants.get("currency", "")
        reading.findings += [*self._totals.findings, *differences(reading.totals, currency)]
        reading.names = self._names
        if len(reading.figures):
            reading.facts += self._cinema()
        elif not reading.findings:
            reading.findings.append(_NO_ROWS)
        if self._mapping.spans and len(self._days) > 1:
            return refusal(
                "several_cinemas",
                f"the file speaks of {len(self._days)} cinemas, but its mapping declares a scope, "
                "which is one cinema's; send a file for each, or remove [scope] from the mapping",
            )
        for cinema, days in self._days.items() if self._mapping.spans else ():
            reading.scope = Scope(cinema, min(days), max(days))
        return reading

    def _texts(self, cells: dict[str, str]) -> dict[str, str]:
        """What the row says of each field, constants included; what is empty is not said.

        Raises UnreadableRow.
        """
        texts = dict(self._mapping.constants)
        for column in self._mapping.columns:
            if text := joined(cells, column):
                limits.length(column.field, text)
                texts[column.field] = text
        if self._mapping.screening_key:
            texts["screening"] = _key(cells, self._mapping.screening_key)
        return texts

    def _times(self, number: int, texts: dict[str, str]) -> dict[str, str]:
        """The times of a row with their offsets, and its date. Raises UnreadableRow."""
        times: dict[str, str] = {}
        place = self._gatherer.describer.place(texts.get("cinema", ""))
        if "date" in texts:
            times["date"] = _date_text(texts["date"], self._formats.get("date", ()))
        for field in ("start", "sold_at"):
            if field in texts:
                times[field], doubt = _with_offset(
                    field, texts[field], self._formats.get(field, ()), place.zone
                )
                if doubt and field == "start":
                    self._note_doubt(number, texts, doubt)
        return times

    def _note_doubt(self, number: int, texts: dict[str, str], doubt: str) -> None:
        screening = texts.get("screening", "")
        if screening in self._doubted:
            return
        self._doubted.add(screening)
        sentence = _DOUBTS[doubt].format(start=texts["start"])
        self._gatherer.notice(number, f"clock_{doubt}", sentence, _subject(texts))

    def _note_day(self, texts: dict[str, str], times: dict[str, str]) -> None:
        """Note the business date of a row: its file covers that day even if the row is held."""
        cinema = texts.get("cinema", "")
        if "start" in times:
            place = self._gatherer.describer.place(cinema)
            zone = place.zone if place.known else None
            day = read_start(times["start"], zone, place.day_start).business_date
        elif "date" in times:
            day = date.fromisoformat(times["date"])
        else:
            return
        self._days.setdefault(cinema, []).append(day)

    def _fields(self, texts: dict[str, str]) -> dict[str, Any]:
        """The fields of the native row, times apart. Raises UnreadableRow."""
        fields: dict[str, Any] = {"kind": self._mapping.kind}
        for field, text in texts.items():
            if field in AMOUNTS:
                fields[field] = plain_number(field, text, self._mapping.notation)
            elif field in WHOLE:
                fields[field] = whole_number(field, text, self._mapping.notation)
            elif field in FIELDS[self._mapping.kind]:
                fields[field] = text
        for name in NAMES:
            kind = name.removesuffix("_name")
            if name in texts and kind in texts and name not in self._mapping.constants:
                self._names[f"{kind}:{texts[kind]}"] = texts[name]
        return fields

    def _cinema(self) -> list[RegisterCinema]:
        """The cinema as the constants describe it; it holds until somebody registers it."""
        said = self._mapping.constants
        if "cinema" not in said:
            return []
        described: dict[str, Any] = {name: said[name] for name in _OF_REGISTER if name in said}
        if "cinema_name" in said:
            described["names"] = (Name("", said["cinema_name"]),)
        return [RegisterCinema(row=0, id=said["cinema"], provisional=True, **described)]


_OF_REGISTER = (*(field for field in OF_CINEMA if field != "cinema_name"), "currency")

_NO_ROWS = Finding(
    "no_rows",
    Severity.NOTICE,
    "the table has no rows: it covers no date and changes nothing; send it with its rows, or a "
    "no_screenings row if the cinema showed nothing",
)

_DOUBTS = {
    TWICE: "the clock showed {start} two times that night; the first is taken: send the start "
    "with its offset if it was the second",
    NEVER: "the clock never showed {start}, it went forward over it; it is read with the offset "
    "before: check the start",
}


def _subject(texts: dict[str, str]) -> str:
    return f"cinema:{texts['cinema']}" if "cinema" in texts else ""


def _key(cells: dict[str, str], names: tuple[str, ...]) -> str:
    said = [tidy_name(cells[name]) for name in names]
    return _BETWEEN.join(said) if any(said) else ""


def _date_text(text: str, formats: tuple[str, ...]) -> str:
    day = read_time("date", text, formats).date()
    limits.year("date", day.year)
    return day.isoformat()


@lru_cache(maxsize=16_384)
def _with_offset(
    field: str, text: str, formats: tuple[str, ...], zone: str | None
) -> tuple[str, str]:
    """A time of a table with its offset, and the doubt about it. Raises UnreadableRow."""
    moment = read_time(field, text, formats)
    limits.year(field, moment.year)
    if moment.tzinfo is not None:
        return moment.isoformat(), ""
    if zone is None:
        raise UnreadableRow(
            "no_zone",
            f"{field} is a local time, but nobody said the time zone of the cinema; add zone to "
            "the mapping's constants, or send a register row for the cinema",
        )
    aware, doubt = resolve(moment, ZoneInfo(zone))
    return aware.isoformat(), doubt
