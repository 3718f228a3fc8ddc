"""What everybody answers to some texts, why, and what follows, as data for a report.

Each month of the talks is an evaluation of the text on the table; `EvaluationContext`
(`sim.negotiation.answers.evaluation_context`) evaluates texts without talks.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property, reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.case.models import Case, ConsentRule
from sim.engine.drawn_parameters import ActorParameters
from sim.engine.explain import LedgerEntry, ledger, sending_ledger
from sim.engine.measures import DURABILITY, HIGHEST, MeasureParameters, Situation
from sim.engine.outcome_space import OutcomeSpace
from sim.engine.responses import Responses
from sim.engine.rule_matrix import CompiledRules, RuleMatrix
from sim.engine.verdict_rules import Assessment, Verdict
from sim.engine.voting.consent import Consent, read_answers
from sim.engine.voting.needed_actors import WhyNeeded, asked_to_consent, required_actors, why_needed
from sim.engine.voting.standing import nearest_branch, votes_missed
from sim.engine.worlds import select_worlds
from sim.negotiation.answers.answer_data import AnswerData, AnsweredText, LedgerRow, SendingData, UnmetRule

DIGITS = 3
"""Decimals of the numbers in reports and JSON."""


@dataclass(frozen=True)
class Evaluation:
    """Texts, everybody's answers to them, and what follows; arrays are (world or 1, text or 1).

    Parameters
    ----------
    compiled_rules : the rules of the case
    actor_parameters : actor to the numbers by which it judges
    matrix : what the rules say of the texts
    situation : measures, context and month
    responses : everybody's answers, pledges, and the consent rules
    measure_parameters : the numbers by which texts are measured, in the worlds of `actor_parameters`
    worlds : (world,) int, the row of each evaluated world in `actor_parameters`; None if they are the same worlds
    """

    compiled_rules: CompiledRules
    actor_parameters: Mapping[str, ActorParameters]
    matrix: RuleMatrix
    situation: Situation
    responses: Responses
    measure_parameters: MeasureParameters
    worlds: NDArray[np.intp] | None = None

    @property
    def case(self) -> Case:
        """The case whose actors answer."""
        return self.compiled_rules.case

    def one(self, world: int = 0, text: int = 0) -> Evaluation:
        """Return the evaluation of one text in one world."""
        column = world if self.matrix.paired else text
        rows = np.array([world]) if self.worlds is None else self.worlds[[world]]

        def cell(array: NDArray[Any]) -> NDArray[Any]:
            row = array[[world]] if len(array) > 1 else array
            return row[:, [text]] if row.shape[1] > 1 else row

        responses, consent = self.responses, self.responses.consent
        return Evaluation(
            compiled_rules=self.compiled_rules,
            actor_parameters={
                name: select_worlds(parameters, rows) for name, parameters in self.actor_parameters.items()
            },
            matrix=replace(self.matrix.each(np.array([column])), paired=False),
            situation=replace(
                self.situation,
                context={
                    name: level[[world]] if len(level) > 1 else level for name, level in self.situation.context.items()
                },
                measures={name: cell(score) for name, score in self.situation.measures.items()},
            ),
            responses=Responses(
                answers={name: _cells(answer, cell) for name, answer in responses.answers.items()},
                pledged={
                    of: {name: cell(one) for name, one in given.items()} for of, given in responses.pledged.items()
                },
                consent=Consent(
                    unmet={rule: cell(missing) for rule, missing in consent.unmet.items()},
                    withheld={
                        rule: {name: cell(blocks) for name, blocks in members.items()}
                        for rule, members in consent.withheld.items()
                    },
                    blockers={name: cell(blocks) for name, blocks in consent.blockers.items()},
                    stuck=cell(consent.stuck),
                ),
            ),
            measure_parameters=select_worlds(self.measure_parameters, rows),
        )

    @property
    def agreed_share(self) -> float:
        """The share of worlds in which the (first) text is agreed."""
        return float(self.responses.consent.agreed[:, 0].mean())

    def shares(self, actor: str) -> dict[str, float]:
        """Return verdict to the share of worlds in which the actor gives it on the (first) text."""
        codes = self.responses.answers[actor].verdict[:, 0]
        counts = np.bincount(codes, minlength=len(Verdict))
        return {verdict.word: round(counts[verdict] / len(codes), 6) for verdict in Verdict}

    def blocks(self, actor: str) -> NDArray[np.bool_]:
        """Return (world or 1,) bool, whether an actor blocks the (first) text."""
        return self.responses.consent.blockers[actor][:, 0]

    def stuck(self, rule: str) -> NDArray[np.bool_]:
        """Return (world or 1,) bool, whether a consent rule is unmet although nobody withholds what it asks for."""
        consent = self.responses.consent
        if rule not in consent.unmet:
            return np.zeros(1, dtype=bool)
        withheld = reduce(np.logical_or, consent.withheld[rule].values(), np.zeros((1, 1), dtype=bool))
        return np.asarray(consent.unmet[rule] & ~withheld)[:, 0]

    def ledger(self, actor: str) -> tuple[LedgerEntry, ...]:
        """Return an actor's reasons, for an evaluation of one text in one world."""
        return ledger(self.case, self.actor_parameters[actor], self.matrix, self.situation, self._accepted)

    @property
    def _accepted(self) -> dict[str, bool]:
        """Whether each actor that reacts first accepts, for an evaluation of one text in one world."""
        first = (name for name, actor in self.case.actors.items() if actor.reacts_first)
        return {name: bool(self.responses.answers[name].accepts[0, 0]) for name in first}

    def describe(self) -> AnsweredText:
        """Return an evaluation of one text in one world as plain data (`docs/reference/json.md`)."""
        consent, measures = self.responses.consent, self.situation.measures
        durability = measures.get(DURABILITY)
        return {
            "package": OutcomeSpace(self.case).decode(self.matrix.texts[0]),
            "agreed": bool(consent.agreed[0, 0]),
            "blocked_by": blocked_by(self),
            "unmet": self.unmet_rules(),
            "measures": self.measures(),
            "durability": None if durability is None else number(durability[0, 0] / HIGHEST),
            "horizon": None if self.case.durability is None else self.case.durability.horizon,
            "context": {name: number(level[0]) for name, level in self.situation.context.items()},
            "asked": self._asked(),
            "actors": {name: self.describe_actor(name) for name in self.case.actors},
        }

    def unmet_rules(self) -> list[UnmetRule]:
        """Return the consent rules that one text in one world does not meet as plain data."""
        unmet = self.responses.consent.unmet
        rules = [rule for rule in self.case.consent if rule.rule in unmet and unmet[rule.rule][0, 0]]
        return [self._describe_unmet(rule) for rule in rules]

    def _describe_unmet(self, rule: ConsentRule) -> UnmetRule:
        """Return a consent rule that one text in one world does not meet as plain data."""
        withheld = self.responses.consent.withheld[rule.rule]
        told: UnmetRule = {
            "rule": rule.rule,
            "says": rule.says,
            "sources": list(rule.source),
            "assumption": rule.assumption,
            "blockers": [name for name, blocks in withheld.items() if blocks[0, 0]],
        }
        said = read_answers(
            self.case, self.matrix, self.matrix.applies(), self.responses.answers, self.responses.pledged
        )
        if votes := votes_missed(rule, said):
            told["votes"] = votes
        if (nearest := nearest_branch(rule, said)) is not None:
            told["nearest"] = nearest
        return told

    def measures(self) -> dict[str, float]:
        """Return the measures of one text in one world as plain data."""
        return {name: number(score[0, 0]) for name, score in self.situation.measures.items()}

    def _asked(self) -> dict[str, float]:
        """How much of each resource the text asks for: the most that a consent rule that applies has to cover."""
        asked: dict[str, float] = {}
        for rule, applies in zip(self.case.consent, self.matrix.applies(), strict=True):
            for pledges in rule.pledges_asked if applies[0, 0] else ():
                amount = number(self.matrix.asked(pledges.cover)[0, 0])
                asked[pledges.of] = max(asked.get(pledges.of, 0.0), amount)
        return asked

    @cached_property
    def _needed(self) -> Mapping[str, NDArray[np.bool_]]:
        return required_actors(self.case, self.matrix, self.responses.pledged)

    @cached_property
    def _asked_to_consent(self) -> Mapping[str, NDArray[np.bool_]]:
        return asked_to_consent(self.case, self.matrix)

    def why_needed(self, actor: str) -> WhyNeeded | None:
        """Return what one text in one world needs of an actor; None if others are enough, or it is not asked.

        The actor is needed if a rule cannot be met without it, or if it is in the way as things are.
        """
        blocks = bool(self.blocks(actor)[0])
        accepts = bool(self.responses.answers[actor].accepts[0, 0])
        return why_needed(bool(self._needed[actor][0, 0]), bool(self._asked_to_consent[actor][0, 0]), blocks, accepts)

    def describe_actor(self, name: str) -> AnswerData:
        """Return one actor's answer to one text in one world, with its reasons, as plain data."""
        answer, actor = self.responses.answers[name], self.case.actors[name]
        crossed = self.matrix.block("red_lines", name)[:, 0]
        lines = [line for line, crosses in zip(actor.red_lines, crossed, strict=True) if line.declared and crosses]
        sends = self._sends(name)
        short: float | str = number(answer.shortfall[0, 0])
        why = self.why_needed(name)
        return {
            "name": actor.name,
            "role": actor.role,
            "verdict": Verdict(answer.verdict[0, 0]).word,
            "surplus": number(answer.surplus[0, 0]),
            "utility": number(answer.utility[0, 0]),
            "reservation": number(answer.reservation[0, 0]),
            "aspiration": number(answer.aspiration[0, 0]),
            "price": number(answer.price[0, 0]),
            "never": bool(answer.never[0, 0]),
            "short": "never" if answer.never[0, 0] else short,
            "gap": None if answer.never[0, 0] else number(max(float(answer.gap[0, 0]), 0.0)),
            "blocks": bool(self.responses.consent.blockers[name][0, 0]),
            "needed": why is not None,
            "why_needed": why,
            "shares": self.shares(name),
            "pledge": {of: one["amount"] for of, one in sends.items()},
            "sends": sends,
            "declares": [line.rule for line in lines],
            "declared_lines": [{"line": line.rule, "says": line.says} for line in lines],
            "ledger": [entry_json(entry) for entry in self.ledger(name)],
        }

    def _sends(self, name: str) -> dict[str, SendingData]:
        """What an actor decides to send, by resource."""
        answer, found = self.responses.answers[name], dict[str, SendingData]()
        for of in self.case.actors[name].capacities:
            amount, sends = float(self.responses.pledged[of][name][0, 0]), bool(answer.sends(of)[0, 0])
            found[of] = {
                "asked": bool(answer.asked[of][0, 0]),
                "sends": sends,
                "amount": number(amount) if sends else 0.0,
                "capacity": number(self.actor_parameters[name].capacities[of][0]),
                "surplus": number(answer.sending[of][0, 0]),
                "ledger": [
                    entry_json(entry)
                    for entry in sending_ledger(self.case, self.actor_parameters[name], of, self.matrix, self._accepted)
                ],
            }
        return found


