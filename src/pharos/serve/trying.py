"""What a report would change, before it is sent: it is decided and posted, and forgotten.

In: a writer whose ledger is rolled back afterwards, a parcel. Out: what would become of it. Keeps
nothing. Whoever calls it owns the writer: what that has in mind is then ahead of its ledger.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pharos.arrive.formats import read
from pharos.keep.decide import batches
from pharos.keep.pen import Connection
from pharos.keep.receive import Step, undecided
from pharos.keep.registers import findings_about
from pharos.keep.trial import TrialLedger
from pharos.keep.writer import Writer
from pharos.serve.addressed import mapping_setting
from pharos.serve.home import Submitted, guarded, submitted
from pharos.serve.sending import Parcel
from pharos.words.report import Envelope, Message, Receipt, Verdict


@dataclass(frozen=True, slots=True)
class Trial:
    """A parcel that somebody wants to send ``now``; ``found`` is what stands under its id."""

    parcel: Parcel
    found: Receipt | None
    now: datetime


@dataclass(frozen=True, slots=True)
class Totals:
    """The total rows of a file: how many figures of theirs were checked, and how many agree."""

    checked: int = 0
    agree: int = 0


def tried(writer: Writer, trial: Trial) -> Submitted:
    """What a parcel would change, as the next report after those that the writer knows."""
    draft, found = trial.parcel.draft, trial.found
    digest = hashlib.sha256(draft.body)
    if found is not None and found.digest == digest.hexdigest():
        return Submitted(found, Verdict.EXISTS, findings_about(writer.ledger, found.position))
    if trial.parcel.mapping is not None:
        writer.registers.learn(mapping_setting(trial.parcel.mapping))
    position = writer.ledger.position + 1
    envelope = Envelope(draft.sender, draft.stream, draft.id, trial.now, digest.digest())
    conflicts = frozenset([position] if found is not None else [])
    step = guarded(_steps(writer, Message(position, envelope, draft.body), conflicts))
    if isinstance(step, tuple):
        batch, outcome = step
        return submitted(writer.ledger, None, batch.reports[0], outcome)
    reading = undecided(step or LookupError())
    return Submitted(None, Verdict.REFUSED, tuple(reading.findings))


def _steps(writer: Writer, message: Message, conflicts: frozenset[int]) -> Iterator[Step]:
    for batch in batches(writer, [message], conflicts):
        yield batch, writer.apply_within(batch)


def tried_beside(connection: Connection, path: Path, trial: Trial) -> tuple[Submitted, Totals]:
    """The same beside a writer at work, on the connection of a view; and the total rows."""
    writer = Writer(TrialLedger(connection, path))
    done = tried(writer, trial)
    if trial.parcel.mapping is None:
        return done, Totals()
    registers = writer.registers
    totals = read(trial.parcel.draft.body, registers, registers.mapping).totals
    return done, Totals(len(totals), sum(one.agrees for one in totals))
