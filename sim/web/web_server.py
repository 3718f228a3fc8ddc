"""Opens the socket of a server, runs it until the process is told to stop, and finds the addresses to reach it.

Finding them sends nothing.
"""

from __future__ import annotations

import errno
import gc
import ipaddress
import logging
import os
import socket
from collections.abc import Callable
from types import FrameType

import ifaddr
import uvicorn
from starlette.types import ASGIApp

from sim.errors import UsageError
from sim.web.connections import ACCEPTED_AT_ONCE, LimitedConnection, connection_limit

LOOPBACK, EVERYWHERE = "127.0.0.1", "0.0.0.0"
QUEUE = 2048
"""Connections that may wait to be accepted: a whole class connects at once."""
OBJECTS_BETWEEN_COLLECTIONS = (700, 10, 10)
"""Python's usual thresholds of garbage collection; other commands run for a shorter time and collect less often."""
GRACE = 3
"""Seconds that running requests have to finish when the server stops."""


def lan_addresses() -> list[str]:
    """Return the IPv4 addresses of this machine's interfaces, private ones first, without loopback and link-local."""
    ips = {ipaddress.IPv4Address(ip.ip) for adapter in ifaddr.get_adapters() for ip in adapter.ips if ip.is_IPv4}
    usable = [ip for ip in ips if not (ip.is_loopback or ip.is_link_local or ip.is_unspecified)]
    return [str(ip) for ip in sorted(usable, key=lambda ip: (not ip.is_private, ip))]


def host_names() -> frozenset[str]:
    """Return the host names by which a browser may call this machine, in lower case."""
    own = socket.gethostname().lower()
    return frozenset({"localhost", own, own.partition(".")[0], f"{own.partition('.')[0]}.local"})


class Server(uvicorn.Server):
    """Uvicorn with a long queue of connections, and without event streams that never end when it stops."""

    def __init__(self, config: uvicorn.Config, end_streams: Callable[[], None]) -> None:
        super().__init__(config)
        self._end_streams = end_streams

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to serve; asyncio has shortened the queue of each socket to what it accepts at a time."""
        await super().startup(sockets)
        for listening in sockets or ():
            listening.listen(QUEUE)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._end_streams()
        super().handle_exit(sig, frame)


def listening_socket(port: int, lan: bool = False) -> socket.socket:
    """Return a socket that listens on this machine alone or, with `lan`, on the network; port 0 takes any free port.
    Raises `UsageError` if the port is in use or cannot be used.
    """
    # With the protocol named, asyncio sends at once instead of waiting 40 ms for the rest of a response.
    server = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if os.name == "posix":  # on other systems this would let two servers share a port
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        server.bind((EVERYWHERE if lan else LOOPBACK, port))
    except OSError as error:
        server.close()
        if error.errno == errno.EADDRINUSE:
            raise UsageError(
                f"--port {port}: already in use, perhaps by another server. Try --port {port + 1}."
            ) from None
        raise UsageError(f"--port {port}: cannot be used ({error.strerror}). Try another port.") from None
    server.listen(QUEUE)
    return server


def server_config(app: ASGIApp) -> uvicorn.Config:
    """Return how an application is served: quietly, and with limits on connections."""
    return uvicorn.Config(
        app,
        log_level="error",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE,
        http=LimitedConnection,
        limit_concurrency=connection_limit(),
        backlog=ACCEPTED_AT_ONCE,
        ws="none",
    )


def run(app: ASGIApp, listening: socket.socket, end_streams: Callable[[], None]) -> None:
    """Serve an application until the process is told to stop; the caller closes the socket (see `listening_socket`)."""
    logging.basicConfig(format="%(levelname)s: %(message)s")
    gc.collect()
    gc.freeze()  # what is loaded stays, so that no collection looks through it again
    gc.set_threshold(*OBJECTS_BETWEEN_COLLECTIONS)
    Server(server_config(app), end_streams).run(sockets=[listening])
