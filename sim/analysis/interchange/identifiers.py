"""Ids in a case for the names of a domain: lower-case letters, digits and ``_``, all different."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim.analysis.interchange.domain import Domain, DomainIssue, Profile, UtilityPart
from sim.case.conditions import RESERVED, Option
from sim.case.distributions import LARGEST

WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,8})")
"""A whole number, spelt as it would be written."""
ROW = 4
"""From this many numbers in a row on, only the first and the last are named."""


@dataclass(frozen=True)
class Identifiers:
    """The ids of a domain in a case.

    `options` are those of each issue, in the order of the domain; `parties` maps the id of an actor to its utilities.
    """

    issues: Mapping[str, DomainIssue]
    options: Sequence[Sequence[Option]]
    parties: Mapping[str, Profile]

    @classmethod
    def of(cls, domain: Domain) -> Identifiers:
        """Choose ids for the names of a domain."""
        issues = _ids((issue.name for issue in domain.issues), "issue", taken=RESERVED)
        parties = _ids((profile.name for profile in domain.profiles), "party")
        return cls(
            dict(zip(issues, domain.issues, strict=True)),
            [_options(issue) for issue in domain.issues],
            dict(zip(parties, domain.profiles, strict=True)),
        )

    def condition(self, part: UtilityPart) -> dict[str, Any]:
        """Return the condition of a part of a utility, as a case file has it."""
        issues = list(self.issues)
        chosen = {issues[issue]: [self.options[issue][value] for value in part.where[issue]] for issue in part.where}
        return {issue: options[0] if len(options) == 1 else options for issue, options in chosen.items()}

    def in_words(self, part: UtilityPart) -> str:
        """Return the condition of a part of a utility in the domain's own words."""
        issues = list(self.issues.values())
        conditions = [f"{issues[issue].name}: {_in_words(issues[issue], at)}" for issue, at in part.where.items()]
        return ", ".join(conditions) or "Whatever is agreed"

    def rules(self, parts: Sequence[UtilityPart]) -> list[str]:
        """Return an id for each part of a utility."""
        return list(_ids((self._rule(part) for part in parts), "rule"))

    def _rule(self, part: UtilityPart) -> str:
        issues = list(self.issues)
        if len(part.where) == 1:
            [(issue, values)] = part.where.items()
            return "_".join([issues[issue], *(str(self.options[issue][value]) for value in values)])
        return "_and_".join(issues[issue] for issue in part.where) or "always"


def _in_words(issue: DomainIssue, at: Sequence[int]) -> str:
    """Some values of an issue; numbers in a row by their ends."""
    values = [issue.values[value] for value in at]
    in_a_row = list(at) == list(range(at[0], at[0] + len(at)))
    if len(at) >= ROW and in_a_row and not any(isinstance(value, str) for value in values):
        return f"{values[0]} to {values[-1]}"
    return " or ".join(map(str, values))


def _options(issue: DomainIssue) -> list[Option]:
    """The options of an issue: numbers if all its values are numbers of a case, else words that need no quotes."""
    numbers = [int(value) if isinstance(value, str) and WHOLE.fullmatch(value) else value for value in issue.values]
    plain = all(not isinstance(value, str) and abs(value) <= LARGEST for value in numbers)
    if plain and len(set(numbers)) == len(numbers):
        return numbers
    return list(_ids(map(str, issue.values), "option", digits=True))


def _ids(names: Iterable[str], kind: str, *, taken: Iterable[str] = (), digits: bool = False) -> Iterator[str]:
    """An id for each name. With `digits`, it may begin with a digit, but is not a number."""
    used, last = set(taken), dict[str, int]()
    for name in names:
        stem = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
        if not stem or (stem.isdecimal() if digits else not stem[0].isalpha()):
            stem = f"{kind}_{stem}".rstrip("_")
        chosen = stem
        while chosen in used:  # the next number, so that a thousand like names do not count to it again
            last[stem] = last.get(stem, 1) + 1
            chosen = f"{stem}_{last[stem]}"
        used.add(chosen)
        yield chosen
