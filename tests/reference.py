"""A reference implementation of the model: one package in one world, slowly and in plain Python.

It is an independent reading of the model, against which tests check the vectorised engine. It shares the models of a
case with `sim.engine` and nothing else: no NumPy, no compiled arrays. It adds fractions of whole numbers, so a tie on
paper is a tie here. Products, durability and aspirations are rounded to millionths of a point here too; this is part of
the model (decision 0001).
"""

from __future__ import annotations

import math
import operator as op
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import combinations
from typing import Any

from sim.case.conditions import Condition
from sim.case.consent_rules.demands import ConsentDemand, Pledges
from sim.case.consent_rules.quorums import Quorum, VoteShare
from sim.case.models import Actor, Case, ConsentRule, Issue, Level, PointsRule, RedLine

Package = Mapping[str, Any]
"""One option per issue, for every issue."""
Number = Fraction | float
Numbers = Mapping[str, Number]
"""Every number of the case by its dotted path, as an exact fraction; `math.inf` is the price `never`."""
OPERATORS = {">=": op.ge, "<=": op.le, "==": op.eq, "!=": op.ne, ">": op.gt, "<": op.lt}
REFUSALS = ("red_line", "worse_than_no_deal")
GRAINS = 10**6
"""Points are rounded to whole numbers of this part of a point (decision 0001)."""
NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Answer:
    """One actor's answer to the package; all numbers are in points."""

    verdict: str
    utility: Number
    reservation: Number
    price: Number
    never: bool
    surplus: Number
    aspiration: Number
    sending: Mapping[str, Number]
    """Resource to the surplus if the actor sends it: its surplus plus the points of sending."""
    sends: Mapping[str, bool]
    pledge: Mapping[str, Number]
    """Resource to the amount that it sends; 0 if it does not send."""

    @property
    def accepts(self) -> bool:
        return self.verdict == "accept"

    @property
    def refuses(self) -> bool:
        return self.verdict in REFUSALS

    @property
    def below_reservation(self) -> bool:
        """Whether the actor would be worse off with the package, or a red line without a price is crossed."""
        return self.never or self.surplus < 0


@dataclass(frozen=True)
class Outcome:
    """The result of the package in this world."""

    package: Package
    answers: Mapping[str, Answer]
    unmet: Mapping[str, tuple[str, ...]]
    """Consent rules that apply and are not met, each with the actors who withhold what it asks for."""
    asked: Mapping[str, tuple[str, ...]]
    """Actor to the resources that the package asks it for."""
    measures: Mapping[str, Number]
    durability: float | None

    @property
    def agreed(self) -> bool:
        return not self.unmet

    @cached_property
    def blocking(self) -> tuple[str, ...]:
        """The actors who block, in the order of the case."""
        return tuple(name for name in self.answers if any(name in members for members in self.unmet.values()))

    @cached_property
    def stuck(self) -> tuple[str, ...]:
        """The consent rules that are not met although nobody withholds anything."""
        return tuple(rule for rule, members in self.unmet.items() if not members)

    @property
    def blocked_by(self) -> frozenset[str]:
        return frozenset((*self.blocking, *self.stuck))

    def gap(self, name: str) -> Number:
        """The points that an actor lacks to stop blocking, 0 or more; infinite across a red line without a price."""
        one = self.answers[name]
        if one.never:
            return math.inf
        return max(Fraction(), one.aspiration - one.surplus, *(-one.sending[what] for what in self.asked[name]))


def central(case: Case) -> dict[str, Number]:
    """Every number of the case at its central value."""
    return {path: exact(number.distribution.central) for path, number in case.numbers.items()}


def exact(value: float) -> Number:
    """A number as it is written in decimals, as an exact fraction; infinity stays infinite."""
    return value if math.isinf(value) else Fraction(str(value))


