"""The reply of an agent to a private message, from public positions alone: its declared lines and public answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sim.case.rule_models import Actor
from sim.game.agents.reasons import declared_words
from sim.strings import Strings

SECTION = "class.agent.reply."


@dataclass(frozen=True)
class PublicState:
    """What everybody knows when a message comes.

    Parameters
    ----------
    stage : of the talks: ``lobby``, ``over``, or a phase
    asked : how many messages the agent had from this actor since this phase began
    answers : its public answers so far, the last one last: the verdict and what it said
    current : whether the last answer is to the text on the table
    """

    stage: str
    asked: int
    answers: Sequence[tuple[str, str]]
    current: bool


def reply(t: Strings, actor: Actor, state: PublicState) -> str:
    """Return the reply of an actor's agent."""
    if state.stage in ("lobby", "over"):
        return t(f"{SECTION}{state.stage}")
    if state.asked:
        return t(f"{SECTION}again")
    line = next((words for line in actor.red_lines if line.declared and (words := declared_words(line))), "")
    parts = []
    if state.answers:
        verdict, said = state.answers[-1]
        when = "now" if state.current else "before"
        parts.append(t(f"{SECTION}{when}.said", words=said) if said else t(f"{SECTION}{when}.{verdict}"))
    else:
        parts.append(t(f"{SECTION}waits"))
    if line and line not in " ".join(parts):
        parts.append(t(f"{SECTION}line", words=line))
    return " ".join(parts)
