"""The evidence on one scenario: the answers, the talks, many worlds, what would turn it, and what it depends on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sim.report import judged_wording, wording
from sim.report.charts import answer_figures, finding_figures
from sim.report.charts.figure_style import summand
from sim.report.charts.share_figures import Share, ShareRow, intervals
from sim.report.scenario_report import answer_sentences, case_words, variance_section, what_turns_it
from sim.report.scenario_report.blocks import Block, figure, h3, items, p, table, terms
from sim.report.story.cast import Cast, sentence
from sim.report.story.ending import lasting, unmet
from sim.report.story.months import months
from sim.report.wording import OUTCOMES, VERDICTS, Plain

LEDGER = ("Rule", "Points", "Sum", "Claims and assumptions")
"""Heads of the table of a ledger."""
QUARTILES = ("lower_quartile", "upper_quartile")


def evidence(report: Plain, scenario: Plain) -> Iterator[Block]:
    """Return the parts that have data, each with its figure."""
    cast = case_words.cast_of(report)
    if scenario["verdicts"] is not None:
        yield h3("What each actor answers to the proposal")
        yield from _verdicts(scenario, cast)
    if scenario["run"] is not None:
        yield h3("The talks, month by month")
        yield from _talks(scenario, cast)
    if (drawn := answer_sentences.ensemble_of(report, scenario)) is not None:
        yield h3("In many worlds")
        yield from _worlds(report, scenario, drawn, cast)
    if scenario["sensitivity"] is not None:
        yield h3("Which numbers it depends on")
        yield from variance_section.depends_on(report, scenario)
    if scenario["flip"] is not None:
        yield h3("What would turn it")
        yield from what_turns_it.in_short(report, scenario, cast)


def _verdicts(scenario: Plain, cast: Cast) -> Iterator[Block]:
    judged = scenario["verdicts"]
    actors = judged["actors"]
    yes = sum(actor["verdict"] == "accept" for actor in actors.values())
    accept = "accepts" if yes == 1 else "accept"
    finding = f"{case_words.in_words(yes)} of {case_words.in_words(len(actors))} actors {accept} the proposal; "
    rows = [
        [
            actor["name"],
            finding_figures.answer_in_words(actor),
            "yes" if actor["needed"] else "no",
            "; ".join(map(wording.reason, wording.main_reasons(actor))),
        ]
        for actor in actors.values()
    ]
    yield figure(
        f"answers-{scenario['scenario']}",
        finding_figures.answers(actors),
        sentence(finding + answer_sentences.as_tabled(judged, cast)),
        reads=judged_wording.judged({**scenario["judged"], "changes": []}),
        says="; ".join(f"{row[0]}: {row[1]}" for row in rows),
        numbers=table(
            "", ["Actor", "Answer", "Consent needed", "Main reasons, with points and claims"], rows, wide=[3]
        ),
    )
    if lines := [*unmet(judged, cast)]:
        yield items(lines)
    if blocked := [name for name in judged["blocked_by"] if name in actors]:
        yield ledger(scenario, blocked[0], cast)


def ledger(scenario: Plain, name: str, cast: Cast) -> Block:
    """Return the surplus of an actor, rule by rule."""
    actor = scenario["verdicts"]["actors"][name]
    surplus = wording.points(actor["surplus"])
    entries = [f"{entry['says']} {wording.points(entry['points'])}" for entry in actor["ledger"]]
    without = " without its red line" if actor["never"] else ""
    worth = f"{cast.whose(name)} gains and costs add up to {surplus}{without}"
    return figure(
        f"ledger-{scenario['scenario']}-{name}",
        answer_figures.waterfall(actor["ledger"]),
        sentence(worth),
        reads="Gains are plain, costs are hatched; a square is a red line that is not for sale.",
        says=f"{'; '.join(entries)}. Surplus {surplus}.",
        numbers=table("", LEDGER, ledger_rows(actor["ledger"], 0.0), numbers=[1, 2]),
    )


def ledger_rows(entries: Sequence[Plain], total: float) -> Iterator[list[str]]:
    """Return one row per entry of a ledger, with the running sum from `total` on."""
    for entry in entries:
        total += summand(entry["points"])
        yield [entry["says"], wording.points(entry["points"]), wording.points(total), wording.both_sources(entry)]


def _talks(scenario: Plain, cast: Cast) -> Iterator[Block]:
    run = scenario["run"]
    timeline, short = run["timeline"], wording.short_names_of(run)
    rows = [
        [name, *(VERDICTS[month["reactions"][actor]["verdict"]].cell for month in timeline)]
        for actor, name in short.items()
    ]
    always = [name for name in timeline[0]["blocked_by"] if all(name in month["blocked_by"] for month in timeline)]
    how = f"The talks end {answer_sentences.ENDS[run['outcome']]} after {wording.count(run['months'], 'month')}"
    every = f": {cast.who(always)} {cast.does(always, 'blocks', 'block')} in every month" if always else ""
    if len(timeline) > 1:
        yield figure(
            f"talks-{scenario['scenario']}",
            answer_figures.months(timeline, short),
            f"{how}{every}.",
            reads=f"At central values. A diamond marks a changed text. {' '.join(lasting(run))}",
            says="; ".join(f"{row[0]}: {', '.join(row[1:])}" for row in rows),
            numbers=table("", ["Actor", *(str(month["month"]) for month in timeline)], rows),
        )
    else:
        yield p(f"At central values. {how}. {' '.join(lasting(run))}")
    yield terms(
        [f"Month {month['month']}", " ".join(told)] for month, told in zip(timeline, months(run), strict=True) if told
    )


def _worlds(report: Plain, scenario: Plain, drawn: Plain, cast: Cast) -> Iterator[Block]:
    ends = (
        f"{OUTCOMES[name].short} in {answer_sentences.of_worlds(share, report['worlds'])}"
        for name, share in drawn["outcomes"].items()
        if share["worlds"]
    )
    yield p(sentence(wording.series(ends)) + _how_long(drawn))
    if not drawn["blockers"]:
        return
    shares = [
        ShareRow(_name(one, cast), (share_of(one),), said=wording.per_cent(one["share"])) for one in drawn["blockers"]
    ]
    rows = [
        [row.label, row.said, wording.interval(one), _verdicts_in_words(one)]
        for row, one in zip(shares, drawn["blockers"], strict=True)
    ]
    yield figure(
        f"blockers-{scenario['scenario']}",
        intervals([("", shares)], "blocks at the end, share of the worlds without agreement"),
        answer_sentences.blocking(report, scenario, cast),
        reads="Several actors can block in one world, so the shares do not sum to 100%. Whiskers are intervals.",
        says="; ".join(f"{row[0]}: {row[1]} {row[2]}" for row in rows),
        numbers=table("", ["Who", "Share", "Interval", "With which verdict"], rows, numbers=[1, 2], narrow=[0]),
    )


def _name(blocker: Plain, cast: Cast) -> str:
    return cast.who([blocker["name"]])


def _verdicts_in_words(blocker: Plain) -> str:
    ranked = sorted(blocker["verdicts"].items(), key=lambda item: -item[1])
    text = ", ".join(f"{VERDICTS[name].words} {wording.per_cent(share)}" for name, share in ranked if share)
    return text or "pledges fall short"


def share_of(share: Plain) -> Share:
    """Return a share with its interval, as figures take it."""
    return Share(share["share"], share["low"], share["high"])


def _how_long(drawn: Plain) -> str:
    """Return how long the talks take that end in agreement, and how likely their agreements are to last."""
    length: Any = drawn["months"]
    if length is None:
        return ""
    low, high = (length[key] for key in QUARTILES)
    text = f" Agreement takes {wording.count(length['median'], 'month')} (median; quartiles {low} and {high})."
    if drawn["durability"]:
        mean, low, high = (wording.per_cent(drawn["durability"][key]) for key in ("mean", *QUARTILES))
        text += f" Agreements have on average a chance of {mean} of lasting (quartiles {low} and {high})."
    return text
