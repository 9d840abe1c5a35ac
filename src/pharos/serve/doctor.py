"""The doctor tells whether what is stored is what was written.

In: a home's folder. Out: what is damaged and where, what differs from today's files. Changes
nothing and works on homes that cannot be opened.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pharos.arrive.verify import verify_journal
from pharos.check.parameters import packaged_rules
from pharos.errors import LedgerUnusable, UnknownTerritory
from pharos.keep.checkpoints import unbalanced
from pharos.keep.hearing import Hearing
from pharos.keep.ledger import LEDGER_FILE, Ledger
from pharos.keep.registers import Registers, undecided_reports
from pharos.words.descriptions import Numbering
from pharos.words.territory import packaged_territory


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """``damages`` mean that something was changed or lost; ``remarks`` that something differs."""

    damages: tuple[str, ...]
    remarks: tuple[str, ...]


def examine(path: Path) -> Diagnosis:
    """Look at everything in a home."""
    damages = [str(damage) for damage in verify_journal(path)]
    return Diagnosis(tuple(damages), tuple(_remarks(path)))


def _remarks(path: Path) -> Iterator[str]:
    file = path / LEDGER_FILE
    if not file.exists():
        yield "there is no ledger; `pharos rebuild` makes it from the journal"
        return
    try:
        ledger = Ledger(file, read_only=True)
    except LedgerUnusable as error:
        yield str(error)
        return
    try:
        yield from _differing_files(Registers(ledger))
        yield from _unbalanced(ledger)
        yield from _gaps(ledger)
        yield from _undecided(ledger)
    finally:
        ledger.close()


def _differing_files(registers: Registers) -> Iterator[str]:
    """Rules and territories of this Pharos that are not those of the home."""
    for (kind, name), text in registers.settings.items():
        if kind == "rules" and text != packaged_rules():
            yield "the home's rules are not those that come with this Pharos; both are kept"
        if kind == "territory":
            try:
                packaged = packaged_territory(name)
            except UnknownTerritory:
                continue
            if text != packaged:
                yield f"territory {name} of the home is not the one that comes with this Pharos"


def _gaps(ledger: Ledger) -> Iterator[str]:
    """Numbers that a till has skipped: events that were lost, or are still to come."""
    for (sender, stream, epoch), cinema, first, last in Hearing(ledger, Numbering()).gaps():
        numbers = f"event {first}" if first == last else f"events {first} to {last}"
        named = f", stream {stream!r}" if stream else ""
        named += f", epoch {epoch}" if epoch else ""
        yield f"{numbers} of {sender} for cinema {cinema}{named} never arrived; ask for them"


def _undecided(ledger: Ledger) -> Iterator[str]:
    for position, sender, sentence in undecided_reports(ledger):
        yield f"report {position} of {sender}: {sentence}"


def _unbalanced(ledger: Ledger) -> Iterator[str]:
    """Checkpoints must be the sums of the postings that they cover."""
    for span in unbalanced(ledger):
        yield (
            f"the ledger's checkpoint over positions {span.low + 1} to {span.high} is not the sum "
            "of its postings; `pharos rebuild` makes it again"
        )
