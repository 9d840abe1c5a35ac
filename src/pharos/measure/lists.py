"""Lists of what an edition knows: works, cinemas, screenings.

In: an edition, a page, filters. Out: rows with ids and names as answers show them. Never writes.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pyarrow as pa

from pharos.measure import tables
from pharos.measure.coverage import today
from pharos.measure.edition import Edition
from pharos.measure.paging import Key, Listed, Page, listed
from pharos.words.figures import ABSENT, Book
from pharos.words.money import decimal_text
from pharos.words.period import Period
from pharos.words.works import Programme

Row = dict[str, Any]
#: A row from the id that stands for all and the ids that are one with it.
Describe = Callable[[str, list[str]], Row]


@dataclass(frozen=True, slots=True)
class Registered:
    """Filters of works and cinemas: an id or a name that only one has, a part of a name.

    ``day`` is the business date at which cinemas are described; None: that of the edition.
    """

    one: str = ""
    name: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """Filters of screenings: their business dates, and a cinema, a work or a sender."""

    period: Period
    cinema: str = ""
    work: str = ""
    sender: str = ""


def works(edition: Edition, page: Page, only: Registered) -> Listed:
    """Every work that a report has named, by the id that stands for all that were joined."""
    facts = {row[0]: row[1:] for row in edition.rows(_WORK_FACTS, edition.position)}
    distributors = edition.distributors()
    ids = {*edition.registered_works, *_said(edition, "work")}

    def row(work: str, several: list[str]) -> Row:
        found = facts.get(work, (None, None))
        return _named(edition, "work", work, several) | {
            "provisional": work not in edition.registered_works,
            "year": found[0],
            "distributor": distributors.get((work, "")),
            "runtime_minutes": found[1],
        }

    return _registered(edition, page, ("work", only), ids, row)


def cinemas(edition: Edition, page: Page, only: Registered) -> Listed:
    """Every cinema that a report has named, as it stood on one business date."""
    day = only.day or today(edition, edition.at)
    ids = {*edition.registered_cinemas, *edition.stays, *_said(edition, "cinema")}

    def row(cinema: str, several: list[str]) -> Row:
        place = edition.place_of(cinema, day)
        return _named(edition, "cinema", cinema, several) | {
            "provisional": cinema not in edition.registered_cinemas,
            "territory": place.get("territory") or edition.default_territory or None,
            "zone": place.get("zone"),
            "city": place.get("city"),
            "province": place.get("province"),
            "city_tier": place.get("tier"),
            "chain": place.get("chain"),
            "expected": bool(place.get("expected")) and day <= (place.get("closed") or date.max),
            "closed_after": _iso(place.get("closed")),
            "on": day.isoformat(),
        }

    return _registered(edition, page, ("cinema", only), ids, row)


def _registered(
    edition: Edition, page: Page, filtered: tuple[str, Registered], ids: set[str], row: Describe
) -> Listed:
    kind, only = filtered
    (after,) = page.key(("",))
    several: dict[str, list[str]] = {}
    one = edition.canonical(kind)
    for said in ids | one.keys():
        several.setdefault(one.get(said, said), []).append(said)
    wanted = {meant_id(edition, kind, only.one)} if only.one else several.keys()
    part = only.name.casefold()
    chosen = sorted(
        said
        for said in wanted
        if said > str(after) and (not part or _is_called(edition, kind, several[said], part))
    )
    found = [((said,), row(said, several.get(said, [said]))) for said in chosen[: page.limit + 1]]
    return listed(edition, page, found)


def _is_called(edition: Edition, kind: str, ids: Iterable[str], part: str) -> bool:
    names = (name for said in ids for name in edition.names.get((kind, said), {}).values())
    return any(part in name.casefold() for name in (*ids, *names))


def _said(edition: Edition, kind: str) -> set[str]:
    """Ids that figures have mentioned."""
    texts = edition.terms[kind].texts
    return {texts[code] for (code,) in edition.rows(_MENTIONED[kind], edition.position)}


def _named(edition: Edition, kind: str, said: str, several: Iterable[str]) -> Row:
    return {
        f"{kind}_id": f"{kind}:{said}",
        kind: edition.name(kind, said),
        "names": dict(edition.names.get((kind, said), {})),
        "also": [f"{kind}:{other}" for other in sorted(several) if other != said],
    }


def meant_id(edition: Edition, kind: str, value: str) -> str:
    """The id that stands for what is meant by an id or a name. Raises UnknownWord, BadQuestion."""
    keys, _ = tables.meant(edition, kind, (value,))
    code: int = keys.column("key")[0].as_py()
    return edition.terms[kind].texts[code]


def meant_codes(edition: Edition, kind: str, value: str) -> list[int]:
    """The codes of all ids that are one with what is meant. Raises UnknownWord, BadQuestion."""
    one, terms = meant_id(edition, kind, value), edition.terms[kind]
    joined = [said for said, to in edition.canonical(kind).items() if to == one]
    codes = (terms.known(said) for said in {one, *joined})
    return sorted(code for code in codes if code is not None)


def screenings(edition: Edition, page: Page, only: Shown) -> Listed:
    """Screenings that stand, as they are described now, with the figures that are published."""
    after = page.key(("", 0, "", "", ""))
    for kind in ("cinema", "work", "sender"):
        value = getattr(only, kind)
        codes = _sender_codes(edition, value) if kind == "sender" else None
        if codes is None:
            codes = meant_codes(edition, kind, value) if value else None
        _register_codes(edition, f"wanted_{kind}", codes)
    first, last = max(only.period.first, _day(page, str(after[0]))), only.period.last
    at = edition.position
    everything = [not getattr(only, kind) for kind in ("cinema", "work", "sender")]
    spans = [at, first, last, *everything, at, at]
    rows = edition.dicts(_SCREENINGS, *spans, *after, page.limit + 1)
    return listed(edition, page, (_screening(edition, row) for row in rows))


def _day(page: Page, text: str) -> date:
    """The business date at which a page goes on."""
    try:
        return date.fromisoformat(text) if text else date.min
    except ValueError:
        raise page.refused() from None


def _sender_codes(edition: Edition, value: str) -> list[int] | None:
    if not value:
        return None
    keys, _ = tables.meant(edition, "sender", (value,))
    return [int(key) for key in keys.column("key").to_pylist()]


def _register_codes(edition: Edition, name: str, codes: list[int] | None) -> None:
    edition.cursor.register(name, pa.table({"code": pa.array(codes or [], pa.int32())}))


def _screening(edition: Edition, row: Mapping[str, Any]) -> tuple[Key, Row]:
    key = (row["day"], row["start_us"], row["cinema_said"], row["said"], row["sender_said"])
    cinema = edition.canonical("cinema").get(row["cinema_said"], row["cinema_said"])
    currency = edition.terms["currency"].texts[row["currency"]]
    screen = edition.terms["screen"].texts[row["screen"]]
    gross, seats = row["gross"], row["known_seats"]
    return key, {
        "screening": row["said"],
        "sender": row["sender_said"],
        "cinema_id": f"cinema:{cinema}",
        "cinema": edition.name("cinema", cinema),
        "screen": screen or None,
        "business_date": row["day"],
        "start": _local(row["start_us"], row["offset_minutes"]),
        "works": [_part(edition, part) for part in Programme.parse(row["programme"]).parts],
        "seats": None if seats is None or seats == ABSENT else seats,
        "cancelled": row["cancelled"],
        "book": None if row["book"] is None else Book(row["book"]).name.lower(),
        "admissions": row["admissions"],
        "currency": currency or None,
        "gross": None if gross is None else decimal_text(int(gross), currency),
        "gross_minor": None if gross is None else int(gross),
        "report": row["position"],
    }


def _part(edition: Edition, part: Any) -> Row:  # noqa: ANN401
    work = edition.canonical("work").get(part.work, part.work)
    return {
        "work_id": f"work:{work}",
        "work": edition.name("work", work),
        "version": part.version or None,
    }


def _local(microseconds: int, offset_minutes: int) -> str:
    zone = timezone(timedelta(minutes=offset_minutes))
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)
    return moment.astimezone(zone).isoformat()


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


_MENTIONED = {
    kind: f"SELECT DISTINCT {kind} FROM account WHERE account >= 0 AND position <= ?"
    for kind in ("work", "cinema")
}
_WORK_FACTS = """
SELECT work, arg_max(year, (position, rowid)) FILTER (year IS NOT NULL),
       arg_max(runtime_minutes, (position, rowid)) FILTER (runtime_minutes IS NOT NULL)
