"""Slows down answers to wrong codes; a right code is always answered at once.

A whole class may share one network address, so counting attempts by address would lock the class out. Instead, the
delay of a wrong attempt grows with the number of recent attempts with the same code and with the number of recent wrong
codes from anybody. However many answers are waiting, each wrong attempt waits, and all get the same answer. The length
of the codes protects against guessing; the delay makes guessing expensive.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter, deque
from collections.abc import Callable
from contextlib import suppress

from starlette.requests import Request

WINDOW = 60.0
"""Seconds for which a wrong attempt is remembered."""
FIRST_DELAY = 0.25
"""Delay of the first wrong attempt, seconds."""
LONGEST_DELAY = 8.0
"""Longest delay of a wrong attempt, seconds."""
FREE_TRIES = 30
"""Wrong attempts per window that a class may make before the delay of all wrong attempts grows."""
MANY_WAITING = 50
"""Answers to wrong codes that wait at the same time before further ones get the longest delay."""
JOINS_PER_DEVICE = 10
"""Joins of one browser per `DEVICE_WINDOW`; people who share a device need a few."""
DEVICE_WINDOW = 600.0
"""Seconds for which a join of a device is remembered."""
JOINS_AT_ONCE = 60
"""Joins to one room per `ROOM_WINDOW`, besides two for each seat."""
ROOM_WINDOW = 300.0
"""Seconds for which a join to a room is remembered."""


class Throttle:
    """Counts wrong codes and delays the answers to them; `clock` returns seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._tries: deque[tuple[float, str]] = deque()
        self._counts: Counter[str] = Counter()
        self.waiting = 0

    def wait_for(self, code: str) -> float:
        """Count a wrong attempt and return the delay of its answer in seconds."""
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

    async def wrong(self, code: str, request: Request) -> None:
        """Delay the answer to a wrong code, unless the sender gives up first."""
        wait = self.wait_for(code)
        if self.waiting >= MANY_WAITING:
            wait = LONGEST_DELAY
        self.waiting += 1
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    while (await request.receive())["type"] != "http.disconnect":
                        continue
        finally:
            self.waiting -= 1


class JoinLimit:
    """Limits how often one device, and how many people at once, join a room; `clock` returns seconds.

    A device is a browser, known by its cookie. As a browser can throw its cookie away, joins to a room are limited too:
    a whole class can join at once, and more people only one by one.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._joined: dict[str, deque[float]] = {}

    def device_may(self, device: str) -> bool:
        """Count a join of a device; False if it has joined too often."""
        return self._count(f"device {device}", JOINS_PER_DEVICE, DEVICE_WINDOW)

    def room_may(self, session: str, seats: int) -> bool:
        """Count a join to a session with this many seats. Return False if too many people are joining at once."""
        return self._count(f"room {session}", JOINS_AT_ONCE + 2 * seats, ROOM_WINDOW)

    def _count(self, who: str, most: int, window: float) -> bool:
        now = self._clock()
        for other in [name for name, times in self._joined.items() if not times or times[-1] < now - DEVICE_WINDOW]:
            del self._joined[other]
        times = self._joined.setdefault(who, deque())
        while times and times[0] < now - window:
            times.popleft()
        allowed = len(times) < most
        if allowed:
            times.append(now)
        return allowed
