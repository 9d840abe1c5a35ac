"""One SQL builder: from a plan to one text, each step of which says what it does.

In: a plan (edition, dimensions, conditions, frames). Out: SQL text; its parameters are names of
small tables that `measure.ask` registers, never text of a user. Knows no register.

    postings   checkpoints up to the edition, then the postings after them
    dropped    books that do not count at this edition
    standing   postings of the books that do
    <frame>    sums by the dimensions, over one span of dates
"""

from collections.abc import Iterable
from dataclasses import replace

from pharos.keep.schema import MONEY, QUANTITIES
from pharos.measure.catalogue import TICKET, WORK
from pharos.measure.plan import BASIS_PARTS, Frame, Plan

_FEE, _TAX = "p.fee", "p.tax"
_PRESOLD = "{sold} < CAST({date} AS TIMESTAMP) + to_minutes(place.day_start)"

#: Quantities that are made of the columns of a posting; the rest are columns.
_MADE = {
    "net_of_fee": "p.gross - p.fee",
    "net_of_tax": "p.gross - p.tax",
    "paying": "p.admissions - p.free",
    "issued": "p.admissions + p.refunded",
    "prime": "CASE WHEN {prime} THEN p.screenings ELSE 0 END",
    "prime_missing": "CASE WHEN a.level = 1 THEN p.said ELSE 0 END",
    "online": "CASE WHEN channel_name.online THEN p.admissions ELSE 0 END",
    # Rows and not tickets: a sale and its refund cancel out, but both leave the channel open.
    "channel_missing": "CASE WHEN p.book > 0 AND channel_name.silent AND p.admissions <> 0 "
    "THEN p.said ELSE 0 END",
    "presold": f"CASE WHEN {_PRESOLD} THEN {{gross}} ELSE 0 END",
    # What was no presale may leave its fee and tax open.
    "presold_fee_missing": f"CASE WHEN {_PRESOLD} THEN p.fee_missing ELSE 0 END",
    "presold_tax_missing": f"CASE WHEN {_PRESOLD} THEN p.tax_missing ELSE 0 END",
    "sale_missing": "CASE WHEN p.book > 0 AND p.sold_at IS NULL THEN p.said ELSE 0 END",
}
#: Tables that quantities need beside those of the dimensions.
NEEDED = {
    "prime": ("joined_cinema", "place"),
    "online": ("channel_name",),
    "channel_missing": ("channel_name",),
    **dict.fromkeys(
        ("presold", "presold_fee_missing", "presold_tax_missing"), ("joined_cinema", "place")
    ),
}
#: Quantities that only single postings know, not checkpoints.
OF_POSTINGS = frozenset(
    {"online", "channel_missing", "presold", "presold_fee_missing", "presold_tax_missing",
     "sale_missing"}
)  # fmt: skip
#: Sums of money add up over the works of a double feature; everything else counts once.
OF_MONEY = frozenset({*MONEY, "net_of_fee", "net_of_tax", "presold"})

_JOINS = {
    "joined_work": "LEFT JOIN joined_work ON joined_work.code = a.work",
    "joined_cinema": "LEFT JOIN joined_cinema ON joined_cinema.code = a.cinema",
    "place": "JOIN place ON place.code = a.cinema AND a.business_date BETWEEN place.first "
    "AND place.last",
    "version": "LEFT JOIN version ON version.code = a.version",
    "work_detail": "LEFT JOIN work_detail ON work_detail.code = a.work "
    "AND work_detail.territory = place.territory",
    "calendar": "JOIN calendar ON calendar.territory = place.territory AND calendar.day = {date}",
    "holiday": "LEFT JOIN holiday ON holiday.territory = place.territory AND holiday.day = {date}",
    "run": "JOIN run ON run.code = {work} AND run.territory = place.territory "
    "AND {date} BETWEEN run.first AND run.last",
    "grain": "LEFT JOIN grain ON grain.account = p.account",
    "channel_name": "JOIN channel_name ON channel_name.code = p.channel",
}


def of_postings(frame: Frame) -> bool:
    """Whether a frame needs single postings."""
    split = [*frame.by, *(condition.dimension for condition in frame.where)]
    return any(d.family == TICKET for d in split) or bool(OF_POSTINGS & set(frame.quantities))


def quantity(name: str, basis: str) -> str:
    """The SQL of a quantity over p (posting), a (account) and place."""
    off = "".join(f" - p.{part}" for part in BASIS_PARTS[basis])
    gross = f"p.gross{off}"
    if name == "gross":
        return gross
    return _MADE.get(name, f"p.{name}").replace("{gross}", gross)


