"""The command that serves the lab.

As in `sim.cli.app`, a command imports what only it needs; the lab needs the extra `classroom`.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated

import typer

from sim.cli import options, output, scenario_list
from sim.cli.commands.class_command import PORTS, served

PORT = 8_010


def lab(
    scenario: Annotated[
        str | None, typer.Argument(metavar="SCENARIO", help="Scenario to open first, or your own case folder.")
    ] = None,
    port: Annotated[int, options.number("--port", "P", "Port to serve on; 0 takes any free port.", 0, PORTS)] = PORT,
    no_open: Annotated[bool, typer.Option("--no-open", help="Print the address without opening a browser.")] = False,
) -> None:
    """Change numbers and terms in the browser and see immediately who would accept what, and why."""
    with served("lab"):
        from sim.lab.lab_server import serve as run
        from sim.web.catalogue import Catalogue

    def ready(address: str) -> None:
        output.show_text(f"The lab is ready. Only this machine can open it:\n  {address}\nPress Ctrl-C to stop.\n")

    def no_browser() -> None:
        output.show_text("No browser could be opened. Open the link above in a browser.\n")

    with suppress(KeyboardInterrupt):  # uvicorn raises the interrupt again that stopped it
        catalogue = Catalogue(scenario, first=scenario_list.HEADLINE)
        run(catalogue, port=port, open_browser=not no_open, ready=ready, no_browser=no_browser)
    output.show_text("\nStopped.\n")
