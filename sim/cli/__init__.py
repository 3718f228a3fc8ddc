"""The command line: arguments, exit codes and progress bars; the only package that prints.

Nothing is imported here before `run` or `main` is called, so that Ctrl-C is quiet while the libraries load, and a
missing library is reported in a sentence.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn


def main(arguments: "Sequence[str] | None" = None) -> None:
    """Run one command and exit.

    Parameters
    ----------
    arguments : the arguments without the program's name; None takes those of the process
    """
    from sim.cli.startup import run_command

    run_command(arguments)


def run() -> "NoReturn":
    """Run the command of this process and end the process immediately."""
    import os
    import sys

    try:
        from sim.cli.startup import run_process

        code = run_process()
    except KeyboardInterrupt:
        sys.stderr.write("\nInterrupted.\n")
        code = 130
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("sim"):
            raise
        sys.stderr.write(
            f"Parley is not installed for {sys.executable}, which lacks {error.name}. In the folder of Parley, run: "
            "python3 -m venv .venv && .venv/bin/python -m pip install . (then start it with .venv/bin/python run.py)\n"
        )
        code = 1
    # A normal exit would dismantle every module that Mesa loaded, which takes a seventh of the time of a short run.
    os._exit(code)


__all__ = ["main", "run"]
