"""A role's score sheet for paper: points by option for rules that depend on one issue, and the other rules in words.

The text on the table settles what is not negotiable, so its points are one sum. The sheet is exact: added up, it gives
the engine's surplus of every negotiable text, except for rounding.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypedDict

import numpy as np

from sim.case.conditions import ACCEPTED, Condition, condition_entries, condition_in_words, declared_line_owners
from sim.case.models import PointsRule, Scenario
from sim.engine.drawn_parameters import ActorParameters
from sim.engine.measures import DURABILITY, HIGHEST, durability, rise
from sim.engine.outcome_space import OutcomeSpace, Texts
from sim.engine.rule_matrix import MEASURES, PREFERENCES, SENDING, Bools
from sim.engine.worlds import Central
from sim.negotiation.answers.evaluation import Evaluation, number
from sim.negotiation.answers.evaluation_context import evaluate
from sim.negotiation.protocols import protocol_of

STEP = 10
"""Points of deterrence between two rows of the durability table."""
NEVER = "never"


class PointTables(TypedDict):
    """Rules by what they depend on."""

    fixed: float
    """Points of the rules that depend on nothing negotiable."""
    issues: list[dict[str, Any]]
    """Per `issue` on which single rules depend: `rows` of `option`, `points`, and `because`."""
    combined: list[dict[str, Any]]
    """Rules that depend on several issues, or on who accepts: `says`, `when`, `points`."""


class SendingTables(PointTables):
    """The rules that count only if a role sends a resource, and how much of it the role has."""

    capacity: float


class RoleSheet(PointTables):
    """The score sheet of one role, for `sim.report.document.handout`."""

    weighs: list[dict[str, Any]]
    sending: dict[str, SendingTables]
    red_lines: list[dict[str, Any]]
    walk_away: float
    holds_out: list[float]
    """The surplus that the role holds out for, month by month."""
    example: dict[str, Any]
    """How the rules judge the text on the table."""


class MeasureTables(TypedDict):
    """The measures, which everybody knows, and how long an agreement lasts at each level of deterrence."""

    measures: dict[str, dict[str, Any]]
    durability: dict[str, Any] | None


class ScoreSheets:
    """The score sheets of all roles of a scenario, at central values, as the talks begin.

    The text on the table settles what is not negotiable.
    """

    def __init__(self, scenario: Scenario) -> None:
        self.scenario, self.case = scenario, scenario.case
        self.text = OutcomeSpace(self.case).encode(scenario.proposal)
        self.negotiable = protocol_of(scenario).negotiable
        self._first = self._evaluate(1, 1)  # take it or leave it in the first month, after its events

    def _evaluate(self, month: int, months: int) -> Evaluation:
        events = self.scenario.events
        return evaluate(self.case, Central(), self.text[None], month=month, months=months, events=events).one()

    def role(self, actor: str) -> RoleSheet:
        """Return the score sheet of one role."""
        parameters = self._first.actor_parameters[actor]
        first = self._first.describe()["actors"][actor]
        return {
            **self._tables(self.case.preferences[actor], parameters.points[0].tolist(), (PREFERENCES, actor)),
            "weighs": [
                {"measure": weight.measure, "weight": number(parameters.weights[0, index])}
                for index, weight in enumerate(parameters.actor.weighs)
            ],
            "sending": {
                resource: self._sending(actor, resource, parameters) for resource in parameters.actor.capacities
            },
            "red_lines": [
                {
                    "says": line.says,
                    "when": condition_in_words(line.when),
                    "price": NEVER if parameters.nevers[0, index] else number(parameters.prices[0, index]),
                    "declared": line.declared,
                }
                for index, line in enumerate(parameters.actor.red_lines)
            ],
            "walk_away": first["reservation"],
            "holds_out": self._holds_out(parameters),
            "example": {key: first[key] for key in ("ledger", "surplus", "verdict", "reservation", "sends")},
        }

    def _sending(self, actor: str, resource: str, parameters: ActorParameters) -> SendingTables:
        rules, points = self.case.sending_rules[actor][resource], parameters.sending[resource][0].tolist()
        return {
            "capacity": number(parameters.capacities[resource][0]),
            **self._tables(rules, points, (SENDING, f"{actor}.{resource}")),
        }

    def measures(self) -> MeasureTables:
        """Return the measures that actors weigh, for `sim.report.document.handout`."""
        weighed = {weight.measure for actor in self.case.actors.values() for weight in actor.weighs}
        lasting = self.case.durability
        wanted = weighed | ({lasting.deterrence} if lasting and DURABILITY in weighed else set())
        measure_parameters = self._first.measure_parameters
        measures: dict[str, dict[str, Any]] = {
            name: {
                "says": measure.says,
                "base": number(measure_parameters.base[name][0, 0]),
                **self._tables(
                    self.case.measure_rules[name], measure_parameters.points[name][0].tolist(), (MEASURES, name)
                ),
            }
            for name, measure in self.case.measures.items()
            if name in wanted
        }
        return {"measures": measures, "durability": self._durability() if DURABILITY in weighed else None}

    def _durability(self) -> dict[str, Any]:
        """Durability in per cent by steps of deterrence, as the talks begin."""
        lasting, measure_parameters = self.case.durability, self._first.measure_parameters
        assert lasting is not None  # only a case with durability has actors that weigh it
        deterrence = np.arange(0, HIGHEST + 1, STEP)
        temptation = measure_parameters.temptation + rise(
            lasting.temptation, measure_parameters.slopes, self._first.situation.context
        )
        shares = durability(temptation, deterrence[None, :], measure_parameters.scale, lasting.horizon)[0]
        return {
            "says": lasting.says,
            "by": lasting.deterrence,
            "rows": [[number(level), number(HIGHEST * share)] for level, share in zip(deterrence, shares, strict=True)],
        }

    def _holds_out(self, parameters: ActorParameters) -> list[float]:
        months = protocol_of(self.scenario).months
        evaluations = (self._evaluate(month, months) for month in range(1, months + 1))
        return [number(parameters.aspiration(evaluation.situation)[0, 0]) for evaluation in evaluations]

    def _tables(self, rules: Sequence[PointsRule], points: Sequence[float], block: tuple[str, str]) -> PointTables:
        fixed = 0.0
        combined: list[dict[str, Any]] = []
        by_issue: dict[str, dict[int, list[tuple[float, str]]]] = {}

        def applies(texts: Texts) -> Bools:
            return np.asarray(self._first.compiled_rules.read(texts).block(*block) > 0)

        for index, (rule, worth) in enumerate(zip(rules, points, strict=True)):
            depends = self._depends_on(rule.when)
            live = [name for name in self.negotiable if name in depends]
            if len(live) > 1 or any(key == ACCEPTED for _, key, _ in condition_entries(rule.when)):
                combined.append({"says": rule.says, "when": condition_in_words(rule.when), "points": number(worth)})
            elif live:
                for option in np.flatnonzero(self._by_option(live[0], applies)[index]):
                    by_issue.setdefault(live[0], {}).setdefault(int(option), []).append((worth, rule.says))
            elif applies(self.text[None])[index, 0]:
                fixed += worth
        return {"fixed": number(fixed), "issues": self._issue_tables(by_issue), "combined": combined}

    def _depends_on(self, when: Condition) -> set[str]:
        """The issues on which a condition depends, including those of declared red lines that it names."""
        lines = (
            line.when
            for owner in declared_line_owners(when)
            for line in self.case.actors[owner].red_lines
            if line.declared
        )
        named = {name for condition in (when, *lines) for _, name, _ in condition_entries(condition)}
        return named & self.case.issues.keys()

    def _by_option(self, issue: str, applies: Callable[[Texts], Bools]) -> Bools:
        """(rule, option) bool: which rules apply at each option of an issue, the rest as on the table."""
        column = list(self.case.issues).index(issue)
        texts = np.tile(self.text, (len(self.case.issues[issue].options), 1))
        texts[:, column] = np.arange(len(texts))
        return applies(texts)

    def _issue_tables(self, by_issue: dict[str, dict[int, list[tuple[float, str]]]]) -> list[dict[str, Any]]:
        return [
            {
                "issue": name,
                "rows": [
                    {
                        "option": option,
                        "points": number(sum(points for points, _ in by_issue[name].get(index, []))),
                        "because": [says for _, says in by_issue[name].get(index, [])],
                    }
                    for index, option in enumerate(self.case.issues[name].options)
                ],
            }
            for name in self.negotiable
            if name in by_issue
        ]
