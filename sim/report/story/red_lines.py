"""Red lines in the data of a run, looked up by their owner and given in its words."""

from __future__ import annotations

from collections.abc import Sequence

from sim.report.option_labels import spaced
from sim.report.wording import Plain

REFUSALS = ("red_line", "worse_than_no_deal")
"""Verdicts of actors to which a retreat can give way."""


def declared_by(month: Plain, actor: str) -> dict[str, str]:
    """Return a dict of line to its words: the declared red lines of an actor that the text of a month crosses."""
    reaction = month.get("reactions", {}).get(actor, {})
    lines = {entry["line"]: entry["says"] for entry in reaction.get("declared_lines", ())}
    return lines or {line: _in_ledger(reaction, line) or spaced(line) for line in reaction.get("declares", ())}


def newly_declared(now: Plain, before: Plain | None, actor: str) -> dict[str, str]:
    """Return the declared red lines of an actor that a month's text crosses and the previous text did not."""
    known = declared_by(before, actor) if before else {}
    return {line: says for line, says in declared_by(now, actor).items() if line not in known}


def words_of_line(timeline: Sequence[Plain], actor: str, line: str) -> str:
    """Return the words of a red line, from any month in which a text crossed it."""
    for month in reversed(timeline):
        words = declared_by(month, actor).get(line) or _in_ledger(month.get("reactions", {}).get(actor, {}), line)
        if words:
            return words
    return spaced(line)


def crossed(reaction: Plain) -> dict[str, str]:
    """Return a dict of line to its words: the red lines in an actor's ledger."""
    return {entry["rule"]: entry["says"] for entry in reaction["ledger"] if entry["kind"] == "red_line"}


def moves_of(run: Plain) -> list[Plain]:
    """Return the moves of a run of one world, in order."""
    return [month["move"] for month in run["timeline"] if month.get("move")]


def known_not_for_sale(run: Plain, actor: str) -> bool:
    """Whether the talks ended at an actor's red line that everybody knows is not for sale.

    Either its answers showed that, or the line was declared at the start and cannot be for sale; then talks on one text
    end before a first move.
    """
    final = run["final"]["actors"].get(actor)
    if final is None or final.get("gap", 0.0) is not None:
        return False
    learnt = [lesson for month in run["timeline"] for lesson in month.get("learnt", ()) if lesson["actor"] == actor]
    closed = {lesson["line"] for lesson in learnt if lesson["closed"]}
    at_once = len(run["timeline"]) == 1 and run["protocol"].get("patience", 0) > 0
    return bool(closed & crossed(final).keys()) or at_once


def _in_ledger(reaction: Plain, line: str) -> str | None:
    return crossed(reaction).get(line) if "ledger" in reaction else None
