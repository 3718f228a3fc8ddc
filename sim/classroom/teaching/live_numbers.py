"""What the text on the table is worth to each seat now, for the teacher alone."""

from __future__ import annotations

from typing import TypedDict

from sim.game.session.renegotiation import accepted
from sim.game.session.scoring import score
from sim.game.session.table import GameTable


class LiveNumber(TypedDict):
    """One seat's numbers, in points; `never` says that the text crosses a red line that has no price."""

    surplus: float
    worth: float
    reservation: float
    never: bool
    verdict: str


def live_numbers(table: GameTable) -> dict[str, LiveNumber]:
    """Return each actor's numbers for the text on the table, or for the text that took its place."""
    text, numbers = accepted(table), dict[str, LiveNumber]()
    for name in table.chairs:
        own = score(table, name, text)
        numbers[name] = {
            "surplus": own["surplus"],
            "worth": own["utility"] - own["price"],
            "reservation": own["reservation"],
            "never": own["never"],
            "verdict": own["verdict"],
        }
    return numbers
