"""The questions for the discussion that fit how the talks at the tables ended."""

from __future__ import annotations

from collections.abc import Sequence

from sim.report.wording import Plain

AGREED = "agreed"


def question_keys(tables: Sequence[Plain]) -> list[str]:
    """Return the keys, below ``debrief.questions``, of the questions about the tables of a debrief."""
    failed = [table for table in tables if table["outcome"] != AGREED]
    asked = {
        "1": any(table["blocked_by"] for table in failed),
        "below": any(map(signed_below, tables)),
        "2": any(not move["alike"] for table in tables for move in table["understudies"]["moves"]),
        "3": any(table["in_reach"] for table in failed),
        "empty": any(map(nothing_possible, failed)),
        "4": any(gains(table)["better"] for table in tables if gains(table)),
        "lasting": any(table["outcome"] == AGREED and table["durability"] is not None for table in tables),
        "5": True,
        "6": True,
    }
    return [key for key, fits in asked.items() if fits]


def gains(table: Plain) -> Plain:
    """Return the gains left at a table among the negotiable texts, or else among all packages; empty if unknown."""
    return table["gains"]["negotiable"] or table["gains"]["all"] or {}


def nothing_possible(table: Plain) -> bool:
    """Whether talks failed where, by everybody's rules, no text that could be negotiated would have been agreed."""
    return bool(table["outcome"] != AGREED and gains(table) and not gains(table)["better"])


def signed_below(table: Plain) -> list[str]:
    """Return the seats that signed a text which is worth less to them than no deal, or crosses a closed red line."""
    seats = table["walk_away"].items()
    return [name for name, seat in seats if seat["signed"] and (seat["got"] < 0 or seat["across_never"])]
