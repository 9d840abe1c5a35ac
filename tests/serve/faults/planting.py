"""What is planted in a server that is made to fail.

In: what a test wants to go wrong. Out: a process in which it does, at the server's next steps.
"""

from typing import Any

from pharos.keep.writer import Writer
from pharos.serve import home
from tests.serve.faults import points, writes


def plant(wanted: dict[str, Any]) -> None:
    """The faults that were asked for."""
    # What happens every twenty thousand messages has to happen within a test.
    home.SEALED_AFTER, home.KEPT_OPEN = wanted.get("sealed", [30, 10])
    Writer.__init__.__defaults__ = (wanted.get("span", 60),)
    if point := wanted.get("point"):
        points.die_at(point, wanted.get("nth", 1))
    if asleep := wanted.get("asleep"):
        points.sleep_at(*asleep)
    if write := wanted.get("write"):
        writes.refuse(**write)
