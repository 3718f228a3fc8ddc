"""Domains of NegMAS, as its scenarios are saved in YAML: one file of issues, and one of utilities per party.

Linear additive utilities and sums over hyper-rectangles are read, which covers everything that
`sim.analysis.interchange.export_negmas` writes. A value of an issue is spelt as in the file. Two numbers in a
hyper-rectangle are the open ends of a range, as in NegMAS: values larger than the first and smaller than the second.

References
----------
Mohammad, Y., Nakadai, S. and Greenwald, A. (2021). NegMAS: a platform for automated negotiations. *PRIMA 2020*.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.analysis.interchange.domain import Domain, DomainIssue, Profile, UtilityPart
from sim.analysis.interchange.domain_folder import ReadingChoices, choose_files, files_in, joined
from sim.analysis.interchange.value_range import NoValuesError, real_numbers, whole_numbers
from sim.case.checks.validation import OPTIONS_MOST
from sim.case.conditions import Option
from sim.case.reading.yaml_documents import DataPath, Document, read_document
from sim.case_paths import SUFFIXES
from sim.errors import CaseError, Problem, quoted

LINEAR, RECTANGLES = "LinearAdditiveUtilityFunction", "HyperRectangleUtilityFunction"
LISTED = ("CategoricalIssue", "OrdinalIssue", "DiscreteOrdinalIssue", "DiscreteCardinalIssue")
"""Types of issues whose values are listed one by one."""
COUNTED = "ContiguousIssue"
"""The type of issues that have all whole numbers from one to another as values."""
CONTINUOUS = "ContinuousIssue"
"""The type of issues that have all real numbers from one to another as values."""


def read_negmas(path: Path, choices: ReadingChoices) -> Domain:
    """Read a domain of NegMAS.

    `path` is its folder, or the file of its issues, in whose folder the files of utilities are. Raises CaseError with
    the file and the place of a value that is missing, is not a number, or has no counterpart in a case.
    """
    paths, left_out = files_in(path, SUFFIXES)
    files = [_File(read_document(file)) for file in paths]
    domain, profiles, notes = choose_files(
        path,
        [file for file in files if "OutcomeSpace" in file.kind],
        [file for file in files if "fun" in file.kind.lower()],
        choices,
        name_of=lambda file: file.file,
        marks=("type: …OutcomeSpace", "type: …UtilityFunction"),
    )
    read = [_issue(domain, ("issues", index), choices.steps) for index in range(len(domain.list(("issues",))))]
    issues = tuple(issue for issue, _ in read)
    return Domain(
        program="negmas",
        name=str(domain.get(("name",)) or Path(domain.file).stem),
        file=domain.file,
        issues=issues,
        profiles=tuple(_profile(file, issues) for file in profiles),
        left_out=tuple(left_out),
        notes=joined([[note for _, note in read if note], notes]),
    )


class _File:
    """A YAML file whose values are read by their path. A value that is missing or of the wrong kind is an error."""

    def __init__(self, document: Document) -> None:
        self.document, self.file = document, document.file
        self.kind = self.last(("type",))

    def get(self, path: DataPath) -> Any:
        """Return the value at a path; None if there is none."""
        data: Any = self.document.data
        for step in path:
            if isinstance(data, Mapping):
                data = data.get(str(step))
            elif isinstance(data, list) and isinstance(step, int) and step < len(data):
                data = data[step]
            else:
                return None
        return data

    def last(self, path: DataPath) -> str:
        """Return the last part of a dotted name; empty if there is none."""
        return str(self.get(path) or "").rpartition(".")[2]

    def list(self, path: DataPath) -> Sequence[Any]:
        value = self.get(path)
        if not isinstance(value, list):
            raise self.error(path, f"this must be a list, not {quoted(value)}.")
        return value

    def mapping(self, path: DataPath) -> Mapping[str, Any]:
        value = self.get(path)
        if not isinstance(value, dict):
            raise self.error(path, f"this must be 'key: value' lines, not {quoted(value)}.")
        return value

    def number(self, path: DataPath, *, default: float | None = None) -> float:
        value = self.get(path)
        if value is None and default is not None:
            return default
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise self.error(path, f"this must be a finite number, not {quoted(value)}.")
        return float(value)

    def error(self, path: DataPath, message: str) -> CaseError:
        """Return the error for a mistake at a path."""
        return CaseError([Problem(self.file, *self.document.place(path), ".".join(map(str, path)), message)])


def _issue(file: _File, path: DataPath, steps: int | None) -> tuple[DomainIssue, str | None]:
    """An issue, and a note on the choice of its values if there was one."""
    name, kind, values = file.get((*path, "name")), file.last((*path, "type")), file.list((*path, "values"))
    if not isinstance(name, str):
        raise file.error(path, f"the name of an issue must be text, not {quoted(name)}.")
    if kind in (COUNTED, CONTINUOUS):
        low, high = (file.number((*path, "values", end)) for end in range(2))
        try:
            numbers, note = (whole_numbers if kind == COUNTED else real_numbers)(name, low, high, steps)
        except NoValuesError as error:
            raise file.error((*path, "values"), str(error)) from None
        return DomainIssue(name, numbers), note
    if kind not in LISTED:
        known = ", ".join((COUNTED, CONTINUOUS, *LISTED))
        raise file.error(path, f"issue '{name}' is of type '{kind}'; only these types can be imported: {known}.")
    if len(values) > OPTIONS_MOST:
        message = f"issue '{name}' has {len(values):,} values; an issue of a case has at most {OPTIONS_MOST}."
        raise file.error((*path, "values"), message)
    for index, value in enumerate(values):
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise file.error((*path, "values", index), f"a value must be a word or a number, not {quoted(value)}.")
    return DomainIssue(name, tuple(values)), None


def _profile(file: _File, issues: Sequence[DomainIssue]) -> Profile:
    if file.kind == LINEAR:
        parts = list(_linear(file, issues))
    elif file.kind == RECTANGLES:
        parts = list(_rectangles(file, issues))
    else:
        message = f"utilities of type '{file.kind}' are not read; only {LINEAR} and {RECTANGLES} are."
        raise file.error(("type",), message)
    if bias := file.number(("bias",), default=0.0):
        parts.append(UtilityPart({}, bias))
    reserved = file.get(("reserved_value",))
    unsaid = reserved is None or (isinstance(reserved, float) and reserved == -math.inf)
    return Profile(
        name=str(file.get(("name",)) or Path(file.file).stem),
        file=file.file,
        parts=tuple(parts),
        reservation=None if unsaid else file.number(("reserved_value",)),
    )


def _linear(file: _File, issues: Sequence[DomainIssue]) -> Iterator[UtilityPart]:
    functions, weights = file.list(("values",)), file.get(("weights",))
    if len(functions) != len(issues) or (weights is not None and len(file.list(("weights",))) != len(issues)):
        counts = f"{len(functions)} value functions and {len(weights or ())} weights"
        raise file.error(("values",), f"there are {counts}, but the domain has {len(issues)} issues.")
    for index, issue in enumerate(issues):
        weight = file.number(("weights", index), default=1.0)
        for value, option in enumerate(issue.values):
            yield UtilityPart({index: (value,)}, weight * _value(file, ("values", index), issue, option))


def _value(file: _File, path: DataPath, issue: DomainIssue, value: Option) -> float:
    kind = file.last((*path, "type"))
    if kind == "TableFun":
        table = file.mapping((*path, "mapping"))
        key = next((key for key in table if _spells(key, value)), None)
        if key is None:
            raise file.error((*path, "mapping"), f"the value '{value}' of '{issue.name}' is missing.")
        return file.number((*path, "mapping", key))
    slope = {"IdentityFun": 1.0, "ConstFun": 0.0}.get(kind)
    if slope is None and kind not in ("AffineFun", "LinearFun"):
        message = f"value functions of type '{kind}' are not read. List the values one by one (TableFun)."
        raise file.error(path, message)
    slope = file.number((*path, "slope")) if slope is None else slope
    if slope and not isinstance(value, int | float):
        raise file.error(path, f"{kind} needs numbers, but '{issue.name}' has the value '{value}'.")
    return file.number((*path, "bias"), default=0.0) + (slope * float(value) if slope else 0.0)


def _spells(key: str, value: Option) -> bool:
    """Whether a key, which is text as in the file, spells a value: 1e3 is the number 1000."""
    try:
        return key == str(value) or (not isinstance(value, str) and float(key) == value)
    except ValueError:
        return False


def _rectangles(file: _File, issues: Sequence[DomainIssue]) -> Iterator[UtilityPart]:
    ranges, utilities = file.list(("outcome_ranges",)), file.list(("utilities",))
    if len(ranges) != len(utilities):
        message = f"there are {len(ranges)} ranges and {len(utilities)} utilities; each range needs one utility."
        raise file.error(("outcome_ranges",), message)
    for index in range(len(ranges)):
        worth = file.number(("utilities", index)) * file.number(("weights", index), default=1.0)
        where = {}
        for key in file.mapping(("outcome_ranges", index)):
            path = ("outcome_ranges", index, key)
            if not key.isdecimal() or int(key) >= len(issues):
                raise file.error(path, f"'{key}' is not the index of an issue. Choose from 0 to {len(issues) - 1}.")
            where[int(key)] = _admitted(file, path, issues[int(key)])
        yield UtilityPart(where, worth)


def _admitted(file: _File, path: DataPath, issue: DomainIssue) -> tuple[int, ...]:
    """The indices of the values that a range of an issue admits."""
    entry = file.get(path)
    listed = entry if isinstance(entry, list) else [entry]
    if isinstance(entry, list) and len(entry) == 2 and all(isinstance(end, int | float) for end in entry):
        low, high = entry
        numbers = [value if isinstance(value, int | float) else math.nan for value in issue.values]
        return tuple(index for index, value in enumerate(numbers) if low < value < high)
    for value in listed:
        if value not in issue.values:
            known = ", ".join(map(str, issue.values))
            raise file.error(path, f"{quoted(value)} is not a value of '{issue.name}'. Choose from {known}.")
    return tuple(index for index, value in enumerate(issue.values) if value in listed)
