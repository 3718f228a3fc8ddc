"""All actors answer some texts: first those who react first, then the contributors, who know those answers.

Only this module defines the order of answers (model, section 6). It serves the talks, month by month, in which the
respondents are the model's agents, and any analysis without rounds, in which they are the actors' parameters.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from sim.case.models import Actor, Case
from sim.engine.measures import Situation
from sim.engine.rule_matrix import Bools, Floats, RuleSource
from sim.engine.verdict_rules import Assessment
from sim.engine.voting.consent import Consent, consent
from sim.engine.voting.pledge_cover import Pledged


class Respondent(Protocol):
    """An actor who answers texts: its parameters, or an agent that has them."""

    @property
    def name(self) -> str: ...
    @property
    def actor(self) -> Actor: ...
    @property
    def capacities(self) -> Mapping[str, Floats]: ...
    def answer(self, matrix: RuleSource, situation: Situation, accepted: Mapping[str, Bools]) -> Assessment:
        """Judge the texts, knowing who has already accepted them."""


Answers = Mapping[str, Assessment]
"""Actor to its assessment, in the order of answers."""


@dataclass(frozen=True)
class Responses:
    """All answers, and what follows from them.

    `pledged` maps a resource and an actor to (world or 1, 1) float, what the actor gives to a text that it accepts.
    """

    answers: Answers
    pledged: Pledged
    consent: Consent


def first_answers(respondents: Iterable[Respondent], matrix: RuleSource, situation: Situation) -> Answers:
    """Return the answers of the actors who react first."""
    return {
        respondent.name: respondent.answer(matrix, situation, {})
        for respondent in respondents
        if respondent.actor.reacts_first
    }


def all_answers(
    respondents: Iterable[Respondent], matrix: RuleSource, situation: Situation, reactions: Answers
) -> Answers:
    """Let the contributors answer the texts, knowing the reactions of the others; return all answers."""
    accepted = {name: answer.accepts for name, answer in reactions.items()}
    contributors = {
        respondent.name: respondent.answer(matrix, situation, accepted)
        for respondent in respondents
        if not respondent.actor.reacts_first
    }
    return {**reactions, **contributors}


def apply_consent_rules(
    case: Case, respondents: Iterable[Respondent], matrix: RuleSource, answers: Answers
) -> Responses:
    """Apply the consent rules to all answers."""
    pledged = pledges(respondents)
    return Responses(answers, pledged, consent(case, matrix, answers, pledged))


def collect_responses(
    case: Case, respondents: Sequence[Respondent], matrix: RuleSource, situation: Situation
) -> Responses:
    """Let all actors answer the texts, and apply the consent rules to the answers."""
    reactions = first_answers(respondents, matrix, situation)
    return apply_consent_rules(case, respondents, matrix, all_answers(respondents, matrix, situation, reactions))


def pledges(respondents: Iterable[Respondent]) -> dict[str, dict[str, Floats]]:
    """Return resource to actor to (world or 1, 1) float: what the actor can give to a text that it accepts."""
    pledged: dict[str, dict[str, Floats]] = {}
    for respondent in respondents:
        for resource, amount in respondent.capacities.items():
            pledged.setdefault(resource, {})[respondent.name] = amount[:, None]
    return pledged
