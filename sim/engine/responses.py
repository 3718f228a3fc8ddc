"""Everybody answers some texts: first those who react first, then the contributors, who know those reactions.

This is the one place where the order of answers stands (model, section 6). It serves the month by month deliberation,
in which the voices are its agents, and any analysis of texts without rounds, in which they are the actors' stances.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from sim.case.models import Actor, Case
from sim.engine.consent import Consent, Pledged, consent
from sim.engine.measures import Situation
from sim.engine.rule_matrix import Bools, Floats, RuleSource
from sim.engine.verdict_rules import Assessment


class Respondent(Protocol):
    """Somebody who answers: a stance, or an agent that holds one."""

    @property
    def name(self) -> str: ...
    @property
    def actor(self) -> Actor: ...
    @property
    def capacities(self) -> Mapping[str, Floats]: ...
    def answer(self, matrix: RuleSource, situation: Situation, accepted: Mapping[str, Bools]) -> Assessment:
        """Judge the texts, knowing who has accepted them."""


Answers = Mapping[str, Assessment]
"""Actor to its appraisal, in the order in which they spoke."""


@dataclass(frozen=True)
class Responses:
    """What everybody answered, and what follows.

    Parameters
    ----------
    answers : actor to its appraisal
    pledged : resource to actor to (world or 1, 1) float, what each gives to a text that it accepts
    consent : what the consent rules make of it
    """

    answers: Answers
    pledged: Pledged
    consent: Consent


def first_answers(respondents: Iterable[Respondent], matrix: RuleSource, situation: Situation) -> Answers:
    """Let those who react first answer the texts."""
    return {
        respondent.name: respondent.answer(matrix, situation, {})
        for respondent in respondents
        if respondent.actor.reacts_first
    }


def all_answers(
    respondents: Iterable[Respondent], matrix: RuleSource, situation: Situation, reactions: Answers
) -> Answers:
    """Let the contributors answer the texts, knowing the reactions; returns all answers."""
    accepted = {name: answer.accepts for name, answer in reactions.items()}
    followed = {
        respondent.name: respondent.answer(matrix, situation, accepted)
        for respondent in respondents
        if not respondent.actor.reacts_first
    }
    return {**reactions, **followed}


def apply_consent_rules(
    case: Case, respondents: Iterable[Respondent], matrix: RuleSource, answers: Answers
) -> Responses:
    """Weigh all answers by the consent rules."""
    pledged = pledges(respondents)
    return Responses(answers, pledged, consent(case, matrix, answers, pledged))


def collect_responses(
    case: Case, respondents: Sequence[Respondent], matrix: RuleSource, situation: Situation
) -> Responses:
    """Let every voice answer the texts, and weigh the answers by the consent rules.

    Parameters
    ----------
    respondents : all actors of the case
    matrix : what the rules say of the texts
    situation : their measures, the context and the month
    """
    reactions = first_answers(respondents, matrix, situation)
    return apply_consent_rules(case, respondents, matrix, all_answers(respondents, matrix, situation, reactions))


def pledges(respondents: Iterable[Respondent]) -> dict[str, dict[str, Floats]]:
    """Return resource to actor to (world or 1, 1) float: what each can give to a text that it accepts."""
    pledged: dict[str, dict[str, Floats]] = {}
    for respondent in respondents:
        for resource, amount in respondent.capacities.items():
            pledged.setdefault(resource, {})[respondent.name] = amount[:, None]
    return pledged
