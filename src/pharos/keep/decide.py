"""From messages to decided batches: readings, findings, what counts, the verdict.

In: messages of the journal, and what the ledger knows before them. Out: batches that can be
recorded and posted. Writes nothing.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pyarrow as pa

from pharos.arrive.administration import HOME_SENDER, Act, Setting
from pharos.arrive.formats import read
from pharos.arrive.message_order import Said, latest
from pharos.arrive.reading import (
    Correction,
    Fact,
    Reading,
    RegisterCinema,
    RegisterWork,
    refusal,
    stated_rows,
)
from pharos.check.parameters import parse_parameters
from pharos.check.rules import Known, check, decide
from pharos.errors import BadRules
from pharos.keep import corrections
from pharos.keep.batch import Batch, Decided, combine, select
from pharos.keep.claims import Arrived, Claims
from pharos.keep.marks import Heard
from pharos.keep.registers import Registers
from pharos.keep.statements import statement_subject
from pharos.keep.writer import Writer
from pharos.words.descriptions import Answers, Mention
from pharos.words.figures import Book, Chosen, Ints
from pharos.words.report import Finding, Message, Scope, Severity, Verdict
from pharos.words.works import works_of

#: Version of the code that decides, recorded with each decision.
CODE_VERSION = "1"

#: Lines after which a batch is closed even if more messages could join it.
FULL = 10_000


def batches(
    writer: Writer, messages: list[Message], conflicts: frozenset[int], full: int = FULL
) -> Iterator[Batch]:
    """Decide messages in order, as many at once as cannot influence one another.

    ``conflicts`` are positions of messages whose id another body had taken.

    The caller posts each batch before it asks for the next: reading and deciding look at what the
    writer knows then. Reports with facts stand alone; reports with figures share a batch unless
    two of them speak of one cinema, which only ticket events of one sender may.
    """
    waiting: list[Arrived] = []
    claims = Claims(writer)
    lines = 0
    for message in messages:
        conflict = message.position in conflicts
        arrived = Arrived(message, _read(writer, message, conflict=conflict))
        alone = bool(arrived.reading.facts)
        if waiting and (alone or lines >= full or not claims.admit(arrived)):
            yield _decide(writer, waiting)
            # What was just posted may have registered what this reading must know.
            arrived = Arrived(message, _read(writer, message, conflict=conflict))
            waiting, claims, lines = [], Claims(writer), 0
        if not waiting:
            claims.admit(arrived)
        waiting.append(arrived)
        lines += len(arrived.reading.figures)
        if alone:
            yield _decide(writer, waiting)
            waiting, claims, lines = [], Claims(writer), 0
    if waiting:
        yield _decide(writer, waiting)


def refused(writer: Writer, message: Message, reading: Reading) -> Batch:
    """A batch of one message that cannot count, for the reason that its reading gives."""
    report = _report(Arrived(message, reading))
    report.verdict = Verdict.REFUSED
    return combine([report], [reading], writer.registers.descriptions)


def _read(writer: Writer, message: Message, *, conflict: bool) -> Reading:
    if conflict:
        return refusal(
            "conflict",
            f"another body arrived before under the id {message.envelope.id!r}; this one is kept "
            "as evidence and does not count, send it under an id of its own",
        )
    reading = read(message.body, writer.registers, writer.registers.mapping)
    ours = any(isinstance(fact, Act) for fact in reading.facts)
    if ours and message.envelope.sender != HOME_SENDER:
        return refusal("administration", "only the home itself sends administration messages")
    return _bad_rules(reading) or reading


def _bad_rules(reading: Reading) -> Reading | None:
    """The refusal of rules that no later report could be decided by."""
    for fact in reading.facts:
        if isinstance(fact, Setting) and fact.kind == "rules":
            try:
                parse_parameters(fact.text)
            except BadRules as error:
                return refusal("administration", f"a setting cannot be used: {error}")
    return None


def _decide(writer: Writer, waiting: list[Arrived]) -> Batch:
    reports = [_report(arrived) for arrived in waiting]
    readings = [arrived.reading for arrived in waiting]
    batch = combine(reports, readings, writer.registers.descriptions)
    by_position = {report.position: report for report in reports}
    keep = np.ones(len(batch.figures), dtype=bool)
    if len(batch.figures):
        for line, finding in [*_rules(writer, batch), *_superseded(writer, batch, keep)]:
            by_position[_position(batch, line)].findings.append(finding)
            if finding.severity is Severity.HOLD:
                keep[line] = False
        _hear(writer, batch, by_position, keep)
        _overlaps(writer, batch, by_position)
    _check_corrections(writer, reports)
    counting = np.bincount(batch.figures.lines["position"][keep] - batch.first, minlength=1)
    stated = {
        report.position: len(reading.published)
        for report, reading in zip(reports, readings, strict=True)
        if reading.published is not None
    }
    for report in reports:
        at = report.position - batch.first
        lines = int(counting[at]) if at < len(counting) else 0
        report.held = _held_rows(report)
        _narrow_scope(batch, keep, report)
        others = report.repeats + len(report.facts) + stated.get(report.position, 0)
        report.verdict = decide(report.findings, lines + others)
        if report.verdict is Verdict.REFUSED:
            keep[batch.figures.lines["position"] == report.position] = False
    return select(batch, keep)


def _report(arrived: Arrived) -> Decided:
    message, reading = arrived.message, arrived.reading
    return Decided(
        position=message.position,
        sender=message.envelope.sender,
        stream=message.envelope.stream,
        id=message.envelope.id,
        digest=message.envelope.digest.hex(),
        arrived_at=message.envelope.arrived_at,
        verdict=Verdict.ACCEPTED,
        findings=list(reading.findings),
        facts=list(reading.facts),
        scope=reading.scope,
        rows=len(reading.figures) + stated_rows(reading),
        file=reading.file,
        original=reading.original,
        mapping=reading.mapping,
        code_version=CODE_VERSION,
        names=reading.names,
    )


def _rules(writer: Writer, batch: Batch) -> list[tuple[int, Finding]]:
    registers = writer.registers
    known = Known(
        parameters=parse_parameters(registers.settings.get(("rules", "rules"))),
        arrived_at=batch.reports[-1].arrived_at,
        cinemas=registers.registered_cinemas,
        programmes=registers.registered_programmes,
        work_known=registers.works.__contains__,
        fresh=np.flatnonzero(~writer.screenings.at_once.known(batch)),
    )
    facts = [fact for report in batch.reports for fact in report.facts]
    return check(batch.figures, _with_facts(known, registers, facts) if facts else known)


def _with_facts(known: Known, registers: Registers, facts: list[Fact | Act]) -> Known:
    """The same with what the report itself registers: that counts for the whole message."""
    cinemas = {f.id for f in facts if isinstance(f, RegisterCinema) and not f.provisional}
    works = registers.works | {f.id for f in facts if isinstance(f, RegisterWork)}
    of = registers.descriptions
    return replace(
        known,
        cinemas=Answers(of.cinemas, lambda one: one in cinemas or registers.place(one).known),
        programmes=Answers(of.programmes, lambda said: works.issuperset(works_of(said))),
        work_known=works.__contains__,
    )


def _position(batch: Batch, line: int) -> int:
    return int(batch.figures.lines["position"][line])


def _hear(writer: Writer, batch: Batch, reports: dict[int, Decided], keep: Chosen) -> None:
    """Drop repeats, hold conflicts; lines that were held already are not asked about."""
    tickets = bool((batch.figures.lines["book"] == Book.TICKETS).any())
    if not tickets:
        return
    heard = writer.hearing.ask(batch, keep)
    repeats = heard == Heard.REPEAT
    positions, counts = np.unique(
        batch.figures.lines["position"][repeats & keep], return_counts=True
    )
    for position, count in zip(positions.tolist(), counts.tolist(), strict=True):
        reports[position].repeats = count
    for line in np.flatnonzero((heard == Heard.CONFLICT) & keep).tolist():
        reports[_position(batch, line)].findings.append(
            Finding(
                "conflict",
                Severity.HOLD,
                "another event was sent under this number before; the first one counts, send "
                "this one under a number of its own",
                int(batch.figures.lines["row"][line]),
            )
        )
    keep &= heard == Heard.NEW


def _superseded(writer: Writer, batch: Batch, keep: Chosen) -> list[tuple[int, Finding]]:
    """Statements that were said before others that already count: they change nothing."""
    lines = batch.figures.lines
    stated = lines["book"] >= Book.SCREENING_TOTALS
    found: list[tuple[int, Finding]] = []
    for report in batch.reports:
        mine = np.flatnonzero(stated & (lines["position"] == report.position))
        if not len(mine) or report.scope is not None:
            continue
        mentioned = np.unique(lines["mention"][mine]).tolist()
        described = {index: batch.figures.mentions[index] for index in mentioned}
        late = _said_before(writer, report, described, lines["book"][mine], lines["mention"][mine])
        chosen = mine[np.isin(lines["mention"][mine], sorted(late))]
        for line in chosen.tolist():
            keep[line] = False
        if len(chosen):
            sentence = (
                f"{len(late)} statements are older than what this sender said since; they are "
                "kept and change nothing"
            )
            row = int(lines["row"][chosen[0]])
            found.append((int(chosen[0]), Finding("superseded", Severity.NOTICE, sentence, row)))
    return found


def _said_before(
    writer: Writer, report: Decided, described: dict[int, Mention], books: Ints, mention: Ints
) -> set[int]:
    """Mentions of which the same sender has already said something later."""
    book_of = dict(zip(mention.tolist(), books.tolist(), strict=True))
    terms = writer.ledger.terms
    wanted = pa.table(
        {
            "mention": list(described),
            "book": [book_of[index] for index in described],
            "cinema": terms["cinema"].codes(d.cinema for d in described.values()),
            "subject": [statement_subject(d) for d in described.values()],
        }
    )
    sender = terms["sender"].code(report.sender)
    rows = writer.ledger.rows(_STATED, [sender], wanted=wanted)
    mine = Said(report.sender, report.stream, report.id, report.position)
    earlier: dict[int, list[Said]] = {}
    for row in rows:
        said = Said(report.sender, row["stream"], row["message_id"], row["position"])
        earlier.setdefault(row["mention"], []).append(said)
    return {index for index, said in earlier.items() if latest([*said, mine]) != mine}


def _overlaps(writer: Writer, batch: Batch, reports: dict[int, Decided]) -> None:
    """Notice cinemas and days of which another sender has spoken before."""
    mentions, terms = batch.figures.mentions, writer.ledger.terms
    days: dict[int, set[tuple[str, object]]] = {}
    others: dict[int, set[int]] = {}
    senders = [report.sender for report in batch.reports]
    shared = writer.cinemas.shared(mentions.ints("cinema"), senders, batch.report_of)
    for nth, cinema, day in {
        (int(batch.report_of[index]), mentions[index].cinema, mentions[index].business_date)
        for index in np.flatnonzero(shared).tolist()
    }:
        report = batch.reports[nth]
        strange = writer.books.senders(terms["cinema"].known(cinema), day)
        strange -= {terms["sender"].known(report.sender)}
        if strange:
            days.setdefault(report.position, set()).add((cinema, day))
            others.setdefault(report.position, set()).update(strange)
    for position, found in days.items():
        names = ", ".join(sorted(terms["sender"].texts[code] for code in others[position]))
        named = sorted({cinema for cinema, _ in found})
        reports[position].findings.append(
            Finding(
                "overlap",
                Severity.NOTICE,
                f"{names} reported {len(found)} of the same cinema days before; they are not "
                "added together, one sender counts for each cinema day. Register the cinema's "
                "reporter to choose which",
                subject=f"cinema:{named[0]}",
            )
        )


def _check_corrections(writer: Writer, reports: list[Decided]) -> None:
    """Hold corrections whose guard does not stand; of one thing a report may correct one."""
    for report in reports:
        seen: set[tuple[object, ...]] = set()
        for fact in [f for f in report.facts if isinstance(f, Correction)]:
            thing = (fact.cinema, fact.book, fact.screening, fact.business_date, fact.work)
            finding = corrections.problem(writer.ledger, fact)
            if thing in seen or report.rows:
                finding = corrections.held(
                    fact,
                    "the same report says more than this correction of it; send the correction in "
                    "a report of its own",
                )
            seen.add(thing)
            if finding is not None:
                report.findings.append(finding)
                report.facts.remove(fact)


def _narrow_scope(batch: Batch, keep: Chosen, report: Decided) -> None:
    """A file speaks for the dates of its rows that count: a mistyped date must withdraw nothing."""
    if report.scope is None:
        return
    lines = batch.figures.lines
    mine = np.unique(lines["mention"][keep & (lines["position"] == report.position)]).tolist()
    days = [batch.figures.mentions[index].business_date for index in mine]
    scope = report.scope
    report.scope = Scope(scope.cinema, min(days), max(days)) if days else None
    if report.held and days:
        sentence = (
            f"rows held: {report.held}. What an earlier file said in their place is withdrawn; "
            "correct them and send the whole file again"
        )
        report.findings.append(Finding("held_rows", Severity.NOTICE, sentence))


def _held_rows(report: Decided) -> int:
    rows = {f.row for f in report.findings if f.severity is Severity.HOLD}
    return len(rows)


_STATED = """
SELECT w.mention, s.position, s.stream, s.message_id
FROM statement s JOIN wanted w USING (book, cinema, subject) WHERE s.sender = ?
"""
