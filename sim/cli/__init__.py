"""The command line: arguments, exit codes and progress bars; the only room that prints."""

from __future__ import annotations

import gc
import os
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from typing import NoReturn

from sim.cli.app import app

FEW_COLLECTIONS = 1_000_000
"""Objects made between two garbage collections. A run makes fewer, and next to none of them is garbage."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command, and exit.

    Parameters
    ----------
    arguments : without the program's name; None takes those of the process
    """
    # Pydantic looks through every installed distribution for plugins, of which this program wants none.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    usual = gc.get_threshold()
    gc.set_threshold(FEW_COLLECTIONS, *usual[1:])
    try:
        app(arguments)
    finally:
        gc.set_threshold(*usual)


def run() -> NoReturn:
    """Run the command of this process, and end it at once.

    Python would take apart every module that Mesa brought, which takes a seventh of the time of a short run.
    """
    code: object = 1
    try:
        main()
    except SystemExit as ended:
        code = ended.code or 0
    except BaseException:
        traceback.print_exc()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(code if isinstance(code, int) else 1)


__all__ = ["main", "run"]
