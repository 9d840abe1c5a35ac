"""What is registered now: cinemas, works, judgements, territories, mappings, rules.

In: facts of decided reports. Out: rows of the fact tables, and quick answers to a reader who asks
where a cinema is. Knows nothing of figures. Answers about earlier editions come from the tables.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time
from typing import Any

import msgspec
import pyarrow as pa

from pharos.arrive.administration import Act, Closing, Judgement, Setting
from pharos.arrive.reading import (
    Correction,
    Fact,
    NoScreenings,
    OpeningBalance,
    Place,
    RegisterCinema,
    RegisterRelease,
    RegisterVersion,
    RegisterWork,
)
from pharos.keep.batch import Batch, Decided
from pharos.keep.ledger import Ledger, first_row
from pharos.words.descriptions import Answers, Descriptions
from pharos.words.home import HomeSettings
from pharos.words.identity import Joined, canonical
from pharos.words.report import Finding, Severity, in_order
from pharos.words.territory import Territory, parse_territory
from pharos.words.works import works_of

Rows = Iterator[tuple[str, dict[str, Any]]]


class Registers:
    """The present state of everything that is not a figure."""

    def __init__(self, ledger: Ledger) -> None:
        """Read what the ledger holds."""
        self._ledger = ledger
        self.settings: dict[tuple[str, str], str] = {}
        self.territories: dict[str, Territory] = {}
        self.home: HomeSettings | None = None
        self.cinemas: dict[str, dict[str, Any]] = {}
        #: Of each cinema, who reports for it from which day on.
        self._reporters: dict[str, dict[date, str]] = {}
        self.works: set[str] = set()
        self.joins: dict[str, list[Joined]] = {"work": [], "cinema": []}
        self._places: dict[tuple[str, str], Place] = {}
        self.descriptions = Descriptions()
        self.registered_cinemas, self.registered_programmes = self._registered()
        self._load()

    def place(self, cinema: str, territory: str = "") -> Place:
        """Where a cinema is, as far as anybody said; else what its territory or the home says."""
        found = self._places.get((cinema, territory))
        if found is None:
            found = self._places[cinema, territory] = self._place(cinema, territory)
        return found

    def _place(self, cinema: str, territory: str) -> Place:
        known = self.cinemas.get(cinema, {})
        code = known.get("territory") or territory or self.default_territory
        rules = self.territories.get(code)
        return Place(
            territory=code,
            zone=known.get("zone") or (rules.zone if rules else None),
            currency=known.get("currency") or (rules.currency if rules else ""),
            day_start=rules.day_start if rules else time(6),
            known=bool(known.get("registered")),
        )

    @property
    def default_territory(self) -> str:
        """The territory of a cinema that does not say its own."""
        return self.home.territories[0] if self.home else ""

    def mapping(self, digest: str) -> str | None:
        """The text of a mapping that stands in the journal."""
        return self.settings.get(("mapping", digest))

    def reporter(self, cinema: str, day: date) -> str:
        """Who was declared to report for a cinema on a business date; empty if nobody was."""
        declared = self._reporters.get(cinema, {})
        first = max((since for since in declared if since <= day), default=None)
        return "" if first is None else declared[first]

    def canonical(self, kind: str) -> dict[str, str]:
        """For joined ids of a kind (``work``, ``cinema``) the id that stands for all."""
        if kind == "work":
            return canonical(self.joins[kind], self.works.__contains__)
        return canonical(
            self.joins[kind], lambda said: bool(self.cinemas.get(said, {}).get("registered"))
        )

    def write(self, batch: Batch) -> None:
        """Write the facts of a batch into the ledger's transaction, and know them from now on."""
        rows: dict[str, list[dict[str, Any]]] = {}
        for report in batch.reports:
            for table, row in _report_rows(report):
                rows.setdefault(table, []).append(row)
            for fact in report.facts:
                self.learn(fact)
        for table, items in rows.items():
            self._ledger.append_arrow(table, pa.Table.from_pylist(items, _SCHEMAS[table]))

    def learn(self, fact: Fact | Act) -> None:
        """Know a fact from now on."""
        if isinstance(fact, Setting | RegisterCinema | RegisterWork):
            self._answer_anew()
        match fact:
            case Setting():
                self._set(fact.kind, fact.name, fact.text)
            case Judgement():
                self.joins[fact.kind].append(Joined(fact.one, fact.other, fact.same))
            case RegisterCinema():
                self._learn_cinema(fact)
            case RegisterWork():
                self.works.add(fact.id)
            case _:
                return

    def begin_descriptions_anew(self) -> None:
        """Forget what was described; mentions that were read before keep what they mean."""
        self.descriptions = Descriptions(self.descriptions)

    def _answer_anew(self) -> None:
        """What was answered from the registers, and read with their help, may be otherwise now."""
        self._places.clear()
        self.descriptions.by_words.clear()
        self.registered_cinemas, self.registered_programmes = self._registered()

    def _registered(self) -> tuple[Answers, Answers]:
        """Whether a cinema, and every work of a programme, was named by a register report."""
        return (
            Answers(self.descriptions.cinemas, lambda cinema: self.place(cinema).known),
            Answers(
                self.descriptions.programmes,
                lambda said: self.works.issuperset(works_of(said)),
            ),
        )

    def _learn_cinema(self, fact: RegisterCinema) -> None:
        known = self.cinemas.setdefault(fact.id, {"registered": False, "since": date.min})
        since = fact.first or date.min
        if fact.reporter and not fact.provisional:
            self._reporters.setdefault(fact.id, {})[since] = fact.reporter
        if since < known["since"]:
            return
        known["since"] = since
        said = {
            "territory": fact.territory,
            "zone": fact.zone,
            "currency": fact.currency,
        }
        for name, value in said.items():
            # A provisional entry holds only for what no register says.
            if value and not (fact.provisional and known["registered"] and known.get(name)):
                known[name] = value
        known["registered"] = known["registered"] or not fact.provisional

    def _set(self, kind: str, name: str, text: str) -> None:
        self.settings[kind, name] = text
        if kind == "territory":
            self.territories[name] = parse_territory(text)
        if kind == "home":
            self.home = HomeSettings.parse(text)

    def _load(self) -> None:
        execute = self._ledger.connection.execute
        for kind, name, text in execute(
            "SELECT kind, name, text FROM setting_fact ORDER BY position, rowid"
        ).fetchall():
            self._set(kind, name, text)
        for kind, one, other, same in execute(
            "SELECT kind, one, other, same FROM judgement_fact ORDER BY position, rowid"
        ).fetchall():
            self.joins[kind].append(Joined(one, other, same))
        rows = self._ledger.rows("SELECT * FROM cinema_fact ORDER BY position, rowid")
        for row in rows:
            self._learn_cinema(
                RegisterCinema(
                    row=0,
                    id=row["cinema"],
                    first=row["first"],
                    territory=row["territory"],
                    zone=row["zone"],
                    currency=row["currency"],
                    reporter=row["reporter"],
                    provisional=not row["registered"],
                )
            )
        self.works = {w for (w,) in execute("SELECT DISTINCT work FROM work_fact").fetchall()}


