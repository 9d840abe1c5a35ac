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

from pharos.keep.schema import DESCRIPTION, MONEY, QUANTITIES
from pharos.measure.catalogue import TICKET, WORK
from pharos.measure.dimensions import Dimension
from pharos.measure.plan import BASIS_PARTS, LONGEST_SHIFT, Frame, Plan

_FEE, _TAX = "p.fee", "p.tax"
#: What only single postings say, checkpoints not.
_DETAIL = ("p.ticket_type", "p.channel", "p.sold_at", "a.offset_minutes")
_PRESOLD = "{sold} < CAST({date} AS TIMESTAMP) + to_minutes(place.day_start)"

#: Quantities that are made of the columns of a posting; the rest are columns.
_MADE = {
    "net_of_fee": "p.gross - p.fee",
    "net_of_tax": "p.gross - p.tax",
    "paying": "p.admissions - p.free",
    "issued": "p.admissions + p.refunded",
    "prime": "CASE WHEN {prime} THEN p.screenings ELSE 0 END",
    "prime_missing": "CASE WHEN p.level = 1 THEN p.said ELSE 0 END",
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
    "joined_work": "LEFT JOIN joined_work ON joined_work.code = p.work",
    "joined_cinema": "LEFT JOIN joined_cinema ON joined_cinema.code = p.cinema",
    "place": "JOIN place ON place.code = p.cinema AND p.business_date BETWEEN place.first "
    "AND place.last",
    "version": "LEFT JOIN version ON version.code = p.version",
    "work_detail": "LEFT JOIN work_detail ON work_detail.code = p.work "
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

    They are not materialized, so that each frame reads only the columns that it sums and the
    dates that it asks for.
    """
    single = bool(plan.sold_until) or plan.traced or any(of_postings(f) for f in frames)
    spans = [] if single else list(plan.spans)
    reached = spans[-1].high if spans else 0
    said, columns = ", ".join(DESCRIPTION), ", ".join(QUANTITIES)
    numbers = ", ".join(str(span.number) for span in spans)
    steps = [f"SELECT account, book, {said}, {columns} FROM checkpoint WHERE span IN ({numbers})"]
    steps = steps if spans else []
    described = ", ".join(f"a.{name}" for name in DESCRIPTION)
    columns = ", ".join(f"p.{name}" for name in QUANTITIES)
    detail = f", {', '.join(_DETAIL)}" if single else ""
    detail += ", p.position, p.row_number, p.event, a.said AS screening_said" if plan.traced else ""
    until = (
        f" AND (p.book = 0 OR p.sold_at <= TIMESTAMP '{plan.sold_until}')"
        if plan.sold_until
        else ""
    )
    steps.append(
        f"SELECT p.account, p.book, {described}, {columns}{detail}\n"
        f"  FROM posting p JOIN account a USING (account)\n"
        f"  WHERE p.position > {reached} AND p.position <= {plan.edition}{until}"
    )
    unpublished = "" if plan.all_published else " ANTI JOIN dropped USING (account, book)"
    union = "\n  UNION ALL\n  ".join(steps)
    return f"""WITH
-- postings up to edition {plan.edition} with what their accounts say: {len(spans)} checkpoints,
-- then what came after
postings AS NOT MATERIALIZED (
  {union}),
-- books that do not count at this edition
dropped AS (
  SELECT account, book FROM unpublished WHERE position <= {plan.edition}
  GROUP BY account, book HAVING sum(delta) > 0),
-- what counts: for each screening, and each work's day, one book
standing AS NOT MATERIALIZED (
  SELECT p.* FROM postings p{unpublished}),
-- the book from which the money of a screening comes
grain AS NOT MATERIALIZED (
  SELECT account, min(book) AS book FROM standing
  WHERE book > 0 AND account IN (SELECT account FROM standing WHERE book = 0)
  GROUP BY account HAVING sum(said) <> 0)"""


def frame_steps(plan: Plan, frame: Frame, whole: Frame | None = None) -> str:
    """The step that sums one frame; keys are k0, k1 ..., quantities bear their names.

    ``whole`` is the same over all works: its sums are added up from those of the frame.
    """
    spell = Speller(plan, frame)
    keys = spell.keys() + [spell(text) for text in frame.extra]
    of_work = any(d.family == WORK for d in spell.dimensions)
    once = _once(plan, frame, of_work=of_work)
    sums = [_sum(spell, name, plan, once) for name in frame.quantities]
    names = [_name(key) for key in keys]
    said = "sum(p.said) FILTER (p.book > 0) AS said_rows"
    held = ["sum(p.screenings) FILTER (p.book = 0) AS held"] if frame.screenings_too else []
    lead = _leading(plan, frame, spell, once) if whole else []
    stands = "said_rows <> 0 OR held <> 0" if frame.screenings_too else "said_rows <> 0"
    group = "\n  GROUP BY ALL" if keys else ""
    add = _added_up(plan, whole, [*frame.by], lead) if whole else ""
    chosen = ", ".join([*names, *frame.quantities, "said_rows", "postings"])
    return f"""{_again(plan, frame) if of_work else ""},
-- {frame.title}
{frame.name}_sums AS {"" if whole else "NOT "}MATERIALIZED (
  SELECT {", ".join([*keys, *sums, *lead, said, *held, "count(*) AS postings"])}
  FROM standing p
  {spell.joins()}
  WHERE {" AND ".join(spell.conditions()) or "true"}{group}),
-- rows of which something stands
{frame.name} AS (
  SELECT {chosen} FROM {frame.name}_sums WHERE {stands}){add}"""


def _leading(plan: Plan, frame: Frame, spell: "Speller", once: str) -> list[str]:
    """What counts once over all works: in a double feature, what its first part says."""
    if not once:
        return []
    names = [n for n in frame.quantities if n not in OF_MONEY and n != "gross"]
    return [_sum(spell, n, plan, " FILTER (p.lead)", f"{n}_lead") for n in names]


def _added_up(plan: Plan, whole: Frame, by: list[Dimension], lead: list[str]) -> str:
    """The sums over all works, from those of each."""
    once = {_name(text) for text in lead}
    keys = [f"k{by.index(d)} AS k{n}" for n, d in enumerate(whole.by)]
    keys += ["currency"] if plan.by_currency else []
    sums = [
        f"CAST(sum({f'{n}_lead' if f'{n}_lead' in once else n}) AS BIGINT) AS {n}"
        for n in whole.quantities
    ]
    stands = "sum(said_rows) <> 0" + (" OR sum(held) <> 0" if whole.screenings_too else "")
    group = "GROUP BY ALL " if keys else ""
    return f""",
-- {whole.title}
{whole.name} AS (
  SELECT {", ".join([*keys, *sums])} FROM now_sums {group}HAVING {stands})"""


def distinct_steps(plan: Plan, frame: Frame, things: Iterable[str]) -> str:
    """The steps that count different cinemas, screens and works of one frame."""
    spell, asked = Speller(plan, frame), set(things)
    keys = spell.keys()
    kinds = ["p.level", f"{spell('{cinema}')} AS cinema"] if asked - {"works"} else []
    kinds += ["p.screen AS screen_code"] if "screens" in asked else []
    kinds += [f"{spell('{work}')} AS work"] if "works" in asked else []
    names = [_name(key) for key in keys]
    counts = [f"{_COUNTED[thing]} AS {thing}" for thing in _COUNTED if thing in asked]
    counts += [_NO_SCREEN] if "screens" in asked else []
    return f""",
-- everything of which something is held or said; no sum of an account is below zero
{frame.name}_present AS (
  SELECT {", ".join([*keys, *kinds])},
         sum(p.screenings) FILTER (p.book = 0) AS held, sum(p.said) FILTER (p.book > 0) AS spoken
  FROM standing p
  {spell.joins()}
  WHERE {" AND ".join(spell.conditions()) or "true"}
  GROUP BY ALL HAVING held > 0 OR spoken <> 0),
-- how many different things they are
{frame.name} AS (
  SELECT {", ".join([*names, *counts])}
  FROM {frame.name}_present {"GROUP BY ALL" if names else ""})"""


#: How many different things there are among those that are present.
_COUNTED = {
    "theatres": "count(DISTINCT cinema) FILTER (held > 0 OR level = 1)",
    "screens": "count(DISTINCT cinema * 4294967296 + screen_code) FILTER (held > 0)",
    "works": "count(DISTINCT work)",
}
_NO_SCREEN = """count(*) FILTER (level = 1 OR (held > 0 AND screen_code IN
           (SELECT code FROM no_screen))) AS screens_missing"""


class Speller:
    """Spells key expressions and joins for one frame."""

    def __init__(self, plan: Plan, frame: Frame) -> None:
        self._plan = plan
        self._frame = frame
        self.dimensions = [*frame.by, *(c.dimension for c in frame.where)]
        day = "p.business_date"
        self._date = f"CAST({day} + INTERVAL '{frame.shift}' AS DATE)" if frame.shift else day

    def __call__(self, text: str) -> str:
        """A text with its {names} spelled out."""
        plan = self._plan
        work = "coalesce(joined_work.one, p.work)" if plan.joined_work else "p.work"
        cinema = "coalesce(joined_cinema.one, p.cinema)" if plan.joined_cinema else "p.cinema"
        released = f"CASE WHEN {self._date} >= run.release THEN {self._date} - run.release + 1 END"
        spelled = (
            text.replace("{run}", "run.number")
            .replace("{day_of_release}", released)
            .replace("{sale_hour}", "hour({sold})")
            .replace("{sold}", _SOLD)
            .replace("{prime}", "p.minute >= place.prime_from AND p.minute < place.prime_to")
            .replace("{grain}", "CASE WHEN p.book > 0 THEN p.book ELSE coalesce(grain.book, 0) END")
        )
        for kind, code in plan.silent.items():
            spelled = spelled.replace(f"{{no_{kind}}}", str(code))
        territory = f"'{plan.territory}'" if plan.territory else "place.territory"
        return (
            spelled.replace("{work}", work)
            .replace("{territory}", territory)
            .replace("{cinema}", cinema)
            .replace("{date}", self._date)
        )

    def keys(self) -> list[str]:
        """The keys of the frame's rows, under the names k0, k1 ..., and the currency."""
        keys = [f"{self(d.key)} AS k{n}" for n, d in enumerate(self._frame.by)]
        return keys + (["p.currency AS currency"] if self._plan.by_currency else [])

    def conditions(self) -> list[str]:
        """What a posting must be to be summed."""
        frame = self._frame
        found = []
        if frame.first is not None:
            found.append(f"{self._date} >= DATE '{frame.first}'")
        if frame.last is not None:
            found.append(f"{self._date} <= DATE '{frame.last}'")
        if frame.shift and frame.first is not None:
            # Said of the plain column, so that other dates are never read.
            far = frame.first - LONGEST_SHIFT
            found.append(f"p.business_date BETWEEN DATE '{far}' AND DATE '{frame.last}'")
        if frame.spoken_only:
            # A screening that was cancelled, with no figures, makes no day.
            held = " OR p.screenings <> 0" if frame.screenings_too else ""
            found.append(f"(p.book > 0{held})")
        for condition in frame.where:
            key = self(condition.dimension.key)
            inside = f"{key} IN (SELECT key FROM where_{condition.dimension.name})"
            found.append(f"({inside} OR {key} IS NULL)" if condition.null else inside)
        if frame.works:
            found.append(f"{self('{work}')} IN (SELECT work FROM {frame.works})")
        return found

    def joins(self) -> str:
        """The small tables that the texts of this frame speak of."""
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
    "CASE WHEN place.zone IS NULL THEN p.sold_at + to_minutes(p.offset_minutes) "
    "ELSE timezone(place.zone, CAST(p.sold_at AS TIMESTAMPTZ)) END"
)


