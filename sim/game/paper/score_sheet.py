"""A role's score sheet for paper: points by option where a rule hangs on one issue, and the other rules in words.

What is not negotiable is settled by the text on the table, so its points are one sum. What remains is exact: the sheet,
added up, gives the engine's surplus of every text that can be negotiated, but for rounding.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from sim.case.conditions import ACCEPTED, Condition, condition_entries, condition_in_words, declared_line_owners
from sim.case.models import PointsRule, Scenario
from sim.engine.drawn_parameters import DrawnParameters
from sim.engine.measures import DURABILITY, HIGHEST, durability, rise
from sim.engine.outcome_space import OutcomeSpace, Texts
from sim.engine.rule_matrix import MEASURES, PREFERENCES, SENDING, Bools, CompiledRules
from sim.engine.verdict_rules import ActorParameters
from sim.engine.worlds import Central, Uniforms, Worlds
from sim.negotiation.evaluation import evaluate, number
from sim.negotiation.protocols import protocol_of

STEP = 10
"""Points of deterrence between two rows of the table of durability."""
NEVER = "never"


class ScoreSheets:
    """The score sheets of all roles of a scenario, in one world, as the talks begin.

    Parameters
    ----------
    scenario : whose text on the table settles what is not negotiable
    uniforms : one world
    """

    def __init__(self, scenario: Scenario, uniforms: Uniforms | None = None) -> None:
        self.scenario, self.case = scenario, scenario.case
        self.uniforms = uniforms or Central()
        self.compiled_rules, self.space = CompiledRules(self.case), OutcomeSpace(self.case)
        self.drawn_parameters = DrawnParameters.draw(Worlds(self.case, self.uniforms))
        self.text = self.space.encode(scenario.proposal)
        self.negotiable = protocol_of(scenario).negotiable
        # Take it or leave it in the first month, whose events have happened.
        self._first = evaluate(
            self.case, self.uniforms, self.text[None], month=1, months=1, events=scenario.events
        ).one()

    def role(self, actor: str) -> dict[str, Any]:
        """The score sheet of one role.

        Returns
        -------
        plain data, for `sim.report.document.handout`
        """
        parameters = next(one for one in self.drawn_parameters.actor_parameters if one.name == actor)
        told = self._first.describe()["actors"][actor]
        rules = parameters.actor.preferences
        lines = parameters.actor.red_lines
        return {
            **self._parted(rules, parameters.points[0].tolist(), (PREFERENCES, actor)),
            "weighs": [
                {"measure": weight.measure, "weight": number(parameters.weights[0, at])}
                for at, weight in enumerate(parameters.actor.weighs)
            ],
            "sending": {of: self._sending(actor, of, parameters) for of in parameters.actor.capacities},
            "red_lines": [
                {
                    "says": line.says,
                    "when": condition_in_words(line.when),
                    "price": NEVER if parameters.nevers[0, at] else number(parameters.prices[0, at]),
                    "declared": line.declared,
                }
                for at, line in enumerate(lines)
            ],
            "walk_away": told["reservation"],
            "holds_out": self._holds_out(parameters),
            "example": {key: told[key] for key in ("ledger", "surplus", "verdict", "reservation", "sends")},
        }

    def _sending(self, actor: str, resource: str, parameters: ActorParameters) -> dict[str, Any]:
        """The rules that count only if a role sends a resource, and how much it has of it."""
        rules, points = parameters.actor.capacities[resource].when_sent, parameters.sending[resource][0].tolist()
        return {
            "capacity": number(parameters.capacities[resource][0]),
            **self._parted(rules, points, (SENDING, f"{actor}.{resource}")),
        }

    def measures(self) -> dict[str, Any]:
        """The measures, which are common knowledge, and how long an agreement lasts by what deters.

        Returns
        -------
        plain data, for `sim.report.document.handout`
        """
        weighed = {weight.measure for actor in self.case.actors.values() for weight in actor.weighs}
        lasting = self.case.durability
        wanted = weighed | ({lasting.deterrence} if lasting and DURABILITY in weighed else set())
        found = {
            name: {
                "says": measure.says,
                "base": number(self.drawn_parameters.measure_parameters.base[name][0, 0]),
                **self._parted(
                    measure.rules, self.drawn_parameters.measure_parameters.points[name][0].tolist(), (MEASURES, name)
                ),
            }
            for name, measure in self.case.measures.items()
            if name in wanted
        }
        return {"measures": found, "durability": self._lasting() if DURABILITY in weighed else None}

    def _lasting(self) -> dict[str, Any]:
        """Durability in per cent by steps of what deters, as the talks begin."""
        lasting, measure_parameters = self.case.durability, self.drawn_parameters.measure_parameters
        assert lasting is not None  # nobody weighs a durability that there is not
        deterrence = np.arange(0, HIGHEST + 1, STEP)
        temptation = measure_parameters.temptation + rise(
            lasting.temptation, measure_parameters.slopes, self._first.situation.context
        )
        share = durability(temptation, deterrence[None, :], measure_parameters.scale, lasting.horizon)[0]
        return {
            "says": lasting.says,
            "by": lasting.deterrence,
            "rows": [[number(one), number(HIGHEST * part)] for one, part in zip(deterrence, share, strict=True)],
        }

    def _holds_out(self, parameters: ActorParameters) -> list[float]:
        """The surplus that the role holds out for, month by month."""
        months = protocol_of(self.scenario).months
        situations = (
            evaluate(self.case, self.uniforms, self.text[None], month=month, months=months, events=self.scenario.events)
            for month in range(1, months + 1)
        )
        return [number(parameters.aspiration(one.situation)[0, 0]) for one in situations]

    def _parted(self, rules: Sequence[PointsRule], points: Sequence[float], block: tuple[str, str]) -> dict[str, Any]:
        """Rules by what they hang on: nothing that is negotiable, one issue, or several, or who accepts."""
        fixed, combined = 0.0, []
        by_issue: dict[str, dict[int, list[tuple[float, str]]]] = {}

        def held(texts: Texts) -> Bools:
            return np.asarray(self.compiled_rules.read(texts).block(*block) > 0)

        for at, (rule, each) in enumerate(zip(rules, points, strict=True)):
            live = [name for name in self.negotiable if name in self._named(rule.when)]
            if len(live) > 1 or any(key == ACCEPTED for _, key, _ in condition_entries(rule.when)):
                combined.append({"says": rule.says, "when": condition_in_words(rule.when), "points": number(each)})
            elif live:
                for option in np.flatnonzero(self._along(live[0], held)[at]):
                    by_issue.setdefault(live[0], {}).setdefault(int(option), []).append((each, rule.says))
            elif held(self.text[None])[at, 0]:
                fixed += each
        return {"fixed": number(fixed), "issues": self._tables(by_issue), "combined": combined}

    def _named(self, when: Condition) -> set[str]:
        """The issues on which a condition hangs, those of declared red lines among them."""
        lines = (
            line.when
            for owner in declared_line_owners(when)
            for line in self.case.actors[owner].red_lines
            if line.declared
        )
        return {name for one in (when, *lines) for _, name, _ in condition_entries(one)} & self.case.issues.keys()

    def _along(self, issue: str, held: Callable[[Texts], Bools]) -> Bools:
        """(rule, option) bool: which rules hold as one issue goes through its options, the rest as on the table."""
        at = list(self.case.issues).index(issue)
        texts = np.tile(self.text, (len(self.case.issues[issue].options), 1))
        texts[:, at] = np.arange(len(texts))
        return held(texts)

    def _tables(self, by_issue: dict[str, dict[int, list[tuple[float, str]]]]) -> list[dict[str, Any]]:
        return [
            {
                "issue": name,
                "rows": [
                    {
                        "option": option,
                        "points": number(sum(points for points, _ in by_issue[name].get(at, []))),
                        "because": [says for _, says in by_issue[name].get(at, [])],
                    }
                    for at, option in enumerate(self.case.issues[name].options)
                ],
            }
            for name in self.negotiable
            if name in by_issue
        ]
