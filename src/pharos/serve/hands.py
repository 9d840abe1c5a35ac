"""What a command can do, at a home that it has open or through the server that has it.

In: reports, questions, acts. Out: what became of them, the same both ways. Knows no command line.
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol, TypeVar

from pydantic import ValidationError

from pharos.arrive.administration import Setting, administration_body
from pharos.errors import BadQuestion, UnreachableError
from pharos.measure import acts
from pharos.measure.answer import Answer
from pharos.measure.edition import Edition, edition_in
from pharos.measure.history import HistoryAsked, history
from pharos.measure.standing import Thing, standing
from pharos.measure.trace import Trace
from pharos.serve import sending
from pharos.serve.addressed import addressed
from pharos.serve.client import Client
from pharos.serve.correcting import STREAM, Drafted
from pharos.serve.home import Home, ReadingHome, Submitted
from pharos.serve.listing import LISTS, Listed
from pharos.serve.outbox import fresh_id
from pharos.serve.sending import Parcel
from pharos.serve.sent import Sent

T = TypeVar("T")
#: An edition, or a moment; None is the newest.
At = int | datetime | None

#: How often half a minute is waited for a verdict, before the receipt alone must do.
_WAITS = 20


class Hands(Protocol):
    """What a command can do."""

    def submit(self, parcel: Parcel) -> Submitted:
        """Send a report; the answer comes once it counts."""

    def set(self, setting: Setting) -> Submitted:
        """Take over a text that decides numbers."""

    def judge(self, pair: tuple[str, str], why: str, *, same: bool) -> Submitted:
        """Say that two ids are one, or no longer are."""

    def close_days(self, period: str, why: str) -> Submitted:
        """Close business dates."""

    def standing(self, thing: Thing) -> list[dict[str, Any]]:
        """What the books say of a screening or of a work's day."""

    def correct(self, drafted: Drafted, sender: str) -> Submitted:
        """Send a correction."""

    def ask(self, *measures: str, by: Any = (), where: Any = (), **rest: Any) -> Answer:  # noqa: ANN401
        """Answer a question."""

    def trace(self, measure: str, where: Any = (), shown: int = 20, **rest: Any) -> Trace:  # noqa: ANN401
        """Explain a number."""

    def listed(self, name: str, query: Mapping[str, Any]) -> Listed:
        """A page of a list."""

    def history(self, asked: HistoryAsked, as_of: At = None) -> Mapping[str, Any]:
        """Answer a question to published figures."""


class AtHome:
    """Done at an open home."""

    def __init__(self, home: Home | ReadingHome) -> None:
        self._home = home
        self.ask = home.ask
        self.trace = home.trace

    @property
    def _own(self) -> Home:
        """The home, open to write."""
        if isinstance(self._home, ReadingHome):
            raise AssertionError
        return self._home

    def _read(self, work: Callable[[Edition], T], as_of: int | datetime | None = None) -> T:
        self._home.ledger.wait()
        with self._home.ledger.view() as view:
            return work(edition_in(view, as_of))

    def submit(self, parcel: Parcel) -> Submitted:
        """Send a report."""
        return sending.submit(self._own, parcel)

    def set(self, setting: Setting) -> Submitted:
        """Take over a text that decides numbers."""
        return self._own.administer(setting)

    def judge(self, pair: tuple[str, str], why: str, *, same: bool) -> Submitted:
        """Say that two ids are one, or no longer are."""
        return self._own.administer(
            self._read(lambda edition: acts.judged(edition, pair, why, same=same))
        )

    def close_days(self, period: str, why: str) -> Submitted:
        """Close business dates."""
        return self._own.administer(self._read(lambda edition: acts.closed(edition, period, why)))

    def standing(self, thing: Thing) -> list[dict[str, Any]]:
        """What the books say of a screening or of a work's day."""
        found = self._read(lambda edition: standing(edition, thing))
        return list(found["rows"])

    def correct(self, drafted: Drafted, sender: str) -> Submitted:
        """Send a correction."""
        return self.submit(_correction(drafted, sender))

    def listed(self, name: str, query: Mapping[str, Any]) -> Listed:
        """A page of a list."""
        kind, make = LISTS[name]
        try:
            asked = kind(**{name: said for name, said in query.items() if said not in (None, "")})
        except ValidationError as error:
            said = (f"--{one['loc'][0]}: {one['msg']}" for one in error.errors())
            raise BadQuestion("; ".join(said)) from None
        return self._read(lambda edition: make(edition, asked, self._body), asked.at())

    def history(self, asked: HistoryAsked, as_of: At = None) -> Mapping[str, Any]:
        """Answer a question to published figures."""
        return self._read(lambda edition: history(edition, asked), as_of)

    def _body(self, position: int) -> bytes:
        return self._own.journal.message(position).body


def _correction(drafted: Drafted, sender: str) -> Parcel:
    return Parcel(addressed(sender, drafted.body, STREAM, fresh_id()))


class OverHttp:
    """Done through a server."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self.ask = client.ask
        self.trace = client.trace
        self.standing = client.standing
        self.history = client.history

    def submit(self, parcel: Parcel) -> Submitted:
        """Send a report."""
        return self._counted(self._client.deliver(parcel))

    def set(self, setting: Setting) -> Submitted:
        """Take over a text that decides numbers."""
        return self._counted(self._client.administer(administration_body(setting)), 1)

    def judge(self, pair: tuple[str, str], why: str, *, same: bool) -> Submitted:
        """Say that two ids are one, or no longer are."""
        return self._counted(self._client.join(*pair, why, same=same), 1)

    def close_days(self, period: str, why: str) -> Submitted:
        """Close business dates."""
        return self._counted(self._client.close_days(period, why), 1)

    def correct(self, drafted: Drafted, sender: str) -> Submitted:
        """Send a correction."""
        return self._counted(self._client.deliver(_correction(drafted, sender)), 1)

    def listed(self, name: str, query: Mapping[str, Any]) -> Listed:
        """A page of a list."""
        return self._client.page(name, **query)

    def _counted(self, sent: Sent, facts: int = 0) -> Submitted:
        """What became of it, once it counts."""
        told = sent
        for _ in range(_WAITS):
            if told.verdict is not None:
                return sent.of(told).submitted(facts)
            told = self._client.verdict(sent.position, wait=30)
        raise UnreachableError(
            f"it is kept ({json.dumps(sent.receipt.id)}, position {sent.position}, leaf "
            f"{sent.receipt.leaf}) and does not count yet: the server is behind; nothing has to be "
            "sent again"
        )
