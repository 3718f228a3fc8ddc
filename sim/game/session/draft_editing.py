"""A text as it is edited: what its changes mean, whether it is possible, and what it is worth to one chair."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.case.conditions import Option
from sim.case.models import Issue
from sim.engine.outcome_space import Texts
from sim.game.session.rejections import RejectedActionError
from sim.game.session.table import GameTable
from sim.negotiation.external_moves import AmendmentError, amended_texts
from sim.negotiation.protocols import protocol_of


def options(table: GameTable, changes: Mapping[str, object]) -> dict[str, Option]:
    """Changed terms, each option as the case writes it.

    Raises
    ------
    RefusedError
        if an issue or an option is unknown
    """
    issues, negotiable = table.scenario.case.issues, protocol_of(table.scenario).negotiable
    found: dict[str, Option] = {}
    for name, asked in changes.items():
        if name not in issues:
            raise RejectedActionError("bad", "no_issue", issue=name, issues=", ".join(negotiable))
        found[name] = _option(name, issues[name], asked)
    return found


def _option(name: str, issue: Issue, asked: object) -> Option:
    """An option by itself, or by how it is written: '30000' is 30000."""
    for option in issue.options:
        if option == asked or str(option) == asked:
            return option
    shown = str(asked)[:64]
    raise RejectedActionError("bad", "no_option", option=shown, issue=name, options=", ".join(map(str, issue.options)))


def whole(table: GameTable, package: Mapping[str, object]) -> dict[str, Option]:
    """A whole text, one option on each issue, whatever may be amended.

    Raises
    ------
    RefusedError
        if an issue is missing, or the text is impossible
    """
    issues, space = table.scenario.case.issues, table.model.space
    for name in {*issues} ^ {*package}:
        raise RejectedActionError("bad", "no_issue", issue=name, issues=", ".join(issues))
    found = {name: _option(name, issue, package[name]) for name, issue in issues.items()}
    text = space.encode(found)
    if not space.possible(text[None])[0]:
        broken = space.broken(text)
        raise RejectedActionError("bad", "impossible", says=broken.says, rule=broken.rule)
    return found


def mended(table: GameTable, changes: Mapping[str, object]) -> Texts:
    """The text on the table with some changes, repaired where a constraint leaves no choice.

    Returns
    -------
    (1, issue) uint8

    Raises
    ------
    RefusedError
        if a change is none, or the text may not be tabled (`sim.negotiation.external_moves.amended_texts`)
    """
    model = table.model
    try:
        return amended_texts(model.protocol, model.space, model.text[:1], options(table, changes))
    except AmendmentError as refused:
        raise _said(refused) from None


def _said(refused: AmendmentError) -> RejectedActionError:
    """Why an amendment may not be tabled, in the words of the game."""
    match refused.why:
        case "not_negotiable":
            return RejectedActionError("bad", "not_negotiable", **refused.data)
        case "impossible":
            return RejectedActionError("bad", "impossible", **refused.data)
        case _:
            return RejectedActionError("bad", "too_many_terms", **refused.data)


def changed(table: GameTable, text: Mapping[str, Any]) -> dict[str, list[Any]]:
    """The terms in which a text differs from the one on the table: issue to (from, to)."""
    now = table.text
    return {name: [now[name], option] for name, option in text.items() if option != now[name]}
