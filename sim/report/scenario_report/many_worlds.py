"""The sections on many worlds: shares of outcomes with intervals, who blocks, and differences between scenarios."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sim.report import wording
from sim.report.charts.share_figures import Share, ShareRow, intervals
from sim.report.scenario_report.blocks import Block, figure, h2, p, table
from sim.report.wording import OUTCOMES, VERDICTS, Plain

TEXTS = 5
"""Maximum number of last texts that are shown, the most frequent first; the data has more."""
TOGETHER = 5
"""Maximum number of scenarios that are drawn in one figure."""
DOTS = "Dots are shares, and whiskers are their intervals; the table shows those that are narrower than a dot."
QUARTILES = ("lower_quartile", "upper_quartile")
ENDS = " ".join(f"{look.short.capitalize()}: {look.words}." for look in OUTCOMES.values())


def ensemble(data: Plain) -> Iterator[Block]:
    """Return the outcomes of several scenarios in the same worlds, and how much they differ."""
    scenarios = data["scenarios"]
    yield h2(f"In {wording.count(data['worlds'], 'world')}", "worlds")
    yield p(_same_worlds(data))
    panels = [
        (
            f"{OUTCOMES[name].short}: {OUTCOMES[name].words}",
            [(scenario["title"], scenario["outcomes"][name]) for scenario in scenarios],
        )
        for name in scenarios[0]["outcomes"]
    ]
    if len(scenarios) <= TOGETHER:
        yield _shares("worlds", panels, "How the worlds end", DOTS)
    else:
        for number, panel in enumerate(panels, 1):
            yield _shares(f"worlds-{number}", [("", panel[1])], f"How the worlds end, {panel[0]}", DOTS, "Scenario")
    yield from _months(scenarios)
    if data["differences"]:
        yield _differences(data)


def played(data: Plain, scenario: Plain) -> Iterator[Block]:
    """Return one scenario in many worlds: how they end, who blocks, and with which last texts."""
    if len(data["scenarios"]) == 1:
        yield p(_same_worlds(data))
    shares = [(OUTCOMES[name].cell, share) for name, share in scenario["outcomes"].items()]
    yield _shares(f"worlds-{scenario['scenario']}", [("", shares)], "How the worlds end", f"{DOTS} {ENDS}")
    if len(data["scenarios"]) == 1:
        yield from _months([scenario])
    yield from _blockers(scenario)
    yield _texts(scenario)


def _same_worlds(data: Plain) -> str:
    return (
        "A world is one draw of every uncertain number from its range and of every month's shocks. All scenarios are "
        f"played in the same worlds (seed {data['seed']}). Intervals have {wording.per_cent(data['confidence'])} "
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
    share_rows = [(group, [ShareRow(label, (_share(share),)) for label, share in shares]) for group, shares in panels]
    rows = [
        [": ".join(filter(None, (group.partition(":")[0], label))), *_share_cells(share)]
        for group, shares in panels
        for label, share in shares
    ]
    return figure(
        name,
        intervals(share_rows, "share of worlds"),
        title,
        reads=reads,
        says="; ".join(f"{row[0]}: {row[2]} {row[3]}" for row in rows),
        numbers=table("", [head, "Worlds", "Share", "Interval"], rows, numbers=[1, 2, 3]),
    )


def _share_cells(share: Plain) -> tuple[str, str, str]:
    return f"{share['worlds']:,}", wording.per_cent(share["share"]), wording.interval(share)


def _share(share: Plain) -> Share:
    return Share(share["share"], share["low"], share["high"])


def _months(scenarios: Sequence[Plain]) -> Iterator[Block]:
    rows = []
    for scenario in scenarios:
        months, durability = scenario["months"], scenario["durability"]
        if months is not None:
            quartiles = f"{months['lower_quartile']} to {months['upper_quartile']}"
            lasting = ["", ""]
            if durability:
                mean, low, high = (wording.per_cent(durability[key]) for key in ("mean", *QUARTILES))
                lasting = [mean, f"{low} to {high}"]
            rows.append([scenario["title"], str(months["median"]), quartiles, *lasting])
    if rows:
        heads = ["Scenario", "Months, median", "Quartiles", "Chance to last, mean", "Quartiles"]
        caption = "How long the talks that ended in agreement took, and how likely the agreements are to last"
        yield table(caption, heads, rows, numbers=[1, 2, 3, 4])


def _blockers(scenario: Plain) -> Iterator[Block]:
    names = {actor: {"name": name} for actor, name in scenario["actors"].items()}
    rows = []
    for blocker in scenario["blockers"]:
        verdicts = sorted(blocker["verdicts"].items(), key=lambda item: -item[1])
        text = ", ".join(f"{VERDICTS[name].words} {wording.per_cent(share)}" for name, share in verdicts if share)
        label, share = wording.names([blocker["name"]], names), wording.per_cent(blocker["share"])
        rows.append([label, share, wording.interval(blocker), text or "pledges fall short"])
    if not rows:
        yield p("All worlds end in agreement, so nobody blocks.")
        return
    shares = [ShareRow(row[0], (_share(blocker),)) for row, blocker in zip(rows, scenario["blockers"], strict=True)]
    yield figure(
        f"blockers-{scenario['scenario']}",
        intervals([("", shares)], "blocks at the end, share of worlds without agreement"),
        "Who blocks at the end, and with which verdict",
        reads="Several actors can block in one world, so the shares do not sum to 100%.",
        says="; ".join(f"{row[0]}: {row[1]} {row[2]}" for row in rows),
        numbers=table("", ["Who", "Share", "Interval", "With which verdict"], rows, numbers=[1, 2], narrow=[0]),
    )


def _differences(data: Plain) -> Block:
    """Return each scenario compared with the first one that was named."""
    title = {scenario["scenario"]: scenario["title"] for scenario in data["scenarios"]}
    first = data["scenarios"][0]["scenario"]
    pairs = [difference for difference in data["differences"] if difference["first"] == first]
    rows = []
    for difference in pairs:
        share, low, high = (wording.percentage_points(difference[key]) for key in ("share", "low", "high"))
        alone = (f"{difference[key]:,}" for key in ("in_second_alone", "in_first_alone"))
        rows.append([title[difference["second"]], share, f"{low} to {high}", *alone])
    heads = ["Scenario", "Points", "Interval", "Only this one", "Only the first"]
    return figure(
        "differences",
        intervals(
            [("", [ShareRow(title[difference["second"]], (_share(difference),)) for difference in pairs])],
            "agreed more often, in percentage points",
            signed=True,
        ),
        f"How much more often each is agreed than the first, in the same worlds: {title[first]}",
        reads="To the right of zero, a scenario is agreed more often than the first. Only: worlds in which one is "
        "agreed and the other is not.",
        says="; ".join(f"{row[0]}: {row[1]} points ({row[2]})" for row in rows),
        numbers=table("", heads, rows, numbers=[1, 2, 3, 4]),
    )


def _texts(scenario: Plain) -> Block:
    rows = []
    for text in scenario["final_texts"][:TEXTS]:
        changed = wording.change(wording.differences(scenario["proposal"], text["package"])) or "nothing"
        rows.append([wording.per_cent(text["share"]), OUTCOMES[text["outcome"]].cell, changed])
    heads = ["Share", "Outcome", "What had changed"]
    return table("The most frequent texts on the table at the end", heads, rows, numbers=[0], narrow=[1])
