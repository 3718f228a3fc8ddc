"""The round after the talks: may the deal be improved for all? (Raiffa 1985, post-settlement settlements).

A text is put before all chairs; it takes the place of how the talks ended only if every chair prefers it or is as well
off. A chair that nobody plays answers by its rules.

Raiffa, H. (1985). Post-settlement settlements. *Negotiation Journal* 1, 9-12.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sim.engine.outcome_space import Texts
from sim.game.session.scoring import score
from sim.game.session.table import GameTable


@dataclass
class Improvement:
    """One text that is put before all chairs.

    Parameters
    ----------
    version : the number of the entry that put it there
    text : (1, issue) uint8
    votes : actor to whether it accepts, of the chairs that people play
    closed : whether it is decided
    """

    version: int
    text: Texts
    votes: dict[str, bool] = field(default_factory=dict)
    closed: bool = False

    def answers(self, table: GameTable) -> dict[str, bool]:
        """Everybody's answer: as voted, or else by the rules, at once."""
        return {name: self.votes.get(name, prefers(table, name, self.text)) for name in table.chairs}

    def waiting(self, table: GameTable) -> tuple[str, ...]:
        """The actors played by people who have not voted."""
        return () if self.closed else tuple(name for name in table.chairs if name in table.human_actors - self.votes.keys())

    def told(self, table: GameTable) -> dict[str, Any]:
        """What everybody may see of it: the text, who has voted, and the answers once it is decided."""
        answers = self.answers(table) if self.closed else {}
        return {
            "version": self.version,
            "text": table.model.space.decode(self.text[0]),
            "waiting": list(self.waiting(table)),
            "closed": self.closed,
            "answers": answers,
            "accepted": all(answers.values()) if self.closed else None,
        }


def prefers(table: GameTable, actor: str, text: Texts) -> bool:
    """Whether an actor is at least as well off with a text as with how the talks ended."""
    offered = score(table, actor, text)
    if offered["never"]:
        return False
    ended: Mapping[str, Any] = score(table, actor)
    agreed = table.outcome == "agreed" and not ended["never"]
    return bool(offered["surplus"] >= (ended["surplus"] if agreed else 0))
