"""A server's socket, its life and its end."""

from __future__ import annotations

import errno
import logging
import os
import socket
from collections.abc import Callable
from types import FrameType

import uvicorn
from starlette.types import ASGIApp

from sim.errors import UsageError
from sim.web import addresses

WAITING = 2048
"""Connections that wait to be taken: a class comes all at once."""
GRACE = 3
"""Seconds that requests have to end when the server ends."""


class Server(uvicorn.Server):
    """Uvicorn, which ends the open streams first, for they would not end by themselves."""

    def __init__(self, config: uvicorn.Config, end_streams: Callable[[], None]) -> None:
        super().__init__(config)
        self._hang_up = end_streams

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._hang_up()
        super().handle_exit(sig, frame)


def listening_socket(port: int, lan: bool = False) -> socket.socket:
    """A socket on this machine alone, or for the room.

    Parameters
    ----------
    port : 0 takes any that is free
    lan : whether other devices of the room may come in

    Raises
    ------
    UsageError
        if the port is in use, or not ours to take
    """
    # Only where the protocol is named does asyncio send at once, and not wait 40 ms for the rest of an answer.
    server = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if os.name == "posix":  # elsewhere it would let two servers share a port
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        server.bind((addresses.EVERYWHERE if lan else addresses.LOOPBACK, port))
    except OSError as error:
        server.close()
        if error.errno == errno.EADDRINUSE:
            raise UsageError(f"--port {port}: in use, by another server perhaps; try --port {port + 1}.") from None
        raise UsageError(f"--port {port}: cannot be used ({error.strerror}).") from None
    server.listen(WAITING)
    return server


def run(app: ASGIApp, listening: socket.socket, end_streams: Callable[[], None]) -> None:
    """Serve an application until the process is told to stop.

    Parameters
    ----------
    listening : of `listening_socket`; the caller closes it
    end_streams : ends the streams that are open
    """
    logging.basicConfig(format="%(levelname)s: %(message)s")
    config = uvicorn.Config(
        app,
        log_level="error",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE,
        limit_concurrency=None,
        ws="none",
    )
    Server(config, end_streams).run(sockets=[listening])
