"""A draft of a text: what its changes mean, whether it is possible, and how an actor might answer it in public."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.case.conditions import Option
from sim.case.models import Issue
from sim.engine.outcome_space import Texts
from sim.game.session import public_record
from sim.game.session.public_record import HeardAnswer, Sounding
from sim.game.session.rejections import RejectedActionError
from sim.game.session.table import GameTable
from sim.negotiation.external_moves import AmendmentError, amended_texts
from sim.negotiation.protocols import protocol_of

NEAREST = 2
"""The number of earlier answers that a sounding reports: those to the texts that differ least."""


def read_options(table: GameTable, changes: Mapping[str, object]) -> dict[str, Option]:
    """Return changed terms as the case writes them. Raises `RejectedActionError` if an issue or option is unknown."""
    issues, negotiable = table.scenario.case.issues, protocol_of(table.scenario).negotiable
    options: dict[str, Option] = {}
    for name, asked in changes.items():
        if name not in issues:
            raise RejectedActionError("bad", "no_issue", issue=name, issues=", ".join(negotiable))
        options[name] = _option(name, issues[name], asked)
    return options


def _option(name: str, issue: Issue, asked: object) -> Option:
    """Find an option by its value or by how it is written: '30000' is 30000."""
    for option in issue.options:
        if option == asked or str(option) == asked:
            return option
    shown = str(asked)[:64]
    raise RejectedActionError("bad", "no_option", option=shown, issue=name, options=", ".join(map(str, issue.options)))


def read_package(table: GameTable, package: Mapping[str, object]) -> dict[str, Option]:
    """Return a whole text, one option on each issue, even on issues that are not negotiable. Raises
    `RejectedActionError` if an issue is missing, or the text is impossible.
    """
    issues, space = table.scenario.case.issues, table.model.space
    for name in {*issues} ^ {*package}:
        raise RejectedActionError("bad", "no_issue", issue=name, issues=", ".join(issues))
    options = {name: _option(name, issue, package[name]) for name, issue in issues.items()}
    text = space.encode(options)
    if not space.possible(text[None])[0]:
        broken = space.broken(text)
        raise RejectedActionError("bad", "impossible", says=broken.says, rule=broken.rule)
    return options


def amended_text(table: GameTable, changes: Mapping[str, object]) -> Texts:
    """Return the text on the table with some changes, repaired where a constraint leaves no choice.

    Raises `RejectedActionError` if an issue or an option is unknown, or the text may not be tabled (see
    `sim.negotiation.external_moves.amended_texts`).

    Returns
    -------
    (1, issue) uint8
    """
    model = table.model
    try:
        return amended_texts(model.protocol, model.space, model.text[:1], read_options(table, changes))
    except AmendmentError as refused:
        raise _rejection(refused) from None


def _rejection(refused: AmendmentError) -> RejectedActionError:
    match refused.why:
        case "not_negotiable":
            return RejectedActionError("bad", "not_negotiable", **refused.data)
        case "impossible":
            return RejectedActionError("bad", "impossible", **refused.data)
        case _:
            return RejectedActionError("bad", "too_many_terms", **refused.data)


def changed_terms(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Return the issues on which two packages differ, each with the option [before, after]."""
    return {name: [before[name], option] for name, option in after.items() if option != before[name]}


def sounding(table: GameTable, actor: str, changes: Mapping[str, object]) -> Sounding:
    """Say how an actor might answer the text on the table with some changes, judging by public positions only.

    These are declared red lines, past answers at this table, and claims on record: never a number of another chair.
    """
    text = amended_text(table, changes)
    package, compiled_rules = table.model.space.decode(text[0]), table.model.compiled_rules
    declares = public_record.declared_lines_of(actor, public_record.crossed_lines(compiled_rules, text))
    heard: list[HeardAnswer] = [
        {
            "month": month["month"],
            "verdict": month["answers"][actor]["verdict"],
            "differs": changed_terms(month["text"], package),
        }
        for month in table.history()
        if actor in month["answers"]
    ]
    heard = sorted(heard, key=lambda answer: (len(answer["differs"]), -answer["month"]))[:NEAREST]
    leans = "open"
    if heard and not heard[0]["differs"]:
        leans = "yes" if heard[0]["verdict"] == "accept" else "no"
    elif declares:
        leans = "no"
    return {
        "actor": actor,
        "text": package,
        "changed": changed_terms(table.text, package),
        "leans": leans,
        "declares": declares,
        "heard": heard,
        "record": public_record.on_record(compiled_rules, actor, text),
    }
