"""The sealed segments as found: the list of them, their files, and records read from them.

In: the rows of the segment table and the folder, in any condition. Out: damages, records.
Knows nothing of what the records mean.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from pathlib import Path

from pharos.arrive.damage import Damage, span
from pharos.arrive.head import NO_DIGEST
from pharos.arrive.journal_rows import Segment, segment_link
from pharos.arrive.segments import (
    SEGMENTS_NAME,
    Kind,
    SegmentFolder,
    blocks,
    file_digest,
    read_block,
)
from pharos.arrive.verify_messages import as_bytes, as_number
from pharos.errors import JournalDamaged


class SealedWalk:
    """Checks every segment, then gives out what the whole ones hold."""

    def __init__(self, folder: Path, rows: Iterable[Sequence[object]]) -> None:
        self.damages: list[Damage] = []
        self.segments: list[Segment] = []
        self._folder = folder
        self._records = SegmentFolder(folder)
        self._broken: set[str] = set()
        previous = {NO_DIGEST}
        for row in rows:
            number, first, last, first_decision, last_decision, size_bytes = map(as_number, row[:6])
            sha256, digest = map(as_bytes, row[6:])
            segment = Segment(
                number, first, last, first_decision, last_decision, size_bytes, sha256, digest
            )
            previous = self._check_row(segment, previous)
            self._check_file(segment)
            self.segments.append(segment)
        #: The digest of the list after each segment, from none on, and the first position of each.
        self.digests = [NO_DIGEST, *(segment.digest for segment in self.segments)]
        self.firsts = [segment.first_position for segment in self.segments]
        self.sealed_to = self.segments[-1].last_position if self.segments else 0
        self._last_positions = [segment.last_position for segment in self.segments]
        self._first_decisions = [segment.first_decision for segment in self.segments]
        self._last_decisions = [segment.last_decision for segment in self.segments]

    def body(self, position: int) -> bytes | None:
        """A sealed body; None where the damage of its segment has been named.

        JournalDamaged: no whole segment gives it.
        """
        return self._record("body", position, bisect_left(self._last_positions, position))

    def content(self, decision: int) -> bytes | None:
        """A sealed decision; None and JournalDamaged as for a body."""
        return self._record("decision", decision, bisect_left(self._last_decisions, decision))

    def _record(self, kind: Kind, number: int, index: int) -> bytes | None:
        firsts = self.firsts if kind == "body" else self._first_decisions
        if index >= len(firsts) or firsts[index] > number:
            raise JournalDamaged(f"no segment holds {kind} {number}.")
        segment = self.segments[index]
        if segment.name in self._broken:
            return None
        return self._records.record(segment.name, kind, number)

    def _check_row(self, segment: Segment, previous: set[bytes]) -> set[bytes]:
        """Check one link of the list; give back the digests on which the next may build."""
        before = self.segments[-1] if self.segments else None
        following = (
            (before.number + 1, before.last_position + 1, before.last_decision + 1)
            if before
            else (1, 1, 1)
        )
        numbers = (
            segment.first_position,
            segment.last_position,
            segment.first_decision,
            segment.last_decision,
            segment.size_bytes,
        )
        links = {segment_link(digest, numbers, segment.sha256) for digest in previous}
        if (segment.number, segment.first_position, segment.first_decision) != following:
            self._note(segment, "does not follow on from the segment before it")
        if segment.digest not in links:
            self._note(segment, "its row in the list of segments was changed")
        return links | {segment.digest}

    def _check_file(self, segment: Segment) -> None:
        path = self._folder / segment.name
        try:
            length = path.stat().st_size
            if length < segment.size_bytes:
                what = f"is cut: {length} of {segment.size_bytes} bytes are left"
            elif length > segment.size_bytes:
                what = f"has {length} bytes; {segment.size_bytes} were sealed"
            elif file_digest(path) != segment.sha256:
                what = "was changed"
            else:
                return
        except FileNotFoundError:
            what = "is missing"
        except OSError as failure:
            what = f"cannot be read: {failure.strerror}"
        self._broken.add(segment.name)
        self._note(segment, f"{what}; {_unreadable(path, segment)}")

    def _note(self, segment: Segment, what: str) -> None:
        where = f"{SEGMENTS_NAME}/{segment.name}"
        self.damages.append(Damage(where, what, segment.first_position))


def _unreadable(path: Path, segment: Segment) -> str:
    """Which records can no longer be read, as far as the blocks tell."""
    whole = span("message", segment.first_position, segment.last_position)
    if not path.is_file():
        return f"it held {whole}"
    lost: list[str] = []
    try:
        for block in blocks(path):
            thing = "message" if block.letter == b"B" else "decision"
            try:
                read_block(path, block)
            except JournalDamaged:
                lost.append(span(thing, block.first, block.last))
    except JournalDamaged:
        return f"it held {whole}, and where they stand in it cannot be told any more"
    return f"it no longer gives {', '.join(lost)}" if lost else f"it held {whole}"
