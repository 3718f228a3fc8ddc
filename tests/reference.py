"""The model once more: one package in one world, slowly and in plain Python.

An independent reading of the model, for tests to hold the vectorised engine against. It shares nothing with `sim.rules`
but the shapes of a case: no NumPy, no compiled arrays, no grid of points. Sums are therefore equal to the engine's only
up to rounding.
"""

from __future__ import annotations

import math
import operator as op
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim.case.conditions import Condition
from sim.case.shapes import Actor, Case, ConsentRule, Issue, Level, RedLine

Numbers = Mapping[str, float]
"""Every number of the case by its dotted path; `math.inf` is the price `never`."""
OPERATORS = {">=": op.ge, "<=": op.le, "==": op.eq, "!=": op.ne, ">": op.gt, "<": op.lt}
REFUSALS = ("red_line", "worse_than_no_deal")


@dataclass(frozen=True)
class Answer:
    """What one actor makes of the package; all sizes in points."""

    verdict: str
    utility: float
    reservation: float
    price: float
    never: bool
    surplus: float
    aspiration: float
    pledge: Mapping[str, float]


@dataclass(frozen=True)
class Outcome:
    """What follows from the package in this world."""

    answers: Mapping[str, Answer]
    agreed: bool
    unmet: Mapping[str, tuple[str, ...]]
    """Consent rules that apply and are not met, each with those who block it."""
    measures: Mapping[str, float]
    durability: float | None

    @property
    def blocked_by(self) -> frozenset[str]:
        return frozenset(name for blockers in self.unmet.values() for name in blockers)


def central(case: Case) -> dict[str, float]:
    """Every number of the case at its central value."""
    return {path: number.distribution.central for path, number in case.numbers.items()}


def evaluate(
    case: Case,
    package: Mapping[str, Any],
    numbers: Numbers,
    context: Mapping[str, float] | None = None,
    month: tuple[int, int] | None = None,
) -> Outcome:
    """Judge one package in one world.

    Parameters
    ----------
    case : the case
    package : one option an issue, for every issue
    numbers : every number of the case by its path
    context : the context indicators now; their starts if left out
    month : the month and the last month, for aspirations; take it or leave it if left out
    """
    now = starts(case, numbers) if context is None else context
    crossed = declarations(case, package)
    answers: dict[str, Answer] = {}

    def stood_by(owner: str) -> bool:
        return crossed(owner) and not (owner in answers and answers[owner].verdict == "accept")

    scores = measure_all(case, package, numbers, crossed)
    durability = last(case, scores, numbers, now)
    if durability is not None:
        scores["durability"] = 100 * durability
    in_turn = sorted(case.actors, key=lambda name: case.actors[name].role == "contributor")
    for name in in_turn:
        declared = stood_by if case.actors[name].role == "contributor" else crossed
        answers[name] = answer(case, name, package, numbers, now, scores, declared, month)
    unmet = {}
    for rule in case.consent:
        if holds(case, rule.when, package, crossed) and (blockers := withheld(rule, package, answers)):
            unmet[rule.rule] = blockers
    return Outcome({name: answers[name] for name in case.actors}, not unmet, unmet, scores, durability)


def possible(case: Case, package: Mapping[str, Any]) -> bool:
    """Whether a package breaks no constraint."""

    declared = declarations(case, package)
    return all(
        holds(case, rule.then, package, declared)
        for rule in case.constraints
        if holds(case, rule.when, package, declared)
    )


def declarations(case: Case, package: Mapping[str, Any]) -> Callable[[str], bool]:
    """Whether the package crosses a declared red line of an actor."""

    def crossed(owner: str) -> bool:
        return any(line.declared and holds(case, line.when, package, crossed) for line in case.actors[owner].red_lines)

    return crossed


def starts(case: Case, numbers: Numbers) -> dict[str, float]:
    """The context of the first month, within its bounds."""
    return {
        name: min(max(numbers[f"context.{name}.start"], indicator.low), indicator.high)
        for name, indicator in case.context.items()
    }


def holds(case: Case, condition: Condition, package: Mapping[str, Any], declared: Callable[[str], bool]) -> bool:
    """Whether every entry of a condition holds for the package."""
    for key, value in condition.items():
        listed = value if isinstance(value, list | tuple) else [value]
        if key == "any":
            true = any(holds(case, one, package, declared) for one in listed)
        elif key == "not":
            true = not holds(case, value, package, declared)
        elif key == "declared_red_line":
            true = any(declared(owner) for owner in listed)
        else:
            true = any(admits(case.issues[key], one, package[key]) for one in listed)
        if not true:
            return False
    return True