FROM work_fact WHERE position <= ? GROUP BY work
"""
_SCREENINGS = """
-- every part of the screenings that are asked
WITH part AS (
  SELECT * FROM account
  WHERE level = 0 AND account >= 0 AND position <= ? AND business_date BETWEEN ? AND ?
    AND (? OR cinema IN (SELECT code FROM wanted_cinema))
    AND (? OR screening IN (
      SELECT screening FROM account WHERE work IN (SELECT code FROM wanted_work)))
    AND (? OR sender IN (SELECT code FROM wanted_sender))),
-- books that do not count
dropped AS (
  SELECT account, book FROM unpublished WHERE position <= ?
  GROUP BY account, book HAVING sum(delta) > 0),
-- their published figures; what was moved or withdrawn is no longer held
figures AS (
  SELECT part.screening,
    sum(p.said) FILTER (p.book = 0 AND part.lead) AS held,
    max(p.book) FILTER (p.book > 0 AND dropped.book IS NULL) AS book,
    sum(p.admissions) FILTER (p.book > 0 AND dropped.book IS NULL AND part.lead) AS admissions,
    sum(p.gross) FILTER (p.book > 0 AND dropped.book IS NULL) AS gross
  FROM posting p JOIN part USING (account) LEFT JOIN dropped USING (account, book)
  WHERE p.position <= ? GROUP BY part.screening)
SELECT part.said, s.text AS sender_said, c.text AS cinema_said,
  CAST(part.business_date AS VARCHAR) AS day, part.start_us, part.offset_minutes,
  part.programme, part.known_seats, part.cancelled, part.currency, part.screen, part.position,
  f.book, CAST(f.admissions AS BIGINT) AS admissions, CAST(f.gross AS BIGINT) AS gross
FROM part JOIN figures f USING (screening)
JOIN term s ON s.kind = 'sender' AND s.code = part.sender
JOIN term c ON c.kind = 'cinema' AND c.code = part.cinema
WHERE part.lead AND f.held > 0
  AND (CAST(part.business_date AS VARCHAR), part.start_us, c.text, part.said, s.text)
    > (?, ?, ?, ?, ?)
ORDER BY part.business_date, part.start_us, c.text, part.said, s.text, part.account LIMIT ?
"""
