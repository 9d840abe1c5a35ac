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
import pyarrow.compute as pc

from pharos.arrive.administration import Act
from pharos.arrive.identity import fill_content
from pharos.arrive.reading import Fact, Reading
from pharos.errors import UnknownRecord
from pharos.words.descriptions import Descriptions, Mention, Numbering
from pharos.words.figures import ABSENT, LINE_COLUMNS, Chosen, Figures, Ints, Mentions
from pharos.words.report import Finding, Scope, Verdict

#: Format of the recorded bytes; a reader of an older number is kept for as long as homes use it.
RECORD_VERSION = 2

#: Whose events are counted together, in each cinema: sender, stream, epoch.
StreamKey = tuple[str, str, int]

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

    ``figures.lines`` also holds ``position``; ``report_of`` gives for each mention the report that
    makes it, as a place in ``reports``. The ``stream`` of a line counts ``streams``, of which each
    cinema has its own. ``published`` are the published figures with their positions, in the columns
    of the ledger's table.
    """

    reports: list[Decided]
    figures: Figures
    report_of: Ints
    streams: list[StreamKey] = field(default_factory=list)
    published: pa.Table | None = None

    @property
    def first(self) -> int:
        """Position of the first report."""
        return self.reports[0].position

    @property
    def last(self) -> int:
        """Position of the last report."""
        return self.reports[-1].position

    def report_at(self, mention: int) -> Decided:
        """The report that makes a mention."""
        return self.reports[int(self.report_of[mention])]


def combine(reports: list[Decided], readings: list[Reading], of: Descriptions) -> Batch:
    """Put the figures of several reports under one numbering, and fingerprint their events."""
    several = [reading.figures for reading in readings]
    mentions, report_of = _mentions_of(several, of)
    lines = {name: np.concatenate([one.lines[name] for one in several]) for name in LINE_COLUMNS}
    sizes = [len(one) for one in several]
    lines["position"] = np.repeat(np.array([r.position for r in reports], dtype=np.int64), sizes)
    lines["mention"] += np.repeat(_offsets([len(one.mentions) for one in several]), sizes)
    types, channels = Numbering(), Numbering()
    for name, texts, numbering in (
        ("ticket_type", [one.ticket_types for one in several], types),
        ("channel", [one.channels for one in several], channels),
    ):
        codes = np.array([numbering[text] for said in texts for text in said], dtype=np.int64)
        starts = _offsets([len(said) for said in texts])
        lines[name] = codes[lines[name] + np.repeat(starts, sizes)]
    streams = _number_streams(lines["stream"], reports, several)
    figures = Figures(mentions, lines, types.texts, channels.texts)
    if any(one.event_ids for one in several):
        figures.event_ids = [i for one in several for i in (one.event_ids or [""] * len(one))]
    fill_content(figures)
    return Batch(reports, figures, report_of, streams, _published_of(reports, readings))


def _published_of(reports: list[Decided], readings: list[Reading]) -> pa.Table | None:
    """The published figures of several reports, each with its position."""
    tables = [
        reading.published.add_column(
            0, "position", pa.repeat(pa.scalar(report.position, pa.int64()), len(reading.published))
        )
        for report, reading in zip(reports, readings, strict=True)
        if reading.published is not None
    ]
    return pa.concat_tables(tables) if tables else None


def _mentions_of(several: list[Figures], of: Descriptions) -> tuple[Mentions, Ints]:
    """All mentions under the numbers of ``of``, and which of the figures makes each."""
    numbers = [
        one.mentions.numbers if one.mentions.of is of else of.numbers(one.mentions.items)
        for one in several
    ]
    report_of = np.repeat(np.arange(len(several)), [len(one) for one in numbers])
    return Mentions(np.concatenate(numbers), of), report_of


def _number_streams(said: Ints, reports: list[Decided], several: list[Figures]) -> list[StreamKey]:
    """Give lines the numbers of their streams in the batch, in place; the streams."""
    numbers: dict[StreamKey, int] = {}
    codes = [
        numbers.setdefault((report.sender, stream or report.stream, epoch), len(numbers))
        for report, one in zip(reports, several, strict=True)
        for stream, epoch in one.streams
    ]
    if codes:
        starts = _offsets([len(one.streams) for one in several])
        ticket = said != ABSENT
        place = said + np.repeat(starts, [len(one) for one in several])
        said[ticket] = np.array(codes, dtype=np.int64)[place[ticket]]
    return list(numbers)


def _offsets(sizes: list[int]) -> Ints:
    """Where each of several pieces begins once they stand one after the other."""
    return np.cumsum([0, *sizes[:-1]], dtype=np.int64)


def select(batch: Batch, keep: Chosen) -> Batch:
    """The batch with only the lines that are kept, and only the mentions that have lines."""
    figures = batch.figures
    lines = figures.lines
    if not bool(keep.all()):
        lines = {name: column[keep] for name, column in lines.items()}
    used = np.bincount(lines["mention"], minlength=len(figures.mentions)) > 0
    if not bool(used.all()):
        lines["mention"] = (np.cumsum(used) - 1)[lines["mention"]]
    mentions = Mentions(figures.mentions.numbers[used], figures.mentions.of)
    ids = figures.event_ids
    kept_ids = [ids[i] for i in np.flatnonzero(keep).tolist()] if ids else []
    return Batch(
        batch.reports,
        Figures(mentions, lines, figures.ticket_types, figures.channels, event_ids=kept_ids),
        batch.report_of[used],
        batch.streams,
        _of_those_that_count(batch),
    )


def _of_those_that_count(batch: Batch) -> pa.Table | None:
    """The published figures of reports that are not refused."""
    if batch.published is None:
        return None
    refused = [one.position for one in batch.reports if one.verdict is Verdict.REFUSED]
    wanted = pc.invert(pc.is_in(batch.published["position"], pa.array(refused, pa.int64())))
    return batch.published.filter(wanted)


class _Version(msgspec.Struct):
    version: int


class _Record(_Version):
    reports: list[Decided]
    ticket_types: list[str]
    channels: list[str]
    streams: list[StreamKey]
    constants: dict[str, int]
    lines: bytes
    mentions: bytes
    #: Absent in what was recorded before there were published figures.
    published: bytes = b""


def to_bytes(batch: Batch) -> bytes:
    """The batch as the journal records it: msgpack around two Arrow streams (lz4)."""
    figures = batch.figures
    constants = {
        name: int(column[0])
        for name, column in figures.lines.items()
        if len(column) and bool((column == column[0]).all())
    }
    varying = {n: pa.array(_narrow(c)) for n, c in figures.lines.items() if n not in constants}
    if len(figures) and not varying:
        varying["row"] = pa.array(figures.lines["row"])
        constants.pop("row")
    if figures.event_ids:
        varying["event_id"] = pa.array(figures.event_ids, type=pa.string())
    record = _Record(
        RECORD_VERSION,
        batch.reports,
        figures.ticket_types,
        figures.channels,
        batch.streams,
        constants,
        _stream(pa.table(varying)),
        _stream(_mention_table(batch)) if len(figures.mentions) else b"",
        _stream(batch.published) if batch.published is not None else b"",
    )
    return msgspec.msgpack.encode(record)


def _mention_table(batch: Batch) -> pa.Table:
    """The mentions, one column for each field; whole numbers come from the columns at hand."""
    mentions = batch.figures.mentions
    table = {name: _mention_column(mentions, name) for name in Mention._fields}
    return pa.table(table | {"report": pa.array(_narrow(batch.report_of))})


def _mention_column(mentions: Mentions, name: str) -> pa.Array:
    if name == "business_date":
        return pa.array(mentions.ints("day").astype(np.int32)).view(pa.date32())
    if name == "cancelled":
        return pa.array(mentions.ints(name).astype(bool))
    if name in ("level", "start", "offset_minutes", "seats"):
        return pa.array(_narrow(mentions.ints(name)))
    return pa.array(mentions.texts(name), type=pa.string())


def _narrow(column: Ints) -> np.ndarray[Any, Any]:
    """The column in as few bytes a value as its values need."""
    low, high = column.min(initial=0), column.max(initial=0)
    for narrow in (np.int8, np.int16, np.int32):
        if np.iinfo(narrow).min <= low and high <= np.iinfo(narrow).max:
            return column.astype(narrow)
    return column


def from_bytes(content: bytes, of: Descriptions) -> Batch:
    """The batch that `to_bytes` wrote, its mentions under the numbers of ``of``.

    Raises UnknownRecord.
    """
    version = msgspec.msgpack.decode(content, type=_Version).version
    if version != RECORD_VERSION:
        raise UnknownRecord(
            f"the decisions of this home were recorded in form {version}, and this Pharos reads "
            f"form {RECORD_VERSION}; open the home with the Pharos that made it"
        )
    record = msgspec.msgpack.decode(content, type=_Record)
    table = pa.ipc.open_stream(record.lines).read_all()
    count = table.num_rows
    lines = {}
    for name in (*LINE_COLUMNS, "position"):
        if name in record.constants:
            lines[name] = np.full(count, record.constants[name], dtype=np.int64)
        elif name in table.column_names:
            lines[name] = table.column(name).to_numpy().astype(np.int64)
        else:
            lines[name] = np.zeros(0, dtype=np.int64)
    ids = table.column("event_id").to_pylist() if "event_id" in table.column_names else []
    mentions, report_of = _mentions(record.mentions, of)
    figures = Figures(mentions, lines, record.ticket_types, record.channels, event_ids=ids)
    published = pa.ipc.open_stream(record.published).read_all() if record.published else None
    return Batch(record.reports, figures, report_of, record.streams, published)


def _mentions(content: bytes, of: Descriptions) -> tuple[Mentions, Ints]:
    if not content:
        return Mentions(of=of), np.zeros(0, dtype=np.int64)
    columns = pa.ipc.open_stream(content).read_all().to_pydict()
    report_of = np.array(columns.pop("report"), dtype=np.int64)
    return Mentions(of.numbers(map(Mention, *columns.values())), of), report_of


def _stream(table: pa.Table) -> bytes:
    sink = BytesIO()
    with pa.ipc.new_stream(sink, table.schema, options=_IPC) as writer:
        writer.write_table(table)
    return sink.getvalue()
