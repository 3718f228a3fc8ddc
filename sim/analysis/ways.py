"""The ways to turn the answer to a package: who would have to accept, or to refuse, for it to come out otherwise."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product
from typing import TypeVar

from sim.analysis.movable import Movable
from sim.analysis.moved import Jury, set_to
from sim.case.shapes import ConsentRule
from sim.rules.reading import LINES

WAYS_MOST = 256
"""So many are tried at most, those nearest to what everybody answers now first."""

Choice = TypeVar("Choice", bound=Hashable)


@dataclass(frozen=True)
class Way:
    """One way to turn the answer.

    Parameters
    ----------
    accepting : actors who have something or nothing to spare, and cross no line that is never sold
    refusing : actors who lack something
    never : red lines, by the paths of their prices, that become never sold: their owners refuse by that alone
    covered : consent rules whose pledges, by those who accept, cover
    short : the one whose pledges, by those who do not refuse, fall short
    """

    accepting: frozenset[str]
    refusing: frozenset[str] = frozenset()
    never: frozenset[str] = frozenset()
    covered: frozenset[str] = frozenset()
    short: str | None = None


class Ways:
    """All ways, for one package and the numbers that may move.

    Attributes
    ----------
    bought : actor to the paths of the prices, never now, of the red lines that the package crosses and it could sell
    all : whether no way was left out, as there would have been too many
    sure : actors who refuse whatever moves, as they cross a line that is never sold and cannot become so
    """

    def __init__(self, jury: Jury, everything: Mapping[str, Movable], movable: Sequence[Movable]) -> None:
        self.jury, self.everything, self.all = jury, everything, True
        choices = {one.path for one in movable if one.never and one.range == "case"}
        lines = {name: self._lines(name) for name in jury.case.actors}
        never = {
            name: [path for path in paths if math.isinf(everything[path].present)] for name, paths in lines.items()
        }
        self.bought = {name: [path for path in paths if path in choices] for name, paths in never.items()}
        self.sure = {name for name, paths in never.items() if len(paths) > len(self.bought[name])}
        self._sold = {
            name: [path for path in paths if path in choices and path not in never[name]]
            for name, paths in lines.items()
        }
        self._most = {one.path: one.high for one in movable}
        self._now = jury.spare(set_to(everything, [{}]))

    def turning(self, *, agreed: bool) -> list[Way]:
        """The ways to lose an agreement, or to reach one."""
        return self._some(self._losing() if agreed else self._agreeing())

    def _agreeing(self) -> Iterator[Way]:
        covered = frozenset(rule.rule for rule in self.jury.rules if rule.pledges)
        for each in product(*(self._meeting(rule) for rule in self.jury.rules)):
            accepting = frozenset[str]().union(*each)
            if not accepting & self.sure:
                yield from self._with_owners(Way(accepting, covered=covered))

    def _meeting(self, rule: ConsentRule) -> list[frozenset[str]]:
        """Sets of actors who meet a rule if they accept."""
        asked = frozenset(
            (*rule.needs, *rule.veto)
        )  # take it or leave it, nobody holds out: not to refuse is to accept
        sets = [asked]
        if rule.quorum:
            some = combinations(self._willing(rule.quorum.of), rule.quorum.at_least)
            sets = [asked | frozenset(more) for more in self._some(some)]
        if rule.pledges:
            cover, of = self.jury.cover(rule), rule.pledges.of
            able = (
                frozenset(some)
                for some in _subsets(self._willing(rule.pledges.from_))
                if sum(self._capacity(name, of) for name in some) >= cover
            )
            sets = [one | more for more in self._some(able) for one in sets]
        return sets

    def _losing(self) -> Iterator[Way]:
        for rule in self.jury.rules:
            for refusing in self._breaking(rule):
                yield from self._refusing(refusing, None)
            if rule.pledges:
                for some in _subsets(self._willing(rule.pledges.from_)[::-1]):
                    yield from self._refusing(frozenset(some), rule.rule)

    def _breaking(self, rule: ConsentRule) -> Iterator[frozenset[str]]:
        """Sets of actors who leave a rule unmet if they refuse."""
        for name in (*rule.needs, *rule.veto):
            yield frozenset([name])
        if rule.quorum:
            enough = len(rule.quorum.of) - rule.quorum.at_least + 1
            yield from map(frozenset, combinations(self._willing(rule.quorum.of)[::-1], enough))

    def _refusing(self, names: frozenset[str], short: str | None) -> Iterator[Way]:
        """The ways in which some refuse: by points, or by a red line that is sold no more."""
        open_ = sorted(name for name in names if not self._never(name))
        by: list[list[str | None]] = [[None, *self._sold[name]] for name in open_]
        for each in product(*by):
            points = frozenset(name for name, line in zip(open_, each, strict=True) if line is None)
            never = frozenset(line for line in each if line is not None)
            yield from self._with_owners(Way(frozenset(), points, never, short=short), names)

    def _with_owners(self, way: Way, settled: frozenset[str] = frozenset()) -> Iterator[Way]:
        """The same, with every owner of a line that others heed on one side or the other."""
        free = [name for name in self.jury.owners if name not in way.accepting | settled]
        for accepts in product((True, False), repeat=len(free)):
            more = {name for name, one in zip(free, accepts, strict=True) if one}
            if not more & self.sure:
                less = {name for name in free if name not in more and not self._never(name)}
                yield replace(way, accepting=way.accepting | more, refusing=way.refusing | less)

    def _never(self, name: str) -> bool:
        """Whether an actor refuses as things are by a red line that is never sold."""
        return name in self.sure or bool(self.bought[name])

    def _willing(self, names: Sequence[str]) -> list[str]:
        """Some actors, those with most to spare now first."""
        return sorted(names, key=lambda name: -self._now[name])

    def _capacity(self, name: str, resource: str) -> float:
        """The most that an actor can come to give."""
        path = f"actors.{name}.capacities.{resource}.amount"
        return self._most.get(path, max(0.0, self.everything[path].present))

    def _some(self, these: Iterable[Choice]) -> list[Choice]:
        """The first of these that differ; if there are more, remember that they are not all."""
        found: dict[Choice, None] = {}
        for one in these:
            found[one] = None
            if len(found) > WAYS_MOST:
                self.all = False
                break
        return list(found)[:WAYS_MOST]

    def _lines(self, name: str) -> list[str]:
        """The paths of the prices of the red lines that the package crosses."""
        crossed = self.jury.reading.block(LINES, name)[:, 0] > 0
        lines = self.jury.case.actors[name].red_lines
        return [f"actors.{name}.red_lines.{line.rule}.price" for line, one in zip(lines, crossed, strict=True) if one]


def _subsets(names: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """All subsets; those of whoever comes first, first."""
    for size in range(len(names) + 1):
        yield from combinations(names, size)
