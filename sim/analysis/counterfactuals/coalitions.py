"""The ways to turn the answer to a package: who would have to accept, send or refuse to change it."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import combinations, compress, product
from operator import or_
from typing import TypeAlias, TypeVar

from sim.analysis.counterfactuals.parameters import Parameter
from sim.analysis.counterfactuals.probe import Probe, subsets, with_values
from sim.case.models import ConsentRule
from sim.engine.rule_matrix import LINES

WAYS_MOST = 256
"""The most coalitions that are tried. Those nearest to the present answers come first."""

Choice = TypeVar("Choice", bound=Hashable)
Sending: TypeAlias = tuple[str, str]
"""An actor, and a resource that it decides whether to send."""


@dataclass(frozen=True)
class Coalition:
    """One way to turn the answer: what some actors would have to do.

    Parameters
    ----------
    accepting : actors whose margin must be 0 or more, and who cross no red line without a price
    refusing : actors whose margin must be negative
    sending : accepting actors whose margin for sending a resource must be 0 or more, too
    withholding : actors whose margin for sending a resource must be negative, whether they accept or not
    never : red lines, by the paths of their prices, that lose their price: their owners refuse for that reason alone
    covered : consent rules whose pledges must be covered by those who send
    short : the consent rule whose pledges, from those who neither refuse nor withhold, must fall short
    """

    accepting: frozenset[str] = frozenset()
    refusing: frozenset[str] = frozenset()
    sending: frozenset[Sending] = frozenset()
    withholding: frozenset[Sending] = frozenset()
    never: frozenset[str] = frozenset()
    covered: frozenset[str] = frozenset()
    short: str | None = None

    def __or__(self, other: Coalition) -> Coalition:
        """Return the coalition that demands what both demand."""
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
    """All coalitions that can turn the answer to one package.

    Attributes
    ----------
    crossed : actor to the paths of the prices of the red lines that the package crosses; shared draws appear once
    priceable : actor to those of them that have no price now, but could have one
    certain : actors who refuse whatever moves, because they cross a red line that can have no price
    complete : whether no coalition was left out because there were too many
    """

    def __init__(self, probe: Probe, parameters: Mapping[str, Parameter], movable: Sequence[Parameter]) -> None:
        self.probe, self.parameters, self.complete = probe, parameters, True
        optional = {parameter.path for parameter in movable if parameter.never and parameter.range == "case"}
        self.crossed = {name: self._crossed(name) for name in probe.case.actors}
        never = {
            name: [path for path in paths if math.isinf(parameters[path].present)]
            for name, paths in self.crossed.items()
        }
        self.priceable = {name: [path for path in paths if path in optional] for name, paths in never.items()}
        self.certain = {name for name, paths in never.items() if len(paths) > len(self.priceable[name])}
        self._losable = {
            name: [path for path in paths if path in optional and path not in never[name]]
            for name, paths in self.crossed.items()
        }
        self._highest = {parameter.path: parameter.high for parameter in movable}
        self._now = probe.margins(with_values(parameters, [{}]))

    def turning(self, *, agreed: bool) -> list[Coalition]:
        """Return the coalitions that end an agreement, or that reach one."""
        return self._first(self._losing() if agreed else self._agreeing())

    def _agreeing(self) -> Iterator[Coalition]:
        covered = frozenset(rule.rule for rule in self.probe.rules if rule.pledges)
        for parts in product(*(self._meeting(rule) for rule in self.probe.rules)):
            coalition = reduce(or_, parts, Coalition(covered=covered))
            if not coalition.accepting & self.certain:
                for full in self._with_heeded(coalition):
                    yield replace(full, sending=full.sending | self._sent_anyway(full.accepting))

    def _meeting(self, rule: ConsentRule) -> list[Coalition]:
        """Sets of actors that meet a rule if they accept, and send what it asks of them."""
        # Nobody holds out against a take-it-or-leave-it proposal, so an actor that does not refuse accepts.
        asked = Coalition(frozenset((*rule.needs, *rule.veto)))
        coalitions = [asked]
        if rule.quorum:
            quorums = combinations(self._by_margin(rule.quorum.of), rule.quorum.at_least)
            coalitions = [asked | Coalition(frozenset(names)) for names in self._first(quorums)]
        if rule.pledges:
            cover, resource = self.probe.cover(rule), rule.pledges.of
            able = (
                Coalition(frozenset(names), sending=frozenset((name, resource) for name in names))
                for names in subsets(self._by_margin(rule.pledges.from_, resource))
                if sum(self._capacity(name, resource) for name in names) >= cover
            )
            coalitions = [other | senders for senders in self._first(able) for other in coalitions]
        return coalitions

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
                for names in subsets(self._by_margin(rule.pledges.from_, rule.pledges.of)[::-1]):
                    yield from self._refusing(frozenset(names), rule)

    def _breaking(self, rule: ConsentRule) -> Iterator[frozenset[str]]:
        """Sets of actors that leave a rule unmet if they refuse."""
        for name in (*rule.needs, *rule.veto):
            yield frozenset([name])
        if rule.quorum:
            enough = len(rule.quorum.of) - rule.quorum.at_least + 1
            yield from map(frozenset, combinations(self._by_margin(rule.quorum.of)[::-1], enough))

    def _refusing(self, names: frozenset[str], short: ConsentRule | None = None) -> Iterator[Coalition]:
        """The coalitions in which some actors refuse, or do not send what the rule `short` asks for."""
        undetermined = sorted(name for name in names if not self._never(name))
        for reasons in product(*(self._reasons(name, short) for name in undetermined)):
            coalition = reduce(or_, reasons, Coalition(short=short.rule if short else None))
            either = {name for name, _ in coalition.withholding}  # those who withhold may accept or refuse the text
            yield from self._with_heeded(coalition, names - either)

    def _reasons(self, name: str, short: ConsentRule | None) -> list[Coalition]:
        """Why an actor may refuse, or not send: its margin, or a red line that loses its price."""
        reasons = [
            Coalition(refusing=frozenset([name])),
            *(Coalition(never=frozenset([path])) for path in self._losable[name]),
        ]
        if short and short.pledges and short.pledges.of in self.probe.decides(name):
            reasons.append(Coalition(withholding=frozenset([(name, short.pledges.of)])))
        return reasons

    def _with_heeded(self, coalition: Coalition, settled: frozenset[str] = frozenset()) -> Iterator[Coalition]:
        """The same coalition, with every actor whose answer the rules of others depend on either accepting or not."""
        free = [name for name in self.probe.heeded if name not in coalition.accepting | settled]
        for accepts in product((True, False), repeat=len(free)):
            more = {name for name, accepted in zip(free, accepts, strict=True) if accepted}
            if not any(name in self.certain or coalition.never & {*self.crossed[name]} for name in more):
                less = {name for name in free if name not in more and not self._never(name)}
                yield replace(coalition, accepting=coalition.accepting | more, refusing=coalition.refusing | less)

    def _never(self, name: str) -> bool:
        """Whether an actor refuses now because of a red line without a price."""
        return name in self.certain or bool(self.priceable[name])

    def _by_margin(self, names: Sequence[str], resource: str | None = None) -> list[str]:
        """Some actors by decreasing present margin, for accepting or for sending a resource."""
        return sorted(names, key=lambda name: -self._now.get((name, resource), self._now[name, None]))

    def _capacity(self, name: str, resource: str) -> float:
        """The most that an actor could give, if its capacity moves."""
        path = self.probe.case.numbers[f"actors.{name}.capacities.{resource}.amount"].draw
        return self._highest.get(path, max(0.0, self.parameters[path].present))

    def _first(self, choices: Iterable[Choice]) -> list[Choice]:
        """The first distinct choices. If there are more, remember that the list is not complete."""
        distinct: dict[Choice, None] = {}
        for choice in choices:
            distinct[choice] = None
            if len(distinct) > WAYS_MOST:
                self.complete = False
                break
        return list(distinct)[:WAYS_MOST]

    def _crossed(self, name: str) -> list[str]:
        """The paths of the prices of the red lines that the package crosses; shared draws by the path of the draw."""
        crossed = compress(self.probe.case.actors[name].red_lines, self.probe.matrix.block(LINES, name)[:, 0] > 0)
        paths = [f"actors.{name}.red_lines.{line.rule}.price" for line in crossed]
        return list(dict.fromkeys(self.probe.case.numbers[path].draw for path in paths))
