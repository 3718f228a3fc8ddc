"""Moves from outside: a person at the keyboard or a student in a browser in the chair of an actor (model, section 6).

A seated actor gives its verdict when it reacts, may change it when the matter is decided, may pledge less than it
could, and, when it is its turn to amend, says what is tabled next. What its rules would have said (its understudy) is
recorded beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, get_args

import numpy as np

from sim.case.conditions import Option, position
from sim.case.models import Scenario
from sim.engine.outcome_space import OutcomeSpace, Texts
from sim.engine.terms import amendments
from sim.errors import UsageError, did_you_mean
from sim.negotiation.agents import Negotiator
from sim.negotiation.moves import Move, Phase, VerdictWord
from sim.negotiation.protocols import Protocol, protocol_of
from sim.negotiation.protocols.base import sponsors_of


def check(scenario: Scenario, month: int, phase: Phase, respondent: Negotiator, move: Move) -> None:
    """Check that a move fits the phase that runs next.

    Raises
    ------
    UsageError
        which says what does not fit, and what would
    """
    name = respondent.name
    if phase not in (respondent.answers_in, Phase.DECISION, Phase.AMENDMENT):
        raise UsageError(f"'{name}' does not move in the phase {phase}; it answers in {respondent.answers_in}.")
    if phase is respondent.answers_in and move.verdict is None:
        raise UsageError(f"'{name}' must give a verdict ({', '.join(get_args(VerdictWord))}).")
    if move.verdict is not None and (phase is Phase.AMENDMENT or move.verdict not in get_args(VerdictWord)):
        raise UsageError(
            f"'{move.verdict}' is no verdict here; a verdict is one of {', '.join(get_args(VerdictWord))}."
        )
    if move.withdraw and (phase is not Phase.DECISION or name not in sponsors_of(scenario)):
        raise UsageError("only a sponsor may withdraw its text, and only at the decision.")
    if move.pledge and phase is not respondent.answers_in:
        raise UsageError(f"'{name}' pledges when it answers, in the phase {respondent.answers_in}.")
    for resource, amount in move.pledge.items():
        capacity = respondent.parameters.capacities.get(resource)
        if capacity is None:
            raise UsageError(
                f"'{name}' has no {resource} to pledge.{did_you_mean(resource, list(respondent.capacities))}"
            )
        if not 0 <= amount <= capacity.max():
            raise UsageError(f"'{name}' can pledge 0 to {capacity.max():g} {resource}, not {amount:g}.")
    if phase is Phase.AMENDMENT:
        if name not in protocol_of(scenario).drafters(month):
            raise UsageError(f"'{name}' does not amend the text this month.")
        _check_options(scenario, move.amend)
    elif move.amend:
        raise UsageError("a text is amended in the phase amendment.")


def _check_options(scenario: Scenario, amend: Mapping[str, Option]) -> None:
    issues, negotiable = scenario.case.issues, protocol_of(scenario).negotiable
    for name, option in amend.items():
        if name not in issues:
            raise UsageError(f"'{name}' is not an issue ({', '.join(issues)}).{did_you_mean(name, negotiable)}")
        try:
            position(issues[name], option)
        except ValueError:
            options = issues[name].options
            known = ", ".join(map(str, options))
            raise UsageError(f"'{option}' is no option of '{name}' ({known}).{did_you_mean(option, options)}") from None


class AmendmentError(UsageError):
    """An amendment that may not be tabled.

    Parameters
    ----------
    why : ``not_negotiable``, ``impossible`` or ``too_many_terms``
    data : what is told of it
    message : the reason in a sentence
    """

    def __init__(self, why: str, message: str, **data: Any) -> None:
        self.why, self.data = why, data
        super().__init__(message)


def amended_texts(protocol: Protocol, space: OutcomeSpace, texts: Texts, amend: Mapping[str, Option]) -> Texts:
    """Return texts with an amendment.

    A text may be tabled if it is possible and takes no more terms than the protocol allows. What the constraints leave
    no choice about is repaired, save what the amendment names; where they leave a choice, the amendment names the
    repair, which counts as no term.

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
    for at, (name, option) in zip(named, amend.items(), strict=True):
        changed[:, at] = position(issues[name], option)
    repaired = space.mend(changed)
    possible = space.possible(repaired) & (repaired[:, named] == changed[:, named]).all(axis=1)
    if possible.all() and all(_within_terms(protocol, space, *pair) for pair in _pairs(texts, repaired)):
        return repaired
    for name in amend:
        if name not in protocol.negotiable:
            message = f"'{name}' is not negotiable ({', '.join(protocol.negotiable)})."
            raise AmendmentError("not_negotiable", message, issue=name, issues=", ".join(protocol.negotiable))
    if not possible.all():
        at = int(np.argmin(possible))
        broken = space.broken(changed[at] if space.possible(repaired[[at]])[0] else repaired[at])
        message = f"that text is impossible: {broken.says} ({broken.rule})."
        raise AmendmentError("impossible", message, says=broken.says, rule=broken.rule)
    message = f"an amendment changes at most {protocol.terms} terms, not {len(amend)}."
    raise AmendmentError("too_many_terms", message, most=protocol.terms, asked=len(amend))


def _pairs(texts: Texts, changed: Texts) -> Iterator[tuple[Texts, Texts]]:
    """Each pair of a text and its amendment once."""
    for pair in np.unique(np.stack([texts, changed], axis=1), axis=0):
        yield pair[0], pair[1]


def _within_terms(protocol: Protocol, space: OutcomeSpace, text: Texts, changed: Texts) -> bool:
    """Whether the protocol allows to go from one text, (issue,) uint8, to another in one amendment."""
    near, _ = amendments(space, text, protocol.negotiable, protocol.terms)
    return bool((np.concatenate([text[None], near]) == changed).all(axis=1).any())
