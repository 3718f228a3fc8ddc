"""The server of a class: its file, its address, its end."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from sim.classroom.class_app import create
from sim.classroom.session_registry import ServerAddress, SessionRegistry
from sim.classroom.store_repair import open_store
from sim.web import addresses, web_server
from sim.web.catalogue import Catalogue


def serve(
    data: Path,
    catalogue: Catalogue,
    *,
    port: int,
    lan: bool,
    program: str,
    ready: Callable[[SessionRegistry, list[str]], None],
) -> None:
    """Serve a class until the process is told to stop.

    Parameters
    ----------
    data : the file
    catalogue : what sessions can be made of
    port : 0 takes any that is free
    lan : whether other devices of the room may come in
    program : the version of this program
    ready : called once it can be reached, with what had to be mended in the file

    Raises
    ------
    UsageError
        if the port or the file cannot be used
    """
    with closing(web_server.listening_socket(port, lan)) as listening:
        store, mended = open_store(data)
        address = ServerAddress(listening.getsockname()[1], tuple(addresses.addresses()) if lan else ())
        registry = SessionRegistry(store, catalogue, address, program)
        app = create(registry, addresses.names())
        ready(registry, mended)
        web_server.run(app, listening, registry.end_streams)
