"""Checks moves from outside: a person at the keyboard or a student in a browser plays an actor (model, section 6).

A seated actor gives its verdict when it reacts, may change it at the decision, may pledge less than its capacity, and
amends the text when it is a drafter. The verdict that its rules would have given (its understudy) is recorded too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

import numpy as np

from sim.case.compiled_conditions import option_index
from sim.case.conditions import Option
from sim.case.models import Scenario
from sim.engine.outcome_space import OutcomeSpace, Texts
from sim.engine.terms import is_amendment
from sim.errors import UsageError, did_you_mean
from sim.negotiation.agents import Negotiator
from sim.negotiation.moves import Move, Phase, VerdictWord
from sim.negotiation.protocols import Protocol, protocol_of
from sim.negotiation.protocols.base import sponsors_of


def check_move(scenario: Scenario, month: int, phase: Phase, respondent: Negotiator, move: Move) -> None:
    """Check that a move fits the phase that runs next.

    Raises
    ------
    UsageError
        if it does not; the message says what would
    """
    name, verdicts = respondent.name, ", ".join(get_args(VerdictWord))
    if phase not in (respondent.answers_in, Phase.DECISION, Phase.AMENDMENT):
        raise UsageError(f"'{name}' does not move in the {phase} phase; it answers in {respondent.answers_in}.")
    if phase is respondent.answers_in and move.verdict is None:
        raise UsageError(f"the move of '{name}' has no verdict; choose from {verdicts}.")
    if move.verdict is not None and phase is Phase.AMENDMENT:
        raise UsageError(f"'{name}' cannot give a verdict in the amendment phase; leave out '{move.verdict}'.")
    if move.verdict is not None and move.verdict not in get_args(VerdictWord):
        raise UsageError(f"unknown verdict '{move.verdict}' of '{name}'; choose from {verdicts}.")
    if move.withdraw and (phase is not Phase.DECISION or name not in sponsors_of(scenario)):
        raise UsageError(f"'{name}' cannot withdraw the text now; only a sponsor can, at the decision.")
    if move.pledge and phase is not respondent.answers_in:
        raise UsageError(f"'{name}' cannot pledge now; it pledges when it answers, in {respondent.answers_in}.")
    for resource, amount in move.pledge.items():
        capacity = respondent.parameters.capacities.get(resource)
        if capacity is None:
            resources = list(respondent.capacities)
            raise UsageError(f"'{name}' has no {resource} to pledge.{did_you_mean(resource, resources)}")
        if not 0 <= amount <= capacity.max():
            raise UsageError(f"'{name}' can pledge 0 to {capacity.max():g} {resource}, not {amount:g}.")
    if phase is Phase.AMENDMENT:
        if name not in protocol_of(scenario).drafters(month):
            drafters = ", ".join(protocol_of(scenario).drafters(month)) or "nobody"
            raise UsageError(f"'{name}' cannot amend the text in month {month}; the drafters are: {drafters}.")
        _check_options(scenario, move.amend)
    elif move.amend:
        raise UsageError(f"'{name}' cannot amend the text in the {phase} phase; wait for the amendment phase.")


def _check_options(scenario: Scenario, amend: Mapping[str, Option]) -> None:
    issues, negotiable = scenario.case.issues, protocol_of(scenario).negotiable
    for name, option in amend.items():
        if name not in issues:
            raise UsageError(f"unknown issue '{name}' ({', '.join(issues)}).{did_you_mean(name, negotiable)}")
        try:
            option_index(issues[name], option)
        except ValueError:
            options = issues[name].options
            known = ", ".join(map(str, options))
            message = f"unknown option '{option}' for '{name}' ({known}).{did_you_mean(option, options)}"
            raise UsageError(message) from None


class AmendmentError(UsageError):
    """An amendment that may not be tabled.

    Parameters
    ----------
    why : ``not_negotiable``, ``constraint_findings`` or ``too_many_terms``
    data : what a page shows about it
    message : the reason in a sentence
    """

    def __init__(self, why: str, message: str, **data: Any) -> None:
        self.why, self.data = why, data
        super().__init__(message)


def amended_texts(protocol: Protocol, space: OutcomeSpace, texts: Texts, amend: Mapping[str, Option]) -> Texts:
    """Return texts with an amendment.

    A text may be tabled if it is possible and changes no more terms than the protocol allows. Constraints that can be
    met in only one way are met, unless this would change an issue that the amendment names. Where there is a choice,
    the amendment has to name it; this does not count as a term.

    Parameters
    ----------
    texts : (world, issue) uint8
    amend : issue to option

    Returns
    -------
    (world, issue) uint8

    Raises
    ------
    AmendmentError
        if a text may not be tabled
    """
    changed, issues = texts.copy(), space.case.issues
    named = [list(issues).index(name) for name in amend]
    for index, (name, option) in zip(named, amend.items(), strict=True):
        changed[:, index] = option_index(issues[name], option)
    repaired = space.repair_forced(changed)
    possible = space.possible(repaired) & (repaired[:, named] == changed[:, named]).all(axis=1)
    pairs = np.unique(np.stack([texts, repaired], axis=1), axis=0)
    negotiable, terms = protocol.negotiable, protocol.terms
    if possible.all() and all(is_amendment(space, before, after, negotiable, terms) for before, after in pairs):
        return repaired
    for name in amend:
        if name not in protocol.negotiable:
            message = f"'{name}' is not negotiable ({', '.join(protocol.negotiable)})."
            raise AmendmentError("not_negotiable", message, issue=name, issues=", ".join(protocol.negotiable))
    if not possible.all():
        index = int(np.argmin(possible))
        broken = space.broken(changed[index] if space.possible(repaired[[index]])[0] else repaired[index])
        message = f"that text is impossible: {broken.says} ({broken.rule})."
        raise AmendmentError("impossible", message, says=broken.says, rule=broken.rule)
    message = f"an amendment changes at most {protocol.terms} terms, not {len(amend)}."
    raise AmendmentError("too_many_terms", message, most=protocol.terms, asked=len(amend))
