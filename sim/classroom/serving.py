"""The server: its file, its socket, its life, its end."""

from __future__ import annotations

import errno
import logging
import os
import socket
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import uvicorn

from sim.classroom import lan
from sim.classroom.app import create
from sim.classroom.hall import Address, Hall
from sim.classroom.repair import opened
from sim.classroom.shelf import Shelf
from sim.errors import UsageError

WAITING = 2048
"""Connections that wait to be taken: a class comes all at once."""
GRACE = 3
"""Seconds that requests have to end when the server ends."""


class Server(uvicorn.Server):
    """Uvicorn, which ends the open streams first, for they would not end by themselves."""

    def __init__(self, config: uvicorn.Config, hall: Hall) -> None:
        super().__init__(config)
        self._hall = hall

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._hall.hang_up()
        super().handle_exit(sig, frame)


def bound(port: int, everywhere: bool) -> socket.socket:
    """A socket on this machine alone, or for the room.

    Raises
    ------
    UsageError
        if the port is in use, or not ours to take
    """
    server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if os.name == "posix":  # elsewhere it would let two servers share a port
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        server.bind((lan.EVERYWHERE if everywhere else lan.LOOPBACK, port))
    except OSError as error:
        server.close()
        if error.errno == errno.EADDRINUSE:
            raise UsageError(f"--port {port}: in use, by another server perhaps; try --port {port + 1}.") from None
        raise UsageError(f"--port {port}: cannot be used ({error.strerror}).") from None
    server.listen(WAITING)
    return server


def serve(
    data: Path, shelf: Shelf, *, port: int, everywhere: bool, program: str, ready: Callable[[Hall, list[str]], None]
) -> None:
    """Serve a class until the process is told to stop.

    Parameters
    ----------
    data : the file
    shelf : what sessions can be made of
    port : 0 takes any that is free
    everywhere : whether other devices of the room may come in
    program : the version of this program
    ready : called once it can be reached, with what had to be mended in the file

    Raises
    ------
    UsageError
        if the port or the file cannot be used
    """
    listening = bound(port, everywhere)
    try:
        store, mended = opened(data)
    except BaseException:
        listening.close()
        raise
    address = Address(listening.getsockname()[1], tuple(lan.addresses()) if everywhere else ())
    hall = Hall(store, shelf, address, program)
    logging.basicConfig(format="%(levelname)s: %(message)s")
    config = uvicorn.Config(
        create(hall, lan.names()),
        log_level="error",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE,
        limit_concurrency=None,
        ws="none",
    )
    ready(hall, mended)
    try:
        Server(config, hall).run(sockets=[listening])
    finally:
        listening.close()