def evaluate(
    case: Case,
    package: Package,
    numbers: Numbers,
    context: Mapping[str, Number] | None = None,
    month: tuple[int, int] | None = None,
    author: str | None = None,
    heard: frozenset[str] | None = None,
) -> Outcome:
    """Evaluate one package in one world.

    Parameters
    ----------
    case : the case
    package : one option per issue, for every issue
    numbers : every number of the case by its path
    context : the context indicators of the month; None for their starts
    month : the month and the last month, for aspirations; None for take it or leave it
    author : the party that proposed the package in its turn, and therefore accepts it
    heard : the actors known to contributors to have accepted it; None for those who react first and accept it here
    """
    now = starts(case, numbers) if context is None else context
    scores = measure_all(case, package, numbers)
    durability = last(case, scores, numbers, now)
    if durability is not None:
        scores["durability"] = rounded(exact(100 * durability))

    def answers_of(names: Collection[str], accepting: frozenset[str]) -> dict[str, Answer]:
        return {
            name: answer(case, name, package, numbers, now, scores, accepting, month, proposed=name == author)
            for name in names
        }

    first = answers_of([name for name, one in case.actors.items() if one.reacts_first], NOBODY)
    accepting = frozenset(name for name, one in first.items() if (one.accepts if heard is None else name in heard))
    said = first | answers_of([name for name in case.actors if name not in first], accepting)
    answers = {name: said[name] for name in case.actors}
    applying = [rule for rule in case.consent if holds(case, rule.when, package)]
    unmet = {rule.rule: missing for rule in applying if (missing := withheld(rule, package, answers)) is not None}
    asked = {name: tuple(asked_of(applying, name, package)) for name in answers}
    return Outcome(package, answers, unmet, asked, scores, durability)


def rounded(value: Number) -> Number:
    """Round a number to millionths; infinity stays infinite."""
    return value if math.isinf(value) else Fraction(round(value * GRAINS), GRAINS)


def possible(case: Case, package: Package) -> bool:
    """Whether a package meets all constraints."""
    return not any(holds(case, rule.when, package) and not holds(case, rule.then, package) for rule in case.constraints)


def crosses_declared(case: Case, owner: str, package: Package) -> bool:
    """Whether the package crosses a declared red line of an actor."""
    return any(line.declared and holds(case, line.when, package) for line in case.actors[owner].red_lines)


def starts(case: Case, numbers: Numbers) -> dict[str, Number]:
    """The context of the first month, within its bounds."""
    return {
        name: min(max(numbers[f"context.{name}.start"], exact(indicator.low)), exact(indicator.high))
        for name, indicator in case.context.items()
    }


def holds(case: Case, condition: Condition, package: Package, accepting: frozenset[str] = NOBODY) -> bool:
    """Whether every entry of a condition holds for the package.

    `accepting` are the actors who react first and accept the package, as far as the owner of the condition knows. Only
    contributors know.
    """
    for key, value in condition.items():
        listed = value if isinstance(value, list | tuple) else [value]
        if key in ("at_least", "at_most"):
            continue  # read with the count or the sum beside them
        if key == "any":
            true = any(holds(case, one, package, accepting) for one in listed)
        elif key == "all":
            true = all(holds(case, one, package, accepting) for one in listed)
        elif key == "count":
            true = within(condition, Fraction(sum(holds(case, one, package, accepting) for one in listed)))
        elif key == "sum":
            true = within(condition, sum((counted(package[name], one) for name, one in value.items()), Fraction()))
        elif key == "not":
            true = not holds(case, value, package, accepting)
        elif key == "declared_red_line":
            true = any(owner not in accepting and crosses_declared(case, owner, package) for owner in listed)
        elif key == "accepted_by":
            true = any(owner in accepting for owner in listed)
        else:
            true = any(admits(case.issues[key], one, package[key]) for one in listed)
        if not true:
            return False
    return True


def within(limits: Mapping[str, Any], value: Fraction) -> bool:
    """Whether a count or a sum keeps the limits beside it."""
    least, most = limits.get("at_least"), limits.get("at_most")
    return (least is None or value >= exact(least)) and (most is None or value <= exact(most))


def counted(option: Any, weight: Any) -> Fraction:
    """What an option counts in a sum: its number times a weight, or the points that are given for it."""
    if isinstance(weight, Mapping):
        return Fraction(str(weight.get(str(option), 0)))
    return Fraction(str(weight)) * Fraction(str(option))


def admits(issue: Issue, entry: Any, option: Any) -> bool:
    """Whether an entry of a condition names an option, or its comparison holds for it."""
    for sign in OPERATORS:  # two-character signs come first
        if isinstance(entry, str) and entry.strip().startswith(sign):
            right = entry.strip().removeprefix(sign).strip()
            if issue.numeric:
                return bool(OPERATORS[sign](option, float(right.replace(",", ""))))
            rank = list(issue.options)
            return bool(OPERATORS[sign](rank.index(option), rank.index(right)))
    return bool(entry == option)


