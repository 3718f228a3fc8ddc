"""The ways to turn the answer to a package: who would have to accept, send or refuse for it to come out otherwise."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import combinations, product
from operator import or_
from typing import TypeAlias, TypeVar

from sim.analysis.counterfactuals.parameters import Parameter
from sim.analysis.counterfactuals.probe import Probe, with_values
from sim.case.models import ConsentRule
from sim.engine.rule_matrix import LINES

WAYS_MOST = 256
"""So many are tried at most, those nearest to what everybody answers now first."""

Choice = TypeVar("Choice", bound=Hashable)
Sending: TypeAlias = tuple[str, str]
"""An actor, and a resource that it decides whether to send."""


@dataclass(frozen=True)
class Coalition:
    """One way to turn the answer.

    Parameters
    ----------
    accepting : actors who have something or nothing to spare, and cross no line that is never sold
    refusing : actors who lack something
    sending : accepting actors who have something or nothing to spare for sending a resource, too
    withholding : actors who lack something for sending a resource, whether they accept or not
    never : red lines, by the paths of their prices, that become never sold: their owners refuse by that alone
    covered : consent rules whose pledges, by those who send, cover
    short : the one whose pledges, by those who neither refuse nor withhold, fall short
    """

    accepting: frozenset[str] = frozenset()
    refusing: frozenset[str] = frozenset()
    sending: frozenset[Sending] = frozenset()
    withholding: frozenset[Sending] = frozenset()
    never: frozenset[str] = frozenset()
    covered: frozenset[str] = frozenset()
    short: str | None = None

    def __or__(self, other: Coalition) -> Coalition:
        """Return both at once."""
        return Coalition(
            self.accepting | other.accepting,
            self.refusing | other.refusing,
            self.sending | other.sending,
            self.withholding | other.withholding,
            self.never | other.never,
            self.covered | other.covered,
            self.short or other.short,
        )


class Coalitions:
    """All ways, for one package and the numbers that may move.

    Attributes
    ----------
    lines : actor to the paths of the prices of the red lines that the package crosses, those of equal draws once
    bought : actor to those of them that are never now, and that could have a price
    all : whether no way was left out, as there would have been too many
    sure : actors who refuse whatever moves, as they cross a line that is never sold and cannot become so
    """

    def __init__(self, probe: Probe, everything: Mapping[str, Parameter], movable: Sequence[Parameter]) -> None:
        self.probe, self.everything, self.all = probe, everything, True
        choices = {one.path for one in movable if one.never and one.range == "case"}
        self.lines = {name: self._lines(name) for name in probe.case.actors}
        never = {
            name: [path for path in paths if math.isinf(everything[path].present)] for name, paths in self.lines.items()
        }
        self.bought = {name: [path for path in paths if path in choices] for name, paths in never.items()}
        self.sure = {name for name, paths in never.items() if len(paths) > len(self.bought[name])}
        self._sold = {
            name: [path for path in paths if path in choices and path not in never[name]]
            for name, paths in self.lines.items()
        }
        self._most = {one.path: one.high for one in movable}
        self._now = probe.spare(with_values(everything, [{}]))

    def turning(self, *, agreed: bool) -> list[Coalition]:
        """The ways to lose an agreement, or to reach one."""
        return self._some(self._losing() if agreed else self._agreeing())

    def _agreeing(self) -> Iterator[Coalition]:
        covered = frozenset(rule.rule for rule in self.probe.rules if rule.pledges)
        for each in product(*(self._meeting(rule) for rule in self.probe.rules)):
            way = reduce(or_, each, Coalition(covered=covered))
            if not way.accepting & self.sure:
                for one in self._with_listened(way):
                    yield replace(one, sending=one.sending | self._sent_anyway(one.accepting))

    def _meeting(self, rule: ConsentRule) -> list[Coalition]:
        """Sets of actors who meet a rule if they accept, and send what it asks of them."""
        # Take it or leave it, nobody holds out: not to refuse is to accept.
        asked = Coalition(frozenset((*rule.needs, *rule.veto)))
        ways = [asked]
        if rule.quorum:
            some = combinations(self._willing(rule.quorum.of), rule.quorum.at_least)
            ways = [asked | Coalition(frozenset(more)) for more in self._some(some)]
        if rule.pledges:
            cover, of = self.probe.cover(rule), rule.pledges.of
            able = (
                Coalition(frozenset(some), sending=frozenset((name, of) for name in some))
                for some in _subsets(self._willing(rule.pledges.from_, of))
                if sum(self._capacity(name, of) for name in some) >= cover
            )
            ways = [one | more for more in self._some(able) for one in ways]
        return ways

    def _sent_anyway(self, accepting: frozenset[str]) -> frozenset[Sending]:
        """What accepting actors send because no rule of theirs tells sending from accepting."""
        return frozenset(
            (name, rule.pledges.of)
            for rule in self.probe.rules
            if rule.pledges
            for name in accepting.intersection(rule.pledges.from_)
            if rule.pledges.of not in self.probe.decides(name)
        )

    def _losing(self) -> Iterator[Coalition]:
        for rule in self.probe.rules:
            for refusing in self._breaking(rule):
                yield from self._refusing(refusing)
            if rule.pledges:
                for some in _subsets(self._willing(rule.pledges.from_, rule.pledges.of)[::-1]):
                    yield from self._refusing(frozenset(some), rule)

    def _breaking(self, rule: ConsentRule) -> Iterator[frozenset[str]]:
        """Sets of actors who leave a rule unmet if they refuse."""
        for name in (*rule.needs, *rule.veto):
            yield frozenset([name])
        if rule.quorum:
            enough = len(rule.quorum.of) - rule.quorum.at_least + 1
            yield from map(frozenset, combinations(self._willing(rule.quorum.of)[::-1], enough))

    def _refusing(self, names: frozenset[str], short: ConsentRule | None = None) -> Iterator[Coalition]:
        """The ways in which some refuse, or do not send what the rule `short` asks for."""
        open_ = sorted(name for name in names if not self._never(name))
        for each in product(*(self._reasons(name, short) for name in open_)):
            way = reduce(or_, each, Coalition(short=short.rule if short else None))
            undecided = {name for name, _ in way.withholding}  # one who withholds may accept the text, or refuse it
            yield from self._with_listened(way, names - undecided)

    def _reasons(self, name: str, short: ConsentRule | None) -> list[Coalition]:
        """Why an actor may refuse, or not send: by points, or by a red line that is sold no more."""
        reasons = [
            Coalition(refusing=frozenset([name])),
            *(Coalition(never=frozenset([path])) for path in self._sold[name]),
        ]
        if short and short.pledges and short.pledges.of in self.probe.decides(name):
            reasons.append(Coalition(withholding=frozenset([(name, short.pledges.of)])))
        return reasons

    def _with_listened(self, way: Coalition, settled: frozenset[str] = frozenset()) -> Iterator[Coalition]:
        """The same, with everybody to whom the rules of others listen on one side or the other."""
        free = [name for name in self.probe.listened if name not in way.accepting | settled]
        for accepts in product((True, False), repeat=len(free)):
            more = {name for name, one in zip(free, accepts, strict=True) if one}
            if not any(name in self.sure or way.never & {*self.lines[name]} for name in more):
                less = {name for name in free if name not in more and not self._never(name)}
                yield replace(way, accepting=way.accepting | more, refusing=way.refusing | less)

    def _never(self, name: str) -> bool:
        """Whether an actor refuses as things are by a red line that is never sold."""
        return name in self.sure or bool(self.bought[name])

    def _willing(self, names: Sequence[str], of: str | None = None) -> list[str]:
        """Some actors, those with most to spare now first: for accepting, or for sending a resource."""
        return sorted(names, key=lambda name: -self._now.get((name, of), self._now[name, None]))

    def _capacity(self, name: str, resource: str) -> float:
        """The most that an actor can come to give."""
        path = self.probe.case.numbers[f"actors.{name}.capacities.{resource}.amount"].draw
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
        """The paths of the prices of the red lines that the package crosses; of those that share a draw, that path."""
        crossed = self.probe.matrix.block(LINES, name)[:, 0] > 0
        lines = self.probe.case.actors[name].red_lines
        paths = [f"actors.{name}.red_lines.{line.rule}.price" for line, one in zip(lines, crossed, strict=True) if one]
        return list(dict.fromkeys(self.probe.case.numbers[path].draw for path in paths))


def _subsets(names: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """All subsets; those of whoever comes first, first."""
    for size in range(len(names) + 1):
        yield from combinations(names, size)
