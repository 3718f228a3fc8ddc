"""What the answer keys of the later lessons hold: talks, vetoes, and what would turn the answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from statistics import fmean, median_low
from typing import Any

from answers import NONE, Answer, compared, listed, outcome_space, scenario_name, table

import sim
from sim.analysis.experiments.intervals import paired, wilson
from sim.report import wording
from sim.report.story.ending import outcome
from sim.report.story.months import months
from sim.report.terminal.thresholds import named

DIGITS = 3
"""A mean is told as `ensemble` tells it, so that pages and keys agree to the last per cent."""
MOST = 6
"""So many turns are listed of each kind."""

# Lesson 4: opening high


def talks(scenario: str) -> str:
    """The talks at central values: what was tried each month and why, and who blocked."""
    found = sim.play(sim.load_scenario(scenario))
    rows = [[month["month"], " ".join(told)] for month, told in zip(found["timeline"], months(found), strict=True)]
    return f"{table(['Month', 'What happened'], rows)}\n\n{outcome(found)}"


def openings(worlds: str, first: str, second: str) -> str:
    """Two scenarios in the same worlds: how often they are agreed, and what that is worth to those who table them."""
    loaded = [sim.load_scenario(one) for one in (first, second)]
    sponsors = {one: loaded[0].case.actors[one].name for one in (loaded[0].sponsor, *loaded[0].co_sponsors)}
    rows = [_opening(name, int(worlds), list(sponsors)) for name in (first, second)]
    heads = ["Opening", "Agreed", "Median month", "Would hold", *(f"Surplus of {one}" for one in sponsors.values())]
    return f"{table(heads, rows)}\n\n{_paired(int(worlds), first, second, sponsors)}"


@cache
def _worlds(name: str, worlds: int) -> dict[str, list[Any]]:
    return sim.worlds(sim.load_scenario(name), worlds)


def _agreed(drawn: Mapping[str, Sequence[Any]]) -> list[int]:
    return [at for at, outcome in enumerate(drawn["outcome"]) if outcome == "agreed"]


def _mean(drawn: Mapping[str, Sequence[float]], column: str, picked: Iterable[int]) -> float:
    return fmean(drawn[column][at] for at in picked)


def _opening(name: str, worlds: int, sponsors: Sequence[str]) -> list[object]:
    """How often one opening is agreed, and the means over the worlds in which it is."""
    drawn = _worlds(name, worlds)
    if not (agreed := _agreed(drawn)):
        return [f"`{name}`", "in no world", *[NONE] * (2 + len(sponsors))]
    low, high = wilson(len(agreed), worlds)
    return [
        f"`{name}`",
        f"{wording.per_cent(len(agreed) / worlds)} {wording.interval({'low': low, 'high': high})}",
        median_low([drawn["months"][at] for at in agreed]),
        wording.per_cent(round(_mean(drawn, "durability", agreed), DIGITS)),
        *(wording.points(_mean(drawn, f"surplus.{one}", agreed)) for one in sponsors),
    ]


def _paired(worlds: int, first: str, second: str, sponsors: Mapping[str, str]) -> str:
    """Two openings in the worlds in which they differ, and in those in which both are agreed."""
    one, other = _worlds(first, worlds), _worlds(second, worlds)
    either = (set(_agreed(one)), set(_agreed(other)))
    both, alone = sorted(either[0] & either[1]), [len(either[0] - either[1]), len(either[1] - either[0])]
    low, high = paired(len(both), alone[0], alone[1], worlds - len(both) - sum(alone))
    points = [wording.percentage_points(part) for part in ((alone[1] - alone[0]) / worlds, low, high)]
    lines = [
        f"Of {worlds:,} worlds, `{first}` alone is agreed in {alone[0]}, `{second}` alone in {alone[1]}, both in "
        f"{len(both)}. `{second}` less `{first}`: {points[0]} percentage points (95% interval {points[1]} to "
        f"{points[2]})."
    ]
    for sponsor, name in sponsors.items() if both else ():
        means = [wording.points(_mean(drawn, f"surplus.{sponsor}", both)) for drawn in (one, other)]
        lines.append(
            f"Where both are agreed, the surplus of {name} is on average {means[0]} after `{first}` and {means[1]} "
            f"after `{second}`."
        )
    return "\n".join(f"- {line}" for line in lines)


def endings(worlds: str, issue: str, *scenarios: str) -> str:
    """On which option of an issue the agreements of some scenarios end."""
    rows = []
    for name in scenarios:
        drawn = _worlds(name, int(worlds))
        found = [
            option for option, how in zip(drawn[f"issue.{issue}"], drawn["outcome"], strict=True) if how == "agreed"
        ]
        ranked = sorted(set(found), key=lambda one: (-found.count(one), str(one)))
        rows.append([f"`{name}`", len(found), listed(f"{wording.option(one)} {found.count(one)}" for one in ranked)])
    return table(["Opening", "Worlds agreed", f"`{issue}` in them"], rows)


# Lesson 5: whose veto


def lifted(case: str) -> str:
    """What each actor accepts of all packages, and how many would be agreed if its refusal alone did not count."""
    found = outcome_space(case)
    rows = [
        [
            one["name"],
            wording.per_cent(one["share"]),
            "yes" if one["needed"] else "no",
            f"{one['agreed_without']:,}",
        ]
        for one in found["actors"].values()
    ]
    heads = ["Actor", "Accepts, of all packages", "Some package needs it", "Agreed if its no did not count"]
    openers = [one["name"] for one in found["actors"].values() if one["agreed_without"] > found["agreed"]]
    ends = (
        f"With everybody's consent counted, {found['agreed']:,} of {found['packages']:,} packages are agreed. "
        f"To lift one refusal alone adds to that for: {listed(openers)}."
    )
    return f"{table(heads, rows)}\n\n{ends}"


def blockers(*scenarios: str) -> str:
    """Who blocks some proposals, take it or leave it, and which of these one actor blocks alone."""
    found = compared(scenarios)
    rows, alone = [], []
    for row in found["rows"]:
        who = [found["actors"].get(one, one) for one in row["blocked_by"]]
        rows.append([f"`{scenario_name(row)}`", len(who), listed(who)])
        alone += [f"`{scenario_name(row)}` ({who[0]})"] if len(who) == 1 else []
    return f"{table(['Proposal', 'Blockers', 'Who'], rows)}\n\nBlocked by one alone: {listed(alone)}."


def consent(case: str) -> str:
    """The rules of consent: when each applies, whom it asks, and what it rests on."""
    loaded = sim.load_case(case)

    def named(asked: Iterable[str]) -> str:
        return listed(loaded.actors[one].name for one in asked)

    rows = []
    for rule in loaded.consent:
        asked = [f"needs {named(rule.needs)}"] if rule.needs else []
        asked += [f"veto of {named(rule.veto)}"] if rule.veto else []
        asked += [f"{rule.quorum.at_least} of {named(rule.quorum.of)}"] if rule.quorum else []
        asked += [f"pledges of {named(rule.pledges.from_)}"] if rule.pledges else []
        rows.append([rule.says, "; ".join(asked), " ".join(rule.source) or "assumed"])
    return table(["Rule", "Whom it asks", "Claims"], rows)


# Lesson 6: what would have to be true


@cache
def _flip(scenario: str, only: str | None) -> Mapping[str, Any]:
    return sim.flip(sim.load_scenario(scenario), by="numbers", only=only)


def turns(scenario: str) -> str:
    """The single numbers that turn the answer, or win one of those who block, each within its range."""
    found = _flip(scenario, None)
    asked = {"the whole": found["numbers"]["turns"]} | {
        f"{found['actors'].get(one, one)} alone": told for one, told in found["numbers"]["frees"].items()
    }
    rows = []
    for what, told in asked.items():
        within = [one for one in told if one["within"]]
        rows += [[what, *_turn(one, found["actors"])] for one in within[:MOST]] or [
            [what, "no number within its range", *[NONE] * 4]
        ]
    return table(["Wins", "Number", "Now", "Turns at", "Of its range", "Rests on"], rows)


def _turn(one: Mapping[str, Any], actors: Mapping[str, str]) -> list[str]:
    word = "at most" if one["direction"] == "at_most" else "at least"
    ranges = NONE if one["ranges"] is None else f"{one['ranges']:.2f}"
    return [named(one, actors), _number(one["now"]), f"{word} {_number(one['value'])}", ranges, wording.basis(one)]


def _number(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:,.3f}".rstrip("0").rstrip(".")


def joint(scenario: str, only: str = "") -> str:
    """The least joint change of numbers that turns the answer, of all of them or of those of one kind."""
    told = _flip(scenario, only or None)
    found = told["joint"]
    kind = f"{only} numbers" if only else "numbers"
    if found["size"] is None:
        return f"Of {kind} alone, each within its range, no joint change that turns the answer was found."
    rows = [
        [
            named(one, told["actors"]),
            _number(one["now"]),
            _number(one["to"]),
            f"{one['ranges']:.2f}",
            wording.basis(one),
        ]
        for one in found["changes"]
    ]
    kinds = [one["kind"] for one in found["changes"]]
    ends = (
        f"{wording.count(len(rows), 'number')}, {found['size']:.2f} ranges in all; assumed: {kinds.count('assumed')}."
    )
    return f"{table(['Number', 'Now', 'Then', 'Ranges', 'Rests on'], rows)}\n\n{ends}"


def support(case: str) -> str:
    """On what the numbers of a case rest."""
    found = sim.sources(sim.load_case(case))
    return (
        f"Of {len(found['numbers'])} numbers, {wording.per_cent(found['share_sourced'])} rest on claims alone and "
        f"{wording.per_cent(found['share_assumed'])} are assumed. Claims that no number uses: "
        f"{listed(one['id'] for one in found['unused_claims'])}."
    )


ANSWERS: dict[str, Answer] = {
    one.__name__: one for one in (talks, openings, endings, lifted, blockers, consent, turns, joint, support)
}
"""The answers of lessons 4 to 6, by the names that pages call them by."""
