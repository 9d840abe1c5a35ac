"""A batch of decided reports in normal form, and its bytes as the journal records them.

In: readings with their verdicts. Out: one set of columns that the ledger posts, or bytes that can
be replayed years later without the code that decided. Knows no table.
"""

from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa

from pharos.arrive.administration import Act
from pharos.arrive.reading import Fact, Reading
from pharos.words.figures import ABSENT, LINE_COLUMNS, Figures, Ints, Mention, Mentions, empty_lines
from pharos.words.report import Finding, Message, Scope, Verdict

#: Format of the recorded bytes; a reader of an older number is kept for as long as homes use it.
RECORD_VERSION = 1

#: Whose events are counted together: sender, cinema, stream, epoch.
StreamKey = tuple[str, str, str, int]

_IPC = pa.ipc.IpcWriteOptions(compression="lz4")


@dataclass(slots=True)
class Decided:
    """One report of a batch: who sent it, the verdict, what was noticed, the facts it states."""

    position: int
    sender: str
    stream: str
    id: str
    digest: str
    arrived_at: datetime
    verdict: Verdict
    findings: list[Finding]
    facts: list[Fact | Act]
    scope: Scope | None = None
    rows: int = 0
    repeats: int = 0
    held: int = 0
    file: str = ""
    original: str = ""
    mapping: str = ""
    code_version: str = ""
    names: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Batch:
    """Decided reports and the lines of all of them that count, in the order of their positions.

    ``figures.lines`` also holds ``position``; ``senders`` and ``positions`` are parallel to the
    mentions; ``streams`` are (sender, cinema, stream, epoch), the ``stream`` of a line counts them.
    """

    reports: list[Decided]
    figures: Figures
    senders: list[str] = field(default_factory=list)
    positions: list[int] = field(default_factory=list)
    streams: list[StreamKey] = field(default_factory=list)

    @property
    def first(self) -> int:
        """Position of the first report."""
        return self.reports[0].position

    @property
    def last(self) -> int:
        """Position of the last report."""
        return self.reports[-1].position


def combine(reports: list[Decided], readings: list[Reading]) -> Batch:
    """Put the figures of several reports under one numbering."""
    gathered = _Gatherer()
    for report, reading in zip(reports, readings, strict=True):
        gathered.add(report, reading.figures)
    return Batch(
        reports, gathered.figures(), gathered.senders, gathered.positions, gathered.streams
    )


class _Gatherer:
    def __init__(self) -> None:
        self.mentions = Mentions()
        self.columns: dict[str, list[Ints]] = {name: [] for name in (*LINE_COLUMNS, "position")}
        self.types: dict[str, int] = {}
        self.channels: dict[str, int] = {}
        self.streams: list[StreamKey] = []
        self.event_ids: list[str] = []
        self.senders: list[str] = []
        self.positions: list[int] = []
        self.any_ids = False

    def add(self, report: Decided, figures: Figures) -> None:
        count = len(figures)
        if not count:
            return
        before = len(self.mentions)
        self.mentions.items += figures.mentions.items
        added = len(figures.mentions)
        self.senders.extend([report.sender] * added)
        self.positions.extend([report.position] * added)
        lines = dict(figures.lines)
        lines["mention"] = lines["mention"] + before
        lines["ticket_type"] = _renumber(lines["ticket_type"], figures.ticket_types, self.types)
        lines["channel"] = _renumber(lines["channel"], figures.channels, self.channels)
        if figures.streams:
            said = lines["stream"]
            lines["stream"] = np.where(said == ABSENT, ABSENT, said + len(self.streams))
            self.streams.extend(
                (report.sender, cinema, stream or report.stream, epoch)
                for cinema, stream, epoch in figures.streams
            )
        lines["position"] = np.full(count, report.position, dtype=np.int64)
        for name, column in self.columns.items():
            column.append(lines[name])
        self._add_ids(figures, count)

    def _add_ids(self, figures: Figures, count: int) -> None:
        self.any_ids = self.any_ids or bool(figures.event_ids)
        self.event_ids.extend(figures.event_ids or [""] * count)

    def figures(self) -> Figures:
        lines = empty_lines(0) | {"position": np.zeros(0, dtype=np.int64)}
        if self.columns["row"]:
            lines = {name: np.concatenate(column) for name, column in self.columns.items()}
        return Figures(
            self.mentions,
            lines,
            list(self.types),
            list(self.channels),
            event_ids=self.event_ids if self.any_ids else [],
        )


def _renumber(indices: Ints, texts: list[str], numbering: dict[str, int]) -> Ints:
    codes = [numbering.setdefault(text, len(numbering)) for text in texts]
    return np.asarray(codes, dtype=np.int64)[indices]


