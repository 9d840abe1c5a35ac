"""The post of a rehearsal: parcels wait for their moment and leave in the order of the clock.

In: what is to be sent, and the second at which it leaves. Out: messages, numbered, in order. Knows
no body.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from heapq import heappop, heappush


@dataclass(frozen=True, slots=True)
class Message:
    """One message: the moment at which it is sent, by whom, in which stream, its id and bytes.

    ``events`` is how many ticket events it holds, for those who send so many a second.
    """

    moment: datetime
    sender: str
    stream: str
    id: str
    body: bytes
    events: int


@dataclass(frozen=True, slots=True)
class Load:
    """What is to be sent: ``write`` makes its bytes from the second that its header names."""

    sender: str
    stream: str
    write: Callable[[int], bytes] = field(repr=False)
    events: int = 0


@dataclass(order=True, slots=True)
class Parcel:
    """A load with its id; ``dated`` is the second that its header names."""

    leaves: int
    nth: int
    id: int = field(compare=False)
    dated: int = field(compare=False)
    load: Load = field(compare=False)


class Post:
    """Parcels that have not left yet; ids count from 1 for each sender and stream.

    The first ``skip`` messages, and those that leave before the second ``since``, are passed over
    without being written.
    """

    def __init__(self, skip: int = 0, since: int = 0) -> None:
        """Nothing waits yet."""
        self._waiting: list[Parcel] = []
        self._ids: Counter[tuple[str, str]] = Counter()
        self._skip, self._since = skip, since
        self._given = self._left = 0

    def give(self, leaves: int, load: Load) -> Parcel:
        """Take what leaves at this second."""
        self._ids[load.sender, load.stream] += 1
        number = self._ids[load.sender, load.stream]
        return self._push(Parcel(leaves, self._given, number, leaves, load))

    def again(self, parcel: Parcel, leaves: int) -> None:
        """Send the same bytes under the same id once more, later."""
        self._push(Parcel(leaves, self._given, parcel.id, parcel.dated, parcel.load))

    def until(self, second: int) -> Iterator[Message]:
        """What leaves before this second, in order."""
        while self._waiting and self._waiting[0].leaves < second:
            parcel = heappop(self._waiting)
            self._left += 1
            if self._left > self._skip and parcel.leaves >= self._since:
                yield _written(parcel)

    def _push(self, parcel: Parcel) -> Parcel:
        self._given += 1
        heappush(self._waiting, parcel)
        return parcel


def _written(parcel: Parcel) -> Message:
    load = parcel.load
    return Message(
        moment=datetime.fromtimestamp(parcel.leaves, UTC),
        sender=load.sender,
        stream=load.stream,
        id=str(parcel.id),
        body=load.write(parcel.dated),
        events=load.events,
    )
