"""The command that serves a class in the browser."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Annotated, cast

import typer

from sim.cli import options, output, scenario_list
from sim.cli.version import VERSION
from sim.errors import missing

if TYPE_CHECKING:
    from sim.classroom.session_registry import SessionRegistry

FILE = Path("parley-class.db")
PORT = 8_000
PORTS = 65_535
EXTRA = ("fastapi", "starlette", "uvicorn", "jinja2", "markupsafe", "multipart", "python_multipart", "segno", "ifaddr")
UNUSED = "pyarrow"
"""A library that pandas, and so Mesa, loads wherever it is installed. It takes 30 MB, and no page uses it."""


def serve(
    scenario: Annotated[
        str | None,
        typer.Argument(
            metavar="SCENARIO", help="Your own scenario file or case folder, offered next to the bundled ones."
        ),
    ] = None,
    lan: Annotated[
        bool,
        typer.Option(
            "--lan",
            help="Accept other devices in the same network, such as students' phones. Default: only this machine.",
        ),
    ] = False,
    port: Annotated[int, options.number("--port", "P", "Port to serve on; 0 takes any free port.", 0, PORTS)] = PORT,
    data: Annotated[
        Path,
        typer.Option(
            "--data", metavar="FILE", help="File in which sessions are stored. Existing sessions are resumed."
        ),
    ] = FILE,
) -> None:
    """Run the game for a class in the browser: a console for the teacher, and pages for students' phones."""
    with served("serve"):
        from sim.classroom.class_server import serve as run
        from sim.web.catalogue import Catalogue
    catalogue = Catalogue(scenario, first=scenario_list.HEADLINE)

    def ready(registry: SessionRegistry, mended: list[str]) -> None:
        for line in mended:
            output.errors().print(line, soft_wrap=True)
        output.show_text(_welcome(registry, data, lan=lan))

    with suppress(KeyboardInterrupt):  # uvicorn raises the interrupt again that stopped it
        run(data, catalogue, port=port, lan=lan, program=VERSION, ready=ready)
    output.show_text(f"\nStopped. Everything is saved in {data}. Run the same command again to continue.\n")


@contextmanager
def served(command: str) -> Iterator[None]:
    """Import the packages that serve pages, without the library that none of them uses.

    Raises
    ------
    UsageError
        if one is not installed; the message says how to install it
    """
    hidden = sys.modules.setdefault(UNUSED, cast(ModuleType, None)) is None  # Python takes it for not installed
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in EXTRA:
            raise
        raise missing(command, error.name, "classroom") from None
    finally:
        if hidden:
            del sys.modules[UNUSED]


def _welcome(registry: SessionRegistry, data: Path, *, lan: bool) -> str:
    address = registry.address
    lines = [
        "Parley is ready for your class. Open this link, and keep it to yourself:",
        f"  {address.own}/t/{registry.first_link}",
    ]
    if address.lan:
        lines += ["Students in the same network type", *(f"  http://{host}:{address.port}" for host in address.lan)]
        lines += ["The connection is not encrypted. Use a network that you trust."]
    elif lan:
        lines += ["This machine is not connected to a network. Connect it or open a hotspot, then start again."]
    else:
        lines += ["Only this machine can open these pages. Add --lan for students' phones."]
    return "\n".join([*lines, f"Everything is saved in {data}. Press Ctrl-C to stop.", ""])
