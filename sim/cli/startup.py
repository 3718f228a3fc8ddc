"""Runs one command: garbage collection, exit codes, a full disk, and Ctrl-C at any moment."""

from __future__ import annotations

import errno
import gc
import os
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress

from sim.cli.app import app

OBJECTS_BETWEEN_COLLECTIONS = 1_000_000
"""Objects allocated between two garbage collections. A run allocates fewer, and hardly any of them is garbage."""


def run_command(arguments: Sequence[str] | None = None) -> None:
    """Run one command and exit; the arguments are those of `sim.cli.main`."""
    # Pydantic looks through every installed distribution for plugins; Parley needs none.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    usual = gc.get_threshold()
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS, *usual[1:])
    try:
        app(arguments)
    finally:
        gc.set_threshold(*usual)


def run_process() -> int:
    """Run the command of this process and return its exit code, with everything written."""
    code: object = 1
    try:
        run_command()
    except SystemExit as ended:
        code = ended.code or 0
    except (KeyboardInterrupt, ModuleNotFoundError):
        raise
    except BaseException as error:
        _report(error)
    try:
        sys.stdout.flush()
    except (OSError, ValueError) as error:
        if code == 0 and _is_full(error):  # a short output was buffered until now, and is lost
            code = 1
            _report(error)
    with suppress(OSError, ValueError):
        sys.stderr.flush()
    return code if isinstance(code, int) else 1


def _is_full(error: BaseException) -> bool:
    return isinstance(error, OSError) and error.errno == errno.ENOSPC


def _report(error: BaseException) -> None:
    """Print why a command ended: a sentence for a full disk, otherwise a traceback."""
    if _is_full(error):
        sys.stderr.write(
            "The output cannot be written because the disk is full. Free some space and run the command again.\n"
        )
    else:
        traceback.print_exception(error)
