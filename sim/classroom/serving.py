"""The server of a class: its file, its address, its end."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from sim.classroom.app import create
from sim.classroom.hall import Address, Hall
from sim.classroom.repair import opened
from sim.web import lan, serving
from sim.web.shelf import Shelf


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
    with closing(serving.bound(port, everywhere)) as listening:
        store, mended = opened(data)
        address = Address(listening.getsockname()[1], tuple(lan.addresses()) if everywhere else ())
        hall = Hall(store, shelf, address, program)
        app = create(hall, lan.names())
        ready(hall, mended)
        serving.run(app, listening, hall.hang_up)
