"""How many packages are agreed, and how many each actor accepts, without listing the packages."""

from __future__ import annotations

import itertools
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from sim.analysis.outcomes.counting.agreement_formula import Agreement, Fact, agreement_of
from sim.analysis.outcomes.counting.answer_patterns import Integers, PatternReader, Patterns
from sim.analysis.outcomes.counting.independent_parts import Part, independent_parts
from sim.analysis.outcomes.counting.merged_states import (
    NUMBERS_MOST,
    Change,
    Contribution,
    TooManyStatesError,
    count_agreed,
)
from sim.analysis.outcomes.enumeration import BLOCK, PACKAGES_MOST, Progress, too_many
from sim.case.consent_rules.demands import ConsentRule
from sim.case.models import Case
from sim.engine.fixed_point import GRAINS
from sim.engine.responses import pledges
from sim.engine.rule_matrix import Floats
from sim.engine.voting.needed_actors import required_of
from sim.engine.voting.pledge_cover import Pledged
from sim.errors import UsageError
from sim.negotiation.drafting.amendments import one_thread

NAMED_MOST = 3
"""The most issues, or names of what ties them, that a message lists."""
TOO_FINE = (
    "They cannot be counted part by part either, because the votes and pledges of the parts add up in too many "
    "different ways. Round the numbers of votes, or the amounts that are pledged."
)
"""What else can be done about too many packages if there are too many states."""


@dataclass(frozen=True)
class CountedPackages:
    """The counts of all possible packages, at central values, as take-it-or-leave-it proposals.

    Parameters
    ----------
    parts : the issues in parts that do not affect each other, with the answers to the choices on each part
    packages, agreed : how many packages are possible, and how many of them are agreed
    accepts : actor to int, how many packages it accepts
    agreed_without : actor to int, how many packages would be agreed if its refusal did not count
    decisive : actor to int, how many of the agreed packages would fail if it refused; where every actor controls one
        yes/no issue, this is the raw Banzhaf index
    required_actors : the actors without whose consent some possible package cannot be agreed, in the order of the case
    """

    parts: Sequence[Patterns]
    packages: int
    agreed: int
    accepts: Mapping[str, int]
    agreed_without: Mapping[str, int]
    decisive: Mapping[str, int]
    required_actors: tuple[str, ...]

    @property
    def part_issues(self) -> list[list[str]]:
        """The issues of each part."""
        return [list(part.part.issues) for part in self.parts if part.part.issues]

    def accepted_by_all(self, actors: Collection[str]) -> int:
        """Return how many packages all of some actors accept."""
        return math.prod(part.accepted_by_all(actors) for part in self.parts)


def counted_at_once(case: Case) -> CountedPackages | None:
    """Count the packages of a case; None if that takes more than a moment."""
    try:
        return count_packages(case, most=BLOCK)
    except UsageError:
        return None


def count_packages(case: Case, progress: Progress | None = None, *, most: int = PACKAGES_MOST) -> CountedPackages:
    """Count the packages of a case part by part, if no part has more than `most` choices.

    `progress` is called with the choices judged and the choices in all. Raises UsageError, saying which issues hang
    together, if a part has too many choices to judge each, or if votes and pledges add up in too many ways.
    """
    reader = PatternReader(case)
    parts = independent_parts(reader.compiled_rules, reader.drawn_parameters)
    largest = max(parts, key=lambda part: part.packages)
    if largest.packages > most:
        raise too_many(case, _tied(largest))
    pledged = pledges(reader.drawn_parameters.actor_parameters)
    agreement = agreement_of(case, pledged)
    with one_thread():
        patterns = list(_read(reader, parts, agreement, progress))
    try:
        counted = count_agreed(agreement, [_contribution(agreement, one) for one in patterns])
    except TooManyStatesError:
        raise too_many(case, TOO_FINE) from None
    packages = math.prod(part.packages for part in patterns)
    accepts = {
        name: packages // part.packages * part.accepted_by_all([name]) for part in patterns for name in part.part.actors
    }
    return CountedPackages(
        parts=patterns,
        packages=packages,
        agreed=counted.agreed,
        accepts={name: accepts[name] for name in case.actors},
        agreed_without={name: counted.changed[name, True] for name in case.actors},
        decisive={name: counted.agreed - counted.changed[name, False] for name in case.actors},
        required_actors=_required(case, patterns, pledged),
    )


