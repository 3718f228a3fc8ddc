"""Keeps freed memory for the next arrays of an ensemble.

The GNU C library returns memory to the system when an array of several megabytes is freed, and requests it again for
the next one, each page of which then faults. This takes a third of the time of an ensemble, and half of it in a second
thread or with Dask's settings for its workers. Keeping more memory avoids it.
"""

from __future__ import annotations

import ctypes
import platform
from functools import cache

KEPT = 256 * 2**20
"""The most free bytes to keep: more than all arrays of a block of worlds and texts take together."""
KEPT_OF_ONE = 32 * 2**20
"""The most free bytes to keep of one array; the library allows no more."""
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3  # malloc.h


@cache
def keep_at_hand() -> bool:
    """Configure the C library, once per process; return whether it has these settings."""
    if platform.libc_ver()[0] != "glibc":
        return False
    mallopt = ctypes.CDLL(None).mallopt
    return bool(mallopt(_M_MMAP_THRESHOLD, KEPT_OF_ONE) and mallopt(_M_TRIM_THRESHOLD, KEPT))
