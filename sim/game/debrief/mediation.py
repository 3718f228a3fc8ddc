"""How far a mediator brought the parties together: the shares of their gaps that its texts closed (model, section 7).

A mediator has no interests, so points say nothing about it. What can be compared between actors is the share of an
actor's own gap that a text closes: 0 if the actor is no nearer to acceptance than before, 1 if it no longer blocks.
"""

from __future__ import annotations

from typing import TypedDict

from sim.game.debrief.table_results import TableResult
from sim.negotiation.drafting.ranking import share_closed
from sim.negotiation.protocols import protocol_of
from sim.negotiation.record.history import Month, MonthMoves


class MediatedText(TypedDict):
    """One text that the mediator drafted."""

    month: int
    """The month in which the text was on the table."""
    shares: dict[str, float]
    """Actor that blocked the text before to the share of its gap that this text was expected to close."""
    least: float
    """The least of these shares, by which a mediator's own rules choose a text."""


class Mediation(TypedDict):
    """What a mediator achieved at one table."""

    actor: str
    """The actor that mediates by the protocol."""
    people: list[str]
    """Who sat in the mediator's seat; nobody if the rules drafted."""
    texts: list[MediatedText]
    mean: float | None
    """The mean of all shares of all texts; None if no text was changed."""


def mediation(table: TableResult) -> Mediation | None:
    """Return what the mediator of a table achieved; None if its protocol has no mediator."""
    actor = protocol_of(table.run.scenario).settings.mediator
    if actor is None:
        return None
    texts = [text for month in table.run.months if (text := _text(table, month)) is not None]
    shares = [share for text in texts for share in text["shares"].values()]
    return {
        "actor": actor,
        "people": list(table.mediators),
        "texts": texts,
        "mean": round(sum(shares) / len(shares), 3) if shares else None,
    }


def _text(table: TableResult, month: Month) -> MediatedText | None:
    """The shares that the text of a month closed; None for the first text, or one that was left as it was."""
    moves = month.moves
    if moves is None or not moves.chosen[0].any():
        return None
    shares = _shares(moves, list(table.case.actors))
    return {"month": month.month, "shares": shares, "least": min(shares.values(), default=0.0)}


def _shares(moves: MonthMoves, actors: list[str]) -> dict[str, float]:
    before, after = moves.gap[:, 0]
    return {
        name: round(float(share_closed(before[[index]], after[[index]])[0]), 3)
        for index, name in enumerate(actors)
        if moves.blocked[0, index]
    }
