"""What the values of options mean: numbers, settings, proposals and actors, and what is said of wrong ones."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import typer

from sim.errors import CaseError, UsageError, did_you_mean

THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\w))")
"""The comma between thousands, as pages print it: 50,000."""
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
    """The scenario that is to be played.

    Raises
    ------
    UsageError
        if none is named
    """
    if scenario is None:
        raise UsageError("Name a scenario to play. Without any arguments, the program lists the bundled scenarios.")
    return scenario


def check_game(actor: str | None, save: Path | None, resume: Path | None, changed: bool, batch: bool) -> None:
    """Refuse what does not go with a game that somebody plays.

    Parameters
    ----------
    changed : whether the scenario, or its world, is changed
    batch : whether worlds, JSON or a record are asked for

    Raises
    ------
    UsageError
        which says what does not go together
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
    """The changes of ``--set PATH=VALUE``, each value read as it would stand in a file.

    Raises
    ------
    UsageError
        if one has no ``=``, or its value is no YAML
    """
    return dict(_pair(one, "--set", "PATH=VALUE, such as context.us_aid.start=0") for one in given or ())


def proposal(given: str | None) -> dict[str, Any] | None:
    """The terms of ``--propose``, parted by blanks or commas, numbers as they are printed (``force_size=50,000``) too.

    None if there are none.

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
    """The actors of ``--among``, parted by commas or blanks; None if there are none.

    Raises
    ------
    UsageError
        if one is no actor of the case, or none is named
    """
    if given is None:
        return None
    names = list(filter(None, re.split(r"[\s,;]+", given)))
    if not names:
        raise UsageError("--among is empty. Name actors, such as russia,ukraine.")
    return [actor(name, known, "--among") for name in names]


def _pair(text: str, option: str, form: str) -> tuple[str, Any]:
    # The loader's floor costs what --help must not: it is imported once there is a value to read.
    from sim.case.reading.yaml_documents import parse_value

    name, equals, value = text.partition("=")
    if not equals or not name.strip() or not value.strip():
        raise UsageError(f"'{option} {text}' cannot be understood. Write {form}.")
    try:
        return name.strip(), parse_value(value)
    except CaseError as error:
        raise UsageError(f"{option} {text}: {error.problems[0].message}") from None


def choice(given: str | None, known: Sequence[str], option: str) -> str | None:
    """One of a few words, in any letter case; None if there is none.

    Raises
    ------
    UsageError
        if it is no such word
    """
    if given is None or given.lower() in known:
        return given and given.lower()
    raise UsageError(
        f"Unknown value '{given}' for {option}. Choose {' or '.join(known)}.{did_you_mean(given.lower(), list(known))}"
    )


def actor(given: str, known: Mapping[str, Any] | Iterable[str], option: str = "--actor") -> str:
    """An actor of the case, by its id in any letter case.

    Raises
    ------
    UsageError
        if there is none of that id
    """
    ids = list(known)
    if given.lower() in ids:
        return given.lower()
    raise UsageError(
        f"Unknown actor '{given}' for {option}. Choose from {', '.join(ids)}.{did_you_mean(given.lower(), ids)}"
    )
