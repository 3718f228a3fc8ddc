"""What holds for every command: a first word that is no command is a scenario, and a mistake is a sentence."""

from __future__ import annotations

import os
import sys
from typing import Any

import typer
from typer.core import TyperGroup

from sim.cli.output import errors
from sim.errors import CaseError, ParleyError

DEFAULT = "play"
BAD_INPUT = 2
INTERRUPTED = 130
"""As shells count it: 128 and the number of the signal."""
BROKEN_PIPE = 141


class CommandGroup(TyperGroup):
    """The group of all commands; `play` may be left out."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        own = {name for parameter in self.get_params(ctx) for name in parameter.opts}
        if args and args[0] not in self.commands and args[0] not in own:
            args = [DEFAULT, *args]
        return super().parse_args(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
            return result
        except CaseError as error:
            for problem in error.problems:
                errors().print(str(problem), soft_wrap=True)
            raise typer.Exit(BAD_INPUT) from None
        except ParleyError as error:
            errors().print(str(error), soft_wrap=True)
            raise typer.Exit(BAD_INPUT) from None
        except KeyboardInterrupt as interrupt:
            errors().print(str(interrupt) or "Interrupted.", soft_wrap=True)
            raise typer.Exit(INTERRUPTED) from None
        except BrokenPipeError:
            # What is still to be flushed at exit goes nowhere: its reader has left.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(BROKEN_PIPE) from None
