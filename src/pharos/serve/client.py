"""A server asked and sent to from Python: `pharos.Client("http://127.0.0.1:8080")`.

In: reports and questions. Out: receipts, verdicts, answers like those of an open home. A report
lies in the outbox, on the disk, before it is first sent, so that neither a broken line nor a crash
loses it or makes two of it.
"""

import hashlib
import json
import math
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from pharos.arrive.journal import BODY_LIMIT
from pharos.arrive.journal_batch import check_draft
from pharos.errors import (
    BadQuestion,
    RefusedError,
    RequestTooSlow,
    UnreachableError,
    UsageError,
)
from pharos.measure.answer import Answer
from pharos.measure.history import HISTORY, HistoryAsked
from pharos.measure.standing import Thing
from pharos.measure.trace import SHOWN, Trace
from pharos.serve import correcting
from pharos.serve.addressed import LOCAL_SENDER, addressed, mapping_act
from pharos.serve.correcting import Drafted, Wish
from pharos.serve.outbox import Addressed, Outbox, Waiting, done, fresh_id, refused
from pharos.serve.sending import Parcel, pack, read_file
from pharos.serve.sent import Sent, sent_of
from pharos.serve.wire import Timing, Wire

API = "/api/v1"
MESSAGES, ADMINISTRATION = f"{API}/messages", f"{API}/administration"
#: Seconds that a server lets one wait for a verdict.
_LONGEST_WAIT = 30
#: Rows of one page.
_PAGE = 500

Report = bytes | str | Path | Iterable[Mapping[str, Any]]


