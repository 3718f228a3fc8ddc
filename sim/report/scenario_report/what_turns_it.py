"""What would turn the answer, and on which numbers an outcome hangs."""

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
"""So many ways to turn an answer are shown; the data has all."""
FREEING = 3
SINGLES = 10
"""So many single numbers are."""
READS = (
    "Filled: in total (total index); hollow: by itself (first-order index). An interaction counts in full for each "
    "number in it, so filled marks do not sum to 100%. Chance can push an estimate below 0 or above 100%."
)
MARKED = ("sourced", "worded", "assumed", "luck")
PARTS = ("points", "value")
"""Parts of a path that say no more than the rule does."""


def flip(found: Plain, one: Plain) -> Iterator[Block]:
    """Changed terms, one number moved, and many moved as little as it takes."""
    told = one["flip"]
    yield p("At central values, take it or leave it.")
    yield h4("Other terms")
    yield from _terms(told)
    yield h4("One number changed, all others as they are")
    yield from _one_number(told)
    if not told["agreed"]:
        yield from _frees(told)
    yield h4("Many numbers changed together, as little as possible")
    yield from _joint(told)


def _terms(told: Plain) -> Iterator[Block]:
    if told["agreed"]:
        yield p("It is agreed as it stands.")
        return
    if not told["flips"]:
        yield p(f"No change of up to {wording.count(told['most_terms'], 'term')} would get it agreed.")
        return
    short = wording.short_names(told["actors"])
    sets = wording.count(len(told["flips"]), "smallest set")
    rows = [
        [
            wording.change(one["change"]),
            ", ".join(f"{short[name]} {wording.points(one['surplus'][name])}" for name in one["needed"])
            or "nobody's alone",
        ]
        for one in told["flips"][:LISTED]
    ]
    terms = wording.count(told["terms"], "changed term")
    caption = f"It takes at least {terms} to get it agreed; {sets}{_more(told['flips'])}"
    yield table(caption, ["If this changed", "Surplus of those whose consent is needed"], rows)


def _more(every: Sequence[object]) -> str:
    return f", of which {LISTED} are shown" if len(every) > LISTED else ""


def _one_number(told: Plain) -> Iterator[Block]:
    turns = told["numbers"]["turns"]
    within = [turn for turn in turns if turn["within"]]
    beyond = [turn for turn in turns if not turn["within"]][:BEYOND]
    answer = "no longer be agreed" if told["agreed"] else "be agreed"
    tried = wording.count(told["numbers"]["tried"], "number")
    if not within:
        yield p(f"None of {tried} changes the answer alone within its range.")
    for turned, where in ((within[:LISTED], "within its range"), (beyond, "beyond its range")):
        if turned:
            caption = f"It would {answer} with one number changed {where}"
            rows = [
                [
                    f"{condition(one, told['actors'])} ({distance_moved(one)})",
                    both_sides(told, one),
                    wording.basis(one, whole=True),
                ]
                for one in turned
            ]
            yield table(caption, ["If", "What happens on both sides of it", "Basis"], rows)


def _frees(told: Plain) -> Iterator[Block]:
    """For each who blocks, what alone would win it over."""
    rows = []
    for blocker, frees in told["numbers"]["frees"].items():
        name = wording.blocker(blocker, told["actors"])
        within = [one for one in frees if one["within"]]
        listed = (within or frees[:1])[:FREEING]
        if not listed:
            rows.append([name, "no number does it, within its range or beyond", ""])
        rows += [
            [
                name,
                f"{condition(one, told['actors'])} ({'' if within else 'beyond its range: '}{distance_moved(one)})",
                wording.basis(one),
            ]
            for one in listed
        ]
    yield table("Who would no longer block if one number changed", ["Who", "If", "Basis"], rows, narrow=[0], wide=[1])


def _joint(told: Plain) -> Iterator[Block]:
    joint = told["joint"]
    if joint["size"] is None:
        yield p("No joint change was found that changes the answer and keeps every number within its range.")
        return
    rows = [
        [
            named(one, told["actors"]),
            value(one["now"]),
            value(one["to"]),
            value(one["ranges"]),
            who_blocks(told, {"agreed": not one["without"], "blocked_by": one["without"]}),
            wording.basis(one, whole=True),
        ]
        for one in joint["changes"]
    ]
    heads = ["Number", "Now", "Then", "Ranges", "If only this stays", "Basis"]
    yield table(smallest_change(joint), heads, rows, numbers=[1, 2, 3], wide=[5])
    more = (
        ""
        if joint["all_ways"]
        else f" The answer could change in more ways than the {joint['ways']:,} that were tried."
    )
    yield p(
        f"With these changes, {result_at(told, joint['at'])}; 99% of the way, {result_at(told, joint['nearly'])}.{more}"
    )
    yield p("To try it:")
    yield items(setting(one, one["to"]) for one in joint["changes"])


