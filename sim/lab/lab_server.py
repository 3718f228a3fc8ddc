"""The server of a lab: this machine alone, and a browser that is told to look."""

from __future__ import annotations

import webbrowser
from collections.abc import Callable
from contextlib import closing
from threading import Thread

from sim.lab.lab_app import create
from sim.lab.scenario_cache import ScenarioCache
from sim.web import addresses, web_server
from sim.web.catalogue import Catalogue


def serve(
    catalogue: Catalogue, *, port: int, open_browser: bool, ready: Callable[[str], None], no_browser: Callable[[], None]
) -> None:
    """Serve a lab until the process is told to stop.

    Parameters
    ----------
    catalogue : what can be looked into; the first is opened before anything is served
    port : 0 takes any that is free
    open_browser : whether to open the browser
    ready : called with the address once it can be reached
    no_browser : called if no browser can be opened

    Raises
    ------
    CaseError
        with every mistake in the files of the first scenario
    UsageError
        if the port cannot be used
    """
    cache = ScenarioCache(catalogue)
    assert cache.first  # loaded before the port is taken, so that a mistake is said at once
    with closing(web_server.listening_socket(port)) as listening:
        address = f"http://{addresses.LOOPBACK}:{listening.getsockname()[1]}/"
        app = create(cache, addresses.host_names())
        ready(address)
        if open_browser:
            Thread(target=_look, args=(address, no_browser), daemon=True).start()
        web_server.run(app, listening, lambda: None)


def _look(address: str, no_browser: Callable[[], None]) -> None:
    """Open the browser; one that cannot be opened says so, or says nothing and returns False."""
    try:
        loaded = webbrowser.open(address)
    except (webbrowser.Error, OSError):
        loaded = False
    if not loaded:
        no_browser()
