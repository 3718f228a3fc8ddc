"""The first sections: the answers in short, the case, and the proposal of each scenario."""

from __future__ import annotations

from collections.abc import Iterator

from sim.report import wording
from sim.report.option_labels import option_in_words, spaced
from sim.report.scenario_report.blocks import Block, h2, h3, items, note, p, table
from sim.report.story.cast import Cast, sentence
from sim.report.story.ending import lasting, outcome
from sim.report.wording import Plain


def summary(report: Plain) -> Iterator[Block]:
    """Return the answers, in a table with one row per scenario if there are several, and what was left out."""
    yield h2("In short", "short")
    if len(report["scenarios"]) > 1:
        yield _side_by_side(report)
    else:
        yield from (p(line) for line in _answers(report, report["scenarios"][0]))
    for group in report["outcomes"]:
        agreed, packages = group["space"]["agreed"], group["space"]["packages"]
        whose = "" if len(report["outcomes"]) == 1 else f" ({wording.series(titles(report, group['scenarios']))})"
        result = f"{wording.count(agreed, 'package')} would be agreed"
        if not agreed:
            result = "the zone of possible agreement is empty"
        yield p(f"{wording.count(packages, 'possible package')}, each as a take-it-or-leave-it offer{whose}: {result}.")
    for omitted in report["left_out"]:
        yield note(f"Left out: {omitted['section']} of {omitted['scenario']}. {omitted['why']}")


def _side_by_side(report: Plain) -> Block:
    """Return the answers as a table with one row per scenario."""
    rows = []
    for scenario in report["scenarios"]:
        run, ensemble = scenario["run"], ensemble_of(report, scenario)
        share = ensemble["outcomes"]["agreed"] if ensemble else None
        rows.append(
            [
                f"{scenario['title']}. {scenario['question']}",
                _as_it_stands(report, scenario["verdicts"]) if scenario["verdicts"] else "",
                " ".join([outcome(run), *lasting(run)]) if run else "",
                f"{wording.per_cent(share['share'])} {wording.interval(share)}" if share else "",
            ]
        )
    heads = ["Scenario", "The proposal, take it or leave it", "The talks, at central values", "Agreed, share of worlds"]
    return table(
        f"The answers; where worlds are drawn, in {wording.count(report['worlds'], 'world')}", heads, rows, narrow=[3]
    )


def _answers(report: Plain, scenario: Plain) -> Iterator[str]:
    """Return the answers about one scenario, each in a sentence."""
    if scenario["verdicts"] is not None:
        yield f"The proposal as it stands, take it or leave it: {_as_it_stands(report, scenario['verdicts'])}"
    if scenario["run"] is not None:
        yield " ".join(["The talks, at central values:", outcome(scenario["run"]), *lasting(scenario["run"])])
    if (ensemble := ensemble_of(report, scenario)) is not None:
        share, worlds = ensemble["outcomes"]["agreed"], wording.count(report["worlds"], "world")
        per_cent, interval = wording.per_cent(share["share"]), wording.interval(share)
        yield f"Agreed in {share['worlds']:,} of {worlds}: {per_cent} {interval}."


def _as_it_stands(report: Plain, verdicts: Plain) -> str:
    if verdicts["agreed"]:
        return "everybody whose consent is needed accepts."
    blocked, cast = verdicts["blocked_by"], Cast.of(report["actors"])
    return sentence(f"{cast.who(blocked)} {cast.does(blocked, 'blocks', 'block')} it")


def setting(report: Plain) -> Iterator[Block]:
    """Return the case and its actors."""
    yield h2("The case", "case")
    case = report["case"]
    yield p(f"{case['title']}. {case['question']}")
    if case["description"]:
        yield p(case["description"])
    yield h3("The actors, in the words of their briefs")
    yield {
        "kind": "terms",
        "items": [[f"{actor['name']}, {actor['role']}", actor["brief"]] for actor in report["actors"].values()],
    }


def proposal(report: Plain, scenario: Plain) -> Iterator[Block]:
    """Return what is tabled, by whom and by which rules, and what the scenario changes in the case."""
    if len(report["scenarios"]) > 1:
        yield p(scenario["question"])
    yield h3("The proposal")
    names = wording.names(scenario["sponsors"], report["actors"])
    yield p(f"Tabled by {names}. Protocol: {wording.protocol(scenario['protocol'])}; {_negotiable(scenario)}.")
    yield package_table(report, "The opening text", "The proposal", scenario["proposal"])
    yield from (p(line) for line in wording.adjustments(scenario))
    if scenario["changes"]:
        yield p("This scenario changes the case:")
        yield items(f"{path}: {value}" for path, value in scenario["changes"].items())
    if scenario["events"]:
        yield p("Events during the talks:")
        yield items(f"Month {event['month']}: {event['says']}" for event in scenario["events"])


def package_table(report: Plain, caption: str, head: str, package: Plain) -> Block:
    """Return a table of the issues and options of a package in words."""
    issues = report["issues"]
    rows = [[issues[name]["says"], option_in_words(issues[name], option)] for name, option in package.items()]
    return table(caption, ["Issue", head], rows)


def _negotiable(scenario: Plain) -> str:
    issues = scenario["protocol"]["negotiable"]
    if not scenario["protocol"]["amends"]:
        return "nothing is amended"
    return f"negotiable: {wording.series(map(spaced, issues))}" if issues else "everything is negotiable"


def titles(report: Plain, ids: list[str]) -> list[str]:
    """Return the titles of scenarios, given their ids."""
    return [scenario["title"] for scenario in report["scenarios"] if scenario["scenario"] in ids]


def ensemble_of(report: Plain, scenario: Plain) -> Plain | None:
    """Return a scenario's part of the ensemble; None if there is none."""
    scenarios: list[Plain] = report["ensemble"]["scenarios"] if report["ensemble"] else []
    return next((result for result in scenarios if result["scenario"] == scenario["scenario"]), None)
