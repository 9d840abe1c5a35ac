"""An edition: what was known at one journal position, ready to be joined to figures.

In: the fact tables of a ledger up to a position. Out: small tables and look-ups (who is one, what
is where, names, territories). Knows no question.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from functools import cached_property, wraps
from typing import Any, TypeVar

import duckdb
import pyarrow as pa

from pharos.check.parameters import Parameters, parse_parameters
from pharos.errors import NoSuchEdition, UnknownTerritory, nearest
from pharos.keep.ledger import first_row
from pharos.keep.view import View
from pharos.measure.stays import ALWAYS, PLACE_ATTRIBUTES, Stay, stays_of
from pharos.words.home import HomeSettings
from pharos.words.identity import Joined, canonical
from pharos.words.notes import Note, parse_notes
from pharos.words.period import Period, parse_period
from pharos.words.sources import parse_sources
from pharos.words.territory import Territory, parse_territory

#: Editions whose registers are kept worked out.
EDITIONS_KNOWN = 8


T = TypeVar("T")


def once_for_facts(work_out: Callable[["Edition"], T]) -> Callable[["Edition"], T]:
    """Work something out of the registers once for all editions between the same two facts."""

    @wraps(work_out)
    def kept(edition: "Edition") -> T:
        name = work_out.__qualname__
        if name not in edition.memo:
            edition.memo[name] = work_out(edition)
        found: T = edition.memo[name]
        return found

    return kept


class Edition:
    """Everything up to one journal position, except figures."""

    def __init__(self, view: View, position: int) -> None:
        """Read the registers as they stood at ``position``.

        What is worked out from them is kept in ``view.facts`` for later questions: it stays true
        until the next fact.
        """
        self.view = view
        self.cursor = cursor = view.connection
        self.position = position
        self.terms = view.terms
        fact = first_row(cursor, _LAST_FACT, [position] * _LAST_FACT.count("?")) or (0,)
        if len(view.facts) > EDITIONS_KNOWN:
            view.facts.clear()
        self.memo: dict[str, Any] = view.facts.setdefault(int(fact[0] or 0), {})
        self.home = HomeSettings.parse(self._setting("home", "home") or _NO_HOME)

    def rows(self, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401
        """Rows of a fact table; the text filters on position itself."""
        return self.cursor.execute(sql, list(parameters)).fetchall()

    def dicts(self, sql: str, *parameters: Any) -> list[dict[str, Any]]:  # noqa: ANN401
        """The same as mappings by the names of columns."""
        found: list[dict[str, Any]] = (
            self.cursor.sql(sql, params=list(parameters)).to_arrow_table().to_pylist()
        )
        return found

    def _setting(self, kind: str, name: str) -> str | None:
        found = self.rows(_SETTING, kind, name, self.position)
        return str(found[0][0]) if found else None

    @cached_property
    def at(self) -> datetime:
        """When the last report of this edition arrived."""
        found = self.rows("SELECT arrived_at FROM report WHERE position = ?", self.position)
        return found[0][0].replace(tzinfo=UTC) if found else datetime(1970, 1, 1, tzinfo=UTC)

    def moment(self, now: datetime, *, newest: bool) -> datetime:
        """What "now" means to an answer: ``now`` for the newest edition, else the edition's time.

        In a rehearsed home it is always as late as its newest report says, however fast it plays.
        """
        return now if newest and not self.home.rehearsed else self.at

    @property
    @once_for_facts
    def parameters(self) -> Parameters:
        """The parameters of the rules."""
        return parse_parameters(self._setting("rules", "rules"))

    @property
    @once_for_facts
    def territories(self) -> dict[str, Territory]:
        """The rules of each territory of the home."""
        found = self.rows(_SETTINGS, "territory", self.position)
        return {name: parse_territory(text) for name, text in found}

    @property
    @once_for_facts
    def notes(self) -> tuple[Note, ...]:
        """What users noted about days, in the order of their dates."""
        text = self._setting("notes", "notes")
        return parse_notes(text) if text else ()

    @property
    @once_for_facts
    def sources(self) -> Mapping[str, tuple[str, ...]]:
        """Whose published figures come first, by territory."""
        text = self._setting("sources", "sources")
        return parse_sources(text) if text else {}

    @cached_property
    def default_territory(self) -> str:
        """The territory of cinemas that do not say theirs."""
        return self.home.territories[0] if self.home.territories else ""

    @cached_property
    def zone(self) -> str:
        """The zone in which the home tells the time: the first of its first territory."""
        rules = self.territories.get(self.default_territory)
        return rules.zones[0] if rules else "UTC"

    def rules(self, territory: str = "") -> Territory:
        """The rules of a territory, empty: the home's first. Raises UnknownTerritory."""
        code = territory or self.default_territory
        if code not in self.territories:
            known = nearest(code, self.territories)
            raise UnknownTerritory(f"territory {code!r} is not one of this home's; {known}")
        return self.territories[code]

    def period(self, text: str, territory: str = "") -> Period:
        """A stretch of business dates as a territory writes it. Raises BadPeriod and its kin."""
        return parse_period(text, self.rules(territory))

    def canonical(self, kind: str) -> dict[str, str]:
        """For joined ids of a kind the id that stands for all."""
        return self._works_joined if kind == "work" else self._cinemas_joined

    @property
    @once_for_facts
    def _works_joined(self) -> dict[str, str]:
        known = {w for (w,) in self.rows(_REGISTERED_WORKS, self.position)}
        return self._joined("work", known)

    @property
    @once_for_facts
    def _cinemas_joined(self) -> dict[str, str]:
        return self._joined("cinema", set(self.registered_cinemas))

    def _joined(self, kind: str, known: set[str]) -> dict[str, str]:
        return canonical(self.judged(kind), known.__contains__)

    def judged(self, kind: str) -> list[Joined]:
        """What was judged of works, or of cinemas, in its order."""
        return [Joined(*row) for row in self.rows(_JUDGEMENTS, kind, self.position)]

    @property
    @once_for_facts
    def registered_works(self) -> set[str]:
        """Works that a register report has named."""
        return {w for (w,) in self.rows(_REGISTERED_WORKS, self.position)}

    @property
    @once_for_facts
    def registered_cinemas(self) -> set[str]:
        """Cinemas that a register report has named."""
        return {c for (c,) in self.rows(_REGISTERED_CINEMAS, self.position)}

    @property
    @once_for_facts
    def names(self) -> dict[tuple[str, str], dict[str, str]]:
        """Names by (kind, id) and language; a later name of a language replaces the earlier."""
        found: dict[tuple[str, str], dict[str, str]] = {}
        for kind, said, language, name in self.rows(_NAMES, self.position):
            found.setdefault((kind, said), {})[language] = name
        return found

    def name(self, kind: str, said: str, language: str = "en") -> str:
        """The name shown for an id: in the language asked, else English, else any, else the id."""
        names = self.names.get((kind, said), {})
        for wanted in (language, "en", ""):
            if wanted in names:
                return names[wanted]
        return next(iter(names.values()), said)

    @property
    @once_for_facts
    def stays(self) -> dict[str, list[Stay]]:
        """Where each cinema (its canonical id) stood, by stretches of business dates."""
        facts: dict[str, list[dict[str, Any]]] = {}
        result = self.cursor.sql(_CINEMA_FACTS, params=[self.position]).to_arrow_table()
        one = self._cinemas_joined
        for row in result.to_pylist():
            cinema = one.get(row["cinema"], row["cinema"])
            facts.setdefault(cinema, []).append(row | {"own": row["cinema"] == cinema})
        return {cinema: stays_of(rows) for cinema, rows in facts.items()}

    def place_of(self, cinema: str, day: date) -> dict[str, Any]:
        """A cinema's attributes on a business date."""
        for stay in self.stays.get(cinema, ()):
            if stay.first <= day <= stay.last:
                return stay.attributes
        return {}

    def places(self) -> pa.Table:
        """Attributes of every said cinema (code) by stretches of dates, with its prime time."""
        terms = self.terms["cinema"]
        known, count, table = self.memo.get("places", (None, 0, None))
        # Codes hold among the readers of the same terms, and a cinema may be new though no fact is.
        if known is not terms or count != len(terms.texts):
            count = len(terms.texts)
            table = self._places(terms.texts[:count])
            self.memo["places"] = terms, count, table
        return table

    def _places(self, cinemas: Sequence[str]) -> pa.Table:
        one, nowhere = self._cinemas_joined, [Stay(ALWAYS, date.max, {})]
        rows = [
            {"code": code, "first": stay.first, "last": stay.last, **self._shown(stay)}
            for code, said in enumerate(cinemas)
            for stay in self.stays.get(one.get(said, said)) or nowhere
        ]
        return pa.Table.from_pylist(rows, schema=_PLACES)

    def _shown(self, stay: Stay) -> dict[str, Any]:
        found = {name: stay.attributes.get(name) for name in PLACE_ATTRIBUTES}
        code = found["territory"] or self.default_territory
        rules = self.territories.get(code)
        prime = rules.prime_time if rules else (time(18), time(21))
        start = rules.day_start if rules else time(6)
        return found | {
            "territory": code,
            "prime_from": prime[0].hour * 60 + prime[0].minute,
            "prime_to": prime[1].hour * 60 + prime[1].minute,
            "day_start": start.hour * 60 + start.minute,
        }

    @property
    @once_for_facts
    def one_territory(self) -> str:
        """The territory in which all cinemas have always stood; empty where there are several."""
        stays = (stay for several in self.stays.values() for stay in several)
        said = {stay.attributes.get("territory") or self.default_territory for stay in stays}
        said.add(self.default_territory)
        known = said & self.territories.keys()
        return self.default_territory if len(known) == len(said) == 1 else ""

    def codes(self, kind: str) -> pa.Table | None:
        """Codes of joined ids and the code that stands for each; None where nothing is joined."""
        joined = self.canonical(kind)
        terms = self.terms[kind]
        pairs = [(terms.known(said), terms.code(one)) for said, one in joined.items()]
        known = [(said, one) for said, one in pairs if said is not None]
        if not known:
            return None
        said, one = zip(*known, strict=True)
        return pa.table({"code": pa.array(said, pa.int32()), "one": pa.array(one, pa.int32())})

    def versions(self) -> pa.Table:
        """Format and audio language of every said version (code)."""
        facts = {row[0]: row[1:] for row in self.rows(_VERSIONS, self.position)}
        rows = [
            {"code": code, "format": facts[said][0] or None, "audio": facts[said][1] or None}
            for code, said in enumerate(self.terms["version"].texts)
            if said in facts
        ]
        schema = pa.schema([("code", pa.int32()), ("format", pa.string()), ("audio", pa.string())])
        return pa.Table.from_pylist(rows, schema=schema)

    def distributors(self) -> dict[tuple[str, str], str]:
        """Distributor by (work, territory); by (work, "") what the work's register says."""
        one = self._works_joined
        found: dict[tuple[str, str], str] = {}
        for work, distributor in self.rows(_WORK_DISTRIBUTORS, self.position):
            found[one.get(work, work), ""] = distributor
        for work, territory, distributor in self.rows(_RELEASE_DISTRIBUTORS, self.position):
            found[one.get(work, work), territory or self.default_territory] = distributor
        return found

    def releases(self) -> dict[tuple[str, str], list[tuple[date, int | None]]]:
        """Declared releases, (date, run) by (work, territory), in the order of their dates."""
        one = self._works_joined
        found: dict[tuple[str, str], dict[date, int | None]] = {}
        for work, territory, day, run in self.rows(_RELEASES, self.position):
            key = (one.get(work, work), territory or self.default_territory)
            days = found.setdefault(key, {})
            days[day] = days.get(day) if run is None else run
        return {key: sorted(days.items()) for key, days in found.items()}

    def balances(self) -> dict[tuple[str, str], list[dict[str, Any]]]:
        """Opening balances by (work, territory); a later one through the same day replaces."""
        one = self._works_joined
        result = self.cursor.sql(_OPENINGS, params=[self.position]).to_arrow_table()
        found: dict[tuple[str, str], dict[date, dict[str, Any]]] = {}
        for row in result.to_pylist():
            key = (one.get(row["work"], row["work"]), row["territory"] or self.default_territory)
            found.setdefault(key, {})[row["through"]] = row
        return {key: [rows[day] for day in sorted(rows)] for key, rows in found.items()}