def standing(plan: Plan, frames: Iterable[Frame]) -> str:
    """The common steps: postings of an edition, and those of them that count.

    They are not materialized, so that each frame reads only the columns that it sums.
    """
    whole = bool(plan.sold_until) or plan.traced or any(of_postings(f) for f in frames)
    spans = [] if whole else list(plan.spans)
    reached = spans[-1].high if spans else 0
    columns = ", ".join(QUANTITIES)
    detail = ", ticket_type, channel, sold_at" if whole else ""
    detail += ", position, row_number, event" if plan.traced else ""
    until = (
        f" AND (book = 0 OR sold_at <= TIMESTAMP '{plan.sold_until}')" if plan.sold_until else ""
    )
    steps = [
        f"SELECT account, book, {columns} FROM checkpoint "
        f"WHERE level = {span.level} AND low = {span.low} AND high = {span.high}"
        for span in spans
    ]
    steps.append(
        f"SELECT account, book, {columns}{detail} FROM posting "
        f"WHERE position > {reached} AND position <= {plan.edition}{until}"
    )
    unpublished = "" if plan.all_published else " ANTI JOIN dropped USING (account, book)"
    union = "\n  UNION ALL\n  ".join(steps)
    return f"""WITH
-- postings up to edition {plan.edition}: {len(spans)} checkpoints, then what came after
postings AS NOT MATERIALIZED (
  {union}),
-- books that do not count at this edition
dropped AS (
  SELECT account, book FROM unpublished WHERE position <= {plan.edition}
  GROUP BY account, book HAVING sum(delta) > 0),
-- what counts: for each screening, and each work's day, one book
standing AS NOT MATERIALIZED (
  SELECT p.* FROM postings p{unpublished}),
-- the book from which the money of an account comes
grain AS NOT MATERIALIZED (
  SELECT account, min(book) AS book FROM standing WHERE book > 0
  GROUP BY account HAVING sum(said) <> 0)"""


def frame_steps(plan: Plan, frame: Frame) -> str:
    """The step that sums one frame; keys are k0, k1 ..., quantities bear their names."""
    spell = _Speller(plan, frame)
    keys = [f"{spell(d.key)} AS k{n}" for n, d in enumerate(frame.by)]
    keys += ["a.currency AS currency"] if plan.by_currency else []
    keys += [spell(text) for text in frame.extra]
    of_work = any(d.family == WORK for d in spell.dimensions)
    once = _once(plan, frame, of_work=of_work)
    sums = [f"{_sum(spell, name, plan, once)} AS {name}" for name in frame.quantities]
    where = spell.conditions()
    having = "sum(p.said) FILTER (p.book > 0) <> 0"
    if frame.screenings_too:
        having = f"({having} OR sum(p.screenings) FILTER (p.book = 0) <> 0)"
    group = "GROUP BY ALL " if keys else ""
    return f"""{_again(plan, frame) if of_work else ""},
-- {frame.title}
{frame.name} AS (
  SELECT {", ".join([*keys, *sums, "count(*) AS postings"])}
  FROM standing p JOIN account a USING (account)
  {spell.joins()}
  WHERE {" AND ".join(where) or "true"}
  {group}HAVING {having})"""


def distinct_steps(plan: Plan, frame: Frame) -> str:
    """The steps that count different cinemas, screens and works of one frame."""
    spell = _Speller(plan, frame)
    keys = [f"{spell(d.key)} AS k{n}" for n, d in enumerate(frame.by)]
    keys += ["a.currency AS currency"] if plan.by_currency else []
    names = [key.rpartition(" AS ")[2] for key in keys]
    where = spell.conditions()
    things = ["a.account", "a.level", f"{spell('{cinema}')} AS cinema", "a.screen AS screen_code"]
    outer = ", ".join([*names, ""])
    return f""",
-- every account with something that is held or said
{frame.name}_present AS (
  SELECT {", ".join([*keys, *things])}, {spell("{work}")} AS work,
         sum(p.screenings) FILTER (p.book = 0) AS held, sum(p.said) FILTER (p.book > 0) AS spoken
  FROM standing p JOIN account a USING (account)
  {spell.joins()}
  WHERE {" AND ".join(where) or "true"}
  GROUP BY ALL HAVING held > 0 OR spoken <> 0),
-- how many different things they are
{frame.name} AS (
  SELECT {outer}
         count(DISTINCT cinema) FILTER (held > 0 OR level = 1) AS theatres,
         count(DISTINCT cinema * 4294967296 + screen_code) FILTER (held > 0) AS screens,
         count(*) FILTER (level = 1 OR (held > 0 AND screen_code IN
           (SELECT code FROM no_screen))) AS screens_missing,
         count(DISTINCT work) AS works
  FROM {frame.name}_present {"GROUP BY ALL" if names else ""})"""


