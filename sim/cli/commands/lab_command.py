"""The command that serves the lab.

As in `sim.cli.app`, what a command alone needs it imports itself; the lab needs the extra `classroom`.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated

import typer

from sim.cli import output, scenario_list
from sim.cli.commands.class_command import PORTS, served

PORT = 8_010


def lab(
    scenario: Annotated[
        str | None,
        typer.Argument(metavar="[SCENARIO]", help="The scenario to begin with, or a case folder of your own."),
    ] = None,
    port: Annotated[int, typer.Option("--port", min=0, max=PORTS, metavar="P", help="The port.")] = PORT,
    no_open: Annotated[bool, typer.Option("--no-open", help="Print the address, and open no browser.")] = False,
) -> None:
    """Change numbers and terms in the browser, and see at once who would accept what, and why."""
    with served("lab"):
        from sim.lab.lab_server import serve as run
        from sim.web.catalogue import Catalogue

    def ready(address: str) -> None:
        output.show_text(f"The lab is open, for this machine alone:\n  {address}\nCtrl-C ends.\n")

    def no_browser() -> None:
        output.show_text("No browser could be opened; open the link above in one yourself.\n")

    with suppress(KeyboardInterrupt):  # uvicorn raises again what it ended by
        catalogue = Catalogue(scenario, first=scenario_list.HEADLINE)
        run(catalogue, port=port, open_browser=not no_open, ready=ready, no_browser=no_browser)
    output.show_text("\nStopped.\n")
