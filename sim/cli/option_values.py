"""Reads the values of options: numbers, settings, proposals and actors; the errors say how to write them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import typer

from sim.errors import CaseError, UsageError, did_you_mean

THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\w))")
"""Matches the comma between thousands, as pages print it: 50,000."""
WHOLE = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)")
AMBIGUOUS = re.compile(r"=([1-9]\d{0,2})\.(\d{3})$")
"""Matches a term such as force_size=30.000, which means thirty in one country and thirty thousand in another."""


def whole_number(least: int | None = None, most: int | None = None) -> Callable[[object], int]:
    """Return what reads a whole number from `least` to `most`, with or without commas between thousands."""

    def read(given: object) -> int:
        text = str(given).strip()
        if not WHOLE.fullmatch(text):
            raise typer.BadParameter(f"'{text}' is not a whole number. Write it like 1000 or 1,000.")
        number = int(text.replace(",", ""))
        if (least is not None and number < least) or (most is not None and number > most):
            limits = f"at least {least:,}" if most is None else f"from {least or 0:,} to {most:,}"
            raise typer.BadParameter(f"{number:,} is out of range. Give a number {limits}.")
        return number

    return read


def month(given: object) -> int | Literal["end"]:
    """Read a month of the talks: its number, or ``end`` for the month in which they end."""
    if str(given).strip().lower() == "end":
        return "end"
    return whole_number(1)(given)


def decimal(least: float, most: float) -> Callable[[object], float]:
    """Return what reads a number from `least` to `most` with a decimal point."""

    def read(given: object) -> float:
        text = str(given).strip()
        try:
            number = float(text)
        except ValueError:
            hint = " Use a decimal point." if "," in text else ""
            raise typer.BadParameter(f"'{text}' is not a number.{hint}") from None
        if not least <= number <= most:
            raise typer.BadParameter(f"{text} is out of range. Give a number from {least:g} to {most:g}.")
        return number

    return read


def needed(scenario: str | None) -> str:
    """Return the scenario to play.

    Raises
    ------
    UsageError
        if it is missing
    """
    if scenario is None:
        raise UsageError("Name a scenario to play. Without any arguments, the program lists the bundled scenarios.")
    return scenario


def check_game(actor: str | None, save: Path | None, resume: Path | None, changed: bool, batch: bool) -> None:
    """Refuse options that do not go with a game that somebody plays.

    Parameters
    ----------
    changed : whether the scenario or its world is changed
    batch : whether worlds, JSON or a record are requested

    Raises
    ------
    UsageError
        if some do not go together
    """
    if batch:
        raise UsageError(
            "--worlds, --json and --out cannot be used in a game that you play yourself. Use --save to choose its file."
        )
    if resume is None and actor is None:
        raise UsageError("--save is only for a game that you play yourself. Choose your actor with --as.")
    if resume is not None and save is not None:
        raise UsageError("--resume continues to save in the same file. Leave out --save.")
    if resume is not None and changed:
        raise UsageError("A saved game keeps its settings. Leave out --set, --months and --seed.")


def settings(given: Sequence[str] | None) -> dict[str, Any]:
    """Return the changes of ``--set PATH=VALUE``, each value read as in a file.

    Raises
    ------
    UsageError
        if a change has no ``=``, or its value is not YAML
    """
    return dict(_pair(change, "--set", "PATH=VALUE, such as context.us_aid.start=0") for change in given or ())


def proposal(given: str | None) -> dict[str, Any] | None:
    """Return the terms of ``--propose``, separated by blanks or commas; None if the option is missing.

    Numbers may be written as they are printed: ``force_size=50,000``.

    Raises
    ------
    UsageError
        if a term has no ``=``, or names an issue twice
    """
    if given is None:
        return None
    parts = list(filter(None, re.split(r"[\s,;]+", THOUSANDS.sub("", given))))
    if unclear := next(filter(AMBIGUOUS.search, parts), None):
        whole, decimals = AMBIGUOUS.sub(r"=\1\2", unclear), AMBIGUOUS.sub(r"=\1", unclear)
        raise UsageError(f"--propose {unclear} could mean two numbers. Write {whole} or {decimals}.")
    terms = [_pair(part, "--propose", "ISSUE=OPTION, such as force=european") for part in parts]
    if not terms:
        raise UsageError("--propose is empty. Write ISSUE=OPTION, such as force=european.")
    names = [name for name, _ in terms]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise UsageError(f"--propose sets '{twice}' twice. Give each issue once.")
    return dict(terms)


def actors(given: str | None, known: Mapping[str, Any]) -> list[str] | None:
    """Return the actors of ``--among``, separated by commas or blanks; None if the option is missing.

    Raises
    ------
    UsageError
        if a name is not an actor of the case, or the list is empty
    """
    if given is None:
        return None
    names = list(filter(None, re.split(r"[\s,;]+", given)))
    if not names:
        raise UsageError("--among is empty. Name actors, such as russia,ukraine.")
    return [actor(name, known, "--among") for name in names]


def _pair(text: str, option: str, form: str) -> tuple[str, Any]:
    # The loader takes longer to import than --help may take.
    from sim.case.reading.yaml_documents import parse_value

    name, equals, value = text.partition("=")
    if not equals or not name.strip() or not value.strip():
        raise UsageError(f"'{option} {text}' cannot be understood. Write {form}.")
    try:
        return name.strip(), parse_value(value)
    except CaseError as error:
        raise UsageError(f"{option} {text}: {error.problems[0].message}") from None


def choice(given: str | None, known: Sequence[str], option: str) -> str | None:
    """Return one of a few words, given in any letter case; None if the option is missing.

    Raises
    ------
    UsageError
        if it is another word
    """
    if given is None or given.lower() in known:
        return given and given.lower()
    raise UsageError(
        f"Unknown value '{given}' for {option}. Choose {' or '.join(known)}.{did_you_mean(given.lower(), list(known))}"
    )


def actor(given: str, known: Mapping[str, Any] | Iterable[str], option: str = "--actor") -> str:
    """Return the id of an actor of the case, given in any letter case.

    Raises
    ------
    UsageError
        if there is no such actor
    """
    ids = list(known)
    if given.lower() in ids:
        return given.lower()
    raise UsageError(
        f"Unknown actor '{given}' for {option}. Choose from {', '.join(ids)}.{did_you_mean(given.lower(), ids)}"
    )
