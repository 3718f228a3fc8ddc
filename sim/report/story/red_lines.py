"""Red lines in the data of a run, found by their owner and put in its words."""

from __future__ import annotations

from collections.abc import Sequence

from sim.report.option_labels import spaced
from sim.report.wording import Plain

REFUSALS = ("red_line", "worse_than_no_deal")


def declared_by(month: Plain, actor: str) -> dict[str, str]:
    """Return the declared red lines of an actor that the text of a month crosses: line to its words."""
    reaction = month.get("reactions", {}).get(actor, {})
    told = {one["line"]: one["says"] for one in reaction.get("declared_lines", ())}
    return told or {line: _in_ledger(reaction, line) or spaced(line) for line in reaction.get("declares", ())}


def newly_declared(now: Plain, before: Plain | None, actor: str) -> dict[str, str]:
    """Return the declared red lines of an actor that a month's text crosses and the text before did not."""
    known = declared_by(before, actor) if before else {}
    return {line: says for line, says in declared_by(now, actor).items() if line not in known}


def words_of_line(timeline: Sequence[Plain], actor: str, line: str) -> str:
    """Return the words of a red line, from any month in which a text crossed it."""
    for month in reversed(timeline):
        found = declared_by(month, actor).get(line) or _in_ledger(month.get("reactions", {}).get(actor, {}), line)
        if found:
            return found
    return spaced(line)


def crossed(reaction: Plain) -> dict[str, str]:
    """Return the red lines in an actor's ledger: line to its words."""
    return {entry["rule"]: entry["says"] for entry in reaction["ledger"] if entry["kind"] == "red_line"}


def moves_of(run: Plain) -> list[Plain]:
    """Return the moves of a run of one world, in order."""
    return [month["move"] for month in run["timeline"] if month.get("move")]


def known_not_for_sale(run: Plain, actor: str) -> bool:
    """Whether the talks ended at a red line of an actor that everybody knows not to be for sale.

    Either its answers taught that, or the line was declared at the start and cannot be for sale: then the talks on one
    text do not wait for a first move.
    """
    final = run["final"]["actors"].get(actor)
    if final is None or final.get("gap", 0.0) is not None:
        return False
    learnt = [one for month in run["timeline"] for one in month.get("learnt", ()) if one["actor"] == actor]
    closed = {one["line"] for one in learnt if one["closed"]}
    at_once = len(run["timeline"]) == 1 and run["protocol"].get("patience", 0) > 0
    return bool(closed & crossed(final).keys()) or at_once


def _in_ledger(reaction: Plain, line: str) -> str | None:
    return crossed(reaction).get(line) if "ledger" in reaction else None
