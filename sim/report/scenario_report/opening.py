"""What the report is about, and what comes out, before anything else."""

from __future__ import annotations

from collections.abc import Iterator

from sim.report import wording
from sim.report.option_labels import option_in_words, spaced
from sim.report.scenario_report.blocks import Block, h2, h3, items, note, p, table
from sim.report.story.cast import Cast, sentence
from sim.report.story.ending import lasting, outcome
from sim.report.wording import Plain


def summary(found: Plain) -> Iterator[Block]:
    """The answers in a table, a row a scenario, and what was left out."""
    yield h2("In short", "short")
    if len(found["scenarios"]) > 1:
        yield _side_by_side(found)
    else:
        yield from (p(line) for line in _answers(found, found["scenarios"][0]))
    for space in found["outcomes"]:
        agreed, packages = space["space"]["agreed"], space["space"]["packages"]
        whose = "" if len(found["outcomes"]) == 1 else f" ({wording.series(titles(found, space['scenarios']))})"
        many = (
            f"{wording.count(agreed, 'package')} would be agreed"
            if agreed
            else "the zone of possible agreement is empty"
        )
        yield p(f"{wording.count(packages, 'possible package')}, each as a take-it-or-leave-it offer{whose}: {many}.")
    for left in found["left_out"]:
        yield note(f"Left out: {left['section']} of {left['scenario']}. {left['why']}")


def _side_by_side(found: Plain) -> Block:
    """A row a scenario."""
    rows = []
    for one in found["scenarios"]:
        run, drawn = one["run"], drawn_of(found, one)
        share = drawn["outcomes"]["agreed"] if drawn else None
        rows.append(
            [
                f"{one['title']}. {one['question']}",
                _as_it_stands(found, one["verdicts"]) if one["verdicts"] else "",
                " ".join([outcome(run), *lasting(run)]) if run else "",
                f"{wording.per_cent(share['share'])} {wording.interval(share)}" if share else "",
            ]
        )
    heads = ["Scenario", "The proposal, take it or leave it", "The talks, at central values", "Agreed, share of worlds"]
    return table(
        f"The answers; where worlds are drawn, in {wording.count(found['worlds'], 'world')}", heads, rows, narrow=[3]
    )


def _answers(found: Plain, one: Plain) -> Iterator[str]:
    """A sentence for each answer."""
    if one["verdicts"] is not None:
        yield f"The proposal as it stands, take it or leave it: {_as_it_stands(found, one['verdicts'])}"
    if one["run"] is not None:
        yield " ".join(["The talks, at central values:", outcome(one["run"]), *lasting(one["run"])])
    if (drawn := drawn_of(found, one)) is not None:
        share, worlds = drawn["outcomes"]["agreed"], wording.count(found["worlds"], "world")
        per_cent, interval = wording.per_cent(share["share"]), wording.interval(share)
        yield f"Agreed in {share['worlds']:,} of {worlds}: {per_cent} {interval}."


def _as_it_stands(found: Plain, judged: Plain) -> str:
    if judged["agreed"]:
        return "everybody whose consent is needed accepts."
    blocked, cast = judged["blocked_by"], Cast.of(found["actors"])
    return sentence(f"{cast.who(blocked)} {cast.does(blocked, 'blocks', 'block')} it")


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
    names = wording.names(one["sponsors"], found["actors"])
    yield p(f"Tabled by {names}. Protocol: {wording.protocol(one['protocol'])}; {_negotiable(one)}.")
    issues = found["issues"]
    rows = [[issues[name]["says"], option_in_words(issues[name], option)] for name, option in one["proposal"].items()]
    yield table("The opening text", ["Issue", "The proposal"], rows)
    yield from (p(line) for line in wording.adjustments(one))
    if one["changes"]:
        yield p("This scenario changes the case:")
        yield items(f"{path}: {value}" for path, value in one["changes"].items())
    if one["events"]:
        yield p("Events during the talks:")
        yield items(f"Month {event['month']}: {event['says']}" for event in one["events"])


def _negotiable(one: Plain) -> str:
    issues = one["protocol"]["negotiable"]
    if not one["protocol"]["amends"]:
        return "nothing is amended"
    return f"negotiable: {wording.series(map(spaced, issues))}" if issues else "everything is negotiable"


def titles(found: Plain, ids: list[str]) -> list[str]:
    """The titles of scenarios."""
    return [one["title"] for one in found["scenarios"] if one["scenario"] in ids]


def drawn_of(found: Plain, one: Plain) -> Plain | None:
    """A scenario's part of the ensemble, if there is one."""
    played: list[Plain] = found["ensemble"]["scenarios"] if found["ensemble"] else []
    return next((drawn for drawn in played if drawn["scenario"] == one["scenario"]), None)
