"""The command of the lecturer: a class in the browser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli import output, scenario_list
from sim.cli.version import VERSION
from sim.errors import missing

if TYPE_CHECKING:
    from sim.classroom.session_registry import SessionRegistry

FILE = Path("parley-class.db")
PORT = 8_000
PORTS = 65_535
EXTRA = ("fastapi", "starlette", "uvicorn", "jinja2", "markupsafe", "multipart", "python_multipart", "segno", "ifaddr")


def serve(
    scenario: Annotated[
        str | None,
        typer.Argument(metavar="[SCENARIO]", help="A scenario or a case folder of your own, beside the bundled ones."),
    ] = None,
    lan: Annotated[bool, typer.Option("--lan", help="Let the phones of the room in; else this machine alone.")] = False,
    port: Annotated[int, typer.Option("--port", min=0, max=PORTS, metavar="P", help="The port.")] = PORT,
    data: Annotated[
        Path, typer.Option("--data", metavar="FILE", help="Where all sessions are kept; goes on with what it holds.")
    ] = FILE,
) -> None:
    """Serve the game to a class: a console for the teacher, pages for phones."""
    with served("serve"):
        from sim.classroom.class_server import serve as run
        from sim.web.catalogue import Catalogue
    catalogue = Catalogue(scenario, first=scenario_list.HEADLINE)

    def ready(registry: SessionRegistry, mended: list[str]) -> None:
        for line in mended:
            output.errors().print(line, soft_wrap=True)
        output.show_text(_welcome(registry, data, lan=lan))

    with suppress(KeyboardInterrupt):  # uvicorn raises again what it ended by
        run(data, catalogue, port=port, lan=lan, program=VERSION, ready=ready)
    output.show_text(f"\nStopped. Everything is in {data}; the same command goes on with it.\n")


@contextmanager
def served(command: str) -> Iterator[None]:
    """Import what pages are served with.

    Raises
    ------
    UsageError
        if it is not installed; says how to install it
    """
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in EXTRA:
            raise
        raise missing(command, error.name, "classroom") from None


def _welcome(registry: SessionRegistry, data: Path, *, lan: bool) -> str:
    address = registry.address
    lines = [
        "Parley serves a class. Open this link, which is yours alone:",
        f"  {address.own}/t/{registry.first_link}",
    ]
    if address.lan:
        lines += ["Students, in the same network, type", *(f"  http://{one}:{address.port}" for one in address.lan)]
        lines += ["What goes over the network is not encrypted; use one that you trust."]
    elif lan:
        lines += ["This machine is in no network: connect it, or open a hotspot, and start again."]
    else:
        lines += ["Only this machine can reach it; add --lan for the phones of the room."]
    return "\n".join([*lines, f"All of it is kept in {data}. Ctrl-C ends.", ""])
