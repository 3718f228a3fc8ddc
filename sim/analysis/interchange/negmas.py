"""Domains of NegMAS, as its scenarios are saved in YAML: a file of issues, and one of utilities a party.

Linear additive utilities are read, and sums over hyper-rectangles; so is all that
`sim.analysis.interchange.export_negmas` writes. A value of an issue is named as it stands in the file. Between two
numbers in a hyper-rectangle lies what NegMAS takes for it: what is larger than the first and smaller than the second.

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
from sim.case.conditions import Option
from sim.case.reading.source_text import file_error
from sim.case.reading.yaml_documents import DataPath, Document, read_document
from sim.case.validation import OPTIONS_MOST
from sim.case_paths import SUFFIXES
from sim.errors import CaseError, Problem, quoted

LINEAR, RECTANGLES = "LinearAdditiveUtilityFunction", "HyperRectangleUtilityFunction"
LISTED = ("CategoricalIssue", "OrdinalIssue", "DiscreteOrdinalIssue", "DiscreteCardinalIssue")
"""Issues whose values stand one by one."""
COUNTED = "ContiguousIssue"
"""Issues of all whole numbers between two."""


def read_negmas(path: Path) -> Domain:
    """Read a domain.

    Parameters
    ----------
    path : its folder, or the file of its issues; the files of utilities are the others beside it

    Raises
    ------
    CaseError
        with the file and the place, where something is missing, is no number, or has no counterpart in a case
    """
    folder = path if path.is_dir() else path.parent
    found = sorted(one for one in folder.iterdir() if one.suffix in SUFFIXES and not one.name.startswith("."))
    files = [_File(read_document(one)) for one in found]
    domains = [one for one in files if "OutcomeSpace" in one.kind and (path.is_dir() or one.file == path.as_posix())]
    if len(domains) != 1:
        count = f"{len(domains)} files" if domains else "no file"
        hint = "; name one of them" if domains else ""
        raise file_error(path.as_posix(), f"{count} with issues (type: …OutcomeSpace) in this folder{hint}.")
    [domain] = domains
    topics = tuple(_topic(domain, ("issues", at)) for at in range(len(domain.list(("issues",)))))
    profiles = [one for one in files if "fun" in one.kind.lower()]
    if not profiles:
        raise file_error(path.as_posix(), "no file with utilities (type: …UtilityFunction) lies beside the domain.")
    return Domain(
        form="negmas",
        says=str(domain.get(("name",)) or Path(domain.file).stem),
        file=domain.file,
        topics=topics,
        profiles=tuple(_profile(one, topics) for one in profiles),
    )


class _File:
    """A YAML file, whose values are asked for by their path; what is not there, or not as it should be, is refused."""

    def __init__(self, document: Document) -> None:
        self.document, self.file = document, document.file
        self.kind = self.last(("type",))

    def get(self, path: DataPath) -> Any:
        """The value at a path; None if there is none."""
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
        """The last part of a dotted name, empty if there is none."""
        return str(self.get(path) or "").rpartition(".")[2]

    def list(self, path: DataPath) -> Sequence[Any]:
        found = self.get(path)
        if not isinstance(found, list):
            raise self.refuse(path, f"{quoted(found)} stands where a list belongs.")
        return found

    def mapping(self, path: DataPath) -> Mapping[str, Any]:
        found = self.get(path)
        if not isinstance(found, dict):
            raise self.refuse(path, f"{quoted(found)} stands where 'key: value' lines belong.")
        return found

    def number(self, path: DataPath, *, default: float | None = None) -> float:
        found = self.get(path)
        if found is None and default is not None:
            return default
        if isinstance(found, bool) or not isinstance(found, int | float) or not math.isfinite(found):
            raise self.refuse(path, f"{quoted(found)} is no finite number.")
        return float(found)

    def refuse(self, path: DataPath, message: str) -> CaseError:
        """A mistake in what stands at a path."""
        return CaseError([Problem(self.file, *self.document.place(path), ".".join(map(str, path)), message)])


def _topic(file: _File, path: DataPath) -> DomainIssue:
    name, kind, values = file.get((*path, "name")), file.last((*path, "type")), file.list((*path, "values"))
    if not isinstance(name, str):
        raise file.refuse(path, f"the name of an issue is {quoted(name)}, and no text.")
    if kind == COUNTED:
        low, high = (file.number((*path, "values", at)) for at in range(2))
        if not low.is_integer() or not high.is_integer() or high <= low:
            raise file.refuse((*path, "values"), f"{COUNTED} goes from one whole number to a larger one.")
        if high - low < OPTIONS_MOST:
            return DomainIssue(name, tuple(range(int(low), int(high) + 1)))
        values = range(int(high - low) + 1)
    elif kind not in LISTED:
        known = ", ".join((COUNTED, *LISTED))
        raise file.refuse(path, f"issue '{name}' is of type '{kind}'; a case has options one by one ({known}).")
    if len(values) > OPTIONS_MOST:
        count = f"{len(values):,} values; an issue of a case has at most {OPTIONS_MOST} options"
        raise file.refuse((*path, "values"), f"issue '{name}' has {count}.")
    for at, value in enumerate(values):
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise file.refuse((*path, "values", at), f"{quoted(value)} is no value; a value is a word or a number.")
    return DomainIssue(name, tuple(values))


def _profile(file: _File, topics: Sequence[DomainIssue]) -> Profile:
    if file.kind == LINEAR:
        parts = list(_linear(file, topics))
    elif file.kind == RECTANGLES:
        parts = list(_rectangles(file, topics))
    else:
        raise file.refuse(
            ("type",), f"utilities of type '{file.kind}' are not read; only {LINEAR} and {RECTANGLES} are."
        )
    if bias := file.number(("bias",), default=0.0):
        parts.append(UtilityPart({}, bias))
    reserved = file.get(("reserved_value",))
    unsaid = reserved is None or (isinstance(reserved, float) and reserved == -math.inf)
    return Profile(
        says=str(file.get(("name",)) or Path(file.file).stem),
        file=file.file,
        parts=tuple(parts),
        reservation=None if unsaid else file.number(("reserved_value",)),
    )


def _linear(file: _File, topics: Sequence[DomainIssue]) -> Iterator[UtilityPart]:
    functions, weights = file.list(("values",)), file.get(("weights",))
    if len(functions) != len(topics) or (weights is not None and len(file.list(("weights",))) != len(topics)):
        found = f"{len(functions)} value functions and {len(weights or ())} weights"
        raise file.refuse(("values",), f"{found}, but the domain has {len(topics)} issues.")
    for at, topic in enumerate(topics):
        weight = file.number(("weights", at), default=1.0)
        for which, value in enumerate(topic.values):
            yield UtilityPart({at: (which,)}, weight * _value(file, ("values", at), topic, value))


def _value(file: _File, path: DataPath, topic: DomainIssue, value: Option) -> float:
    """What a value function says of a value."""
    kind = file.last((*path, "type"))
    if kind == "TableFun":
        table = file.mapping((*path, "mapping"))
        key = next((key for key in table if _spells(key, value)), None)
        if key is None:
            raise file.refuse((*path, "mapping"), f"nothing is said of '{value}', a value of '{topic.says}'.")
        return file.number((*path, "mapping", key))
    slope = {"IdentityFun": 1.0, "ConstFun": 0.0}.get(kind)
    if slope is None and kind not in ("AffineFun", "LinearFun"):
        raise file.refuse(
            path, f"value functions of type '{kind}' are not read; write the values one by one (TableFun)."
        )
    slope = file.number((*path, "slope")) if slope is None else slope
    if slope and not isinstance(value, int | float):
        raise file.refuse(path, f"'{value}', a value of '{topic.says}', is no number; a {kind} needs numbers.")
    return file.number((*path, "bias"), default=0.0) + (slope * float(value) if slope else 0.0)


def _spells(key: str, value: Option) -> bool:
    """Whether a key, which is the text that stands in the file, is a value: 1e3 is the number 1000."""
    try:
        return key == str(value) or (not isinstance(value, str) and float(key) == value)
    except ValueError:
        return False


def _rectangles(file: _File, topics: Sequence[DomainIssue]) -> Iterator[UtilityPart]:
    ranges, utilities = file.list(("outcome_ranges",)), file.list(("utilities",))
    if len(ranges) != len(utilities):
        message = f"{len(ranges)} ranges have {len(utilities)} utilities; each has its own."
        raise file.refuse(("outcome_ranges",), message)
    for at in range(len(ranges)):
        worth = file.number(("utilities", at)) * file.number(("weights", at), default=1.0)
        where = {}
        for key in file.mapping(("outcome_ranges", at)):
            path = ("outcome_ranges", at, key)
            if not key.isdecimal() or int(key) >= len(topics):
                raise file.refuse(path, f"'{key}' is no index of an issue, from 0 to {len(topics) - 1}.")
            where[int(key)] = _admitted(file, path, topics[int(key)])
        yield UtilityPart(where, worth)


def _admitted(file: _File, path: DataPath, topic: DomainIssue) -> tuple[int, ...]:
    """The indices of the values that a range of an issue admits."""
    said = file.get(path)
    listed = said if isinstance(said, list) else [said]
    if isinstance(said, list) and len(said) == 2 and all(isinstance(one, int | float) for one in said):
        low, high = said
        return tuple(at for at, one in enumerate(topic.values) if isinstance(one, int | float) and low < one < high)
    for one in listed:
        if one not in topic.values:
            raise file.refuse(
                path, f"{quoted(one)} is no value of '{topic.says}' ({', '.join(map(str, topic.values))})."
            )
    return tuple(at for at, one in enumerate(topic.values) if one in listed)
