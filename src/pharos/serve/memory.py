"""What a process that runs for weeks does about its memory.

In: nothing. Out: large blocks that go back to the machine as soon as they are free, and objects
that are not looked at again and again.
"""

import ctypes
import gc

#: Bytes from which a block is one of its own, given back when it is free.
LARGE = 1 << 20
_M_MMAP_THRESHOLD = -3  # malloc.h of the GNU C library; see mallopt(3)


def give_back_large_blocks() -> None:
    """Let a body of megabytes leave nothing behind; does nothing where the C library has no such.

    The GNU C library otherwise takes the first large block that is freed as a sign of more to
    come, and from then on keeps up to twice 32 MiB: a single report of 8 MB would be held against
    the server for ever.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_MMAP_THRESHOLD, LARGE)


def hold_collector() -> None:
    """Let Python look for cycles of dropped objects not before `settle_objects`.

    Who starts makes millions of objects and needs them all.
    """
    gc.disable()


def settle_objects() -> None:
    """Let Python's collector of cycles pass over all that is there now.

    The writer keeps millions of objects in mind, and needs them all; to look through them stops
    everything for more than half a second. What was made since the last call is looked at once. A
    cycle that is alive at this moment and dropped later stays: what a few requests have open.
    """
    if gc.isenabled():
        gc.collect()
    # Who starts has dropped little yet: to look through all of it would hold up everybody.
    gc.freeze()
    gc.enable()


def release_objects() -> None:
    """Look at everything again: who ends gives all of it back, and nobody reports it as lost."""
    gc.enable()
    gc.unfreeze()
    gc.collect()
