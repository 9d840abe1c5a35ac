"""Whether there is room on the disk of a home.

In: a folder. Out: a refusal before the disk refuses. What is refused early can be sent again; what
fails half-way has to be mended first.
"""

import shutil
from pathlib import Path

from pharos.errors import NoSpace

#: Below this, what fails to be written is taken to have failed for lack of space.
NEARLY_FULL = 16 << 20
#: How the system says it, whoever was told: a disk may be full of quotas or of names, too.
_SHORT = ("No space left", "quota exceeded", "is full")


def require_space(path: Path, need: int) -> None:
    """Raise NoSpace when fewer than ``need`` bytes are free."""
    free = shutil.disk_usage(path).free
    if free < need:
        raise NoSpace(
            f"the disk of {path} has {free >> 20} MiB free and needs {need >> 20} MiB to take "
            "this; nothing of this was kept: free some space, then send it again"
        )


def is_short(path: Path, failure: BaseException) -> bool:
    """Whether what failed probably failed for lack of space."""
    if isinstance(failure, NoSpace) or any(words in str(failure) for words in _SHORT):
        return True
    return shutil.disk_usage(path).free < NEARLY_FULL