class Client:
    """One server on this machine; there are no keys yet, so that others are not spoken to.

    ``sender`` says who sends. ``outbox`` is a folder of this sender's for this server; None sends
    without, and then a crash between sending and receipt leaves open whether it arrived.
    """

    def __init__(
        self,
        url: str,
        sender: str = LOCAL_SENDER,
        outbox: str | Path | None = "pharos-outbox",
        timing: Timing | None = None,
    ) -> None:
        """Nothing is sent yet; `flush` sends what an earlier run left. Raises BadQuestion."""
        self.sender = sender
        self._wire = Wire(url, timing or Timing())
        self._outbox = None if outbox is None else Outbox(Path(outbox))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the connection; what lies in the outbox stays there."""
        self._wire.close()

    # --- sending

    def send(self, report: Report, *, stream: str = "", id: str = "", wait: float = 0) -> Sent:
        """Send a report: a native body, its rows, or the path of a file.

        Its id is the one given, else that of its header, else a new one; a file's is its digest.
        ``wait`` seconds for the verdict. Raises PharosError; NotServed leaves it in the outbox.
        """
        into = stream or None
        if isinstance(report, str | Path):
            draft = addressed(self.sender, read_file(Path(report)), into, id)
        else:
            body = report if isinstance(report, bytes) else _native(report)
            draft = addressed(self.sender, body, into, id, lambda _: self._new_id())
        return self.deliver(Parcel(draft), wait)

    def send_file(self, path: str | Path, mapping: str = "", *, wait: float = 0) -> Sent:
        """Send a table through a mapping, a file or one by name.

        Only the columns that the mapping names leave this process.
        """
        return self.deliver(pack(Path(path), mapping or None, self.sender), wait)

    def deliver(self, parcel: Parcel, wait: float = 0) -> Sent:
        """Send a parcel, after the mapping that it needs."""
        # What no server can take must not lie in the outbox, before all that comes later.
        draft = parcel.draft
        check_draft(draft, BODY_LIMIT)
        if parcel.mapping is not None:
            self.set_mapping(parcel.mapping)
        query = {"sender": draft.sender, "stream": draft.stream, "id": draft.id}
        return self._post(MESSAGES, query, draft.body, wait)

    def set_mapping(self, text: str) -> Sent:
        """Let the home know a mapping; it is known by its digest, and a second time is no other."""
        act = mapping_act(text)
        return self.administer(act.body, act.id)

    def administer(self, body: bytes, id: str = "", wait: float = 0) -> Sent:
        """Send an administration message."""
        return self._post(ADMINISTRATION, {"id": id or self._new_id()}, body, wait)

    def flush(self, *, wait: float = 0, moved_from: str = "") -> list[Sent]:
        """Send what lies in the outbox for this server, under the ids that it had.

        ``moved_from`` is the earlier address of a server that has moved. What is refused for good
        is put apart with its reason, and the next is sent; that nobody answers is raised.
        """
        receipts = []
        if self._outbox is not None:
            self._outbox.sweep()
            for file in self._outbox.waiting():
                with self._outbox.take(file) as waiting:
                    if waiting and waiting.address.url in (self._wire.url, moved_from):
                        receipts += self._flushed(waiting, wait)
        return receipts

    def waiting(self) -> int:
        """How many reports lie in the outbox."""
        return 0 if self._outbox is None else len(self._outbox.waiting())

    def verdict(self, position: int, wait: float = 0) -> Sent:
        """What became of the report at a position."""
        return sent_of(self._wire.get(f"{MESSAGES}/{position}", {"wait": _seconds(wait)}))

    def _new_id(self) -> str:
        return fresh_id() if self._outbox is None else self._outbox.next_id()

    def _post(self, path: str, query: dict[str, str], body: bytes, wait: float) -> Sent:
        address = Addressed(url=self._wire.url, path=path, query=query)
        with self._laid(address, body) as waiting:
            return self._sent(waiting, wait)

    @contextmanager
    def _laid(self, address: Addressed, body: bytes) -> Iterator[Waiting]:
        if self._outbox is None:
            yield Waiting(address, body)
            return
        with self._outbox.put(address, body) as waiting:
            yield waiting

    def _flushed(self, waiting: Waiting, wait: float) -> list[Sent]:
        try:
            return [self._sent(waiting, wait)]
        except (UsageError, RefusedError):
            return []

    def _sent(self, waiting: Waiting, wait: float) -> Sent:
        """Send what one has; it leaves the outbox with its receipt, or refused for good."""
        query = waiting.address.query | {"wait": _seconds(wait)}
        try:
            said = self._wire.post(waiting.address.path, query, waiting.body)
        except RequestTooSlow:
            raise
        except (UsageError, RefusedError) as failure:
            refused(waiting, f"{failure.code}: {failure}")
            raise
        sent = sent_of(said)
        if sent.receipt.digest != hashlib.sha256(waiting.body).hexdigest():
            raise UnreachableError("the receipt is that of another report; nothing was given up")
        done(waiting)
        return sent

    # --- asking

    def ask(self, *measures: str, by: Any = (), where: Any = (), **rest: Any) -> Answer:  # noqa: ANN401
        """Answer a question in the words of the command line, as an open home does."""
        query: dict[str, Any] = {"measure": _names(measures)}
        query["by"] = by if isinstance(by, str) else ",".join(by)
        return Answer.of(self._wire.get(f"{API}/ask", query | _narrowed(where, rest)))

    def trace(self, measure: str, where: Any = (), shown: int = SHOWN, **rest: Any) -> Trace:  # noqa: ANN401
        """Explain one number down to the rows of the reports behind it."""
        query: dict[str, Any] = {"measure": measure, "rows": shown}
        return Trace(self._wire.get(f"{API}/trace", query | _narrowed(where, rest)))

    def history(self, asked: HistoryAsked, as_of: int | datetime | None = None) -> dict[str, Any]:
        """Answer a question to published figures, such as a `ChartAsked`."""
        name, _ = HISTORY[type(asked)]
        found: dict[str, Any] = self._wire.get(
            f"{API}/{name}", _texts(asdict(asked) | {"as_of": as_of})
        )
        return found

    def page(self, name: str, /, **query: Any) -> dict[str, Any]:  # noqa: ANN401
        """One page of a list, with its `next`, `edition` and `as_of`."""
        found: dict[str, Any] = self._wire.get(f"{API}/{name}", _texts(query))
        return found

    def rows(self, name: str, /, **query: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401
        """Every row of a list, page after page of the edition of the first."""
        page = self.page(name, **({"limit": _PAGE} | query))
        yield from page["rows"]
        if query.get("limit") is None:
            same = {"as_of": page["edition"]}
            while page["next"]:
                page = self.page(name, **(query | same), limit=_PAGE, after=page["next"])
                yield from page["rows"]

    def works(self, **query: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401
        """Every work that a report has named."""
        return self.rows("works", **query)

    def cinemas(self, **query: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401
        """Every cinema that a report has named."""
        return self.rows("cinemas", **query)

    def screenings(self, period: str, **query: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401
        """Screenings of some business dates."""
        return self.rows("screenings", period=period, **query)

    def reports(self, **query: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401
        """Every report that has a verdict."""
        return self.rows("reports", **query)

    def findings(self, **query: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401
        """Everything that rules noticed."""
        return self.rows("findings", **query)

    def held(self, **query: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401
        """Rows that do not count, and how to mend them."""
        return self.rows("held", **query)

    def overdue(self, **query: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401
        """Who has not reported."""
        return self.rows("overdue", **query)

    def health(self) -> dict[str, Any]:
        """What the server does right now."""
        found: dict[str, Any] = self._wire.get("/health")
        return found

    # --- hands

    def standing(self, thing: Thing) -> list[dict[str, Any]]:
        """What the books say of a screening or of a work's day."""
        names = {"cinema": thing.cinema, "screening": thing.screening, "work": thing.work}
        query = names | {"date": str(thing.day or "")}
        found: dict[str, Any] = self._wire.get(f"{API}/standing", _texts(query))
        return list(found["rows"])

    def correction(self, wish: Wish) -> Drafted:
        """A correction with the figures before and after; nothing is sent."""
        return correcting.drafted(self.standing(wish.thing), wish)

    def correct(self, drafted: Drafted, *, wait: float = 0) -> Sent:
        """Send a correction; it is held if the figures have changed since it was drafted."""
        return self.send(drafted.body, stream=correcting.STREAM, wait=wait)

    def join(self, one: str, other: str, why: str, *, same: bool = True, wait: float = 0) -> Sent:
        """Say that two ids are one, or with ``same=False`` that they no longer are."""
        query = {"one": one, "other": other, "why": why, "same": str(same).lower()}
        return self._act("judgement", query, wait)

    def close_days(self, period: str, why: str = "", *, wait: float = 0) -> Sent:
        """Close business dates: their figures are final."""
        return self._act("closing", {"period": period, "why": why}, wait)

    def _act(self, name: str, query: dict[str, str], wait: float) -> Sent:
        said = self._wire.get(f"{API}/acts/{name}", query)
        return self.administer(json.dumps(said).encode(), wait=wait)


def _native(rows: Iterable[Mapping[str, Any]]) -> bytes:
    lines: list[Mapping[str, Any]] = list(rows)
    if not lines or "pharos" not in lines[0]:
        lines = [{"pharos": 1}, *lines]
    try:
        said = [json.dumps(line, ensure_ascii=False, allow_nan=False) for line in lines]
    except (TypeError, ValueError) as error:
        raise BadQuestion(f"a row is no JSON ({error}); money is text, such as '41.40'") from None
    return "".join(f"{line}\n" for line in said).encode()


def _names(measures: Iterable[str]) -> list[str]:
    return [name for measure in measures for name in measure.split()]


def _narrowed(where: Any, rest: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ANN401
    """The further words of a question as a query says them."""
    if hasattr(where, "items"):
        where = [f"{key}={value}" for key, value in where.items()]
    conditions = [where] if isinstance(where, str) else list(where)
    return {"where": [one for one in conditions if one]} | _texts(rest)


def _texts(query: Mapping[str, Any]) -> dict[str, Any]:
    """What a query says; what is None or empty is left out."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in query.items()
        if value is not None and value != ""
    }


def _seconds(wait: float) -> str:
    return str(min(max(math.ceil(wait), 0), _LONGEST_WAIT))
