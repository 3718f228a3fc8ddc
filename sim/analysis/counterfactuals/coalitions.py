"""The ways to turn the answer to a package: who would have to accept, send or refuse to change it."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import compress, islice, product
from operator import or_
from typing import TypeAlias, TypeVar

from sim.analysis.counterfactuals.parameters import Parameter
from sim.analysis.counterfactuals.probe import Probe, subsets, with_values
from sim.analysis.counterfactuals.winning_sets import winning_sets
from sim.case.consent_rules.demands import ConsentDemand, Pledges
from sim.case.consent_rules.quorums import Tally
from sim.engine.rule_matrix import LINES

WAYS_MOST = 256
"""The most coalitions that are tried. Those nearest to the present answers come first."""

SETS_MOST = 4_096
"""The most sets of voters with different numbers of votes that are put in order."""

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
    covered : pledges that must be covered by those who send
    short : pledges that must fall short, with those of the actors who neither refuse nor withhold
    """

    accepting: frozenset[str] = frozenset()
    refusing: frozenset[str] = frozenset()
    sending: frozenset[Sending] = frozenset()
    withholding: frozenset[Sending] = frozenset()
    never: frozenset[str] = frozenset()
    covered: frozenset[Pledges] = frozenset()
    short: frozenset[Pledges] = frozenset()

    def __or__(self, other: Coalition) -> Coalition:
        """Return the coalition that demands what both demand."""
        return Coalition(
            self.accepting | other.accepting,
            self.refusing | other.refusing,
            self.sending | other.sending,
            self.withholding | other.withholding,
            self.never | other.never,
            self.covered | other.covered,
            self.short | other.short,
        )


@dataclass(frozen=True)
class _Breach:
    """One way in which a demand is not met: actors who refuse, and pledges with the actors who do not send them."""

    refusing: frozenset[str] = frozenset()
    short: frozenset[tuple[Pledges, frozenset[str]]] = frozenset()

    def __or__(self, other: _Breach) -> _Breach:
        return _Breach(self.refusing | other.refusing, self.short | other.short)


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
        for parts in product(*(self._meeting(rule) for rule in self.probe.rules)):
            coalition = reduce(or_, parts, Coalition())
            if not coalition.accepting & self.certain:
                for full in self._with_heeded(coalition):
                    yield replace(full, sending=full.sending | self._sent_anyway(full.accepting))

    def _meeting(self, demand: ConsentDemand) -> list[Coalition]:
        """Sets of actors that meet a demand if they accept, and send what it asks of them."""
        # Nobody holds out against a take-it-or-leave-it proposal, so an actor that does not refuse accepts.
        asked = Coalition(frozenset((*demand.needs, *demand.veto)))
        coalitions = [asked]
        if demand.quorum:
            quorums = self._votes(demand.quorum.tally, willing=True)
            coalitions = [asked | Coalition(names) for names in self._first(quorums)]
        if demand.pledges:
            pledges, cover = demand.pledges, self.probe.cover(demand.pledges)
            able = (
                Coalition(
                    frozenset(names),
                    sending=frozenset((name, pledges.of) for name in names),
                    covered=frozenset([pledges]),
                )
                for names in subsets(self._by_margin(pledges.from_, pledges.of))
                if sum(self._capacity(name, pledges.of) for name in names) >= cover
            )
            coalitions = [other | senders for senders in self._first(able) for other in coalitions]
        further = [self._meeting(part) for part in demand.all_]
        if demand.any_:
            further.append([coalition for part in demand.any_ for coalition in self._meeting(part)])
        for others in further:
            coalitions = self._first(one | other for one, other in product(coalitions, others))
        return coalitions

    def _sent_anyway(self, accepting: frozenset[str]) -> frozenset[Sending]:
        """What accepting actors send because no rule of theirs tells sending from accepting."""
        return frozenset(
            (name, pledges.of)
            for rule in self.probe.rules
            for pledges in rule.pledges_asked
            for name in accepting.intersection(pledges.from_)
            if pledges.of not in self.probe.decides(name)
        )

    def _losing(self) -> Iterator[Coalition]:
        for rule in self.probe.rules:
            for breach in self._breaking(rule):
                yield from self._refusing(breach)

    def _breaking(self, demand: ConsentDemand) -> Iterator[_Breach]:
        """What leaves a demand unmet: who refuses, and whose pledges fall short."""
        for name in (*demand.needs, *demand.veto):
            yield _Breach(frozenset([name]))
        if demand.quorum:
            yield from map(_Breach, self._votes(demand.quorum.tally, willing=False))
        if demand.pledges:
            for names in subsets(self._by_margin(demand.pledges.from_, demand.pledges.of)[::-1]):
                yield _Breach(short=frozenset([(demand.pledges, frozenset(names))]))
        for part in demand.all_:
            yield from self._breaking(part)
        if demand.any_:
            each = [self._first(self._breaking(part)) for part in demand.any_]
            yield from (reduce(or_, breaches) for breaches in product(*each))

    def _votes(self, tally: Tally, *, willing: bool) -> Iterator[frozenset[str]]:
        """The smallest sets of voters that reach a quorum, or that leave too few votes; those nearest to it first."""
        nearest = self._by_margin(list(tally.votes))
        need = tally.need if willing else tally.total - tally.need + 1
        found = map(frozenset, winning_sets(nearest if willing else nearest[::-1], tally.votes, need))
        if len(set(tally.votes.values())) == 1:
            return found
        listed = list(islice(found, SETS_MOST + 1))
        self.complete = self.complete and len(listed) <= SETS_MOST
        moving = {name for name in nearest if (self._now[name, None] < 0) == willing}
        return iter(sorted(listed, key=lambda names: len(names & moving)))

    def _refusing(self, breach: _Breach) -> Iterator[Coalition]:
        """The coalitions in which some actors refuse, or do not send what the pledges that fall short ask for."""
        names = breach.refusing.union(*(givers for _, givers in breach.short))
        undetermined = sorted(name for name in names if not self._never(name))
        for reasons in product(*(self._reasons(name, breach) for name in undetermined)):
            coalition = reduce(or_, reasons, Coalition(short=frozenset(pledges for pledges, _ in breach.short)))
            either = {name for name, _ in coalition.withholding}  # those who withhold may accept or refuse the text
            yield from self._with_heeded(coalition, names - either)

    def _reasons(self, name: str, breach: _Breach) -> list[Coalition]:
        """Why an actor may refuse, or not send: its margin, or a red line that loses its price."""
        reasons = [
            Coalition(refusing=frozenset([name])),
            *(Coalition(never=frozenset([path])) for path in self._losable[name]),
        ]
        resources = {pledges.of for pledges, givers in breach.short if name in givers}
        if name not in breach.refusing and resources <= {*self.probe.decides(name)}:
            reasons.append(Coalition(withholding=frozenset((name, resource) for resource in resources)))
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
