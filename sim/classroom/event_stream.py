"""Server-sent events: changes are pushed to the pages that show them.

A subscriber keeps only the newest event of each name. A phone that sleeps therefore does not fill the memory, and it
gets the current state when it wakes.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable

HEARTBEAT = 15.0
"""Seconds after which a silent stream sends a comment. This also ends streams whose reader has left."""
RETRY = 1_000
"""Milliseconds after which a browser that lost the stream reconnects."""
MAX_STREAMS = 4
"""Streams that one reader may have open, for example in tabs; one more ends the oldest."""


def event(name: str, text: str = "") -> bytes:
    r"""Return an event as it is sent.

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
        """Queue an event for this page; it replaces an older one of the same name."""
        self.waiting[name] = sent
        self.wake.set()

    def close(self) -> None:
        """End the stream."""
        self.closed = True
        self.wake.set()


class Hub:
    """All open pages of one session."""

    def __init__(self) -> None:
        self._topics: defaultdict[str, set[Subscriber]] = defaultdict(set)
        self._readers: defaultdict[str, list[Subscriber]] = defaultdict(list)

    @property
    def present(self) -> frozenset[str]:
        """The readers who have a page open."""
        return frozenset(self._readers)

    def is_followed(self, topic: str) -> bool:
        """Return whether anybody follows a topic."""
        return topic in self._topics

    def publish(self, topic: str, name: str, text: str = "") -> None:
        """Send an event to all who follow a topic; it is encoded once for all of them."""
        if subscribers := self._topics.get(topic):
            sent = event(name, text)
            for subscriber in subscribers:
                subscriber.push(name, sent)

    def close(self) -> None:
        """End all streams."""
        for streams in list(self._readers.values()):
            for subscriber in streams:
                subscriber.close()

    def join(self, reader: str, topics: Iterable[str]) -> Subscriber:
        """Add a page. If its reader has too many, the oldest is closed."""
        subscriber = Subscriber(reader, topics)
        streams = self._readers[reader]
        if len(streams) >= MAX_STREAMS:
            streams[0].close()
        streams.append(subscriber)
        for topic in subscriber.topics:
            self._topics[topic].add(subscriber)
        return subscriber

    def leave(self, subscriber: Subscriber) -> None:
        """Remove a page."""
        self._readers[subscriber.reader].remove(subscriber)
        if not self._readers[subscriber.reader]:
            del self._readers[subscriber.reader]
        for topic in subscriber.topics:
            self._topics[topic].discard(subscriber)
            if not self._topics[topic]:
                del self._topics[topic]


async def stream(subscriber: Subscriber) -> AsyncIterator[bytes]:
    """Yield the bytes of a stream until it is closed; the caller removes the subscriber from its hub."""
    yield f"retry: {RETRY}\n\n".encode()
    while not subscriber.closed:
        try:
            await asyncio.wait_for(subscriber.wake.wait(), HEARTBEAT)
        except TimeoutError:
            yield b": here\n\n"
            continue
        subscriber.wake.clear()
        sent, subscriber.waiting = subscriber.waiting, {}
        if sent:
            yield b"".join(sent.values())
