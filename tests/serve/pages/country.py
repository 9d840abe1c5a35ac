"""A made-up country whose every ticket is known, and everything that can be got of it.

In: a folder, the last business date. Out: a home, its tickets, and the sums that an anonymous
reader gets over HTTP, each with the tickets that it is the sum of. Every name is invented.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain, combinations, groupby, product
from operator import attrgetter
from pathlib import Path
from typing import Any

import httpx

from pharos.serve.home import Home, init
from pharos.words.home import HomeSettings
from tests.serve.terminal import native

#: How many cinemas stand in each province.
PROVINCES = {"North": 5, "South": 4, "East": 4, "West": 2}
#: Films by how they are spread: a and b run everywhere, c in two provinces, d in one cinema of the
#: east, and e in two cinemas of the north and in all of the south.
FILMS = ("a", "b", "c", "d", "e")
#: Business dates before today that have figures; today has some, too.
DAYS = 2


@dataclass(frozen=True)
class Ticket:
    """What nobody may know: a cinema's programme of one day."""

    province: str
    cinema: str
    day: date
    programme: tuple[str, ...]
    gross: int
    admissions: int

    def money(self, film: str | None) -> int:
        """What it brought a film, or all; two films share alike, in whole fen."""
        if film is None or len(self.programme) == 1:
            return self.gross
        half = self.gross // 2
        return half if film == self.programme[0] else self.gross - half


def _programmes(province: str, nth: int, back: int) -> Iterator[tuple[str, ...]]:
    yield from (("a",), ("b",))
    if province in ("North", "South") and nth > 0:
        yield ("c",)
    if province == "East" and nth == 2:
        yield ("d",)
    if province == "South" or (province == "North" and nth < 2):
        yield ("e",)
    if back == 1 and province == "North" and nth == 3:
        yield ("a", "c")


def tickets(last: date) -> list[Ticket]:
    """Every programme of every cinema; all numbers differ."""
    found: list[Ticket] = []
    for back in range(DAYS, -1, -1):
        for province, count in PROVINCES.items():
            for nth in range(count):
                for programme in _programmes(province, nth, back):
                    number = 17 + 31 * len(found) % 4001
                    place = (province, f"{province.lower()}{nth}", last - timedelta(days=back))
                    found.append(Ticket(*place, programme, 1_000_003 + 977 * number, number))
    return found


def _reports(last: date) -> Iterator[tuple[str, bytes]]:
    since = (last - timedelta(days=90)).isoformat()
    yield "office", native(
        *(
            {"kind": "register", "cinema": {
                "id": f"{province.lower()}{nth}", "territory": "CN", "province": province,
                "expected": True, "from": since,
            }}
            for province, count in PROVINCES.items() for nth in range(count)
        ),
        *({"kind": "register", "work": {"id": film, "names": [
            {"language": "en", "name": f"Film {film.upper()}"}]}} for film in FILMS),
    )  # fmt: skip
    of_a_day = attrgetter("day", "cinema")
    for (_, cinema), those in groupby(sorted(tickets(last), key=of_a_day), key=of_a_day):
        yield cinema, native(*map(_totals, those))


def _totals(one: Ticket) -> dict[str, Any]:
    said = {"programme": [{"work": film} for film in one.programme]}
    return {
        "kind": "screening_totals", "cinema": one.cinema, "start": f"{one.day}T19:00:00+08:00",
        "screening": f"{one.day}-{'+'.join(one.programme)}", "screen": "1", "seats": 9000,
        "admissions": one.admissions, "gross": f"{one.gross // 100}.{one.gross % 100:02}",
        **(said if len(one.programme) > 1 else {"work": one.programme[0]}),
    }  # fmt: skip


def made_country(path: Path, last: date) -> Path:
    """A home with the country."""
    init(path, HomeSettings("nation", ("CN",), "CNY", rehearsed=False))
    with Home(path) as home:
        for nth, (sender, body) in enumerate(_reports(last)):
            home.send(sender, "days", str(nth), body)
    return path


@dataclass(frozen=True)
class Told:
    """A sum that was told: of which places, films and days, and what it came to."""

    provinces: frozenset[str] | None
    films: frozenset[str] | None
    days: frozenset[date]
    gross: int
    admissions: int


Query = dict[str, Any]


