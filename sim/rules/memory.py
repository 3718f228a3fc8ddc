"""Keep freed memory at hand between the arrays of an ensemble.

The GNU C library hands the end of its heap back to the system whenever a large array is freed there, and asks for it
again for the next one, whose every page then faults: a third of the time of an ensemble. A margin at the end of the
heap stops that.
"""

from __future__ import annotations

import ctypes
import platform
from functools import cache

MARGIN = 64 * 2**20
"""Bytes; more than the arrays of a block of worlds and texts take together."""
_M_TOP_PAD = -2  # malloc.h


@cache
def keep_at_hand() -> bool:
    """Set the margin, once a process; return whether this C library has such a setting."""
    if platform.libc_ver()[0] != "glibc":
        return False
    return bool(ctypes.CDLL(None).mallopt(_M_TOP_PAD, MARGIN))
