"""The time at which a home keeps what it gets.

In: the clock of the doors, and the moments that rehearsed reports bear. Out: the time of arrival.
"""

from collections.abc import Callable
from datetime import datetime


class HomeClock:
    """A real home's clock is that of the doors; a rehearsed home's is the rehearsal's.

    In a rehearsed home a report arrives at the moment that it bears, so that "as of" and "today"
    mean the rehearsal's own days, however fast they are played. It never goes back.
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        """The clock of the doors, until `declare` says otherwise."""
        #: Whether it is known what the home is; a home that is just being made is neither.
        self.declared = False
        self._now = now
        self._moment: datetime | None = None

    def __call__(self) -> datetime:
        """When something that comes now arrives."""
        return self._moment or self._now()

    @property
    def rehearsed(self) -> bool:
        """Whether the home is a rehearsed one."""
        return self._moment is not None

    def declare(self, moment: datetime | None) -> None:
        """From here on the home is a real one, or a rehearsal that has come to this moment."""
        self.declared = True
        self._moment = moment

    def heard(self, moment: datetime) -> None:
        """A report of the rehearsal was sent at this moment; reports may overtake one another."""
        if self._moment is not None and moment > self._moment:
            self._moment = moment
