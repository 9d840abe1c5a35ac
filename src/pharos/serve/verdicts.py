"""What became of reports: verdicts for those who wait, and of those who ask a little later.

In: batches as the writer's loop hands them over. Out: the outcome of a report once it counts.
Lives in the event loop; only `tell` may be called from another thread.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping

from pharos.keep.batch import Batch, Decided
from pharos.keep.turn import Outcome
from pharos.measure.arrived import report_at
from pharos.measure.edition import Edition
from pharos.serve.said import Told, outcome_read
from pharos.words.report import in_order

#: Reports whose outcome is kept in memory; older ones are read from the ledger.
REMEMBERED = 4_000
#: Findings of a report that are kept in memory.
FINDINGS_KEPT = 100


class Verdicts:
    """The outcomes of the newest reports, and who waits for those to come."""

    def __init__(self, loop: asyncio.AbstractEventLoop, applied: int) -> None:
        self._loop = loop
        self._told: OrderedDict[int, Told] = OrderedDict()
        self._waiting: dict[int, asyncio.Future[Told | None]] = {}
        self._closed = False
        #: The last position whose outcome is known.
        self.applied = applied

    def tell(self, batch: Batch, outcome: Outcome) -> None:  # noqa: ARG002  (an observer's form)
        """A batch counts now; called in the loop of the writer."""
        told = {report.position: told_of(report) for report in batch.reports}
        self._loop.call_soon_threadsafe(self._remember, told)

    def recent(self, position: int) -> Told | None:
        """The outcome of a report that was applied lately."""
        return self._told.get(position)

    async def wait(self, position: int, seconds: float) -> Told | None:
        """The outcome of a report; None if it does not count within so many seconds."""
        told = self.recent(position)
        if told is not None or seconds <= 0 or self._closed:
            return told
        future = self._waiting.setdefault(position, self._loop.create_future())
        try:
            return await asyncio.wait_for(asyncio.shield(future), seconds)
        except TimeoutError:
            return None

    def close(self) -> None:
        """Nobody waits any longer: they go with their receipts."""
        self._closed = True
        for future in self._waiting.values():
            future.set_result(None)
        self._waiting.clear()

    def _remember(self, reports: Mapping[int, Told]) -> None:
        for position, told in reports.items():
            self._told[position] = told
            if (future := self._waiting.pop(position, None)) is not None:
                future.set_result(told)
        self.applied = max(reports)
        while len(self._told) > REMEMBERED:
            self._told.popitem(last=False)


def told_of(report: Decided) -> Told:
    """The outcome of a decided report."""
    return Told(
        report.verdict,
        report.rows,
        report.held,
        report.repeats,
        in_order(report.findings)[:FINDINGS_KEPT],
        len(report.findings),
    )


def told_in(edition: Edition, position: int) -> Told | None:
    """The outcome of a report as the ledger has it; None: it does not count yet."""
    found = report_at(edition, position, FINDINGS_KEPT)
    if found is None:
        return None
    report, findings = found
    return outcome_read({**report, "findings_count": report["findings"]}, findings)
