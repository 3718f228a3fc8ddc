"""The answers of a report's first page: five questions about a scenario, each answered by rules from the data."""

from __future__ import annotations

from functools import partial

from sim.report import wording
from sim.report.scenario_report import case_words
from sim.report.scenario_report.case_words import number_in_words
from sim.report.story.cast import Cast, quoted, sentence
from sim.report.story.turning_sentences import turning_sentences
from sim.report.terminal.thresholds import value
from sim.report.wording import NEVER, VERDICTS, Plain

NEARLY, MOSTLY = 0.95, 0.15
"""Share of the agreements on one side that is nearly all; and gain from which a number is said to matter by itself."""
OFTEN = ((0.0, "No"), (0.1, "Rarely"), (0.4, "Sometimes"), (0.6, "About half of the time"), (0.9, "Mostly"))
"""How often something is agreed, in words, up to each share."""
ENDS = {
    "agreed": "in agreement",
    "impasse": "in an impasse",
    "collapsed": "in a collapse",
    "expired": "without agreement",
}
"""How talks end, in words."""
HOW = "at central values, take it or leave it"
"""How all packages are judged."""
BLOCKERS = 4
"""The most blockers that are named."""
FEW = 0.05
"""Blockers in a smaller share of worlds are not named."""


def answers(report: Plain, scenario: Plain) -> list[list[str]]:
    """Return questions with their answers, those for which the report has data."""
    cast = case_words.cast_of(report)
    actor = _main_blocker(report, scenario)
    turn = f"What would turn {cast.who([actor])}?" if actor else ""
    found = (
        ("Would it be agreed?", _agreed(report, scenario, cast)),
        ("Who blocks it?", blocking(report, scenario, cast)),
        ("What does agreement depend on?", depends(scenario, cast)),
        (turn, turning(report, scenario, actor, cast) if actor else ""),
        ("Could anything be agreed?", could_be_agreed(report, scenario, cast)),
    )
    return [[asks, says] for asks, says in found if says]


def ensemble_of(report: Plain, scenario: Plain) -> Plain | None:
    """Return a scenario's part of the ensemble; None if there is none."""
    scenarios: list[Plain] = report["ensemble"]["scenarios"] if report["ensemble"] else []
    return next((drawn for drawn in scenarios if drawn["scenario"] == scenario["scenario"]), None)


def space_of(report: Plain, scenario: Plain) -> Plain | None:
    """Return the outcome space of a scenario; None if there is none."""
    return next((group for group in report["outcomes"] if scenario["scenario"] in group["scenarios"]), None)


def _agreed(report: Plain, scenario: Plain, cast: Cast) -> str:
    drawn, run, judged = ensemble_of(report, scenario), scenario["run"], scenario["verdicts"]
    parts = []
    if drawn is not None:
        share = drawn["outcomes"]["agreed"]
        often = _often(share["share"])
        parts.append(f"{often}: the talks end in agreement in {of_worlds(share, report['worlds'])}.")
    if run is not None:
        months = wording.count(run["months"], "month")
        parts.append(f"At central values they end {ENDS[run['outcome']]} after {months}.")
    if judged is not None:
        before = ", before its events" if scenario["events"] else ""
        parts.append(f"As tabled, take it or leave it{before}, {as_tabled(judged, cast)}.")
    return " ".join(parts)


def of_worlds(share: Plain, worlds: int) -> str:
    """Return a share: ``790 of 10,000 worlds, 8% (7.4 to 8.4%)``."""
    if not share["worlds"]:
        return f"none of {worlds:,} worlds {wording.interval(share)}"
    return f"{share['worlds']:,} of {worlds:,} worlds, {wording.per_cent(share['share'])} {wording.interval(share)}"


def _often(share: float) -> str:
    if share == 1:
        return "Yes"
    return next((word for most, word in OFTEN if share <= most), "Nearly always")


def as_tabled(judged: Plain, cast: Cast) -> str:
    """Return who blocks the text that is judged."""
    blocked = judged["blocked_by"]
    if judged["agreed"]:
        return "everybody whose consent is needed accepts it"
    return f"{cast.who(blocked)} {cast.does(blocked, 'blocks', 'block')} it"


def blocking(report: Plain, scenario: Plain, cast: Cast) -> str:
    """Say who blocks at the end, in what share of the worlds without agreement, and the first with which verdict."""
    drawn = ensemble_of(report, scenario)
    if drawn is None:
        return ""
    failed = report["worlds"] - drawn["outcomes"]["agreed"]["worlds"]
    if not failed:
        return "Nobody: every world ends in agreement."
    first, *others = drawn["blockers"]
    named = [blocker for blocker in others[: BLOCKERS - 1] if blocker["share"] >= FEW]
    parts = [
        f"{cast.does([first['name']], 'blocks', 'block')} in {wording.per_cent(first['share'])} of the "
        f"{failed:,} worlds without agreement{_verdict(first)}",
        *(f"{cast.who([one['name']])} in {wording.per_cent(one['share'])}" for one in named),
    ]
    return sentence(f"{cast.who([first['name']])} {wording.series(parts)}")


def _verdict(blocker: Plain) -> str:
    if not blocker["verdicts"]:
        return ""
    verdict, share = max(blocker["verdicts"].items(), key=lambda item: item[1])
    words = "accepts, but does not send what is asked" if verdict == "accept" else VERDICTS[verdict].words
    return f" (verdict in {wording.per_cent(share)} of these: {words})"