def blocked_by(evaluation: Evaluation) -> list[str]:
    """Return who blocks one text in one world: actors, and the unmet rules in which no actor withholds anything."""
    consent = evaluation.responses.consent
    actors = [name for name, blocks in consent.blockers.items() if blocks[0, 0]]
    stuck = [
        rule
        for rule, missing in consent.unmet.items()
        if missing[0, 0] and not any(blocks[0, 0] for blocks in consent.withheld[rule].values())
    ]
    return actors + stuck


def entry_json(entry: LedgerEntry) -> LedgerRow:
    """Return a ledger entry as plain data."""
    return {
        "rule": entry.rule,
        "kind": entry.kind,
        "says": entry.says,
        "points": "never" if entry.never else number(entry.points),
        "sources": list(entry.source),
        "assumption": entry.assumption,
        "audience_cost": number(entry.audience),
    }


def number(value: float) -> float:
    """Round a number for a report, without negative zero."""
    assert math.isfinite(value)  # JSON has no infinity; the price `never` is a word
    return round(float(value), DIGITS) + 0.0


def _cells(answer: Assessment, cell: Any) -> Assessment:
    values = {one.name: getattr(answer, one.name) for one in fields(answer)}
    cells: dict[str, Any] = {
        name: {part: cell(array) for part, array in value.items()}
        if name in ("sending", "asked")
        else cell(value)
        if isinstance(value, np.ndarray)
        else value
        for name, value in values.items()
    }
    return Assessment(**cells)
