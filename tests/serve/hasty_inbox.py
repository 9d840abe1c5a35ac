"""An inbox that looks ten times as often as people's: planted in a server whose test waits for it.

In: nothing. Out: a process in which an inbox waits shorter, and does everything else as it does.
"""

from typing import Any

from pharos.serve.inbox import Watching


def plant(_: dict[str, Any]) -> None:
    """Seconds: between two looks, unchanged before a file is taken, before it is tried again."""
    Watching.__init__.__defaults__ = (0.1, 0.2, 1.0)
