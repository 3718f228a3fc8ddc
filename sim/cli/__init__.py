"""The command line: arguments, exit codes and progress bars; the only room that prints."""

from sim.cli.app import app as main

__all__ = ["main"]
