"""Keep freed memory at hand between the arrays of an ensemble.

The GNU C library gives memory back to the system when an array of some megabytes is freed, and asks for it again for
the next one, whose every page then faults: a third of the time of an ensemble, and half of it in a thread that is not
the first, or under what Dask sets for its workers. To keep more of it stops that.
"""

from __future__ import annotations

import ctypes
import platform
from functools import cache

KEPT = 256 * 2**20
"""Bytes that are kept when free, at most: more than the arrays of a block of worlds and texts take together."""
KEPT_OF_ONE = 32 * 2**20
"""Bytes of one array that are kept, at most; the library allows no more."""
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3  # malloc.h


@cache
def keep_at_hand() -> bool:
    """Say so to the C library, once a process; return whether it has such a setting."""
    if platform.libc_ver()[0] != "glibc":
        return False
    mallopt = ctypes.CDLL(None).mallopt
    return bool(mallopt(_M_MMAP_THRESHOLD, KEPT_OF_ONE) and mallopt(_M_TRIM_THRESHOLD, KEPT))
