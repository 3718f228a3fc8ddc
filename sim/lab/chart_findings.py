"""Titles of charts: each is a sentence that states what the chart shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sim.lab.scenario_state import LEAST
from sim.report import wording
from sim.report.option_labels import spaced
from sim.report.story.cast import Cast, quoted, sentence
from sim.strings import Strings
from sim.web.templating import number

Plain = Mapping[str, Any]
NAMED = 2
"""Proposals, or actors, that a title names at most."""
t = Strings.load()


def of_reasons(name: str, actor: Plain, cast: Cast) -> str:
    """Say how an actor's reasons add up, and which one weighs most."""
    who, lose = cast.who([name]), cast.does([name], "loses", "lose")
    points = number(abs(actor["surplus"]))
    if actor["never"]:
        line = next(entry for entry in actor["ledger"] if entry["points"] == wording.NEVER)
        kind = "short" if actor["surplus"] < 0 else "enough"
        return sentence(t(f"lab.finding.line.{kind}", who=who, line=quoted(line["says"]), points=points))
    gains = actor["surplus"] >= 0
    entry = _largest(actor, gains)
    most = t("lab.finding.most", says=quoted(entry["says"]), points=number(entry["points"], True)) if entry else ""
    if actor["verdict"] == "holding_out":
        more = number(actor["short"])
        says = t("lab.finding.holds_out", who=who, hold=cast.does([name], "holds", "hold"), points=points, more=more)
        return sentence(says)
    gain = cast.does([name], "gains", "gain") if gains else lose
    return sentence(t("lab.finding.reasons", who=who, gain=gain, points=points, most=most))


def _largest(actor: Plain, gains: bool) -> Plain | None:
    entries = [entry for entry in actor["ledger"] if (entry["points"] > 0) == gains and entry["rule"] != "base"]
    return max(entries, key=lambda entry: abs(entry["points"]), default=None)


def of_heat(rows: Sequence[Plain], cast: Cast) -> str:
    """Say how many proposals are agreed, and who blocks most of the others."""
    agreed = [row["title"] for row in rows if row["agreed"]]
    if agreed:
        named = wording.series(map(quoted, agreed[:NAMED]))
        rest = t("lab.finding.more", count=len(agreed) - NAMED) if len(agreed) > NAMED else ""
        return t("lab.finding.heat_some", count=len(agreed), of=len(rows), titles=named + rest)
    blocks = Counter(name for row in rows for name in row["blocked_by"])
    most = wording.series(f"{cast.who([name])} {count}" for name, count in blocks.most_common(NAMED))
    return t("lab.finding.heat_none", of=len(rows), most=most)


def of_plane(rows: Sequence[Plain], of: str, across: str, cast: Cast) -> str:
    """Say what an actor accepts, and how much of a measure it accepts at most."""
    measure = spaced(across)
    if of == LEAST:
        accepted = [row for row in rows if row["least_willing"] and _accepts(row, row["least_willing"])]
        key, who = ("least", "") if accepted else ("least_none", "")
    else:
        accepted, who = [row for row in rows if _accepts(row, of)], cast.who([of])
        key = "one" if accepted else "one_none"
    values = [row["measures"][across] for row in accepted]
    more = any(row["measures"][across] > max(values) for row in rows) if accepted else False
    limit = t("lab.finding.limit", measure=measure, most=number(max(values))) if more else ""
    accept = cast.does([of], "accepts", "accept") if of != LEAST else ""
    says = t(f"lab.finding.plane.{key}", who=who, accept=accept, count=len(accepted), of=len(rows), limit=limit)
    return sentence(says)


def _accepts(row: Plain, actor: str) -> bool:
    return bool(row["actors"][actor]["verdict"] == "accept")


def of_worlds(data: Plain, cast: Cast) -> str:
    """Say in how many worlds the text is accepted, and which actor accepts it in the fewest."""
    shares = {name: one["accept"] for name, one in data["shares"].items()}
    least = min(shares, key=lambda name: shares[name])
    who, accept = cast.who([least]), cast.does([least], "accepts", "accept")
    return sentence(t("lab.finding.worlds", who=who, accept=accept, share=wording.per_cent(shares[least])))
