"""Wrong codes are answered ever more slowly; a right one never is.

A class shares one address, so an address says nothing, and whoever counted tries by it would lock a class out. A wrong
try is answered later the more often this very code was tried and the more wrong codes came of late from anybody;
beyond a number of answers that wait, further wrong ones are turned away at once. Whoever types the right code never
waits for somebody who does not: guessing is held off by the length of the codes, and this keeps it from being cheap.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter, deque
from collections.abc import Callable

WINDOW = 60.0
"""Seconds for which a wrong try is remembered."""
FIRST_DELAY = 0.25
"""Seconds that the first wrong try waits."""
LONGEST_DELAY = 8.0
"""Seconds that any wrong try waits at most."""
FREE_TRIES = 30
"""Wrong tries a window that a clumsy class may make before all wrong tries wait longer."""
MAX_WAITING = 50
"""Wrong answers that wait at the same time."""


class Throttle:
    """Counts wrong codes, and says how long their answers wait."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._tries: deque[tuple[float, str]] = deque()
        self._counts: Counter[str] = Counter()
        self._waiting = 0

    def wait_for(self, code: str) -> float:
        """Count a wrong try, and return how many seconds its answer waits."""
        now = self._clock()
        while self._tries and self._tries[0][0] < now - WINDOW:
            _, old = self._tries.popleft()
            self._counts[old] -= 1
            if not self._counts[old]:
                del self._counts[old]
        self._tries.append((now, code))
        self._counts[code] += 1
        doublings = min(self._counts[code] - 1 + max(0, len(self._tries) - FREE_TRIES) // FREE_TRIES, 16)
        return min(LONGEST_DELAY, FIRST_DELAY * 2.0**doublings)

    async def wrong(self, code: str) -> bool:
        """Let a wrong try wait; return False if too many wait already, and this one is to be turned away."""
        if self._waiting >= MAX_WAITING:
            return False
        wait = self.wait_for(code)
        self._waiting += 1
        try:
            await asyncio.sleep(wait)
        finally:
            self._waiting -= 1
        return True
