"""A text as it is edited: what its changes mean, whether it is possible, and what it is worth to one chair."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.case.conditions import Option
from sim.case.shapes import Issue
from sim.deliberation.protocols import protocol_of
from sim.deliberation.seats import AmendmentError, amended
from sim.game.refusals import RefusedError
from sim.game.table import Table
from sim.rules.space import Texts


def options(table: Table, changes: Mapping[str, object]) -> dict[str, Option]:
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
            raise RefusedError("bad", "no_issue", issue=name, issues=", ".join(negotiable))
        found[name] = _option(name, issues[name], asked)
    return found


def _option(name: str, issue: Issue, asked: object) -> Option:
    """An option by itself, or by how it is written: '30000' is 30000."""
    for option in issue.options:
        if option == asked or str(option) == asked:
            return option
    shown = str(asked)[:64]
    raise RefusedError("bad", "no_option", option=shown, issue=name, options=", ".join(map(str, issue.options)))


def whole(table: Table, package: Mapping[str, object]) -> dict[str, Option]:
    """A whole text, one option on each issue, whatever may be amended.

    Raises
    ------
    RefusedError
        if an issue is missing, or the text is impossible
    """
    issues, space = table.scenario.case.issues, table.model.space
    for name in {*issues} ^ {*package}:
        raise RefusedError("bad", "no_issue", issue=name, issues=", ".join(issues))
    found = {name: _option(name, issue, package[name]) for name, issue in issues.items()}
    text = space.encode(found)
    if not space.possible(text[None])[0]:
        broken = space.broken(text)
        raise RefusedError("bad", "impossible", says=broken.says, rule=broken.rule)
    return found


def mended(table: Table, changes: Mapping[str, object]) -> Texts:
    """The text on the table with some changes, repaired where a constraint leaves no choice.

    Returns
    -------
    (1, issue) uint8

    Raises
    ------
    RefusedError
        if a change is none, or the text may not be tabled (`sim.deliberation.seats.amended`)
    """
    model = table.model
    try:
        return amended(model.protocol, model.space, model.text[:1], options(table, changes))
    except AmendmentError as refused:
        raise _said(refused) from None


def _said(refused: AmendmentError) -> RefusedError:
    """Why an amendment may not be tabled, in the words of the game."""
    match refused.why:
        case "not_negotiable":
            return RefusedError("bad", "not_negotiable", **refused.data)
        case "impossible":
            return RefusedError("bad", "impossible", **refused.data)
        case _:
            return RefusedError("bad", "too_many_terms", **refused.data)


def changed(table: Table, text: Mapping[str, Any]) -> dict[str, list[Any]]:
    """The terms in which a text differs from the one on the table: issue to (from, to)."""
    now = table.text
    return {name: [now[name], option] for name, option in text.items() if option != now[name]}
