"""Live updates: what changed is pushed to the pages that show it, as server-sent events.

A subscriber keeps the newest event of each name only: a phone that sleeps does not fill the memory, and finds the
present state when it wakes.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable

HEARTBEAT = 15.0
"""Seconds after which a silent stream says that it is there; a stream whose reader has left ends by it."""
RETRY = 1_000
"""Milliseconds after which a browser that lost the stream comes back."""
STREAMS_MOST = 4
"""Streams of one reader at a time, such as open tabs; a further one ends the oldest."""


def event(name: str, text: str = "") -> bytes:
    r"""An event as it is sent.

    >>> event("public", "two\nlines")
    b'event: public\ndata: two\ndata: lines\n\n'
    """
    lines = "".join(f"data: {line}\n" for line in text.split("\n"))
    return f"event: {name}\n{lines}\n".encode()


class Subscriber:
    """One open page."""

    def __init__(self, reader: str, topics: Iterable[str]) -> None:
        self.reader = reader
        self.topics = frozenset(topics)
        self.waiting: dict[str, bytes] = {}
        self.wake = asyncio.Event()
        self.closed = False

    def push(self, name: str, sent: bytes) -> None:
        """Leave an event for this page; it takes the place of an older one of its name."""
        self.waiting[name] = sent
        self.wake.set()

    def close(self) -> None:
        """End the stream."""
        self.closed = True
        self.wake.set()


class Hub:
    """Everybody who looks at one session."""

    def __init__(self) -> None:
        self._topics: defaultdict[str, set[Subscriber]] = defaultdict(set)
        self._readers: defaultdict[str, list[Subscriber]] = defaultdict(list)

    @property
    def present(self) -> frozenset[str]:
        """The readers who have a page open."""
        return frozenset(self._readers)

    def publish(self, topic: str, name: str, text: str = "") -> None:
        """Send an event to all who follow a topic; it is made once for all of them."""
        if subscribers := self._topics.get(topic):
            sent = event(name, text)
            for one in subscribers:
                one.push(name, sent)

    def close(self) -> None:
        """End all streams."""
        for streams in list(self._readers.values()):
            for one in streams:
                one.close()

    def join(self, reader: str, topics: Iterable[str]) -> Subscriber:
        """Take in a page; the oldest of a reader with too many is ended."""
        one = Subscriber(reader, topics)
        streams = self._readers[reader]
        if len(streams) >= STREAMS_MOST:
            streams[0].close()
        streams.append(one)
        for topic in one.topics:
            self._topics[topic].add(one)
        return one

    def leave(self, one: Subscriber) -> None:
        """Forget a page."""
        self._readers[one.reader].remove(one)
        if not self._readers[one.reader]:
            del self._readers[one.reader]
        for topic in one.topics:
            self._topics[topic].discard(one)
            if not self._topics[topic]:
                del self._topics[topic]


async def stream(one: Subscriber) -> AsyncIterator[bytes]:
    """The bytes of a stream, until it is closed; the caller takes the subscriber out of its hub."""
    yield f"retry: {RETRY}\n\n".encode()
    while not one.closed:
        try:
            await asyncio.wait_for(one.wake.wait(), HEARTBEAT)
        except TimeoutError:
            yield b": here\n\n"
            continue
        one.wake.clear()
        sent, one.waiting = one.waiting, {}
        if sent:
            yield b"".join(sent.values())
