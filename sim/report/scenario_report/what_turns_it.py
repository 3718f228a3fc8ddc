"""The sections on what would turn each actor and the answer: in sentences, and in tables for the appendix."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sim.report import wording
from sim.report.scenario_report import answers, case_words
from sim.report.scenario_report.blocks import Block, items, p, table, terms
from sim.report.scenario_report.case_words import number_in_words
from sim.report.story.cast import Cast, sentence
from sim.report.terminal.thresholds import (
    BEYOND,
    both_sides,
    distance_moved,
    result_at,
    setting,
    smallest_change,
    value,
    who_blocks,
)
from sim.report.wording import Plain

LISTED = 12
"""Maximum number of ways to change an answer that are shown; the data has all of them."""
SHORT = 3
"""Maximum number of ways that the main part of a report shows."""
FREEING = 3
"""Maximum number of ways to win over a blocker that are shown."""


def in_short(report: Plain, scenario: Plain, cast: Cast) -> Iterator[Block]:
    """Return what would turn each actor in the way, and which terms, single numbers or joint change turn the answer."""
    found = scenario["turning"] or {}
    in_the_way = [name for name, actor in found.items() if actor["blocks"] or actor["verdict"] != "accept"]
    if in_the_way:
        yield terms([found[name]["name"], answers.turning(report, scenario, name, cast)] for name in in_the_way)
    yield items(map(sentence, _whole_answer(report, scenario["flip"])))


def _whole_answer(report: Plain, result: Plain) -> Iterator[str]:
    answer = "no longer be agreed" if result["agreed"] else "be agreed"
    if result["flips"]:
        sets = "; or ".join(case_words.terms(report, flip["change"]) for flip in result["flips"][:SHORT])
        yield f"the text would {answer} with {wording.count(result['terms'], 'changed term')}: {sets}"
    elif not result["agreed"]:
        yield f"no change of up to {wording.count(result['most_terms'], 'term')} gets the text agreed"
    turns = [turn for turn in result["numbers"]["turns"] if turn["within"]]
    if turns:
        numbers = "; or if ".join(f"{_condition(turn)} ({wording.basis(turn)})" for turn in turns[:SHORT])
        yield f"it would {answer} with one changed number: if {numbers}{_others(len(turns) - SHORT)}"
    else:
        yield f"none of {wording.count(result['numbers']['tried'], 'number')} changes the answer alone within its range"
    joint = result["joint"]
    if joint["size"] is None:
        yield "no joint change of numbers within their ranges was found that changes the answer"
    elif len(joint["changes"]) > 1:
        changes = wording.series(f"{_named(change)} to {value(change['to'])}" for change in joint["changes"])
        yield f"the smallest joint change that was found moves {changes}"


def _others(more: int) -> str:
    return f"; {more} more numbers do it, too" if more > 0 else ""


def _named(number: Plain) -> str:
    """Return a number in the words of the case."""
    return number_in_words(number["path"], number["what"], number["says"])


def _condition(turn: Plain) -> str:
    """Return a condition: ``the price of Russia's red line “No troops” is at most 35 points, now 40``."""
    limit = "at most" if turn["direction"] == "at_most" else "at least"
    unit = f" {turn['unit']}" if turn["unit"] else ""
    return f"{_named(turn)} is {limit} {value(turn['value'])}{unit}, now {value(turn['now'])}"


def tables(scenario: Plain) -> Iterator[Block]:
    """Return tables of what would change the answer: terms, one changed number, or many as little as possible."""
    result = scenario["flip"]
    if result["flips"]:
        yield _terms(result)
    yield from _one_number(result)
    if not result["agreed"]:
        yield from _frees(result)
    yield from _joint(result)


def _terms(result: Plain) -> Block:
    short = wording.short_names(result["actors"])
    sets = wording.count(len(result["flips"]), "smallest set")
    rows = [
        [
            wording.change(candidate["change"]),
            ", ".join(f"{short[name]} {wording.points(candidate['surplus'][name])}" for name in candidate["needed"])
            or "nobody's alone",
        ]
        for candidate in result["flips"][:LISTED]
    ]
    changed = wording.count(result["terms"], "changed term")
    caption = f"It takes at least {changed} to get it agreed, in {sets}{_more(result['flips'])}."
    return table(caption, ["If this changed", "Surplus of those whose consent is needed"], rows)


def _more(entries: Sequence[object]) -> str:
    return f", of which {LISTED} are shown" if len(entries) > LISTED else ""


def _one_number(result: Plain) -> Iterator[Block]:
    turns = result["numbers"]["turns"]
    within = [turn for turn in turns if turn["within"]]
    beyond = [turn for turn in turns if not turn["within"]][:BEYOND]
    answer = "no longer be agreed" if result["agreed"] else "be agreed"
    for listed, place in ((within[:LISTED], "within its range"), (beyond, "beyond its range")):
        if listed:
            caption = f"It would {answer} with one number changed {place}."
            rows = [
                [
                    f"{_condition(turn)} ({distance_moved(turn)})",
                    both_sides(result, turn),
                    wording.basis(turn, whole=True),
                ]
                for turn in listed
            ]
            yield table(caption, ["If", "What happens on both sides of it", "Basis"], rows)


def _frees(result: Plain) -> Iterator[Block]:
    """Return, for each blocker, which single numbers would win it over."""
    rows = []
    for blocker, frees in result["numbers"]["frees"].items():
        name = wording.blocker(blocker, result["actors"])
        within = [number for number in frees if number["within"]]
        listed = (within or frees[:1])[:FREEING]
        if not listed:
            rows.append([name, "no number does it, within its range or beyond", ""])
        beyond = "" if within else "beyond its range: "
        for number in listed:
            rows.append(
                [
                    name,
                    f"{_condition(number)} ({beyond}{distance_moved(number)})",
                    wording.basis(number),
                ]
            )
    yield table("These single numbers would win over who blocks.", ["Who", "If", "Basis"], rows, narrow=[0], wide=[1])


def _joint(result: Plain) -> Iterator[Block]:
    joint = result["joint"]
    if joint["size"] is None:
        return
    rows = [
        [
            _named(change),
            value(change["now"]),
            value(change["to"]),
            value(change["ranges"]),
            who_blocks(result, {"agreed": not change["without"], "blocked_by": change["without"]}),
            wording.basis(change, whole=True),
        ]
        for change in joint["changes"]
    ]
    heads = ["Number", "Now", "Then", "Ranges", "If only this stays", "Basis"]
    yield table(f"It takes {smallest_change(joint)}.", heads, rows, numbers=[1, 2, 3], wide=[5])
    more = f" The answer could change in more ways than the {joint['ways']:,} that were tried."
    more = "" if joint["all_ways"] else more
    yield p(
        f"With these changes, {result_at(result, joint['at'])}; 99% of the way, "
        f"{result_at(result, joint['nearly'])}.{more}"
    )


def settings_to_try(result: Plain) -> Iterator[str]:
    """Return what to add to a command to try the smallest joint change."""
    joint = result["joint"]
    return (setting(change, change["to"]) for change in joint["changes"] if joint["size"] is not None)
