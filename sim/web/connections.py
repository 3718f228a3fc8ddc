"""Limits on connections, so that clients who open many and send nothing cannot lock others out."""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

REQUEST_SECONDS = 10.0
"""Seconds in which the headers of a request must arrive."""
MAX_FILES = 10_240
"""Files and connections that the process asks to have open at once; macOS allows no more."""
MAX_CONNECTIONS = 2_000
"""Connections that may be open at once: several for each phone of the largest class."""
ACCEPTED_AT_ONCE = 32
"""Connections that are accepted at a time: few, so that they cannot use up the files before others are closed."""
OTHER_FILES = 136
"""Files kept free for the log, the libraries, and connections that are being accepted or closed."""


def connection_limit() -> int:
    """Raise the limit of open files of this process as far as allowed, and return how many connections it leaves."""
    if sys.platform == "win32":
        return MAX_CONNECTIONS
    import resource  # Windows has none

    allowed, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MAX_FILES if most == resource.RLIM_INFINITY else min(most, MAX_FILES)
    if allowed != resource.RLIM_INFINITY and allowed < wanted:
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
        allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if allowed == resource.RLIM_INFINITY:
        return MAX_CONNECTIONS
    return max(ACCEPTED_AT_ONCE, min(MAX_CONNECTIONS, allowed - OTHER_FILES))


class LimitedConnection(H11Protocol):
    """A connection that is closed unless a request arrives in time, and when others need its place.

    Uvicorn's own protocol waits for headers without end. Its `limit_concurrency` answers new requests with 503; before
    that happens, the connection that has waited longest for the rest of a request is closed here.
    """

    def __init__(
        self,
        config: uvicorn.Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._deadline: asyncio.TimerHandle | None = None
        self.silent_since = self.loop.time()

    @property
    def has_request(self) -> bool:
        """Whether a complete request has arrived that is not answered yet."""
        return self.cycle is not None and not self.cycle.response_complete and not self.cycle.more_body

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Start the deadline, and make room if there are too many connections."""
        assert isinstance(transport, asyncio.Transport)
        super().connection_made(transport)
        self._watch()
        if self.limit_concurrency is not None and len(self.connections) >= self.limit_concurrency:
            self._make_room()

    def data_received(self, data: bytes) -> None:
        """Take in a part of a request; the deadline holds for all its headers together."""
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        super().on_response_complete()
        self.silent_since = self.loop.time()
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the deadline."""
        super().connection_lost(exc)
        self._stop()

    def _watch(self) -> None:
        answering = self.cycle is not None and not self.cycle.response_complete
        if answering:  # the body of a request has a deadline of its own
            self._stop()
        elif self._deadline is None and not self.transport.is_closing():
            self._deadline = self.loop.call_later(REQUEST_SECONDS, self.transport.abort)

    def _stop(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _make_room(self) -> None:
        others = (one for one in self.connections if isinstance(one, LimitedConnection) and one is not self)
        silent = [one for one in others if not one.has_request and not one.transport.is_closing()]
        if silent:
            min(silent, key=lambda one: (one.cycle is not None, one.silent_since)).transport.abort()