def findings_about(ledger: Ledger, position: int) -> tuple[Finding, ...]:
    """The findings about the report at a position."""
    rows = ledger.connection.execute(
        "SELECT rule, severity, sentence, row_number, subject FROM finding WHERE position = ?",
        [position],
    ).fetchall()
    return in_order(Finding(row[0], Severity(row[1]), *row[2:]) for row in rows)


def undecided_reports(ledger: Ledger) -> list[tuple[int, str, str]]:
    """Reports on which Pharos itself failed: position, sender and what was found."""
    return ledger.connection.execute(
        "SELECT position, sender, sentence FROM finding JOIN report USING (position) "
        "WHERE rule = 'internal' ORDER BY position"
    ).fetchall()


def reports_of(ledger: Ledger, sender: str, stream: str) -> int:
    """How many reports of a stream stand in the ledger."""
    row = first_row(
        ledger.connection,
        "SELECT count(*) FROM report WHERE sender = ? AND stream = ?",
        [sender, stream],
    )
    return int(row[0]) if row else 0


def _report_rows(report: Decided) -> Rows:
    yield "report", _report_row(report)
    for finding in report.findings:
        yield (
            "finding",
            {
                "position": report.position,
                "rule": finding.rule,
                "severity": finding.severity.value,
                "row_number": finding.row,
                "sentence": finding.sentence,
                "subject": finding.subject,
            },
        )
    for subject, shown in report.names.items():
        kind, _, said = subject.partition(":")
        row = {"position": report.position, "kind": kind, "id": said, "language": ""}
        yield "name_fact", row | {"name": shown, "name_kind": "said"}
    for fact in report.facts:
        if (make := _FACT_ROWS.get(type(fact))) is not None:
            for table, row in make(fact):
                yield table, {"position": report.position} | row
        if isinstance(fact, NoScreenings):
            yield "silence_fact", _silence(report, fact)


