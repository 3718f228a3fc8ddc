"""The sections on the talks month by month, and on every actor's answer to the proposal, rule by rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sim.report import wording
from sim.report.charts import answer_figures as drawing
from sim.report.charts.figure_style import summand
from sim.report.option_labels import spaced
from sim.report.scenario_report.blocks import Block, figure, h4, items, p, table
from sim.report.story.cast import Cast
from sim.report.story.ending import between, in_between, mistaken, outcome, unmet
from sim.report.story.months import months
from sim.report.story.pledges import sends
from sim.report.terminal.why import sending, sums
from sim.report.wording import VERDICTS, Plain

LEDGER = ("Rule", "Points", "Sum", "Claims and assumptions")
"""Heads of the table of a ledger."""


def timeline(scenario: Plain) -> Iterator[Block]:
    """Return all answers to the text of each month, what happened, and how it ended."""
    run = scenario["run"]
    short = wording.short_names_of(run)
    yield p(f"At central values. {outcome(run)}")
    rows = []
    for month, sentences in zip(run["timeline"], months(run), strict=True):
        answered = (VERDICTS[month["reactions"][actor]["verdict"]].cell for actor in short)
        rows.append([str(month["month"]), *answered, " ".join(sentences)])
    text = "; ".join(
        f"{name}: {', '.join(VERDICTS[month['reactions'][actor]['verdict']].short for month in run['timeline'])}"
        for actor, name in short.items()
    )
    yield figure(
        f"talks-{scenario['scenario']}",
        drawing.months(run["timeline"], short),
        f"Who answers what, month by month: {scenario['title']}",
        reads="Each cell is an actor's answer to the text on the table in that month. A diamond marks "
        "a changed text, a triangle an event without one.",
        says=text,
        numbers=table("", ["Month", *short.values(), "What happened"], rows, narrow=range(len(short) + 1)),
    )
    changed = wording.differences(scenario["proposal"], run["final_package"])
    if changed:
        yield p(f"By the end the text had changed: {wording.change(changed)}.")
    last_answers = wording.series(f"{name} {VERDICTS[run['verdicts'][actor]].words}" for actor, name in short.items())
    yield p(f"The last answers: {last_answers}.")
    lines = _stands_between(run["final"], mistaken(run), run.get("core", ()))
    if lines:
        yield p(f"{in_between(run['final'], over=True)}:")
        yield items(lines)


def answers(scenario: Plain) -> Iterator[Block]:
    """Return the verdicts side by side, what is not met, and the ledger of each actor as a waterfall."""
    verdicts = scenario["verdicts"]
    yield p("Take it or leave it, before the first month, at central values.")
    rows = []
    for actor in verdicts["actors"].values():
        reasons = "; ".join(wording.reason(entry) for entry in wording.main_reasons(actor))
        needed = "yes" if actor["needed"] else "no"
        cell, sent = VERDICTS[actor["verdict"]].cell, sends(actor)
        both = f"{cell}; {sent}" if sent else cell
        rows.append([actor["name"], both, wording.points(actor["surplus"]), needed, reasons or "none"])
    heads = ["Actor", "Verdict", "Surplus", "Needed", "Main reasons, with points and claims"]
    yield table(f"The verdicts on the proposal. {wording.LEGEND}", heads, rows, numbers=[2], narrow=[0, 1, 3])
    lines = _stands_between(verdicts, {}, verdicts.get("core", ()))
    if lines:
        yield p(f"{in_between(verdicts, over=False)}:")
        yield items(lines)
    for name, actor in verdicts["actors"].items():
        yield h4(f"{actor['name']}: {VERDICTS[actor['verdict']].words}")
        yield p(" ".join(sums(actor)))
        yield _ledger(scenario, name, actor)
        for resource, decision in actor.get("sends", {}).items():
            if decision["asked"]:
                yield from _sending(resource, actor)


def _ledger(scenario: Plain, name: str, actor: Plain) -> Block:
    text = "; ".join(f"{entry['says']} {wording.points(entry['points'])}" for entry in actor["ledger"])
    return figure(
        f"ledger-{scenario['scenario']}-{name}",
        drawing.waterfall(actor["ledger"]),
        f"How the surplus of {wording.points(actor['surplus'])} adds up: {actor['name']}",
        reads="Gains are plain, costs are hatched; a square is a red line that nothing buys off.",
        says=f"{text}. Surplus {wording.points(actor['surplus'])}.",
        numbers=table("", LEDGER, _ledger_rows(actor["ledger"], 0.0), numbers=[1, 2]),
    )


def _ledger_rows(ledger: Sequence[Plain], total: float) -> Iterator[list[str]]:
    """Return one row per entry of a ledger, with the running sum from `total` on."""
    for entry in ledger:
        total += summand(entry["points"])
        yield [entry["says"], wording.points(entry["points"]), wording.points(total), wording.both_sources(entry)]


def _sending(resource: str, actor: Plain) -> Iterator[Block]:
    """Return what an actor sends of a resource, and the ledger of that decision."""
    decision = actor["sends"][resource]
    yield p(sending(actor, resource))
    if decision["ledger"]:
        caption = f"What also counts for {actor['name']} in sending {spaced(resource)}, added to its surplus"
        yield table(caption, LEDGER, _ledger_rows(decision["ledger"], actor["surplus"]), numbers=[1, 2])


def _stands_between(evaluation: Plain, believed: Plain, core: Sequence[str]) -> list[str]:
    cast = Cast.of(evaluation["actors"])
    return [*between(evaluation, cast, believed, core), *unmet(evaluation, cast, whole=True)]
