"""The sections on what would change the answer, and on which numbers an outcome depends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sim.report import wording
from sim.report.charts.share_figures import Share, ShareRow, intervals
from sim.report.scenario_report.blocks import Block, figure, h4, items, p, table
from sim.report.terminal import sensitivity as terminal
from sim.report.terminal.thresholds import (
    BEYOND,
    both_sides,
    condition,
    distance_moved,
    named,
    result_at,
    setting,
    smallest_change,
    value,
    who_blocks,
)
from sim.report.wording import Plain

LISTED = 12
"""Maximum number of ways to change an answer that are shown; the data has all of them."""
FREEING = 3
"""Maximum number of ways to win over a blocker that are shown."""
SINGLES = 10
"""Maximum number of single numbers that are shown."""
READS = (
    "Filled: in total (total index); hollow: by itself (first-order index). An interaction counts in full for each "
    "number in it, so filled marks do not sum to 100%. Chance can push an estimate below 0 or above 100%."
)
MARKED = ("sourced", "worded", "assumed", "luck")
"""Kinds of basis that have a mark of their own, in the order of the key."""
PARTS = ("points", "value")
"""Last parts of a path that add nothing to the words of the rule."""


def flip(scenario: Plain) -> Iterator[Block]:
    """Return what would change the answer: other terms, one changed number, or many changed as little as possible."""
    result = scenario["flip"]
    yield p("At central values, take it or leave it.")
    yield h4("Other terms")
    yield from _terms(result)
    yield h4("One number changed, all others as they are")
    yield from _one_number(result)
    if not result["agreed"]:
        yield from _frees(result)
    yield h4("Many numbers changed together, as little as possible")
    yield from _joint(result)


def _terms(result: Plain) -> Iterator[Block]:
    if result["agreed"]:
        yield p("It is agreed as it stands.")
        return
    if not result["flips"]:
        yield p(f"No change of up to {wording.count(result['most_terms'], 'term')} would get it agreed.")
        return
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
    terms = wording.count(result["terms"], "changed term")
    caption = f"It takes at least {terms} to get it agreed; {sets}{_more(result['flips'])}"
    yield table(caption, ["If this changed", "Surplus of those whose consent is needed"], rows)


def _more(entries: Sequence[object]) -> str:
    return f", of which {LISTED} are shown" if len(entries) > LISTED else ""


def _one_number(result: Plain) -> Iterator[Block]:
    turns = result["numbers"]["turns"]
    within = [turn for turn in turns if turn["within"]]
    beyond = [turn for turn in turns if not turn["within"]][:BEYOND]
    answer = "no longer be agreed" if result["agreed"] else "be agreed"
    tried = wording.count(result["numbers"]["tried"], "number")
    if not within:
        yield p(f"None of {tried} changes the answer alone within its range.")
    for listed, place in ((within[:LISTED], "within its range"), (beyond, "beyond its range")):
        if listed:
            caption = f"It would {answer} with one number changed {place}"
            rows = [
                [
                    f"{condition(turn, result['actors'])} ({distance_moved(turn)})",
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
                    f"{condition(number, result['actors'])} ({beyond}{distance_moved(number)})",
                    wording.basis(number),
                ]
            )
    yield table("Who would no longer block if one number changed", ["Who", "If", "Basis"], rows, narrow=[0], wide=[1])


def _joint(result: Plain) -> Iterator[Block]:
    joint = result["joint"]
    if joint["size"] is None:
        yield p("No joint change was found that changes the answer and keeps every number within its range.")
        return
    rows = [
        [
            named(change, result["actors"]),
            value(change["now"]),
            value(change["to"]),
            value(change["ranges"]),
            who_blocks(result, {"agreed": not change["without"], "blocked_by": change["without"]}),
            wording.basis(change, whole=True),
        ]
        for change in joint["changes"]
    ]
    heads = ["Number", "Now", "Then", "Ranges", "If only this stays", "Basis"]
    yield table(smallest_change(joint), heads, rows, numbers=[1, 2, 3], wide=[5])
    more = f" The answer could change in more ways than the {joint['ways']:,} that were tried."
    more = "" if joint["all_ways"] else more
    yield p(
        f"With these changes, {result_at(result, joint['at'])}; 99% of the way, "
        f"{result_at(result, joint['nearly'])}.{more}"
    )
    yield p("To try it:")
    yield items(setting(change, change["to"]) for change in joint["changes"])


def sensitivity(report: Plain, scenario: Plain) -> Iterator[Block]:
    """Return the Sobol indices of groups and of single numbers, with the part due to what no claim supports."""
    result = scenario["sensitivity"]
    if report["of"] is None and result["of"] != "agreed":
        yield p(
            "Whether it is agreed varies too little across the worlds to be explained, so this is about who blocks."
        )
    yield p(f"What varies: {result['says']}. {terminal.mean(result)}")
    if not result["varies"]:
        yield p("It is the same in every world, so there is no variance to explain, and no number matters.")
        yield from _settings(result)
        return
    yield from (p(str(line)) for line in terminal.headline(result))
    yield _indices(scenario, result, "support", result["numbers"][:SINGLES])
    yield from (p(line) for line in terminal.screened(result))
    if result["numbers"]:
        yield _singles(result["numbers"][:SINGLES], result)
    yield _indices(scenario, result, "owner", ())
    yield _indices(scenario, result, "kind", ())
    yield from _settings(result)


def _settings(result: Plain) -> Iterator[Block]:
    """Return the results in the same worlds with other settings of the protocol."""
    if result["protocol"]:
        rows = [
            [f"{protocol_setting['says']}: {protocol_setting['path']}", *row]
            for protocol_setting in result["protocol"]
            for row in terminal.setting_rows(protocol_setting, result)
        ]
        yield p(terminal.SETTINGS)
        heads = ["Setting", "Value", *terminal.RESULTS[result["binary"]]]
        yield table("How the talks are held", heads, rows, numbers=[1, 2, 3], wide=[0])


def _indices(scenario: Plain, result: Plain, family: str, singles: Sequence[Plain]) -> Block:
    """Return a family of groups, optionally with single numbers, and the part that groups have only together."""
    title, support = terminal.FAMILIES[family], family == "support"
    named = [(terminal.name_of(group["name"], result), group) for group in result["groups"][family]]
    panels = [(title, [_row(name, group, group["name"] if support else "") for name, group in named])]
    if singles:
        panels.append(("Single numbers", [_row(_label(number), number, number["support"]) for number in singles]))
    rows = [[name, _cell(group["total"]), _cell(group["first"])] for name, group in named]
    rows += [[_label(number), _cell(number["total"]), _cell(number["first"])] for number in singles]
    rows.append([f"only together, grouped {title.lower()}", "", _cell(result["interactions"][family])])
    return figure(
        f"sensitivity-{family}-{scenario['scenario']}",
        intervals(panels, "share of the variance", key=_key(result, support=support)),
        f"{title}: {result['says']}",
        reads=READS + f" Whiskers: {wording.per_cent(result['confidence'])} intervals, by bootstrap.",
        says="; ".join(f"{row[0]}: {row[1]}, by itself {row[2]}" for row in rows[:-1]),
        numbers=table("", ["Group or number", "In total", "By itself"], rows, numbers=[1, 2]),
    )


def _cell(estimate: Plain) -> str:
    """Return an estimate with its interval in percent, not cut at 0 and 100, as the figure draws it."""
    value, low, high = (wording.level(100 * estimate[key]) for key in ("value", "low", "high"))
    return f"{value}% ({low} to {high})"


def _singles(singles: Sequence[Plain], result: Plain) -> Block:
    rows = [
        [
            f"{_label(number)}: {number['name']}, {number['written']}",
            wording.uncertain_basis(number),
            terminal.cell(number["total"]),
            terminal.cell(number["first"]),
        ]
        for number in singles
    ]
    more = f", the first {SINGLES} of {len(result['numbers'])}" if len(result["numbers"]) > SINGLES else ""
    heads = ["Number, and how it is written", "Basis", "In total", "By itself"]
    return table(f"Single numbers{more}, in percent of the variance", heads, rows, numbers=[2, 3], wide=[0])


def _row(label: str, estimates: Plain, support: str) -> ShareRow:
    shares = [Share(*(estimates[key][part] for part in ("value", "low", "high"))) for key in ("total", "first")]
    return ShareRow(label, tuple(shares), support)


def _label(number: Plain) -> str:
    """Return a number in words: its rule, and which part of the rule it is where that is not clear."""
    part = number["name"].rpartition(".")[2]
    says = number["says"] or number["name"]
    return says if part in PARTS else f"{says}: {part.replace('_', ' ')}"


def _key(result: Plain, *, support: bool) -> list[tuple[str, str, bool]]:
    known = {group["name"] for group in result["groups"]["support"]}
    marks = [(f"basis: {terminal.NAMES[name]}", name, False) for name in MARKED if support and name in known]
    return [*marks, ("filled: in total", "", False), ("hollow: by itself", "", True)]