def sensitivity(found: Plain, one: Plain) -> Iterator[Block]:
    """Sobol indices of groups and single numbers, and what the answer owes to what no claim supports."""
    told = one["sensitivity"]
    if found["of"] is None and told["of"] != "agreed":
        yield p(
            "Whether it is agreed varies too little across the worlds to be explained, so this is about who blocks."
        )
    yield p(f"What varies: {told['says']}. {terminal.mean(told)}")
    if not told["varies"]:
        yield p("It is the same in every world, so there is no variance to explain, and no number matters.")
        yield from _settings(told)
        return
    yield from (p(str(line)) for line in terminal.headline(told))
    yield _indices(one, told, "support", told["numbers"][:SINGLES])
    yield from (p(line) for line in terminal.screened(told))
    if told["numbers"]:
        yield _singles(told["numbers"][:SINGLES], told)
    yield _indices(one, told, "owner", ())
    yield _indices(one, told, "kind", ())
    yield from _settings(told)


def _settings(told: Plain) -> Iterator[Block]:
    """What comes of the same worlds with other settings of the protocol."""
    if told["protocol"]:
        rows = [
            [f"{one['says']}: {one['path']}", *row]
            for one in told["protocol"]
            for row in terminal.setting_rows(one, told)
        ]
        yield p(terminal.SETTINGS)
        heads = ["Setting", "Value", *terminal.RESULTS[told["binary"]]]
        yield table("How the talks are held", heads, rows, numbers=[1, 2, 3], wide=[0])


def _indices(one: Plain, told: Plain, family: str, singles: Sequence[Plain]) -> Block:
    """A family of groups, with single numbers or without, and what no group brings about alone."""
    title, support = terminal.FAMILIES[family], family == "support"
    named = [(terminal.name_of(group["name"], told), group) for group in told["groups"][family]]
    panels = [(title, [_row(name, group, group["name"] if support else "") for name, group in named])]
    if singles:
        panels.append(("Single numbers", [_row(_label(number), number, number["support"]) for number in singles]))
    rows = [[name, _cell(group["total"]), _cell(group["first"])] for name, group in named]
    rows += [[_label(number), _cell(number["total"]), _cell(number["first"])] for number in singles]
    rows.append([f"only together, grouped {title.lower()}", "", _cell(told["interactions"][family])])
    return figure(
        f"sensitivity-{family}-{one['scenario']}",
        intervals(panels, "share of the variance", key=_key(told, support=support)),
        f"{title}: {told['says']}",
        reads=READS + f" Whiskers: {wording.per_cent(told['confidence'])} intervals, by bootstrap.",
        says="; ".join(f"{row[0]}: {row[1]}, by itself {row[2]}" for row in rows[:-1]),
        numbers=table("", ["Group or number", "In total", "By itself"], rows, numbers=[1, 2]),
    )


def _cell(estimate: Plain) -> str:
    """An estimate as it is drawn, with what chance took below 0 or above 100%."""
    value, low, high = (wording.level(100 * estimate[key]) for key in ("value", "low", "high"))
    return f"{value}% ({low} to {high})"


def _singles(singles: Sequence[Plain], told: Plain) -> Block:
    rows = [
        [
            f"{_label(one)}: {one['name']}, {one['written']}",
            wording.uncertain_basis(one),
            terminal.cell(one["total"]),
            terminal.cell(one["first"]),
        ]
        for one in singles
    ]
    more = f", the first {SINGLES} of {len(told['numbers'])}" if len(told["numbers"]) > SINGLES else ""
    heads = ["Number, and how it is written", "Basis", "In total", "By itself"]
    return table(f"Single numbers{more}, in percent of the variance", heads, rows, numbers=[2, 3], wide=[0])


def _row(label: str, one: Plain, support: str) -> ShareRow:
    return ShareRow(
        label, tuple(Share(one[key]["value"], one[key]["low"], one[key]["high"]) for key in ("total", "first")), support
    )


def _label(one: Plain) -> str:
    """A number in words: its rule, and which of its parts it is, where that is not plain."""
    part = one["name"].rpartition(".")[2]
    says = one["says"] or one["name"]
    return says if part in PARTS else f"{says}: {part.replace('_', ' ')}"


def _key(told: Plain, *, support: bool) -> list[tuple[str, str, bool]]:
    known = {group["name"] for group in told["groups"]["support"]}
    marks = [(f"basis: {terminal.NAMES[name]}", name, False) for name in MARKED if support and name in known]
    return [*marks, ("filled: in total", "", False), ("hollow: by itself", "", True)]
