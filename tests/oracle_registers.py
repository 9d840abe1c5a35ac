"""Who and what is meant: cinemas, works, versions, and which said ids are one.

In: the register rows and judgements that were heard. Out: answers about one id on one date.
Must not know any figure.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from pharos.words.territory import Territory
from tests.oracle_said import Row, Said, latest, tidy

#: Names are shown in the first of these languages that a work or cinema has a name in.
LANGUAGES = ("en",)


class Registers:
    """Everything that register rows, join and unjoin say at one edition."""

    def __init__(self, said: list[Said], territories: Mapping[str, Territory], home: str) -> None:
        self._territories = territories
        self._home = home
        self._rows: dict[str, list[Said]] = {}
        for one in said:
            if one.kind == "register":
                for subject in ("cinema", "work", "version", "release"):
                    if subject in one.row:
                        self._rows.setdefault(subject, []).append(one)
        self._edges = _edges([one for one in said if one.kind in ("join", "unjoin")])
        self._canonical: dict[tuple[str, str], str] = {}

    def canonical(self, kind: str, said_id: str) -> str:
        """The one id for all ids that are joined: a registered one if there is, the smallest text.

        Joins are edges between said ids; whatever is reached over edges is the same thing.
        """
        if (kind, said_id) not in self._canonical:
            self._canonical[kind, said_id] = self._find_canonical(kind, said_id)
        return self._canonical[kind, said_id]

    def _find_canonical(self, kind: str, said_id: str) -> str:
        reached, open_ends = {said_id}, [said_id]
        while open_ends:
            here = open_ends.pop()
            for one, other in self._edges.get(kind, ()):
                for a, b in ((one, other), (other, one)):
                    if a == here and b not in reached:
                        reached.add(b)
                        open_ends.append(b)
        registered = {tidy(one.row[kind]["id"]) for one in self._rows.get(kind, [])}
        return min(reached & registered or reached)

    def cinema(self, cinema: str, attribute: str, day: date) -> Any:  # noqa: ANN401
        """What the register says of a cinema on a date, or None; `cinema` is canonical."""
        rows = [
            one
            for one in self._rows.get("cinema", [])
            if one.row["cinema"].get("from", "0001-01-01") <= day.isoformat()
            and one.row["cinema"].get("to", "9999-12-31") >= day.isoformat()
        ]
        rows = self._about("cinema", cinema, attribute, rows)
        # A description that begins later is about this date more closely; said last breaks ties.
        begins = max((one.row["cinema"].get("from", "") for one in rows), default="")
        rows = [one for one in rows if one.row["cinema"].get("from", "") == begins]
        held = latest(rows)
        return held[-1].row["cinema"][attribute] if held else None

    def cinemas(self) -> list[str]:
        """All registered cinemas, those that are one under the id that stands for all."""
        said = {one.row["cinema"]["id"] for one in self._rows.get("cinema", [])}
        return sorted({self.canonical("cinema", cinema) for cinema in said})

    def territory(self, cinema: str, day: date) -> Territory:
        """The cinema's territory; an unknown cinema stands in the home's own."""
        return self._territories[self.cinema(cinema, "territory", day) or self._home]

    def currency(self, cinema: str, day: date) -> str:
        """The cinema's currency: its register entry, else its territory's."""
        return str(self.cinema(cinema, "currency", day) or self.territory(cinema, day).currency)

    def zone(self, cinema: str, day: date) -> ZoneInfo | None:
        """The cinema's zone: its register entry, else the only zone of its territory."""
        name = self.cinema(cinema, "zone", day) or self.territory(cinema, day).zone
        return ZoneInfo(name) if name else None

    def work(self, work: str, attribute: str) -> Any:  # noqa: ANN401
        """What the register says of a work under any of its ids, or None."""
        return self._latest("work", work, attribute)

    def version(self, version: str, attribute: str) -> Any:  # noqa: ANN401
        """What the register says of a version, or None."""
        return self._latest("version", version, attribute)

    def releases(self, work: str, territory: str) -> list[Row]:
        """Declared releases of a work in a territory, by date; of each field the latest word."""
        found: dict[str, list[Said]] = {}
        for one in self._rows.get("release", []):
            release = one.row["release"]
            same_work = self.canonical("work", tidy(release["work"])) == work
            if same_work and release.get("territory", self._home) == territory:
                found.setdefault(release["date"], []).append(one)
        return [_fields(rows) for _, rows in sorted(found.items())]

    def name(self, kind: str, canonical_id: str) -> str:
        """The name that is shown: in the home's first language that has one, else the id."""
        said = (
            self.cinema(canonical_id, "names", date.max)
            if kind == "cinema"
            else self._latest("work", canonical_id, "names")
        )
        if kind == "cinema" and not said:
            said = [{"language": "en", "name": self.cinema(canonical_id, "name", date.max)}]
        names = {n["language"]: tidy(n["name"]) for n in reversed(said or []) if n["name"]}
        for language in LANGUAGES:
            if language in names:
                return names[language]
        return next(reversed(names.values()), canonical_id)

    def _latest(self, kind: str, canonical_id: str, attribute: str) -> Any:  # noqa: ANN401
        held = latest(self._about(kind, canonical_id, attribute, self._rows.get(kind, [])))
        return held[-1].row[kind][attribute] if held else None

    def _about(self, kind: str, canonical_id: str, attribute: str, rows: list[Said]) -> list[Said]:
        """Rows that state an attribute: those under the id itself, else under ids joined to it."""
        stated = [s for s in rows if s.row[kind].get(attribute) is not None]
        own = [s for s in stated if tidy(s.row[kind]["id"]) == canonical_id]
        return own or [
            s for s in stated if self.canonical(kind, tidy(s.row[kind]["id"])) == canonical_id
        ]


def _fields(said: list[Said]) -> Row:
    """One release from all rows about it; what a later row leaves open stays as it was."""
    names = {name for one in said for name in one.row["release"]}
    held = {name: latest(s for s in said if name in s.row["release"])[-1] for name in names}
    return {name: one.row["release"][name] for name, one in held.items()}


def _edges(judgements: list[Said]) -> dict[str, set[tuple[str, str]]]:
    """The joins that stand: for each pair of ids the last judgement decides."""
    edges: dict[str, set[tuple[str, str]]] = {}
    for one in sorted(judgements, key=lambda said: said.message.position):
        (kind, a), (_, b) = (one.row[side].split(":", 1) for side in ("one", "other"))
        a, b = sorted((tidy(a), tidy(b)))
        standing = edges.setdefault(kind, set())
        if one.kind == "join":
            standing.add((a, b))
        else:
            standing.discard((a, b))
    return edges