def shown_steps(plan: Plan, frame: Frame) -> str:
    """The days of each work in each territory; ``held``: on a screen, or with a day total.

    The others have nothing but tickets of screenings that were cancelled.
    """
    spell = _Speller(plan, frame)
    return f"""
-- {frame.title}
SELECT {", ".join(spell(text) for text in frame.extra)},
  coalesce(sum(p.screenings) FILTER (p.book = 0) > 0
    OR sum(p.said) FILTER (p.book > 0 AND a.level = 1) <> 0, false) AS held
FROM standing p JOIN account a USING (account)
{spell.joins()}
GROUP BY ALL
HAVING held OR sum(p.said) FILTER (p.book > 0) <> 0"""


def difference_steps(plan: Plan, frame: Frame) -> str:
    """Published gross less that of other books of the same sender, where both speak."""
    spell = _Speller(plan, frame)
    keys = [f"{spell(d.key)} AS k{n}" for n, d in enumerate(frame.by)]
    keys += ["a.currency AS currency"] if plan.by_currency else []
    things = [
        "a.account",
        "a.level",
        f"{spell('{cinema}')} AS cinema",
        f"{spell('{work}')} AS work",
    ]
    names = [key.rpartition(" AS ")[2] for key in keys]
    group = ", ".join(names)
    same = " AND ".join(f"b.{n} IS NOT DISTINCT FROM p.{n}" for n in ("cinema", "work", "day"))
    same = f"CASE WHEN b.level = 0 THEN p.account = b.account ELSE {same} END"
    lacks = [f"{part}_missing" for part in BASIS_PARTS[plan.basis]]
    sums = f"sum({quantity('gross', plan.basis)}) AS gross"
    sums += "".join(f", sum(p.{lack}) AS {lack}" for lack in lacks)
    published = "".join(
        f", (SELECT coalesce(sum(p.{n}), 0) FROM counted p WHERE {same}) AS published_{n}"
        for n in ("gross", *lacks)
    )
    lacking = "".join(f", CAST(sum({n} + published_{n}) AS BIGINT) AS {n}" for n in lacks)
    return f""",
-- figures in books that are not published, of senders that are
published AS (
  SELECT a.cinema, a.business_date, a.sender FROM standing p JOIN account a USING (account)
  GROUP BY ALL HAVING sum(p.said) <> 0),
beside AS (
  SELECT {", ".join([*keys, *things])}, a.business_date AS day, {sums}
  FROM postings p SEMI JOIN dropped USING (account, book) JOIN account a USING (account)
  SEMI JOIN published USING (cinema, business_date, sender)
  {spell.joins()}
  WHERE p.book > 0 AND {" AND ".join(spell.conditions()) or "true"}
  GROUP BY ALL HAVING sum(p.said) <> 0),
-- the published figures of the same screenings, or the same works' days
counted AS (
  SELECT a.account, {spell("{cinema}")} AS cinema, {spell("{work}")} AS work,
         a.business_date AS day, {sums}
  FROM standing p JOIN account a USING (account)
  {_Speller(plan, replace(frame, by=(), where=())).joins()}
  WHERE p.book > 0 GROUP BY ALL),
both_books AS (
  SELECT b.*{published} FROM beside b)
-- one day total may stand in several accounts (versions): compare it once
SELECT {group}{"," if group else ""}
  CAST(sum(published_gross) FILTER (nth = 1) - sum(gross) AS BIGINT) AS difference{lacking}
FROM (SELECT *, row_number() OVER (PARTITION BY {group}{"," if group else ""}
    CASE WHEN level = 0 THEN account END, cinema, work, day) AS nth FROM both_books)
{"GROUP BY ALL" if group else ""} HAVING count(*) > 0"""


