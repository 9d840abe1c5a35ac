"""Parcels that were looked at and not sent yet, so that what is confirmed is what was shown.

In: parcels. Out: the same by their keys, for as long as there is room. A key is made of all that a
parcel says, so that who looks twice finds one parcel, and who sends it twice sends one message.
"""

import hashlib
from collections import OrderedDict

from pharos.serve.sending import Parcel

#: Bytes of all parcels that are kept; the one that was looked at longest ago goes first.
ROOM = 32 << 20


class Pending:
    """What was shown and may be confirmed; used from one event loop."""

    def __init__(self, room: int = ROOM) -> None:
        """Nothing was shown."""
        self._room = room
        self._parcels: OrderedDict[str, Parcel] = OrderedDict()

    def put(self, parcel: Parcel) -> str:
        """Keep a parcel; its key."""
        key = key_of(parcel)
        self._parcels[key] = parcel
        self._parcels.move_to_end(key)
        while len(self._parcels) > 1 and sum(map(_size, self._parcels.values())) > self._room:
            self._parcels.popitem(last=False)
        return key

    def get(self, key: str) -> Parcel | None:
        """A parcel by its key; None: there was no room for it any longer, or never was one.

        It stays, so that pressing twice sends it twice, which is once.
        """
        return self._parcels.get(key)


def key_of(parcel: Parcel) -> str:
    """What tells one parcel from another."""
    found, draft = hashlib.sha256(), parcel.draft
    texts = (draft.sender, draft.stream, draft.id, parcel.mapping or "")
    for part in (*(text.encode() for text in texts), draft.body):
        found.update(b"%d\n" % len(part) + part)
    return found.hexdigest()


def _size(parcel: Parcel) -> int:
    return len(parcel.draft.body) + len(parcel.mapping or "")
