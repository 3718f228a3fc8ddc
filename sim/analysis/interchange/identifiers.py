"""How the names of a domain are spelt in a case: small letters, digits and ``_``, no two alike."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count
from typing import Any

from sim.analysis.interchange.domain import Domain, DomainIssue, Profile, UtilityPart
from sim.case.conditions import RESERVED, Option

WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,8})")
"""Text that is a whole number, spelt as it would be written."""


@dataclass(frozen=True)
class Identifiers:
    """The ids of a domain in a case.

    Parameters
    ----------
    topics : id of an issue to the issue, in their order
    options : the options of each issue
    parties : id of an actor to its utilities
    """

    topics: Mapping[str, DomainIssue]
    options: Sequence[Sequence[Option]]
    parties: Mapping[str, Profile]

    @classmethod
    def of(cls, domain: Domain) -> Identifiers:
        """Spell the names of a domain."""
        issues = _ids((topic.says for topic in domain.topics), "issue", taken=RESERVED)
        parties = _ids((one.says for one in domain.profiles), "party")
        return cls(
            dict(zip(issues, domain.topics, strict=True)),
            [_options(topic) for topic in domain.topics],
            dict(zip(parties, domain.profiles, strict=True)),
        )

    def when(self, part: UtilityPart) -> dict[str, Any]:
        """The condition of a part of a utility."""
        issues = list(self.topics)
        chosen = {issues[at]: [self.options[at][one] for one in which] for at, which in part.where.items()}
        return {issue: names[0] if len(names) == 1 else names for issue, names in chosen.items()}

    def says(self, part: UtilityPart) -> str:
        """The condition of a part of a utility in the domain's own words."""
        topics = list(self.topics.values())
        conditions = [
            f"{topics[at].says}: {' or '.join(str(topics[at].values[one]) for one in which)}"
            for at, which in part.where.items()
        ]
        return ", ".join(conditions) or "Whatever is agreed"

    def rules(self, parts: Sequence[UtilityPart]) -> list[str]:
        """An id for each part of a utility."""
        return list(_ids((self._rule(part) for part in parts), "rule"))

    def _rule(self, part: UtilityPart) -> str:
        issues = list(self.topics)
        if len(part.where) == 1:
            [(at, which)] = part.where.items()
            return "_".join([issues[at], *(str(self.options[at][one]) for one in which)])
        return "_and_".join(issues[at] for at in part.where) or "always"


def _options(topic: DomainIssue) -> list[Option]:
    """The options of an issue: numbers if all values are, else words that can be typed without quotes."""
    numbers = [int(value) if isinstance(value, str) and WHOLE.fullmatch(value) else value for value in topic.values]
    if not any(isinstance(one, str) for one in numbers) and len(set(numbers)) == len(numbers):
        return numbers
    return list(_ids(map(str, topic.values), "option", digits=True))


def _ids(says: Iterable[str], kind: str, *, taken: Iterable[str] = (), digits: bool = False) -> Iterator[str]:
    """A name for each of some words; with `digits`, it may begin with one, but is no number."""
    used = set(taken)
    for words in says:
        name = re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_")
        if not name or (name.isdecimal() if digits else not name[0].isalpha()):
            name = f"{kind}_{name}".rstrip("_")
        name = next(one for one in chain([name], (f"{name}_{at}" for at in count(2))) if one not in used)
        used.add(name)
        yield name