def _read(
    reader: PatternReader, parts: Sequence[Part], agreement: Agreement, progress: Progress | None
) -> Iterator[Patterns]:
    done, whole = 0, sum(part.packages for part in parts)
    facts = sorted(agreement.facts, key=lambda fact: (fact.kind, fact.name, fact.resource))
    for part in parts:
        yield reader.read(part, facts, None if progress is None else partial(_tick, progress, done, whole))
        done += part.packages
        if progress is not None:
            progress(done, whole)


def _tick(progress: Progress, before: int, whole: int, judged: int) -> None:
    progress(before + judged, whole)


def _contribution(agreement: Agreement, patterns: Patterns) -> Contribution:
    """Return what the patterns of a part contribute to each threshold, each different contribution once.

    Raises TooManyStatesError if the patterns, and what they would be if one actor's answer changed, are too many.
    """
    changes: list[Change] = [(name, accepts) for name in patterns.part.actors for accepts in (False, True)]
    if (1 + len(changes)) * len(patterns.counts) * len(agreement.thresholds) > NUMBERS_MOST:
        raise TooManyStatesError
    versions = [patterns.facts, *(patterns.if_it(accepts, name) for name, accepts in changes)]
    sums = np.concatenate([_sums(agreement, facts, len(patterns.counts)) for facts in versions])
    different, way = np.unique(sums, axis=0, return_inverse=True)
    counts = []
    for index in way.reshape(len(versions), -1):
        counts.append(np.zeros(len(different), dtype=np.int64))
        np.add.at(counts[-1], index, patterns.counts)
    return Contribution(different, counts[0], dict(zip(changes, counts[1:], strict=True)))


def _sums(agreement: Agreement, facts: Mapping[Fact, Integers], patterns: int) -> Integers:
    sums = np.zeros((patterns, len(agreement.thresholds)), dtype=np.int64)
    for column, threshold in zip(sums.T, agreement.thresholds, strict=True):
        for fact, weight in threshold.weights.items():
            if fact in facts:
                column += weight * facts[fact]
    return sums


def _required(case: Case, parts: Sequence[Patterns], pledged: Pledged) -> tuple[str, ...]:
    """Return the actors whom some possible package needs by a rule that applies to it, even if all others accept."""
    found = set[str]()
    for rule in case.consent:
        asked = _asked(rule, parts)
        if asked is not None:
            where, _ = required_of(rule, asked.__getitem__, pledged)
            found |= {name for name, needed in where.items() if needed.any()}
    return tuple(name for name in case.actors if name in found)


def _asked(rule: ConsentRule, parts: Sequence[Patterns]) -> Mapping[str, Floats] | None:
    """Return issue to (1, combination) float, all numbers that packages to which a rule applies ask for together.

    None if there is no such package.
    """
    applies, covers = Fact("applies", rule.rule), {Fact("asked", one.cover) for one in rule.pledges_asked}
    issues, choices = list[str](), list[list[tuple[int, ...]]]()
    for part in parts:
        where = part.facts[applies] > 0 if applies in part.facts else np.ones(len(part.counts), dtype=bool)
        if not where.any():
            return None
        own = [fact for fact in part.facts if fact in covers]
        issues += [fact.name for fact in own]
        if own:
            choices.append(sorted(set(zip(*(part.facts[fact][where].tolist() for fact in own), strict=True))))
    together = [list(itertools.chain(*choice)) for choice in itertools.product(*choices)]
    numbers = np.array(together, dtype=np.float64).reshape(len(together), len(issues)) / GRAINS
    return {issue: column[None] for issue, column in zip(issues, numbers.T, strict=True)}


def _tied(part: Part) -> str:
    """Say which issues hang together, and why."""
    return (
        f"They cannot be counted part by part either: {_some(list(part.issues))} hang together "
        f"({part.packages:,} choices), because each of these depends on several of them: {_some(part.tied_by)}. "
        "Leave out one of these issues, or some options."
    )


def _some(names: Sequence[str]) -> str:
    """
    >>> _some(["a", "b"]), _some(["a", "b", "c", "d", "e"])
    ('a and b', 'a, b, c and 2 more')
    """
    more = len(names) - NAMED_MOST
    *first, last = [*names[:NAMED_MOST], f"{more} more"] if more > 0 else names
    return f"{', '.join(first)} and {last}" if first else last