def admits(issue: Issue, entry: Any, option: Any) -> bool:
    """Whether an option is the one that an entry of a condition names, or compares as it says."""
    for sign in OPERATORS:  # two-character signs stand first
        if isinstance(entry, str) and entry.strip().startswith(sign):
            right = entry.strip().removeprefix(sign).strip()
            if issue.numeric:
                return bool(OPERATORS[sign](option, float(right.replace(",", ""))))
            rank = list(issue.options)
            return bool(OPERATORS[sign](rank.index(option), rank.index(right)))
    return bool(entry == option)


def measure_all(
    case: Case, package: Mapping[str, Any], numbers: Numbers, declared: Callable[[str], bool]
) -> dict[str, float]:
    """Every measure of the package, 0 to 100."""
    scores = {}
    for name, measure in case.measures.items():
        total = numbers[f"measures.{name}.base"]
        for rule in measure.rules:
            if holds(case, rule.when, package, declared):
                total += numbers[f"measures.{name}.rules.{rule.rule}.points"]
        scores[name] = min(max(total, 0.0), 100.0)
    return scores


def last(case: Case, scores: Mapping[str, float], numbers: Numbers, context: Mapping[str, float]) -> float | None:
    """The chance that the agreement holds for the horizon."""
    if case.durability is None:
        return None
    tempted = level(case.durability.temptation, "durability.temptation", numbers, context)
    odds = (tempted - scores[case.durability.deterrence]) / numbers["durability.scale"]
    hazard = 1 / (1 + math.exp(-odds))
    return (1 - hazard) ** case.durability.horizon


def level(what: Level, path: str, numbers: Numbers, context: Mapping[str, float]) -> float:
    """A base plus its slopes on the context."""
    rises = (numbers[f"{path}.slopes.{slope.context}.points"] * context[slope.context] for slope in what.slopes)
    return numbers[f"{path}.base"] + sum(rises)


def answer(
    case: Case,
    name: str,
    package: Mapping[str, Any],
    numbers: Numbers,
    context: Mapping[str, float],
    scores: Mapping[str, float],
    declared: Callable[[str], bool],
    month: tuple[int, int] | None,
) -> Answer:
    """One actor's verdict, and what it rests on."""
    actor, path = case.actors[name], f"actors.{name}"
    utility = sum(
        numbers[f"{path}.preferences.{rule.rule}.points"]
        for rule in actor.preferences
        if holds(case, rule.when, package, declared)
    ) + sum(numbers[f"{path}.weighs.{weight.measure}.weight"] * scores[weight.measure] for weight in actor.weighs)
    reservation = level(actor.reservation, f"{path}.reservation", numbers, context)
    crossed = [line for line in actor.red_lines if holds(case, line.when, package, declared)]
    prices = [price_of(actor, line, path, numbers) for line in crossed]
    never, price = math.inf in prices, sum(one for one in prices if one < math.inf)
    surplus = utility - reservation - price
    held_out = aspiration(actor, path, numbers, month)
    if never or surplus < 0 <= surplus + price:
        verdict = "red_line"
    elif surplus < 0:
        verdict = "worse_than_no_deal"
    else:
        verdict = "holding_out" if surplus < held_out else "accept"
    ready = 1.0 if verdict == "accept" else 0.0
    pledge = {what: ready * numbers[f"{path}.capacities.{what}.amount"] for what in actor.capacities}
    return Answer(verdict, utility, reservation, price, never, surplus, held_out, pledge)


def price_of(actor: Actor, line: RedLine, path: str, numbers: Numbers) -> float:
    """What it takes to cross a red line: its price, and the audience cost if it is declared."""
    audience = numbers[f"{path}.audience_cost.points"] if line.declared and actor.audience_cost else 0.0
    return numbers[f"{path}.red_lines.{line.rule}.price"] + audience


def aspiration(actor: Actor, path: str, numbers: Numbers, month: tuple[int, int] | None) -> float:
    """The surplus that an actor holds out for in this month."""
    if actor.aspiration is None or month is None:
        return 0.0
    share = math.pow(month[0] / month[1], 1 / numbers[f"{path}.aspiration.e"])
    return numbers[f"{path}.aspiration.opening"] * (1 - share)


def withheld(rule: ConsentRule, package: Mapping[str, Any], answers: Mapping[str, Answer]) -> tuple[str, ...]:
    """Those who keep a consent rule from being met; empty if it is met."""

    def without(names: Sequence[str]) -> list[str]:
        return [name for name in names if answers[name].verdict != "accept"]

    blockers = without(rule.needs)
    blockers += [name for name in rule.veto if answers[name].verdict in REFUSALS]
    if rule.quorum and len(rule.quorum.of) - len(without(rule.quorum.of)) < rule.quorum.at_least:
        blockers += without(rule.quorum.of) or [rule.rule]
    if rule.pledges:
        pledged = sum(answers[name].pledge[rule.pledges.of] for name in rule.pledges.from_)
        if pledged < package[rule.pledges.cover]:
            blockers += without(rule.pledges.from_) or [rule.rule]
    return tuple(dict.fromkeys(blockers))