def measure_all(case: Case, package: Package, numbers: Numbers) -> dict[str, Number]:
    """Every measure of the package, 0 to 100."""
    scores = {}
    for name, measure in case.measures.items():
        total = numbers[f"measures.{name}.base"]
        for rule in measure.rules:
            if holds(case, rule.when, package):
                total += worth(rule, numbers[f"measures.{name}.rules.{rule.rule}.points"], package)
        scores[name] = min(max(total, Fraction()), Fraction(100))
    return scores


def last(case: Case, scores: Mapping[str, Number], numbers: Numbers, context: Mapping[str, Number]) -> float | None:
    """The chance that the agreement lasts for the horizon."""
    if case.durability is None:
        return None
    tempted = level(case.durability.temptation, "durability.temptation", numbers, context)
    odds = float(tempted - scores[case.durability.deterrence]) / float(numbers["durability.scale"])
    hazard = 1 / (1 + math.exp(-odds))
    return (1 - hazard) ** case.durability.horizon


def level(what: Level, path: str, numbers: Numbers, context: Mapping[str, Number]) -> Number:
    """A base plus its slopes on the context."""
    rises = (
        rounded(numbers[f"{path}.slopes.{slope.context}.points"] * context[slope.context]) for slope in what.slopes
    )
    return numbers[f"{path}.base"] + sum(rises)


def answer(
    case: Case,
    name: str,
    package: Package,
    numbers: Numbers,
    context: Mapping[str, Number],
    scores: Mapping[str, Number],
    accepting: frozenset[str],
    month: tuple[int, int] | None,
    proposed: bool,
) -> Answer:
    """One actor's two answers, its verdict and what it sends, with their reasons."""
    actor, path = case.actors[name], f"actors.{name}"
    utility = (
        sum(
            worth(rule, numbers[f"{path}.preferences.{rule.rule}.points"], package)
            for rule in actor.preferences
            if holds(case, rule.when, package, accepting)
        )
        + scored(case, actor, path, package, numbers)
        + sum(
            rounded(numbers[f"{path}.weighs.{weight.measure}.weight"] * scores[weight.measure])
            for weight in actor.weighs
        )
    )
    reservation = level(actor.reservation, f"{path}.reservation", numbers, context)
    prices = [price_of(actor, line, path, numbers) for line in actor.red_lines if holds(case, line.when, package)]
    never, price = math.inf in prices, sum(one for one in prices if one < math.inf)
    surplus = utility - reservation - price
    held_out = aspiration(actor, path, numbers, month)
    if proposed:
        verdict = "accept"
    elif never or surplus < 0 <= surplus + price:
        verdict = "red_line"
    elif surplus < 0:
        verdict = "worse_than_no_deal"
    else:
        verdict = "holding_out" if surplus < held_out else "accept"
    sending = {
        what: surplus
        + sum(
            worth(rule, numbers[f"{path}.capacities.{what}.when_sent.{rule.rule}.points"], package)
            for rule in capacity.when_sent
            if holds(case, rule.when, package, accepting)
        )
        for what, capacity in actor.capacities.items()
    }
    sends = {what: verdict == "accept" and left >= 0 for what, left in sending.items()}
    pledge = {what: capacity_of(name, what, numbers) if sends[what] else Fraction() for what in sends}
    return Answer(verdict, utility, reservation, price, never, surplus, held_out, sending, sends, pledge)


def worth(rule: PointsRule, points: Number, package: Package) -> Number:
    """The points of a rule that holds: once, or for each unit of an issue's number."""
    if rule.per is None:
        return rounded(points)
    return rounded(points * (exact(package[rule.per]) - exact(rule.from_ or 0)))


def scored(case: Case, actor: Actor, path: str, package: Package, numbers: Numbers) -> Number:
    """The points of the package on an actor's score sheet."""
    sheet = actor.scores.scores if actor.scores else {}
    chosen = {name: str(package[name]) for name in case.issues}
    paths = [f"{path}.scores.{name}.{chosen[name]}" for name in sheet if chosen[name] in sheet[name]]
    return sum((numbers[one] for one in paths), Fraction())


def price_of(actor: Actor, line: RedLine, path: str, numbers: Numbers) -> Number:
    """The cost of crossing a red line: its price, plus the audience cost if it is declared."""
    audience = numbers[f"{path}.audience_cost.points"] if line.declared and actor.audience_cost else 0
    return max(Fraction(), numbers[f"{path}.red_lines.{line.rule}.price"]) + max(Fraction(), audience)


def capacity_of(name: str, resource: str, numbers: Numbers) -> Number:
    """How much of a resource an actor has."""
    return max(Fraction(), numbers[f"actors.{name}.capacities.{resource}.amount"])


