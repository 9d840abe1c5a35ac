"""Goes through everything that a journal's files hold and names what is not as it was written.

In: the folder of a home, in any condition. Out: a list of damages, empty where all is well.
Repairs nothing, and never raises because a file is damaged.

It may run beside a writer: it looks at one moment of the journal. What a crash leaves behind (a
commit without its head line, a torn line) is no damage; opening the journal completes it.
"""

from collections.abc import Sequence
from pathlib import Path

from pharos.arrive import journal_rows as rows
from pharos.arrive.damage import Damage, span
from pharos.arrive.head import HEAD_NAME, HeadLine
from pharos.arrive.journal_evidence import Evidence
from pharos.arrive.journal_schema import JOURNAL_NAME
from pharos.arrive.segments import SEGMENTS_NAME
from pharos.arrive.verify_decisions import DecisionWalk
from pharos.arrive.verify_head import HeadWalk, Witness, changed_line
from pharos.arrive.verify_messages import (
    Examined,
    FoundMessage,
    as_bytes,
    as_number,
    check_body,
    examine,
    found_message,
    settle,
)
from pharos.arrive.verify_sealed import SealedWalk
from pharos.arrive.verify_tree import TreeWalk
from pharos.errors import JournalDamaged

__all__ = ["Damage", "verify_journal"]


def verify_journal(home: Path) -> list[Damage]:
    """Everything that is damaged in the journal of a home: where, what, and from which position."""
    head = HeadWalk(home / HEAD_NAME)
    if not (home / JOURNAL_NAME).exists():
        lines = list(head.lines(0))
        had = f"; the head file says {lines[-1].size} messages" if lines else ""
        return [*head.damages, Damage(JOURNAL_NAME, f"is missing{had}", 1)]
    with Evidence(home) as evidence:
        return _Verification(home, head, evidence).damages()