def questions(last: date) -> Iterator[Query]:
    """Every way in which the interface can be asked, up to combinations of all that it knows."""
    days = [last - timedelta(days=back) for back in range(DAYS, -1, -1)]
    spans = [f"{first}..{end}" for first, end in combinations(days, 2)]
    splits = ("business_date", "province", "work")
    several = chain.from_iterable(combinations(splits, count) for count in range(4))
    by = [",".join(one) for one in several]
    narrow: list[list[str]] = [[]]
    narrow += [[f"province={one}"] for one in PROVINCES]
    narrow += [[f"work={one}"] for one in FILMS]
    for period in (*map(str, days), *spans):
        for where, split in product(narrow, by if period in spans else by[:1] + by[2:4] + by[6:7]):
            yield {"by": split, "where": where, "period": period}
        where = [f"weekday={days[0].isoweekday()}"]
        yield {"by": "province,work", "where": where, "period": period}
    pairs = [[f"province={one}", f"work={film}"] for one in PROVINCES for film in FILMS]
    pairs += [[f"province={a}", f"province={b}"] for a, b in combinations(PROVINCES, 2)]
    pairs += [[f"work={a}", f"work={b}"] for a, b in combinations(FILMS, 2)]
    for where, period in product(pairs, map(str, days)):
        yield {"by": "", "where": where, "period": period}
        yield {"by": "province", "where": where, "period": period}
    yield {"by": "work"}
    yield {"by": "province"}
    yield {"by": "province", "limit": 1, "order": "-gross", "period": str(days[0])}


def told_of(query: Query, row: Mapping[str, Any], days: frozenset[date]) -> Told:
    """What a row of an answer to a question is the sum of."""
    said: dict[str, set[str]] = {}
    for condition in query.get("where", ()):
        name, _, value = condition.partition("=")
        said.setdefault(name, set()).add(value)
    split = [one for one in query.get("by", "").split(",") if one]
    if "province" in split:
        said["province"] = {row["province"]}
    if "work" in split:
        said["work"] = {row["work_id"].removeprefix("work:")}
    first, _, end = query.get("period", "").partition("..")
    if first:
        between = (date.fromisoformat(first), date.fromisoformat(end or first))
        days = frozenset(day for day in days if between[0] <= day <= between[1])
    if "business_date" in split:
        days = frozenset({date.fromisoformat(row["business_date"])})
    if "weekday" in said:
        days = frozenset(day for day in days if str(day.isoweekday()) in said["weekday"])
    places, films = (frozenset(said[n]) if n in said else None for n in ("province", "work"))
    return Told(places, films, days, row["gross_minor"], row["admissions"])


def got(url: str, last: date) -> Iterator[Told]:
    """Everything that can be got at an address: answers, boards and pages."""
    days = frozenset(last - timedelta(days=back) for back in range(DAYS + 1))
    with httpx.Client(base_url=url, timeout=60, trust_env=False) as client:
        for query in questions(last):
            asked = {"measure": ["gross", "admissions"], **query}
            found = client.get("/api/v1/ask", params=asked)
            assert found.status_code in (200, 400, 403, 422), found.text
            for row in found.json().get("rows", ()):
                yield told_of(query, row, days)
        for day in sorted(days):
            for place in ({}, *({"province": one} for one in PROVINCES)):
                yield from _of_board(client, day, place)
            for film in ("", *FILMS):
                yield from _of_places(client, day, film)
                yield from _of_film(client, day, film or FILMS[0])
            for pair in combinations(PROVINCES, 2):
                yield from _of_comparison(client, day, pair)


def _of_board(client: httpx.Client, day: date, place: Mapping[str, str]) -> Iterator[Told]:
    found = client.get("/en/board.json", params={"date": str(day), **place})
    where = frozenset(place.values()) or None
    for section in found.json().get("sections", ()):
        total = section["total"]
        yield Told(where, None, frozenset({day}), total["gross_minor"], total["admissions"])
        for row in section["films"]:
            film = frozenset({row["work_id"].removeprefix("work:")})
            yield Told(where, film, frozenset({day}), row["gross_minor"], row["admissions"])


def _of_film(client: httpx.Client, day: date, film: str) -> Iterator[Told]:
    query = {"period": str(day), "by": "province", "work": film}
    for table in client.get("/en/film.json", params=query).json().get("tables", ()):
        for row in table["rows"] if table["name"] == "film" else ():
            place, gross = frozenset({row["province"]}), int(row["gross"].replace(".", ""))
            yield Told(place, frozenset({film}), frozenset({day}), gross, row["admissions"])


def _of_comparison(client: httpx.Client, day: date, pair: tuple[str, str]) -> Iterator[Told]:
    query = {"period": str(day), "places": ",".join(f"province:{one}" for one in pair)}
    for table in client.get("/en/compare.json", params=query).json().get("tables", ()):
        for row in table["rows"] if table["name"] == "summary" else ():
            place, gross = frozenset({row["compared"]}), int(row["gross"].replace(".", ""))
            yield Told(place, None, frozenset({day}), gross, row["admissions"])


def _of_places(client: httpx.Client, day: date, film: str) -> Iterator[Told]:
    query = {"period": str(day), "by": "province", **({"work": film} if film else {})}
    for table in client.get("/en/places.json", params=query).json().get("tables", ()):
        for row in table["rows"]:
            place, films = frozenset({row["province"]}), frozenset({film}) if film else None
            gross = int(row["gross"].replace(".", ""))
            yield Told(place, films, frozenset({day}), gross, row["admissions"])