class _Speller:
    """Spells key expressions and joins for one frame."""

    def __init__(self, plan: Plan, frame: Frame) -> None:
        self._plan = plan
        self._frame = frame
        self.dimensions = [*frame.by, *(c.dimension for c in frame.where)]
        day = "a.business_date"
        self._date = f"CAST({day} + INTERVAL '{frame.shift}' AS DATE)" if frame.shift else day

    def __call__(self, text: str) -> str:
        plan = self._plan
        work = "coalesce(joined_work.one, a.work)" if plan.joined_work else "a.work"
        cinema = "coalesce(joined_cinema.one, a.cinema)" if plan.joined_cinema else "a.cinema"
        released = f"CASE WHEN {self._date} >= run.release THEN {self._date} - run.release + 1 END"
        spelled = (
            text.replace("{run}", "run.number")
            .replace("{day_of_release}", released)
            .replace("{sale_hour}", "hour({sold})")
            .replace("{sold}", _SOLD)
            .replace("{prime}", "a.minute >= place.prime_from AND a.minute < place.prime_to")
            .replace("{grain}", "CASE WHEN p.book > 0 THEN p.book ELSE coalesce(grain.book, 0) END")
        )
        for kind, code in plan.silent.items():
            spelled = spelled.replace(f"{{no_{kind}}}", str(code))
        return (
            spelled.replace("{work}", work)
            .replace("{cinema}", cinema)
            .replace("{date}", self._date)
        )

    def conditions(self) -> list[str]:
        frame = self._frame
        found = []
        if frame.first is not None:
            found.append(f"{self._date} >= DATE '{frame.first}'")
        if frame.last is not None:
            found.append(f"{self._date} <= DATE '{frame.last}'")
        if frame.spoken_only:
            # A screening that was cancelled, with no figures, makes no day.
            held = " OR p.screenings <> 0" if frame.screenings_too else ""
            found.append(f"(p.book > 0{held})")
        for condition in frame.where:
            key = self(condition.dimension.key)
            inside = f"{key} IN (SELECT key FROM where_{condition.dimension.name})"
            found.append(f"({inside} OR {key} IS NULL)" if condition.null else inside)
        return found

    def joins(self) -> str:
        needs = [need for d in self.dimensions for need in d.needs]
        needs += [n for name in self._frame.quantities for n in NEEDED.get(name, ())]
        needs += self._frame.extra_needs
        if "sold" in "".join(self(d.key) for d in self.dimensions if d.name == "sale_hour"):
            needs += ["joined_cinema", "place"]
        if "work_detail" in needs:
            needs = ["joined_cinema", "place", *needs]
        plan = self._plan
        if plan.joined_work:
            needs = ["joined_work", *needs]
        if plan.joined_cinema:
            needs = ["joined_cinema", *needs]
        skipped = set() if plan.joined_work else {"joined_work"}
        skipped |= set() if plan.joined_cinema else {"joined_cinema"}
        order = [need for need in _JOINS if need in needs and need not in skipped]
        return "\n  ".join(self(_JOINS[need]) for need in order)


_SOLD = (
    "CASE WHEN place.zone IS NULL THEN p.sold_at + to_minutes(a.offset_minutes) "
    "ELSE timezone(place.zone, CAST(p.sold_at AS TIMESTAMPTZ)) END"
)


def _sum(spell: _Speller, name: str, plan: Plan, once: str) -> str:
    text = spell(quantity(name, plan.basis))
    counted_once = "" if name in OF_MONEY or name == "gross" else once
    return f"CAST(coalesce(sum({text}){counted_once}, 0) AS BIGINT)"


def _once(plan: Plan, frame: Frame, *, of_work: bool) -> str:
    """Tickets and seats belong to each work of a double feature, and count once in a row."""
    if not plan.double_features:
        return ""
    if not of_work:
        return " FILTER (a.lead)"
    return f" FILTER (a.account NOT IN (SELECT account FROM {frame.name}_again))"


def _again(plan: Plan, frame: Frame) -> str:
    """Parts of double features that fall into one row with an earlier part of the same one."""
    if not plan.double_features:
        return ""
    works = replace(
        frame,
        by=tuple(d for d in frame.by if d.family == WORK),
        where=tuple(c for c in frame.where if c.dimension.family == WORK),
        quantities=(), extra=(), extra_needs=(), first=None, last=None,
    )  # fmt: skip
    spell = _Speller(plan, works)
    keys = ", ".join(["a.screening", *(spell(d.key) for d in works.by)])
    return f""",
-- parts of double features whose tickets count already in the same row
{frame.name}_again AS (
  SELECT account FROM (
    SELECT a.account, row_number() OVER (PARTITION BY {keys} ORDER BY a.account) AS nth
    FROM account a
    {spell.joins()}
    WHERE a.screening IN (SELECT screening FROM account WHERE NOT lead)
      AND {" AND ".join(spell.conditions()) or "true"})
  WHERE nth > 1)"""
