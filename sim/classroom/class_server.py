"""Starts and stops the server of a class."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from sim.classroom import class_pages
from sim.classroom.class_app import create
from sim.classroom.session_registry import ServerAddress, SessionRegistry
from sim.classroom.store_repair import open_store
from sim.web import web_server
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
    """Serve a class until the process is told to stop. Raises `UsageError` if the port or the file cannot be used.

    `ready` is called once the server can be reached, with messages about repairs to the file `data`. With `lan`, other
    devices on the network may connect. The port 0 takes any free port.
    """
    with closing(web_server.listening_socket(port, lan)) as listening:
        store, repairs = open_store(data)
        address = ServerAddress(listening.getsockname()[1], tuple(web_server.lan_addresses()) if lan else ())
        registry = SessionRegistry(store, catalogue, address, program)
        app = create(registry, web_server.host_names())
        class_pages.compile_templates()
        ready(registry, repairs)
        web_server.run(app, listening, registry.end_streams)
