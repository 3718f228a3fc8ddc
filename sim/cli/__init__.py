"""The command line: arguments, exit codes and progress bars; the only room that prints."""

from __future__ import annotations

import gc
import os
from collections.abc import Sequence

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


__all__ = ["main"]
