"""Moves from outside: a person at the keyboard or a student in a browser in the chair of an actor (model, section 6).

A seated actor gives its verdict when it reacts, may change it when the matter is decided, may pledge less than it
could, and, when it is its turn to amend, says what is tabled next. What its rules would have said (its understudy) is
recorded beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

import numpy as np

from sim.case.conditions import Option, position
from sim.case.shapes import Scenario
from sim.deliberation.agents import Negotiator
from sim.deliberation.moves import Move, Phase, VerdictWord
from sim.deliberation.protocols import protocol_of
from sim.deliberation.protocols.base import sponsors_of
from sim.errors import UsageError, did_you_mean
from sim.rules.space import Space, Texts


def check(scenario: Scenario, month: int, phase: Phase, voice: Negotiator, move: Move) -> None:
    """Check that a move fits the phase that runs next.

    Raises
    ------
    UsageError
        which says what does not fit, and what would
    """
    name = voice.name
    if phase not in (voice.answers_in, Phase.DECISION, Phase.AMENDMENT):
        raise UsageError(f"'{name}' does not move in the phase {phase}; it answers in {voice.answers_in}.")
    if phase is voice.answers_in and move.verdict is None:
        raise UsageError(f"'{name}' must give a verdict ({', '.join(get_args(VerdictWord))}).")
    if move.verdict is not None and (phase is Phase.AMENDMENT or move.verdict not in get_args(VerdictWord)):
        raise UsageError(
            f"'{move.verdict}' is no verdict here; a verdict is one of {', '.join(get_args(VerdictWord))}."
        )
    if move.withdraw and (phase is not Phase.DECISION or name not in sponsors_of(scenario)):
        raise UsageError("only a sponsor may withdraw its text, and only at the decision.")
    if move.pledge and phase is not voice.answers_in:
        raise UsageError(f"'{name}' pledges when it answers, in the phase {voice.answers_in}.")
    for resource, amount in move.pledge.items():
        capacity = voice.stance.capacities.get(resource)
        if capacity is None:
            raise UsageError(f"'{name}' has no {resource} to pledge.{did_you_mean(resource, list(voice.capacities))}")
        if not 0 <= amount <= capacity.max():
            raise UsageError(f"'{name}' can pledge 0 to {capacity.max():g} {resource}, not {amount:g}.")
    if phase is Phase.AMENDMENT:
        if name not in protocol_of(scenario).drafters(month):
            raise UsageError(f"'{name}' does not amend the text this month.")
        _check_terms(scenario, move.amend)
    elif move.amend:
        raise UsageError("a text is amended in the phase amendment.")


def _check_terms(scenario: Scenario, amend: Mapping[str, Option]) -> None:
    protocol, issues = protocol_of(scenario), scenario.case.issues
    negotiable = protocol.negotiable
    if len(amend) > protocol.terms:
        raise UsageError(f"an amendment changes at most {protocol.terms} issues, not {len(amend)}.")
    for name, option in amend.items():
        if name not in negotiable:
            raise UsageError(f"'{name}' is not negotiable ({', '.join(negotiable)}).{did_you_mean(name, negotiable)}")
        try:
            position(issues[name], option)
        except ValueError:
            options = issues[name].options
            known = ", ".join(map(str, options))
            raise UsageError(f"'{option}' is no option of '{name}' ({known}).{did_you_mean(option, options)}") from None


def amended(space: Space, texts: Texts, amend: Mapping[str, Option]) -> Texts:
    """Return texts with an amendment, mended where a constraint leaves no choice.

    Parameters
    ----------
    texts : (world, issue) uint8
    amend : issue to option

    Returns
    -------
    (world, issue) uint8

    Raises
    ------
    UsageError
        if a text becomes impossible
    """
    changed, issues = texts.copy(), space.case.issues
    for name, option in amend.items():
        changed[:, list(issues).index(name)] = position(issues[name], option)
    mended = space.mend(changed)
    possible = space.possible(mended)
    if not np.all(possible):
        broken = space.broken(mended[~possible][0])
        raise UsageError(f"that text is impossible: {broken.says} ({broken.rule}).")
    return mended
