"""The post of a rehearsal: parcels wait for their moment and leave in the order of the clock.

In: parcels with the moment at which they leave. Out: messages, numbered, in order. Knows no body.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from heapq import heappop, heappush


@dataclass(frozen=True, slots=True)
class Message:
    """One message: the moment at which it is sent, by whom, in which stream, its id and bytes."""

    moment: datetime
    sender: str
    stream: str
    id: str
    body: bytes


@dataclass(order=True, slots=True)
class Parcel:
    """What is to be sent; ``write`` makes its bytes from the second that its header names."""

    leaves: int
    nth: int
    sender: str = field(compare=False)
    stream: str = field(compare=False)
    id: int = field(compare=False)
    dated: int = field(compare=False)
    write: Callable[[int], bytes] = field(compare=False, repr=False)


class Post:
    """Parcels that have not left yet; ids count from 1 for each sender and stream."""

    def __init__(self, skip: int) -> None:
        """The first ``skip`` messages are passed over without being written."""
        self._waiting: list[Parcel] = []
        self._ids: Counter[tuple[str, str]] = Counter()
        self._skip, self._given, self.sent = skip, 0, 0

    def give(self, leaves: int, sender: str, stream: str, write: Callable[[int], bytes]) -> Parcel:
        """Take a parcel that leaves at this second."""
        self._ids[sender, stream] += 1
        return self._push(
            Parcel(leaves, self._given, sender, stream, self._ids[sender, stream], leaves, write)
        )

    def again(self, parcel: Parcel, leaves: int) -> None:
        """Send the same bytes under the same id once more, later."""
        self._push(
            Parcel(leaves, self._given, parcel.sender, parcel.stream, parcel.id, parcel.dated,
                   parcel.write)
        )  # fmt: skip

    def until(self, second: int) -> Iterator[Message]:
        """What leaves before this second, in order."""
        while self._waiting and self._waiting[0].leaves < second:
            parcel = heappop(self._waiting)
            self.sent += 1
            if self.sent > self._skip:
                yield Message(
                    datetime.fromtimestamp(parcel.leaves, UTC),
                    parcel.sender,
                    parcel.stream,
                    str(parcel.id),
                    parcel.write(parcel.dated),
                )

    def last(self) -> int:
        """The second at which the last parcel leaves; 0 if none waits."""
        return max((parcel.leaves for parcel in self._waiting), default=0)

    def _push(self, parcel: Parcel) -> Parcel:
        self._given += 1
        heappush(self._waiting, parcel)
        return parcel