def depends(scenario: Plain, cast: Cast) -> str:
    """Say on which number agreement depends, with the counts on both sides of it and the basis of the number."""
    found = scenario["dependence"]
    if found is None:
        return ""
    agreed, worlds = found["agreed"], found["worlds"]
    if agreed in (0, worlds):
        result = "ends in agreement" if agreed else "ends without agreement"
        split = next(iter(found["splits"]), None)
        even = f", even the {_worlds(split, 0, cast)}" if split and not agreed else ""
        return f"On no number within its range: every world {result}{even}."
    if not (split := next(iter(found["splits"]), None)):
        return "On no single number: agreements are as frequent on both sides of each."
    first, other = split["sides"]
    both = f"lie in the {_worlds(split, 0, cast)}, and {other['agreed'] or 'none'} in the {_worlds(split, 1, cast)}"
    if not other["agreed"]:
        return f"On one number: all {agreed:,} agreements {both}. {_basis(split)}"
    hits = f"{first['agreed']:,} of {agreed:,} agreements {both}. {_basis(split)}"
    if first["agreed"] >= NEARLY * agreed and split["gain"] >= MOSTLY:
        return f"Nearly only on one number: {hits}"
    return f"{'Mostly on one number' if split['gain'] >= MOSTLY else 'On no single number; most on this one'}: {hits}"


def _worlds(split: Plain, index: int, cast: Cast) -> str:
    """Return the worlds on one side: ``1,986 worlds in which Russia's red line “No troops” has a price``."""
    it = "it" if index else subject(split, cast)
    return f"{split['sides'][index]['worlds']:,} worlds in which {it} {side(split, index)}"


def subject(split: Plain, cast: Cast) -> str:
    """Return what worlds are split by: ``Russia's red line “No troops”``."""
    if ".red_lines." in split["path"]:
        price = "" if _may_be_sold(split) else "the price of "
        return f"{price}{cast.whose(split['owner'])} red line {quoted(split['says'])}"
    return number_in_words(split["path"], split["what"], split["says"])


def side(split: Plain, index: int) -> str:
    """Return what holds of the subject on one side of a split: ``is not for sale``."""
    low, high = split["sides"][index]["low"], split["sides"][index]["high"]
    values = value(low) if low == high else f"{value(low)} to {value(high)}"
    if not _may_be_sold(split):
        return f"is {values}"
    return "is not for sale" if low == NEVER else f"has a price ({values} points)"


def _may_be_sold(split: Plain) -> bool:
    return ".red_lines." in split["path"] and NEVER in [side["high"] for side in split["sides"]]


def _basis(split: Plain) -> str:
    claims = " ".join(split["source"])
    if split["support"] == "assumed":
        chance = split["sides"][0]["chance"]
        odds = (
            f"That chance, {wording.per_cent(chance)}, is assumed" if "choices" in split["written"] else "It is assumed"
        )
        return f"{odds}: {quoted(split['assumption'])}." if split["assumption"] else f"{odds}."
    if split["support"] == "worded":
        return (
            f"The direction of that number is based on {claims}; its size is a word of the codebook, which is assumed."
        )
    return f"That number is based on {claims}."


def _main_blocker(report: Plain, scenario: Plain) -> str | None:
    """Return the actor that blocks most often among those that the proposal as tabled does not win over."""
    drawn, found = ensemble_of(report, scenario), scenario["turning"] or {}
    names = [blocker["name"] for blocker in drawn["blockers"]] if drawn else []
    return next((name for name in [*names, *found] if name in found), None)


def turning(report: Plain, scenario: Plain, actor: str, cast: Cast) -> str:
    """Say what would turn an actor: its red line or the best change of terms, and the nearest numbers."""
    found = scenario["turning"][actor]
    within = [number for number in found["numbers"] if number["within"]]
    parts = [*turning_sentences({**found, "numbers": within}, cast, partial(case_words.terms, report))]
    if "flip" in report["sections"] and not within:
        parts.append(f"No single number within its range turns {cast.who([actor])}.")
    return " ".join(parts)


def could_be_agreed(report: Plain, scenario: Plain, cast: Cast) -> str:
    """Say how many packages would be agreed, how many of them keep the core of the proposal, and whose veto matters."""
    group = space_of(report, scenario)
    if group is None:
        return ""
    space, agreed = group["space"], group["space"]["agreed"]
    kept = group["with_core"][scenario["scenario"]]
    packages = f"of {space['packages']:,} possible packages"
    if agreed:
        how_many = "all" if kept == agreed else f"{kept:,}" if kept else "none"
        keeps = f"{how_many} of them {'keep' if kept > 1 else 'keeps'}"
        core = f"; {keeps} {case_words.core(report, scenario)}" if scenario["core"] else ""
        first = f"{packages}, {agreed:,} would be agreed {HOW}{core}"
    else:
        first = f"none {packages} would be agreed {HOW}: the zone of possible agreement is empty"
    return f"{sentence(first)} {sentence(veto(space, cast))}"


def veto(space: Plain, cast: Cast) -> str:
    """Return whose veto matters most: how many packages would be agreed if its refusal did not count."""
    ranked = sorted(space["actors"].items(), key=lambda item: -item[1]["agreed_without"])
    (first, most), *others = [(name, actor["agreed_without"]) for name, actor in ranked]
    if most == space["agreed"]:
        return "no single veto matters: no more would be agreed if any one refusal did not count"
    after = [f"{cast.whose(name)} ({count:,})" for name, count in others[:2] if count > space["agreed"]]
    matters = "empties it" if not space["agreed"] else "matters most"
    rest = f"; then {wording.series(after)}" if after else ""
    return f"{cast.whose(first)} veto {matters}: {most:,} would be agreed if its refusal did not count{rest}"