class _Verification:
    """One run over the files of a home."""

    def __init__(self, home: Path, head: HeadWalk, evidence: Evidence) -> None:
        self._head = head
        self._evidence = evidence
        self._states = [_state(row) for row in evidence.states()]
        self._sealed = SealedWalk(home / SEGMENTS_NAME, evidence.segments())
        self._decisions = DecisionWalk(evidence.decisions(), self._sealed)
        self._tree = TreeWalk()
        self._decision_lines = Witness(lambda line: line.decisions)
        self._segment_lines = Witness(lambda line: line.segments)
        self._doubts: list[Examined] = []
        self._size = 0
        self._found: list[Damage] = []

    def damages(self) -> list[Damage]:
        """Do it all."""
        self._walk_messages()
        self._compare_end()
        self._evidence.check_file()
        for doubt in self._doubts:
            choice = self._tree.decided.get(doubt.message.position)
            self._found += settle(doubt, choice)
        for position in self._evidence.wrong_attempts():
            self._note(f"message {position}", "its attempt number was changed", position)
        for table, number in self._evidence.strays():
            self._note(JOURNAL_NAME, f"its table {table} has a row {number} that nobody sent")
        for note in self._evidence.notes:
            self._note(JOURNAL_NAME, note.what, note.position)
        return list(
            dict.fromkeys(
                [
                    *self._found,
                    *self._tree.damages(),
                    *self._decisions.damages,
                    *self._sealed.damages,
                    *self._chain_damages(),
                    *self._head.damages,
                ]
            )
        )

    def _walk_messages(self) -> None:
        self._lines = self._head.lines(self._states[0].line if self._states else 0)
        self._waiting = next(self._lines, None)
        self._hear_lines()
        for row in self._evidence.messages():
            message = found_message(row)
            if message.position <= self._size:
                what = "stands where no message can stand"
                self._note(f"message {message.position}", what, message.position)
                continue
            if message.position > self._size + 1:
                missing = span("message", self._size + 1, message.position - 1)
                self._note(missing, "cannot be found", self._size + 1)
                self._tree.lose()
            self._size = message.position
            self._check_message(message)
            self._hear_lines()

    def _check_message(self, message: FoundMessage) -> None:
        examined = examine(message)
        self._tree.grow(message.position, examined.leaves)
        if examined.damages or len(examined.leaves) > 1:
            self._doubts.append(examined)
        body = message.body
        if body is None:
            try:
                body = self._sealed.body(message.position)
            except JournalDamaged:
                self._note(f"message {message.position}", "its body is missing", message.position)
        if body is not None:
            self._found += check_body(message, body)

    def _hear_lines(self, *, rest: bool = False) -> None:
        """Compare the head lines about the messages seen so far; ``rest``: all that are left."""
        while self._waiting is not None and (rest or self._waiting.size <= self._size):
            line = self._waiting
            self._tree.hear(line)
            if line.decisions < len(self._decisions.digests):
                digest = self._decisions.digests[line.decisions]
                self._decision_lines.hear(line, fits=digest == line.decision_digest)
            if line.segments < len(self._sealed.digests):
                digest = self._sealed.digests[line.segments]
                self._segment_lines.hear(line, fits=digest == line.segment_digest)
            self._waiting = next(self._lines, None)

    def _compare_end(self) -> None:
        self._hear_lines(rest=True)
        state = self._states[0] if self._states else rows.EMPTY
        last = self._head.last
        short = [
            self._short("message", self._size, max(state.size, last.size if last else 0)),
            self._short(
                "decision",
                self._decisions.last_number,
                max(state.decisions, last.decisions if last else 0),
            ),
            self._short(
                "segment",
                len(self._sealed.segments),
                max(state.segments, last.segments if last else 0),
            ),
        ]
        tree = state.tree()
        if not self._states or tree is None:
            self._note(JOURNAL_NAME, "does not say how far it goes")
        elif not self._tree.ends_at(state.size, state.frontier):
            # Where the head file already says which messages were changed, this says it again.
            if not self._tree.damages():
                self._note(JOURNAL_NAME, "the frontier of its tree does not fit its messages")
        elif not self._head.broken_end:
            self._compare_last_line(state.head(tree.root()), older=any(short))

    def _short(self, thing: str, found: int, written: int) -> bool:
        """Note what is missing at the end, or stands behind it; whether anything is missing."""
        if found < written:
            missing = span(thing, found + 1, written)
            verb = "is" if written == found + 1 else "are"
            position = {
                "message": self._size + 1,
                "decision": self._decisions.decided_to + 1,
                "segment": self._sealed.sealed_to + 1,
            }[thing]
            self._note(
                JOURNAL_NAME,
                f"ends at {thing} {found}, but {written} were written: {missing} {verb} missing",
                position,
            )
        elif found > written and self._states:
            extra = span(thing, written + 1, found)
            self._note(JOURNAL_NAME, f"has {extra}, which no commit put there")
        return found < written

    def _compare_last_line(self, now: HeadLine, *, older: bool) -> None:
        """Compare the end of the head file with the last state of the journal."""
        last, torn = self._head.last, self._head.torn
        written = last.number if last else 0
        if written > now.number:
            if not older:
                self._note(JOURNAL_NAME, f"is older than line {written} of the head file")
        elif written < now.number - 1:
            missing = span("line", written + 1, now.number)
            self._note(HEAD_NAME, f"ends at line {written}: {missing} cannot be found")
        elif written == now.number - 1:
            if not now.text().startswith(torn):
                self._found.append(changed_line(now.number))
        else:
            if torn:
                self._found.append(changed_line(now.number + 1))
            if last != now:
                self._note(JOURNAL_NAME, f"its last state does not fit head line {now.number}")

    def _chain_damages(self) -> list[Damage]:
        """Rows that were changed together with their whole chain, so that only the head tells."""
        found: list[Damage] = []
        for thing, witness, walk in (
            ("decision", self._decision_lines, self._decisions),
            ("segment", self._segment_lines, self._sealed),
        ):
            if walk.damages:
                continue
            found += witness.damages
            if changed := witness.changed():
                first, last, line = changed
                what = f"their chain does not give the digest in head line {line.number}"
                found.append(Damage(span(thing, first, last), what, walk.firsts[first - 1]))
        return found

    def _note(self, where: str, what: str, position: int | None = None) -> None:
        self._found.append(Damage(where, what, position))


def _state(row: Sequence[object]) -> rows.State:
    line, size, frontier, decisions, decision_digest, segments, segment_digest = row
    return rows.State(
        as_number(line),
        as_number(size),
        as_bytes(frontier),
        as_number(decisions),
        as_bytes(decision_digest),
        as_number(segments),
        as_bytes(segment_digest),
    )
