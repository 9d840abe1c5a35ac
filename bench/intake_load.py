"""A sender of reports over HTTP, in a process of its own: many connections, each one at a time.

In: a file of prepared requests, how many connections, at which pace. Out: JSON with the seconds
that each receipt took, and each verdict that was waited for.
"""

import argparse
import asyncio
import json
import pickle
import sys
import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

#: One request in so many waits for its verdict, on a connection of its own.
ASKED_FOR_VERDICT = 200


@dataclass
class Load:
    """What is still to be sent, and what was measured."""

    waiting: deque[bytes]
    open: int
    ended: "asyncio.Future[None]"
    seconds: list[float] = field(default_factory=list)
    refused: int = 0


class Connection(asyncio.Protocol):
    """One connection: sends, waits for the whole answer, sends the next."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._answer = b""
        self._sent_at = 0.0
        self._request = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._next()

    def _next(self) -> None:
        load = self._load
        if not load.waiting:
            self._transport.close()
            load.open -= 1
            if not load.open:
                load.ended.set_result(None)
            return
        self._request = load.waiting.popleft()
        self._sent_at = time.perf_counter()
        self._transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        """The answer is whole when as much came as its head says."""
        self._answer += data
        end = self._answer.find(b"\r\n\r\n")
        if end < 0:
            return
        at = self._answer.find(b"content-length: ") + 16
        length = int(self._answer[at : self._answer.find(b"\r", at)])
        if len(self._answer) < end + 4 + length:
            return
        if self._answer[9:12] in {b"201", b"200"}:
            self._load.seconds.append(time.perf_counter() - self._sent_at)
        elif self._answer[9:12] in {b"429", b"503", b"507"}:
            self._load.refused += 1
            self._load.waiting.append(self._request)
        else:
            # It would be refused for ever.
            self._load.ended.set_exception(RuntimeError(self._answer.decode()))
            self._transport.close()
            return
        self._answer = b""
        self._next()


async def _run(requests: list[bytes], port: int, connections: int) -> tuple[Load, float]:
    loop = asyncio.get_running_loop()
    load = Load(deque(requests), connections, loop.create_future())
    start = time.perf_counter()
    for _ in range(connections):
        await loop.create_connection(lambda: Connection(load), "127.0.0.1", port)
    await load.ended
    return load, time.perf_counter() - start


async def _both(options: argparse.Namespace, content: bytes) -> dict[str, object]:
    plain, asking = pickle.loads(content)
    whole, verdicts = await asyncio.gather(
        _run(plain, options.port, options.connections), _run(asking, options.port, 4)
    )
    return {
        "seconds": whole[1],
        "receipts": whole[0].seconds,
        "verdicts": verdicts[0].seconds,
        "refused": whole[0].refused + verdicts[0].refused,
    }


def main() -> None:
    """Send everything and tell how long each took."""
    parser = argparse.ArgumentParser()
    parser.add_argument("requests")
    parser.add_argument("port", type=int)
    parser.add_argument("connections", type=int)
    options = parser.parse_args()
    json.dump(asyncio.run(_both(options, Path(options.requests).read_bytes())), sys.stdout)


if __name__ == "__main__":
    main()