def select(batch: Batch, keep: np.ndarray[Any, np.dtype[np.bool_]]) -> Batch:
    """The batch with only the lines that are kept, and only the mentions that still have lines."""
    figures = batch.figures
    if bool(keep.all()):
        return batch
    lines = {name: column[keep] for name, column in figures.lines.items()}
    used, lines["mention"] = np.unique(lines["mention"], return_inverse=True)
    chosen = used.tolist()
    mentions = Mentions([figures.mentions.items[i] for i in chosen])
    ids = figures.event_ids
    kept_ids = [ids[i] for i in np.flatnonzero(keep).tolist()] if ids else []
    return Batch(
        batch.reports,
        Figures(mentions, lines, figures.ticket_types, figures.channels, event_ids=kept_ids),
        [batch.senders[i] for i in chosen],
        [batch.positions[i] for i in chosen],
        batch.streams,
    )


class _Record(msgspec.Struct):
    version: int
    reports: list[Decided]
    ticket_types: list[str]
    channels: list[str]
    streams: list[StreamKey]
    constants: dict[str, int]
    lines: bytes
    mentions: bytes


def to_bytes(batch: Batch) -> bytes:
    """The batch as the journal records it: msgpack around two Arrow streams (lz4)."""
    figures = batch.figures
    constants = {
        name: int(column[0])
        for name, column in figures.lines.items()
        if len(column) and bool((column == column[0]).all())
    }
    varying = {n: pa.array(c) for n, c in figures.lines.items() if n not in constants}
    if len(figures) and not varying:
        varying["row"] = pa.array(figures.lines["row"])
        constants.pop("row")
    if figures.event_ids:
        varying["event_id"] = pa.array(figures.event_ids, type=pa.string())
    columns = zip(*figures.mentions.items, strict=True)
    mentions = {n: _column(list(c)) for n, c in zip(Mention._fields, columns, strict=False)}
    mentions["sender"] = pa.array(batch.senders, type=pa.string())
    mentions["position"] = pa.array(batch.positions, type=pa.int64())
    record = _Record(
        RECORD_VERSION,
        batch.reports,
        figures.ticket_types,
        figures.channels,
        batch.streams,
        constants,
        _stream(pa.table(varying)),
        _stream(pa.table(mentions)) if len(figures.mentions) else b"",
    )
    return msgspec.msgpack.encode(record)


def _column(values: list[Any]) -> pa.Array:
    # Arrow's own guess of a type stumbles over ABSENT, the smallest of all integers.
    if values and isinstance(values[0], int) and not isinstance(values[0], bool):
        return pa.array(np.array(values, dtype=np.int64))
    return pa.array(values)


def from_bytes(content: bytes) -> Batch:
    """The batch that `to_bytes` wrote."""
    record = msgspec.msgpack.decode(content, type=_Record)
    table = pa.ipc.open_stream(record.lines).read_all()
    count = table.num_rows
    lines = {}
    for name in (*LINE_COLUMNS, "position"):
        if name in record.constants:
            lines[name] = np.full(count, record.constants[name], dtype=np.int64)
        elif name in table.column_names:
            lines[name] = table.column(name).to_numpy()
        else:
            lines[name] = np.zeros(0, dtype=np.int64)
    ids = table.column("event_id").to_pylist() if "event_id" in table.column_names else []
    mentions, senders, positions = _mentions(record.mentions)
    figures = Figures(mentions, lines, record.ticket_types, record.channels, event_ids=ids)
    return Batch(record.reports, figures, senders, positions, record.streams)


def _mentions(content: bytes) -> tuple[Mentions, list[str], list[int]]:
    if not content:
        return Mentions(), [], []
    columns = pa.ipc.open_stream(content).read_all().to_pydict()
    senders, positions = columns.pop("sender"), columns.pop("position")
    return Mentions(list(map(Mention, *columns.values()))), senders, positions


def _stream(table: pa.Table) -> bytes:
    sink = BytesIO()
    with pa.ipc.new_stream(sink, table.schema, options=_IPC) as writer:
        writer.write_table(table)
    return sink.getvalue()


def empty_batch(reports: list[Decided]) -> Batch:
    """A batch of reports that state facts only."""
    lines = empty_lines(0) | {"position": np.zeros(0, dtype=np.int64)}
    return Batch(reports, Figures(Mentions(), lines))


def messages_of(batch: Batch, messages: list[Message]) -> list[Message]:
    """The messages that a batch decided."""
    return [m for m in messages if batch.first <= m.position <= batch.last]