def aspiration(actor: Actor, path: str, numbers: Numbers, month: tuple[int, int] | None) -> Number:
    """The surplus for which an actor holds out in this month."""
    if actor.aspiration is None or month is None:
        return Fraction()
    share = math.pow(month[0] / month[1], 1 / numbers[f"{path}.aspiration.e"])
    return rounded(exact(float(max(Fraction(), numbers[f"{path}.aspiration.opening"])) * (1 - share)))


def withheld(demand: ConsentDemand, package: Package, answers: Mapping[str, Answer]) -> tuple[str, ...] | None:
    """The actors because of whom a demand is not met, in the order of the demand; None if it is met."""

    def without(names: Collection[str]) -> list[str]:
        return [name for name in names if not answers[name].accepts]

    members = without(demand.needs)
    members += [name for name in demand.veto if answers[name].refuses]
    met = not members
    if demand.quorum and not wins(demand.quorum, answers):
        met, members = False, members + opposing(demand.quorum, answers)
    if demand.pledges and missing(demand.pledges, package, answers) > 0:
        idle = [name for name in demand.pledges.from_ if not answers[name].sends[demand.pledges.of]]
        met, members = False, members + idle
    for part in demand.all_:
        found = withheld(part, package, answers)
        met, members = met and found is None, [*members, *(found or ())]
    branches = [withheld(part, package, answers) for part in demand.any_]
    if branches and None not in branches:
        met, members = False, members + [name for found in branches for name in found or ()]
    return None if met else tuple(dict.fromkeys(members))


def votes_of(quorum: Quorum) -> dict[str, Fraction]:
    """How many votes each actor has in a quorum, as an exact fraction."""
    return {name: Fraction(str(quorum.of[name])) if isinstance(quorum.of, dict) else Fraction(1) for name in quorum.of}


def enough(quorum: Quorum, accepting: Number, cast: Number) -> bool:
    """Whether so many votes are enough, of those cast."""
    threshold = quorum.more_than if quorum.at_least is None else quorum.at_least
    needed = threshold.value * cast if isinstance(threshold, VoteShare) else Fraction(str(threshold))
    return accepting > needed if quorum.at_least is None else accepting >= needed


def wins(quorum: Quorum, answers: Mapping[str, Answer]) -> bool:
    """Whether enough votes accept."""
    votes = votes_of(quorum)
    accepting = sum(count for name, count in votes.items() if answers[name].accepts)
    if quorum.abstain == "against":
        return enough(quorum, accepting, sum(votes.values()))
    against = sum(count for name, count in votes.items() if answers[name].refuses)
    return accepting > 0 and enough(quorum, accepting, accepting + against)


def opposing(quorum: Quorum, answers: Mapping[str, Answer]) -> list[str]:
    """The voters who withhold what a quorum lacks: those who abstain only if that counts, or if nobody else votes."""
    votes = votes_of(quorum)
    if quorum.abstain == "ignored":
        against = [name for name in votes if answers[name].refuses]
        return against or [name for name in votes if not answers[name].accepts]
    return [name for name in votes if not answers[name].accepts and decides(quorum, name)]


def decides(quorum: Quorum, voter: str) -> bool:
    """Whether a voter's votes decide for any way in which the others may vote."""
    votes = votes_of(quorum)
    total, others = sum(votes.values()), [name for name in votes if name != voter]
    for size in range(len(others) + 1):
        for names in combinations(others, size):
            accepting = sum((votes[name] for name in names), Fraction())
            if enough(quorum, accepting + votes[voter], total) and not enough(quorum, accepting, total):
                return True
    return False


def missing(pledges: Pledges, package: Package, answers: Mapping[str, Answer]) -> Number:
    """The amount by which pledges fall short of what is asked for; 0 or less if they cover it."""
    return exact(package[pledges.cover]) - sum(answers[name].pledge[pledges.of] for name in pledges.from_)


def asked_of(applying: Sequence[ConsentRule], name: str, package: Package) -> Iterator[str]:
    """The resources for which the consent rules that apply ask an actor."""
    seen = set()
    for rule in applying:
        for part in parts_of(rule):
            if part.pledges and name in part.pledges.from_ and package[part.pledges.cover] > 0:
                seen.add(part.pledges.of)
    yield from sorted(seen)


def parts_of(demand: ConsentDemand) -> Iterator[ConsentDemand]:
    """A demand and all that are nested in it."""
    yield demand
    for part in (*demand.any_, *demand.all_):
        yield from parts_of(part)
