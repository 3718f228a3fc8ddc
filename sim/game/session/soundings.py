"""Soundings: how somebody might answer a text, as far as its public positions tell.

Declared red lines, past answers at this table, and the record: never a number of another seat.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.game.session import draft_editing, public_record
from sim.game.session.table import GameTable

NEAREST = 2
"""So many earlier answers are told: those to the texts that differ least."""


def answer(table: GameTable, actor: str, changes: Mapping[str, object]) -> dict[str, Any]:
    """What is known in public of how an actor might answer the text on the table with some changes.

    Returns
    -------
    plain data: `actor`, the `text` and how it is `changed`; `declares`, the declared red lines of the actor that it
    crosses; `heard`, its answers to the nearest earlier texts, each with the terms in which the text differs from
    them; `record`, claims by which it has taken a position on what the text says; and `leans`: ``no`` if it crosses a
    declared line, else what the actor said of the very same text, else ``open``
    """
    text = draft_editing.mended(table, changes)
    package, compiled_rules = table.model.space.decode(text[0]), table.model.compiled_rules
    declares = [line for line in public_record.declared(compiled_rules, text) if line["actor"] == actor]
    heard = sorted(_heard(table, actor, package), key=lambda one: (len(one["differs"]), -one["month"]))[:NEAREST]
    leans = "open"
    if heard and not heard[0]["differs"]:
        leans = "yes" if heard[0]["verdict"] == "accept" else "no"
    elif declares:
        leans = "no"
    return {
        "actor": actor,
        "text": package,
        "changed": draft_editing.changed(table, package),
        "leans": leans,
        "declares": [{"rule": line["rule"], "says": line["says"]} for line in declares],
        "heard": heard,
        "record": public_record.on_record(compiled_rules, actor, text),
    }


def _heard(table: GameTable, actor: str, package: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What everybody has heard an actor answer, each with the terms in which a text differs from that one."""
    heard = []
    for past in table.history():
        if actor in past["answers"]:
            old = past["text"]
            differs = {name: [old[name], option] for name, option in package.items() if option != old[name]}
            heard.append({"month": past["month"], "verdict": past["answers"][actor]["verdict"], "differs": differs})
    return heard