def _report_row(report: Decided) -> dict[str, Any]:
    return {
        "position": report.position,
        "sender": report.sender,
        "stream": report.stream,
        "message_id": report.id,
        "digest": report.digest,
        "arrived_at": report.arrived_at.astimezone(UTC).replace(tzinfo=None),
        "verdict": report.verdict.value,
        "rows": report.rows,
        "repeats": report.repeats,
        "held": report.held,
        "file": report.file,
        "original": report.original,
        "mapping": report.mapping,
        "code_version": report.code_version,
    }


def _silence(report: Decided, fact: NoScreenings) -> dict[str, Any]:
    return {"position": report.position, "sender": report.sender, **_plain(fact)}


def _cinema(fact: RegisterCinema) -> Rows:
    row = _plain(fact)
    row["cinema"] = row.pop("id")
    row["registered"] = not row.pop("provisional")
    for name in ("names", "screens"):
        row.pop(name)
    yield "cinema_fact", row
    for said in fact.names:
        yield "name_fact", _name("cinema", fact.id, said)


def _work(fact: RegisterWork) -> Rows:
    row = _plain(fact)
    row["work"] = row.pop("id")
    row.pop("names")
    yield "work_fact", row
    for name in fact.names:
        yield "name_fact", _name("work", fact.id, name)


def _version(fact: RegisterVersion) -> Rows:
    row = _plain(fact)
    row["version"] = row.pop("id")
    yield "version_fact", row


def _name(kind: str, said: str, name: Any) -> dict[str, Any]:  # noqa: ANN401
    return {
        "kind": kind,
        "id": said,
        "language": name.language,
        "name": name.name,
        "name_kind": name.kind,
    }


def _simple(table: str) -> Callable[[Any], Rows]:
    def rows(fact: Any) -> Rows:  # noqa: ANN401
        yield table, _plain(fact)

    return rows


def _plain(fact: Any) -> dict[str, Any]:  # noqa: ANN401
    row = msgspec.structs.asdict(fact)
    row.pop("row")
    return row


_FACT_ROWS: dict[type, Callable[[Any], Rows]] = {
    Setting: _simple("setting_fact"),
    Judgement: _simple("judgement_fact"),
    Closing: _simple("closing_fact"),
    RegisterCinema: _cinema,
    RegisterWork: _work,
    RegisterVersion: _version,
    RegisterRelease: _simple("release_fact"),
    OpeningBalance: _simple("opening_fact"),
}

_DAY = pa.date32()


def _schema(texts: str, **others: pa.DataType) -> pa.Schema:
    fields = [("position", pa.int64()), *((n, pa.string()) for n in texts.split())]
    return pa.schema([*fields, *others.items()])


_SCHEMAS = {
    "report": _schema(
        "sender stream message_id digest verdict file original mapping code_version",
        arrived_at=pa.timestamp("us"), rows=pa.int32(), repeats=pa.int32(), held=pa.int32(),
    ),
    "finding": _schema("rule severity sentence subject", row_number=pa.int64()),
    "cinema_fact": _schema(
        "cinema territory zone currency city province tier chain management owner reporter",
        first=_DAY, last=_DAY, expected=pa.bool_(), registered=pa.bool_(),
    ),
    "name_fact": _schema("kind id language name name_kind"),
    "work_fact": _schema("work distributor", year=pa.int32(), runtime_minutes=pa.int32()),
    "version_fact": _schema("version work format audio subtitles"),
    "release_fact": _schema("work territory distributor", date=_DAY, run=pa.int32()),
    "opening_fact": _schema(
        "work territory currency publisher", through=_DAY, gross=pa.int64(), admissions=pa.int64(),
    ),
    "silence_fact": _schema("sender cinema reason", first=_DAY, last=_DAY),
    "judgement_fact": _schema("kind one other why", same=pa.bool_()),
    "closing_fact": _schema("territory why", first=_DAY, last=_DAY),
    "setting_fact": _schema("kind name text"),
}  # fmt: skip

#: Facts that are applied to figures, not to registers.
FIGURE_FACTS = (Correction,)


def moment(at: datetime) -> datetime:
    """A moment as the ledger stores it: UTC without a zone."""
    return at.astimezone(UTC).replace(tzinfo=None)
