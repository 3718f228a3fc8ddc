"""Starts and stops the server of the lab, for this machine alone, and opens the browser."""

from __future__ import annotations

import webbrowser
from collections.abc import Callable
from contextlib import closing
from threading import Thread

from sim.lab.lab_app import create
from sim.lab.scenario_cache import ScenarioCache
from sim.web import web_server
from sim.web.catalogue import Catalogue


def serve(
    catalogue: Catalogue, *, port: int, open_browser: bool, ready: Callable[[str], None], no_browser: Callable[[], None]
) -> None:
    """Serve a lab until the process is told to stop.

    Parameters
    ----------
    catalogue : scenarios that can be shown; the first is loaded before the server starts
    port : 0 takes any free port
    open_browser : whether to open the browser
    ready : called with the address once the server can be reached
    no_browser : called if no browser can be opened

    Raises
    ------
    CaseError
        with every mistake in the files of the first scenario
    UsageError
        if the port cannot be used
    """
    cache = ScenarioCache(catalogue)
    assert cache.first  # loaded before the port is opened, so that mistakes are reported at once
    with closing(web_server.listening_socket(port)) as listening:
        address = f"http://{web_server.LOOPBACK}:{listening.getsockname()[1]}/"
        app = create(cache, web_server.host_names())
        ready(address)
        if open_browser:
            Thread(target=_open_browser, args=(address, no_browser), daemon=True).start()
        web_server.run(app, listening, lambda: None)


def _open_browser(address: str, no_browser: Callable[[], None]) -> None:
    """Open the browser; `webbrowser` reports failure by an exception or by returning False."""
    try:
        loaded = webbrowser.open(address)
    except (webbrowser.Error, OSError):
        loaded = False
    if not loaded:
        no_browser()
