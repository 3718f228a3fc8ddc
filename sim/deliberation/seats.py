"""Moves from outside: a person at the keyboard or a student in a browser in the chair of an actor (model, section 6).

A seated actor gives its verdict when it reacts, may change it when the matter is decided, may pledge less than it
could, and, when it is its turn to amend, says what is tabled next. What its rules would have said (its understudy) is
recorded beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np

from sim.case.conditions import Option, position
from sim.deliberation import protocols
from sim.errors import UsageError, did_you_mean
from sim.rules.space import Texts

if TYPE_CHECKING:
    from sim.deliberation.agents import Negotiator
    from sim.deliberation.model import DeliberationModel


class Phase(StrEnum):
    """The phases of a month, in order."""

    TABLE = "table"
    REACTIONS = "reactions"
    PLEDGES = "pledges"
    DECISION = "decision"
    AMENDMENT = "amendment"
    CONTEXT = "context"


PHASES = tuple(Phase)
VerdictWord = Literal["accept", "holding_out", "worse_than_no_deal", "red_line"]


@dataclass(frozen=True)
class Move:
    """What a seated actor says in one phase of one month.

    Parameters
    ----------
    verdict : its answer, when it reacts; left out at the decision, it stands by its reaction
    pledge : resource to amount, at most its capacity; left out, it gives all that it has to a text that it accepts
    amend : the options to change in the text on the table; empty leaves the text to the others, or as it is
    withdraw : at the decision, a sponsor takes its text off the table
    says : in its own words
    """

    verdict: VerdictWord | None = None
    pledge: Mapping[str, float] = field(default_factory=dict)
    amend: Mapping[str, Option] = field(default_factory=dict)
    withdraw: bool = False
    says: str = ""


@dataclass(frozen=True)
class Given:
    """A move with its place in the run, as the record keeps it."""

    month: int
    phase: Phase
    actor: str
    move: Move

    def to_json(self) -> dict[str, Any]:
        """Return plain data, from which `from_json` makes an equal move."""
        return {"month": self.month, "phase": self.phase.value, "actor": self.actor, **asdict(self.move)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Given:
        """Read what `to_json` wrote."""
        plain = dict(data)
        month, phase, actor = plain.pop("month"), Phase(plain.pop("phase")), plain.pop("actor")
        return cls(month, phase, actor, Move(**plain))


def check(model: DeliberationModel, voice: Negotiator, move: Move) -> None:
    """Check that a move fits the phase that runs next.

    Raises
    ------
    UsageError
        which says what does not fit, and what would
    """
    phase, name = model.phase, voice.name
    if phase not in (voice.answers_in, Phase.DECISION, Phase.AMENDMENT):
        raise UsageError(f"'{name}' does not move in the phase {phase}; it answers in {voice.answers_in}.")
    if phase is voice.answers_in and move.verdict is None:
        raise UsageError(f"'{name}' must give a verdict ({', '.join(get_args(VerdictWord))}).")
    if move.verdict is not None and (phase is Phase.AMENDMENT or move.verdict not in get_args(VerdictWord)):
        raise UsageError(
            f"'{move.verdict}' is no verdict here; a verdict is one of {', '.join(get_args(VerdictWord))}."
        )
    if move.withdraw and (phase is not Phase.DECISION or name not in protocols.sponsors_of(model.script)):
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
        if name not in protocols.drafters(model.script, model.month):
            raise UsageError(f"'{name}' does not amend the text this month.")
        amended(model, move.amend)
    elif move.amend:
        raise UsageError("a text is amended in the phase amendment.")


def amended(model: DeliberationModel, amend: Mapping[str, Option]) -> Texts:
    """Return (open world, issue) uint8: the texts on the table with an amendment, mended where a constraint leaves no
    choice.

    Raises
    ------
    UsageError
        if the protocol does not allow the amendment, or the result is impossible
    """
    protocol, issues = model.script.protocol, model.script.case.issues
    negotiable = protocol.negotiable or tuple(issues)
    if len(amend) > protocol.amend_terms:
        raise UsageError(f"an amendment changes at most {protocol.amend_terms} issues, not {len(amend)}.")
    texts = model.text[model.outcome == 0].copy()
    for name, option in amend.items():
        if name not in negotiable:
            raise UsageError(f"'{name}' is not negotiable ({', '.join(negotiable)}).{did_you_mean(name, negotiable)}")
        try:
            texts[:, list(issues).index(name)] = position(issues[name], option)
        except ValueError:
            options = issues[name].options
            known = ", ".join(map(str, options))
            raise UsageError(f"'{option}' is no option of '{name}' ({known}).{did_you_mean(option, options)}") from None
    mended = model.space.mend(texts)
    if not np.all(model.space.possible(mended)):
        broken = model.space.broken(mended[~model.space.possible(mended)][0])
        raise UsageError(f"that text is impossible: {broken.says} ({broken.rule}).")
    return mended
