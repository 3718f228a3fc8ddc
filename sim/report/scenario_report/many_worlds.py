"""How sure the outcomes are: shares of worlds with their intervals, who blocks, and what differs in the same worlds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sim.report import wording
from sim.report.charts.share_figures import Share, ShareRow, intervals
from sim.report.scenario_report.blocks import Block, figure, h2, p, table
from sim.report.wording import OUTCOMES, VERDICTS, Plain

TEXTS = 5
"""The most frequent last texts that are shown; the data holds more."""
TOGETHER = 5
"""So many scenarios at most are drawn in one figure."""
DOTS = "Dots are shares, and whiskers are their intervals; the table shows those that are narrower than a dot."
ENDS = " ".join(f"{look.short.capitalize()}: {look.words}." for look in OUTCOMES.values())


def ensemble(drawn: Plain) -> Iterator[Block]:
    """Several scenarios in the same worlds: how often each ends how, and how much they differ."""
    scenarios = drawn["scenarios"]
    yield h2(f"In {wording.count(drawn['worlds'], 'world')}", "worlds")
    yield p(_same_worlds(drawn))
    panels = [
        (
            f"{OUTCOMES[name].short}: {OUTCOMES[name].words}",
            [(one["title"], one["outcomes"][name]) for one in scenarios],
        )
        for name in scenarios[0]["outcomes"]
    ]
    if len(scenarios) <= TOGETHER:
        yield _shares("worlds", panels, "How the worlds end", DOTS)
    else:
        for at, panel in enumerate(panels, 1):
            yield _shares(f"worlds-{at}", [("", panel[1])], f"How the worlds end, {panel[0]}", DOTS, "Scenario")
    yield from _months(scenarios)
    if drawn["differences"]:
        yield _differences(drawn)


def played(drawn: Plain, one: Plain) -> Iterator[Block]:
    """One scenario in many worlds: how they end, who stands in the way, and with which last texts."""
    if len(drawn["scenarios"]) == 1:
        yield p(_same_worlds(drawn))
    shares = [(OUTCOMES[name].cell, share) for name, share in one["outcomes"].items()]
    yield _shares(f"worlds-{one['scenario']}", [("", shares)], "How the worlds end", f"{DOTS} {ENDS}")
    if len(drawn["scenarios"]) == 1:
        yield from _months([one])
    yield from _blockers(one)
    yield _texts(one)


def _same_worlds(drawn: Plain) -> str:
    return (
        "A world is one draw of every uncertain number from its range and of every month's shocks. All scenarios are "
        f"played in the same worlds (seed {drawn['seed']}). Intervals have {wording.per_cent(drawn['confidence'])} "
        "confidence: Wilson's for shares, Newcombe's for paired differences. They show how far the shares would "
        "move in other worlds, not how far the model is from reality."
    )


def _shares(
    name: str,
    panels: Sequence[tuple[str, Sequence[tuple[str, Plain]]]],
    title: str,
    reads: str,
    head: str = "How it ends",
) -> Block:
    drawn = [(group, [ShareRow(label, (_share(one),)) for label, one in shares]) for group, shares in panels]
    rows = [
        [": ".join(filter(None, (group.partition(":")[0], label))), *_told(one)]
        for group, shares in panels
        for label, one in shares
    ]
    return figure(
        name,
        intervals(drawn, "share of worlds"),
        title,
        reads=reads,
        says="; ".join(f"{row[0]}: {row[2]} {row[3]}" for row in rows),
        numbers=table("", [head, "Worlds", "Share", "Interval"], rows, numbers=[1, 2, 3]),
    )


def _told(one: Plain) -> tuple[str, str, str]:
    return f"{one['worlds']:,}", wording.per_cent(one["share"]), wording.interval(one)


def _share(one: Plain) -> Share:
    return Share(one["share"], one["low"], one["high"])


def _months(scenarios: Sequence[Plain]) -> Iterator[Block]:
    rows = []
    for one in scenarios:
        months, lasting = one["months"], one["durability"]
        if months is not None:
            quartiles = f"{months['lower_quartile']} to {months['upper_quartile']}"
            holds = (
                [wording.per_cent(lasting[of]) for of in ("mean", "lower_quartile", "upper_quartile")]
                if lasting
                else [""] * 3
            )
            rows.append(
                [one["title"], str(months["median"]), quartiles, holds[0], " to ".join(filter(None, holds[1:]))]
            )
    if rows:
        heads = ["Scenario", "Months, median", "Quartiles", "Chance to last, mean", "Quartiles"]
        caption = "How long the talks that ended in agreement took, and how likely the agreements are to last"
        yield table(caption, heads, rows, numbers=[1, 2, 3, 4])


def _blockers(one: Plain) -> Iterator[Block]:
    names = {actor: {"name": name} for actor, name in one["actors"].items()}
    rows = []
    for blocker in one["blockers"]:
        verdicts = sorted(blocker["verdicts"].items(), key=lambda item: -item[1])
        said = ", ".join(f"{VERDICTS[name].words} {wording.per_cent(part)}" for name, part in verdicts if part)
        who = wording.names([blocker["name"]], names)
        rows.append([who, wording.per_cent(blocker["share"]), wording.interval(blocker), said or "pledges fall short"])
    if not rows:
        yield p("All worlds end in agreement, so nobody blocks.")
        return
    shares = [ShareRow(row[0], (_share(blocker),)) for row, blocker in zip(rows, one["blockers"], strict=True)]
    yield figure(
        f"blockers-{one['scenario']}",
        intervals([("", shares)], "blocks at the end, share of worlds without agreement"),
        "Who blocks at the end, and with which verdict",
        reads="Several actors can block in one world, so the shares do not sum to 100%.",
        says="; ".join(f"{row[0]}: {row[1]} {row[2]}" for row in rows),
        numbers=table("", ["Who", "Share", "Interval", "With which verdict"], rows, numbers=[1, 2], narrow=[0]),
    )


def _differences(drawn: Plain) -> Block:
    """Each scenario against the first that was named."""
    title = {one["scenario"]: one["title"] for one in drawn["scenarios"]}
    first = drawn["scenarios"][0]["scenario"]
    pairs = [one for one in drawn["differences"] if one["first"] == first]
    rows = []
    for one in pairs:
        low, high = (wording.percentage_points(one[end]) for end in ("low", "high"))
        alone = (f"{one[key]:,}" for key in ("in_second_alone", "in_first_alone"))
        rows.append([title[one["second"]], wording.percentage_points(one["share"]), f"{low} to {high}", *alone])
    heads = ["Scenario", "Points", "Interval", "Only this one", "Only the first"]
    return figure(
        "differences",
        intervals(
            [("", [ShareRow(title[one["second"]], (_share(one),)) for one in pairs])],
            "agreed more often, in percentage points",
            signed=True,
        ),
        f"How much more often each is agreed than the first, in the same worlds: {title[first]}",
        reads="To the right of zero, a scenario is agreed more often than the first. Only: worlds in which one is "
        "agreed and the other is not.",
        says="; ".join(f"{row[0]}: {row[1]} points ({row[2]})" for row in rows),
        numbers=table("", heads, rows, numbers=[1, 2, 3, 4]),
    )


def _texts(one: Plain) -> Block:
    rows = []
    for text in one["final_texts"][:TEXTS]:
        changed = wording.change(wording.differences(one["proposal"], text["package"])) or "nothing"
        rows.append([wording.per_cent(text["share"]), OUTCOMES[text["outcome"]].cell, changed])
    heads = ["Share", "Outcome", "What had changed"]
    return table("The most frequent texts on the table at the end", heads, rows, numbers=[0], narrow=[1])
