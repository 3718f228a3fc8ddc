"""What the report is about, and what comes out, before anything else."""

from __future__ import annotations

from collections.abc import Iterator

from sim.report import words
from sim.report.options import option_in_words, spaced
from sim.report.paper.blocks import Block, h2, h3, items, note, p, table
from sim.report.words import Plain


def summary(found: Plain) -> Iterator[Block]:
    """The answers in a table, a row a scenario, and what was left out."""
    yield h2("In short", "short")
    for one in found["scenarios"]:
        if len(found["scenarios"]) > 1:
            yield p(f"{one['title']}: {one['question']}")
        if one["verdicts"] is not None:
            yield p(_as_it_stands(found, one))
        if one["run"] is not None:
            yield p(" ".join(["The talks, at central values:", words.outcome(one["run"]), *words.lasting(one["run"])]))
        if (drawn := drawn_of(found, one)) is not None:
            share = drawn["outcomes"]["agreed"]
            worlds = words.count(found["worlds"], "world")
            yield p(
                f"Agreed in {share['worlds']:,} of {worlds}: {words.per_cent(share['share'])} {words.interval(share)}."
            )
    for space in found["outcomes"]:
        agreed, packages = space["space"]["agreed"], space["space"]["packages"]
        whose = "" if len(found["outcomes"]) == 1 else f" ({words.series(titles(found, space['scenarios']))})"
        many = (
            f"{words.count(agreed, 'package')} would be agreed" if agreed else "the zone of possible agreement is empty"
        )
        yield p(f"Of {words.count(packages, 'possible package')}, take it or leave it{whose}: {many}.")
    for left in found["left_out"]:
        yield note(f"Left out: {left['section']} of {left['scenario']}. {left['why']}")


def _as_it_stands(found: Plain, one: Plain) -> str:
    judged = one["verdicts"]
    if judged["agreed"]:
        return "The proposal as it stands, take it or leave it: all whose consent it needs accept."
    blocked = judged["blocked_by"]
    who = words.names(blocked, found["actors"])
    return f"The proposal as it stands, take it or leave it: {who} {words.verb(blocked, 'blocks', 'block')} it."


def setting(found: Plain) -> Iterator[Block]:
    """The case, and who is in it."""
    yield h2("The case", "case")
    case = found["case"]
    yield p(f"{case['title']}. {case['question']}")
    if case["description"]:
        yield p(case["description"])
    yield h3("The actors, in the words of their briefs")
    yield {
        "kind": "terms",
        "items": [[f"{actor['name']}, {actor['role']}", actor["brief"]] for actor in found["actors"].values()],
    }


def proposal(found: Plain, one: Plain) -> Iterator[Block]:
    """What is tabled, by whom, by which rules, and what the scenario changes."""
    if len(found["scenarios"]) > 1:
        yield p(one["question"])
    yield h3("The proposal")
    names = words.names(one["sponsors"], found["actors"])
    yield p(f"Tabled by {names}. Protocol: {words.protocol(one['protocol'])}; {_negotiable(one)}.")
    issues = found["issues"]
    rows = [[issues[name]["says"], option_in_words(issues[name], option)] for name, option in one["proposal"].items()]
    yield table("The text that is tabled first", ["Issue", "The proposal"], rows)
    yield from (p(line) for line in words.adjustments(one))
    if one["changes"]:
        yield p("In this scenario the case is changed:")
        yield items(f"{path}: {value}" for path, value in one["changes"].items())
    if one["events"]:
        yield p("What happens meanwhile:")
        yield items(f"Month {event['month']}: {event['says']}" for event in one["events"])


def _negotiable(one: Plain) -> str:
    issues = one["protocol"]["negotiable"]
    if one["protocol"]["name"] == "one_shot":
        return "nothing is amended"
    return f"negotiable are {words.series(map(spaced, issues))}" if issues else "everything is negotiable"


def titles(found: Plain, ids: list[str]) -> list[str]:
    """The titles of scenarios."""
    return [one["title"] for one in found["scenarios"] if one["scenario"] in ids]


def drawn_of(found: Plain, one: Plain) -> Plain | None:
    """A scenario's part of the ensemble, if there is one."""
    played: list[Plain] = found["ensemble"]["scenarios"] if found["ensemble"] else []
    return next((drawn for drawn in played if drawn["scenario"] == one["scenario"]), None)
