"""The registers as the tally keeps them in mind: who is one, and where a cinema stands on a day.

In: rows of the fact tables, as the ledger tells them. Out: for a said work or cinema the id that
stands for it, and its place on a date. The same rules as `measure.edition`, over rows in memory:
the tally follows every batch, and has no time to ask for them.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

import pyarrow as pa

from pharos.measure.stays import Stay, stays_of
from pharos.words.home import HomeSettings
from pharos.words.identity import Joined, canonical
from pharos.words.territory import parse_territory

#: Dimensions of place that the tally sums by, and the attribute of a cinema behind each.
ATTRIBUTES = {"province": "province", "city": "city", "city_tier": "tier", "chain": "chain"}
#: Tables that it reads, in the order of their rows.
TABLES = ("term", "setting_fact", "work_fact", "cinema_fact", "judgement_fact")
#: Kinds of coded words that it must be able to read.
_KINDS = ("work", "cinema", "currency")
#: The prime time of a territory without rules, and the attributes of a cinema nobody registered.
_NO_PRIME = (18 * 60, 21 * 60)
_NOWHERE: dict[str, Any] = {}


class Place(NamedTuple):
    """Where a cinema stands on a business date; ``names`` are in the order of ATTRIBUTES."""

    names: tuple[str | None, ...]
    territory: str
    prime: tuple[int, int]


class Places:
    """Words, joins and stays up to the last batch."""

    def __init__(self) -> None:
        """Nothing is known."""
        self.texts: dict[str, list[str]] = {kind: [] for kind in _KINDS}
        self._facts: dict[str, list[dict[str, Any]]] = {}
        self._judged: dict[str, list[Joined]] = {"work": [], "cinema": []}
        self._registered: dict[str, set[str]] = {"work": set(), "cinema": set()}
        self._one: dict[str, dict[str, str]] = {"work": {}, "cinema": {}}
        #: By joined cinema all that it stands for.
        self._members: dict[str, list[str]] = {}
        #: By territory the minutes from and to which its prime time lasts.
        self._prime: dict[str, tuple[int, int]] = {}
        self._home = ""
        self._told = 0
        self._stays: dict[str, list[Stay]] = {}

    def learn(self, rows: Mapping[str, pa.Table]) -> set[str] | None:
        """Know what a batch says; the cinemas that may stand elsewhere now, None for all.

        Joined works or cinemas, and another territory, change everything.
        """
        said = {name: rows[name].to_pylist() for name in TABLES if name in rows}
        for row in said.get("term", ()):
            if row["kind"] in self.texts:
                self.texts[row["kind"]].append(row["text"])
        everywhere = self._set(said.get("setting_fact", ()))
        self._registered["work"].update(row["work"] for row in said.get("work_fact", ()))
        for row in said.get("judgement_fact", ()):
            self._judged[row["kind"]].append(Joined(row["one"], row["other"], row["same"]))
        moved = self._learn_cinemas(said.get("cinema_fact", ()))
        if said.keys() - {"term"} and self._join_anew():
            everywhere = True
        if everywhere:
            self._stays.clear()
            return None
        changed = {self.one("cinema", cinema) for cinema in moved}
        for cinema in changed:
            self._stays.pop(cinema, None)
        return changed

    def one(self, kind: str, said: str) -> str:
        """The id that stands for a said one."""
        return self._one[kind].get(said, said)

    def joined(self, kind: str) -> Mapping[str, str]:
        """For joined ids of a kind the id that stands for all."""
        return self._one[kind]

    def place(self, cinema: str, day: date) -> Place:
        """Where a cinema (the id that stands for all) is on a business date."""
        if (stays := self._stays.get(cinema)) is None:
            stays = self._stays[cinema] = self._stays_of(cinema)
        found = next((s.attributes for s in stays if s.first <= day <= s.last), _NOWHERE)
        territory = found.get("territory") or self._home
        names = tuple(map(found.get, ATTRIBUTES.values()))
        return Place(names, territory, self._prime.get(territory, _NO_PRIME))

    def _stays_of(self, cinema: str) -> list[Stay]:
        facts = [
            fact | {"own": said == cinema}
            for said in self._members.get(cinema, (cinema,))
            for fact in self._facts.get(said, ())
        ]
        # As they were said: of several about one day the last one holds.
        return stays_of(sorted(facts, key=lambda fact: fact["nth"])) if facts else []

    def _set(self, rows: Iterable[Mapping[str, Any]]) -> bool:
        """Settings; whether any of them says where cinemas are."""
        told = False
        for row in rows:
            if row["kind"] == "territory":
                begin, end = parse_territory(row["text"]).prime_time
                prime = (begin.hour * 60 + begin.minute, end.hour * 60 + end.minute)
                self._prime[row["name"]] = prime
            elif row["kind"] == "home":
                territories = HomeSettings.parse(row["text"]).territories
                self._home = territories[0] if territories else ""
            told = told or row["kind"] in ("territory", "home")
        return told

    def _learn_cinemas(self, rows: Iterable[dict[str, Any]]) -> set[str]:
        told = set()
        for row in rows:
            known = self._facts.setdefault(row["cinema"], [])
            self._told += 1
            known.append(row | {"nth": self._told})
            if row["registered"]:
                self._registered["cinema"].add(row["cinema"])
            told.add(row["cinema"])
        return told

    def _join_anew(self) -> bool:
        """Whether what was said means others now."""
        before = self._one
        self._one = {
            kind: canonical(judged, self._registered[kind].__contains__) if judged else {}
            for kind, judged in self._judged.items()
        }
        self._members = {}
        for said, one in self._one["cinema"].items():
            self._members.setdefault(one, []).append(said)
        return before != self._one
