"""The command line: arguments, exit codes and progress bars; the only room that prints."""

from __future__ import annotations

import errno
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
    except BaseException as error:
        _tell(error)
    try:
        sys.stdout.flush()
    except (OSError, ValueError) as error:
        if code == 0 and _is_full(error):  # what was short enough to wait until now is lost
            code = 1
            _tell(error)
    with suppress(OSError, ValueError):
        sys.stderr.flush()
    os._exit(code if isinstance(code, int) else 1)


def _is_full(error: BaseException) -> bool:
    return isinstance(error, OSError) and error.errno == errno.ENOSPC


def _tell(error: BaseException) -> None:
    """Say why a command ended: a full disk in a sentence, anything else with where it happened."""
    if _is_full(error):
        sys.stderr.write(
            "The output cannot be written because the disk is full. Free some space and run the command again.\n"
        )
    else:
        traceback.print_exception(error)


__all__ = ["main", "run"]