def edition_in(view: View, as_of: int | datetime | None) -> Edition:
    """An edition, given by number or by time, in a view; None is the newest it sees."""
    return Edition(view, edition_position(view.connection, as_of))


def edition_position(cursor: duckdb.DuckDBPyConnection, as_of: int | datetime | None) -> int:
    """The position of an edition given by number or by time; None is the newest.

    Raises NoSuchEdition.
    """
    last = first_row(cursor, "SELECT coalesce(max(position), 0) FROM applied")
    newest = int(last[0]) if last else 0
    if as_of is None:
        return newest
    if isinstance(as_of, int):
        if not 0 <= as_of <= newest:
            raise NoSuchEdition(as_of, newest)
        return as_of
    moment = as_of.astimezone(UTC).replace(tzinfo=None)
    row = first_row(
        cursor,
        "SELECT coalesce(max(position), 0) FROM report WHERE arrived_at <= ? AND position <= ?",
        [moment, newest],
    )
    return int(row[0]) if row else 0


_LAST_FACT = (
    "SELECT max(p) FROM ("
    + " UNION ALL ".join(
        f"SELECT max(position) AS p FROM {table} WHERE position <= ?"
        for table in ("cinema_fact", "name_fact", "work_fact", "judgement_fact", "setting_fact")
    )
    + ")"
)
_NO_HOME = '{"scope":"nation","territories":[],"currency":""}'
_SETTING = """
SELECT text FROM setting_fact WHERE kind = ? AND name = ? AND position <= ?
ORDER BY position DESC, rowid DESC LIMIT 1
"""
_SETTINGS = """
SELECT name, arg_max(text, (position, rowid)) FROM setting_fact WHERE kind = ? AND position <= ?
GROUP BY name
"""
_JUDGEMENTS = """
SELECT one, other, same FROM judgement_fact WHERE kind = ? AND position <= ?
ORDER BY position, rowid
"""
_REGISTERED_WORKS = "SELECT DISTINCT work FROM work_fact WHERE position <= ?"
_REGISTERED_CINEMAS = "SELECT DISTINCT cinema FROM cinema_fact WHERE registered AND position <= ?"
_NAMES = """
SELECT kind, id, language, name FROM name_fact WHERE position <= ? ORDER BY position, rowid
"""
_CINEMA_FACTS = "SELECT * FROM cinema_fact WHERE position <= ? ORDER BY position, rowid"
_VERSIONS = """
SELECT version, arg_max(format, (position, rowid)) FILTER (format <> ''),
       arg_max(audio, (position, rowid)) FILTER (audio <> '') FROM version_fact
WHERE position <= ? GROUP BY version
"""
_WORK_DISTRIBUTORS = """
SELECT work, arg_max(distributor, (position, rowid)) FROM work_fact
WHERE position <= ? AND distributor <> '' GROUP BY work
"""
_RELEASE_DISTRIBUTORS = """
SELECT work, territory, arg_max(distributor, (date, position, rowid)) FROM release_fact
WHERE position <= ? AND distributor <> '' GROUP BY work, territory
"""
_RELEASES = """
SELECT work, territory, date, run FROM release_fact WHERE position <= ? ORDER BY position, rowid
"""
_OPENINGS = "SELECT * FROM opening_fact WHERE position <= ? ORDER BY position, rowid"
_PLACES = pa.schema(
    [
        ("code", pa.int32()),
        ("first", pa.date32()),
        ("last", pa.date32()),
        *((name, pa.string()) for name in ("territory", "zone", "city", "province", "tier")),
        ("chain", pa.string()),
        ("expected", pa.bool_()),
        *((name, pa.int32()) for name in ("prime_from", "prime_to", "day_start")),
    ]
)