def _name(column: str) -> str:
    return column.rpartition(" AS ")[2]


def _sum(spell: Speller, name: str, plan: Plan, once: str, called: str = "") -> str:
    text = spell(quantity(name, plan.basis))
    counted_once = "" if name in OF_MONEY or name == "gross" else once
    return f"CAST(coalesce(sum({text}){counted_once}, 0) AS BIGINT) AS {called or name}"


def _once(plan: Plan, frame: Frame, *, of_work: bool) -> str:
    """Tickets and seats belong to each work of a double feature, and count once in a row."""
    if not plan.double_features:
        return ""
    if not of_work:
        return " FILTER (p.lead)"
    return f" FILTER (p.account NOT IN (SELECT account FROM {frame.name}_again))"


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
    spell = Speller(plan, works)
    keys = ", ".join(["p.screening", *(spell(d.key) for d in works.by)])
    return f""",
-- parts of double features whose tickets count already in the same row
{frame.name}_again AS (
  SELECT account FROM (
    SELECT p.account, row_number() OVER (PARTITION BY {keys} ORDER BY p.account) AS nth
    FROM account p
    {spell.joins()}
    WHERE p.screening IN (SELECT screening FROM account WHERE NOT lead)
      AND {" AND ".join(spell.conditions()) or "true"})
  WHERE nth > 1)"""
