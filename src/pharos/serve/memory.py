"""Large blocks go back to the machine as soon as they are free.

In: nothing. Out: an allocator that keeps no large block for later.
"""

import ctypes

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
