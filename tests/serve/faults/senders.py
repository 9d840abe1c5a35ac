"""Senders that give no peace: they retry until they have a receipt, repeat, reorder, contradict.

In: a port on which a server may be or not. Out: what was meant to be sent, the receipts that were
given, and every answer that should not have been.
"""

import hashlib
import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from random import Random
from typing import Any

from tests.serve.faults.intents import Intent, Meaning

Receipt = dict[str, Any]
#: Answers after which a sender tries again: nothing of what it sent was kept, so far as it knows.
AGAIN = (429, 503, 507)
#: How many messages a sender has in hand, of which it sends any first.
IN_HAND = 4


class Sender:
    """One sender in a thread of its own."""

    def __init__(self, number: int, seed: int, port: int, pause: float) -> None:
        self.receipts: dict[Intent, Receipt] = {}
        self.wrong: list[str] = []
        self.sent: list[Intent] = []
        self.refusals: list[int] = []
        self.over = threading.Event()
        self._meaning = Meaning(number, seed)
        self._random = Random(f"{number} {seed}")
        self._port, self._pause = port, pause
        self._connection: HTTPConnection | None = None
        self._in_hand: list[Intent] = []
        self._corrected: set[Intent] = set()
        self.thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        while not self.over.is_set():
            self._send(self._chosen())
            time.sleep(self._random.uniform(0, self._pause))

    def finish(self) -> None:
        """Send until everything has its receipt, and once more; a server must be there."""
        end = time.monotonic() + 60
        while self._in_hand and time.monotonic() < end:
            self._send(self._in_hand[0])
        assert not self._in_hand, f"no receipt for {self._in_hand[0]}: {self.refusals[-5:]}"
        # Everything once more: each must get the receipt that it has.
        for intent in list(self.receipts):
            self._send(intent)
        if self._connection is not None:
            self._connection.close()

    def _chosen(self) -> Intent:
        dice = self._random.random()
        if self.receipts and dice < 0.25:
            known = self._random.choice(list(self.receipts))
            if dice < 0.15 or known.other:
                return known
            if dice < 0.20:
                return self._meant(self._meaning.contradiction(known))
            if known not in self._corrected and (right := self._meaning.correction(known)):
                self._corrected.add(known)
                return self._meant(right)
        while len(self._in_hand) < IN_HAND:
            self._meant(self._meaning.next())
        return self._random.choice(self._in_hand)

    def _meant(self, intent: Intent) -> Intent:
        """Write down what is to be sent, before it is."""
        self.sent.append(intent)
        self._in_hand.append(intent)
        return intent

    def _send(self, intent: Intent) -> None:
        answer = self._post(intent)
        if answer is None:
            self.refusals.append(0)
            time.sleep(0.02)
            return
        status, said = answer
        if status in AGAIN:
            self.refusals.append(status)
            time.sleep(0.02)
        elif status == (409 if intent.other else 201) or (status == 200 and not intent.other):
            self._received(intent, status, said["receipt"])
        else:
            self._wrong(f"{status} {said} for {intent}")

    def _received(self, intent: Intent, status: int, receipt: Receipt) -> None:
        if receipt["digest"] != hashlib.sha256(intent.body).hexdigest():
            self._wrong(f"{receipt} is of another body than {intent}")
        before = self.receipts.setdefault(intent, receipt)
        if before != receipt:
            self._wrong(f"{receipt} is another receipt than {before} for {intent}")
        if intent in self._in_hand:
            self._in_hand.remove(intent)
        elif status == 201:
            self._wrong(f"{intent} was taken for new again: {receipt}")

    def _post(self, intent: Intent) -> tuple[int, Any] | None:
        """Status and answer; None: there was none, and nobody knows what became of it."""
        if self._connection is None:
            self._connection = HTTPConnection("127.0.0.1", self._port, timeout=20)
        wait = "&wait=0.3" if self._random.random() < 0.05 else ""
        try:
            self._connection.request(
                "POST", f"/api/v1/messages?{intent.query()}{wait}", intent.body
            )
            answer = self._connection.getresponse()
            return answer.status, json.loads(answer.read())
        except (OSError, HTTPException, ValueError):
            self._connection.close()
            self._connection = None
            return None

    def _wrong(self, what: str) -> None:
        self.wrong.append(what)


class Crowd:
    """All senders of one test."""

    def __init__(self, port: int, seed: int, pause: float = 0.03, many: int = 8) -> None:
        self.senders = [Sender(number, seed, port, pause) for number in range(many)]

    @contextmanager
    def sending(self) -> Iterator[None]:
        """While this lasts, all send at once."""
        for sender in self.senders:
            sender.thread.start()
        try:
            yield
        finally:
            for sender in self.senders:
                sender.over.set()
            for sender in self.senders:
                sender.thread.join()

    def finish(self) -> None:
        """Until everything has its receipt, and each the same a second time."""
        with ThreadPoolExecutor(len(self.senders)) as pool:
            list(pool.map(Sender.finish, self.senders))
        for sender in self.senders:
            assert not sender.wrong, sender.wrong[:3]

    @property
    def sent(self) -> list[Intent]:
        """Everything that was meant to be sent."""
        return [intent for sender in self.senders for intent in sender.sent]

    @property
    def receipts(self) -> dict[Intent, Receipt]:
        """Everything that was acknowledged."""
        return {i: receipt for sender in self.senders for i, receipt in sender.receipts.items()}

    @property
    def refusals(self) -> list[int]:
        """The statuses of refusals; 0 is no answer at all."""
        return [status for sender in self.senders for status in sender.refusals]
