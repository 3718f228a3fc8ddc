"""What all commands share: a first word that is not a command is a case or scenario, and a mistake is a sentence."""

from __future__ import annotations

import os
import sys
from difflib import SequenceMatcher
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from sim import case_paths
from sim.cli.output import errors
from sim.cli.scenario_list import program
from sim.cli.suggestions import EXAMPLES, OTHER_WORDS, SIMILAR
from sim.errors import CaseError, ParleyError, UsageError

OF_CASE, OF_SCENARIO = "answer", "play"
"""The commands that are meant if a case or a scenario is named without a command."""
HELP = "help"
BAD_INPUT = 2
INTERRUPTED = 130
"""128 and the number of the signal, as shells count."""
BROKEN_PIPE = 141


class ExampleCommand(TyperCommand):
    """A command that shows an example, in its help and in what is said of wrong arguments."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except Exception as error:
            said = getattr(error, "format_message", None)
            if said and self.name in EXAMPLES:
                example = f"Example: {program()} {self.name} {EXAMPLES[self.name]}"
                vars(error)["format_message"] = lambda: f"{said()}\n{example}"
            raise


class CommandGroup(TyperGroup):
    """The group of all commands. `play` can be left out before a scenario, and `answer` before a case."""

    def main(self, *arguments: Any, **options: Any) -> Any:
        try:
            return super().main(*arguments, **options)
        except KeyboardInterrupt:
            sys.exit(INTERRUPTED)

    def make_context(self, *arguments: Any, **options: Any) -> Any:
        with _MistakesAsSentences():
            return super().make_context(*arguments, **options)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        own_options = {name for parameter in self.get_params(ctx) for name in parameter.opts}
        if args and args[0] == HELP:
            args = [*args[1:], "--help"]
        if args and args[0] not in self.commands and args[0] not in own_options:
            args = [self._implied(args[0]), *args]
        return super().parse_args(ctx, args)

    def _implied(self, word: str) -> str:
        """Return the command that is meant if the first word is not a command.

        Raises
        ------
        UsageError
            if the word names nothing; suggests the most similar command, scenario or case
        """
        if word.startswith("-"):
            return OF_SCENARIO
        path = case_paths.find(word) if word.endswith(case_paths.SUFFIXES) else case_paths.existing(word)
        if path is None:
            raise UsageError(f"There is no command, scenario, case or file named '{word}'.{self._suggestion(word)}")
        return OF_CASE if case_paths.is_case(path) else OF_SCENARIO

    def _suggestion(self, word: str) -> str:
        lower = word.lower()
        if lower in OTHER_WORDS:
            return f" Type '{f'{program()} {OTHER_WORDS[lower]}'.rstrip()}'."
        likeness = {
            name: max(
                SequenceMatcher(None, lower, part).ratio() for part in (name.lower(), name.lower().partition(".")[0])
            )
            for name in [*self.commands, *case_paths.known_names(word)]
        }
        nearest = max(likeness, key=lambda name: likeness[name])
        if likeness[nearest] >= SIMILAR:
            kind = "the command " if nearest in self.commands else ""
            return f" Did you mean {kind}'{nearest}'?"
        return f" {program()} help lists the commands, {program()} alone the scenarios."

    def invoke(self, ctx: Any) -> Any:
        with _MistakesAsSentences():
            result = super().invoke(ctx)
            sys.stdout.flush()
            return result


class _MistakesAsSentences:
    """Turns the errors that a user can cause into a message and an exit code."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        match error:
            case CaseError():
                for problem in error.problems:
                    errors().print(str(problem), soft_wrap=True)
                raise typer.Exit(BAD_INPUT) from None
            case ParleyError():
                errors().print(str(error), soft_wrap=True)
                raise typer.Exit(BAD_INPUT) from None
            case KeyboardInterrupt():
                errors().print(str(error) or "Interrupted.", soft_wrap=True)
                raise typer.Exit(INTERRUPTED) from None
            case BrokenPipeError():
                # What is still to be flushed at exit goes nowhere, because its reader has left.
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
                raise typer.Exit(BROKEN_PIPE) from None
