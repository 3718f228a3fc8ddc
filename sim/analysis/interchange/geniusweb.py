"""Domains of GeniusWeb, as its profiles server keeps them in JSON: a file of issues, and one of utilities per party.

The utility of an outcome is the sum over the issues of weight times utility of the value. Numbers have utilities at
their two ends, and those between are interpolated. A profile repeats its domain, so a folder of profiles is enough.
What no agreement is worth is the utility of a reservation bid; without one, any agreement is better than none.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn

from sim.analysis.interchange.domain import Domain, DomainIssue, Profile, UtilityPart
from sim.analysis.interchange.domain_folder import ReadingChoices, choose_files, files_in, joined
from sim.analysis.interchange.value_range import DIGITS, NoValuesError, real_numbers
from sim.case.checks.validation import OPTIONS_MOST
from sim.case.conditions import Option
from sim.case.reading.source_text import file_error, read_text
from sim.errors import CaseError, Problem, did_you_mean, quoted

LINEAR, ISSUES = "LinearAdditiveUtilitySpace", "issuesValues"
LISTED = ("DiscreteValueSetUtilities", "discreteutils")
BETWEEN = ("NumberValueSetUtilities", "numberutils")
"""Kinds of utilities of values, under their names now and before."""


def read_geniusweb(path: Path, choices: ReadingChoices) -> Domain:
    """Read a domain of GeniusWeb.

    `path` is its folder, the file of its issues, or a profile, which has them too. Raises CaseError with the file and
    the key of a value that is missing, is not a number, or has no counterpart in a case.
    """
    paths, left_out = files_in(path, (".json",))
    files = [_JsonFile(file) for file in paths]
    profiles, domains = [file for file in files if file.kind], [file for file in files if ISSUES in file.data]
    left_out += [
        f"{file.file} holds neither issues nor utilities" for file in files if not file.kind and ISSUES not in file.data
    ]
    owner = next((file for file in profiles if file.file == path.as_posix()), None)
    if owner or (not domains and profiles):
        domains = [owner or profiles[0]]
    domain, chosen, others = choose_files(
        path,
        domains,
        profiles,
        choices,
        name_of=lambda file: file.file,
        marks=(f'"{ISSUES}"', f'"{LINEAR}"'),
    )
    at: tuple[str, ...] = (domain.kind, "domain") if domain.kind else ()
    read = [_issue(domain, (*at, ISSUES, name), choices.steps) for name in domain.mapping((*at, ISSUES))]
    if not read:
        raise domain.error((*at, ISSUES), "this domain has no issues.")
    issues = tuple(issue for issue, _ in read)
    return Domain(
        program="geniusweb",
        name=str(domain.get((*at, "name")) or Path(domain.file).stem),
        file=domain.file,
        issues=issues,
        profiles=tuple(_profile(file, issues) for file in chosen),
        left_out=tuple(left_out),
        notes=joined([[note for _, note in read if note], others]),
    )


class _JsonFile:
    """A JSON file whose values are read by their path. `kind` is the type of its utilities; empty if it has none."""

    def __init__(self, path: Path) -> None:
        self.file = path.as_posix()
        try:
            data = json.loads(read_text(path), parse_float=Decimal, parse_constant=_refuse)
        except RecursionError:
            raise file_error(self.file, "this file is nested too deeply for a domain.") from None
        except json.JSONDecodeError as error:
            message = f"this is not JSON: {error.msg}."
            raise file_error(self.file, message, (error.lineno, error.colno)) from None
        except ValueError as error:
            raise file_error(self.file, f"this is not JSON: {error}.") from None
        self.data: Mapping[str, Any] = data if isinstance(data, dict) else {}
        self.kind = next((key for key in self.data if key.endswith("UtilitySpace")), "")

    def get(self, path: Sequence[str]) -> Any:
        """Return the value at a path; None if there is none."""
        data: Any = self.data
        for step in path:
            data = data.get(step) if isinstance(data, dict) else None
        return data

    def mapping(self, path: Sequence[str]) -> Mapping[str, Any]:
        value = self.get(path)
        if not isinstance(value, dict):
            raise self.error(path, f"this must be an object, {{…}}, not {quoted(value)}.")
        return value

    def number(self, path: Sequence[str]) -> Decimal:
        """Return a number, which may be in quotes."""
        value = self.get(path)
        try:
            number = Decimal(str(value)) if isinstance(value, str | int | Decimal) else Decimal("nan")
        except ArithmeticError:
            number = Decimal("nan")
        if isinstance(value, bool) or not number.is_finite() or not math.isfinite(float(number)):
            raise self.error(path, f"this must be a finite number, not {quoted(value)}.")
        return number

    def error(self, path: Sequence[str], message: str) -> CaseError:
        """Return the error for a mistake at a path."""
        return CaseError([Problem(self.file, 0, 0, ".".join(path), message)])


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not a number")


def _issue(file: _JsonFile, path: Sequence[str], steps: int | None) -> tuple[DomainIssue, str | None]:
    """An issue, and a note on the choice of its values if there was one."""
    name, values = path[-1], file.get((*path, "values"))
    if values is None and file.get((*path, "range")) is not None:
        listed, note = _range(file, (*path, "range"), name, steps)
        return DomainIssue(name, listed), note
    if not isinstance(values, list):
        raise file.error(path, "an issue needs a list of values, or a range.")
    if not 2 <= len(values) <= OPTIONS_MOST:
        message = f"issue '{name}' has {len(values):,} values; an issue of a case has 2 to {OPTIONS_MOST}."
        raise file.error((*path, "values"), message)
    for value in values:
        if not isinstance(value, str):
            raise file.error((*path, "values"), f"a value must be text in quotes, not {quoted(value)}.")
    if twice := next((value for value in values if values.count(value) > 1), None):
        raise file.error((*path, "values"), f"issue '{name}' has the value '{twice}' twice.")
    return DomainIssue(name, tuple(values)), None


def _range(file: _JsonFile, path: Sequence[str], name: str, steps: int | None) -> tuple[tuple[Option, ...], str | None]:
    """All numbers of a range, from its low end in its own steps; or fewer if there are too many."""
    low, high, step = (file.number((*path, end)) for end in ("low", "high", "step"))
    if step <= 0 or high < low + step:
        raise file.error(path, "a range needs a low end, a high end above it, and a step that fits between them.")
    count = int((high - low) / step) + 1
    if count <= OPTIONS_MOST:
        return tuple(float(f"{low + step * number:.{DIGITS}g}") for number in range(count)), None
    try:
        return real_numbers(name, float(low), float(high), steps)
    except NoValuesError as error:
        raise file.error(path, str(error)) from None


def _profile(file: _JsonFile, issues: Sequence[DomainIssue]) -> Profile:
    if file.kind != LINEAR:
        raise file.error((file.kind,), f"utilities of type '{file.kind}' are not read; only {LINEAR} is.")
    root, known = (file.kind,), [issue.name for issue in issues]
    for name in file.mapping((*root, "issueUtilities")):
        if name not in known:
            hint = did_you_mean(name, known) or f" Choose from {', '.join(known)}."
            raise file.error((*root, "issueUtilities", name), f"the domain has no issue '{name}'.{hint}")
    worths = [list(_worths(file, root, issue)) for issue in issues]
    return Profile(
        name=str(file.get((*root, "name")) or Path(file.file).stem),
        file=file.file,
        parts=tuple(
            UtilityPart({at: (value,)}, float(worth))
            for at, of_issue in enumerate(worths)
            for value, worth in enumerate(of_issue)
        ),
        reservation=_reservation(file, root, issues, worths),
    )


def _worths(file: _JsonFile, root: Sequence[str], issue: DomainIssue) -> Iterator[Decimal]:
    """What each value of an issue adds to the utility."""
    weight, path = file.number((*root, "issueWeights", issue.name)), (*root, "issueUtilities", issue.name)
    kind = next(iter(file.mapping(path)), "")
    if kind in LISTED:
        for value in issue.values:
            entry = (*path, kind, "valueUtilities", str(value))
            if file.get(entry) is None:
                raise file.error(entry[:-1], f"the value '{value}' of '{issue.name}' is missing.")
            yield weight * file.number(entry)
    elif kind in BETWEEN:
        ends = ("lowValue", "highValue", "lowUtility", "highUtility")
        low, high, at_low, at_high = (file.number((*path, kind, end)) for end in ends)
        if high <= low:
            raise file.error((*path, kind), "highValue must be above lowValue.")
        for value in issue.values:
            if isinstance(value, str):
                raise file.error((*path, kind), f"{kind} needs numbers, but '{issue.name}' has the value '{value}'.")
            share = (Decimal(repr(value)) - low) / (high - low)
            yield weight * (at_low + (at_high - at_low) * share)
    else:
        known = f"{LISTED[0]} and {BETWEEN[0]}"
        raise file.error(path, f"utilities of values of type '{kind}' are not read; only {known} are.")


def _reservation(
    file: _JsonFile, root: Sequence[str], issues: Sequence[DomainIssue], worths: Sequence[Sequence[Decimal]]
) -> float | None:
    """The utility of the reservation bid; an issue that it leaves out adds nothing. None without a bid."""
    path = (*root, "reservationBid")
    if file.get(path) is None:
        return None
    bid = file.mapping((*path, "issuevalues"))
    total = Decimal(0)
    for name, value in bid.items():
        issue = next((at for at, issue in enumerate(issues) if issue.name == name), None)
        values = [] if issue is None else [str(one) for one in issues[issue].values]
        spelt = str(float(value)) if isinstance(value, int | Decimal) and not isinstance(value, bool) else str(value)
        if issue is None or spelt not in values:
            raise file.error((*path, "issuevalues", name), f"the domain has no value {quoted(value)} of '{name}'.")
        total += worths[issue][values.index(spelt)]
    return float(total)
