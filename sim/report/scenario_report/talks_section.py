"""The talks month by month, and every actor's answer to the proposal, rule by rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sim.report import wording
from sim.report.charts import answer_figures as drawing
from sim.report.option_labels import spaced
from sim.report.scenario_report.blocks import Block, figure, h4, items, p, table
from sim.report.story.cast import Cast
from sim.report.story.ending import between, in_between, mistaken, outcome, unmet
from sim.report.story.months import months
from sim.report.story.pledges import sends
from sim.report.terminal.why import sending, sums
from sim.report.wording import VERDICTS, Plain

LEDGER = ("Rule", "Points", "Sum", "Claims and assumptions")


def timeline(found: Plain, one: Plain) -> Iterator[Block]:
    """Everybody's answers to the text of each month, what happened, and how it ended."""
    run = one["run"]
    short = wording.short_names_of(run)
    yield p(f"At central values. {outcome(run)}")
    rows = []
    for month, told in zip(run["timeline"], months(run), strict=True):
        answered = (VERDICTS[month["reactions"][actor]["verdict"]].cell for actor in short)
        rows.append([str(month["month"]), *answered, " ".join(told)])
    said = "; ".join(
        f"{name}: {', '.join(VERDICTS[month['reactions'][actor]['verdict']].short for month in run['timeline'])}"
        for actor, name in short.items()
    )
    yield figure(
        f"talks-{one['scenario']}",
        drawing.months(run["timeline"], short),
        f"Who answers what, month by month: {one['title']}",
        reads="Each cell is an actor's answer to the text on the table in that month. A diamond marks "
        "a changed text, a triangle an event without one.",
        says=said,
        numbers=table("", ["Month", *short.values(), "What happened"], rows, narrow=range(len(short) + 1)),
    )
    changed = wording.differences(one["proposal"], run["final_package"])
    if changed:
        yield p(f"By the end the text had changed: {wording.change(changed)}.")
    last = wording.series(f"{name} {VERDICTS[run['verdicts'][actor]].words}" for actor, name in short.items())
    yield p(f"The last answers: {last}.")
    told = _stands_between(run["final"], mistaken(run), run.get("core", ()))
    if told:
        yield p(f"{in_between(run['final'], over=True)}:")
        yield items(told)


def answers(found: Plain, one: Plain) -> Iterator[Block]:
    """The verdicts side by side, what is not met, and the ledger of each as a waterfall."""
    judged = one["verdicts"]
    yield p("Take it or leave it, before the first month, at central values.")
    rows = []
    for actor in judged["actors"].values():
        reasons = "; ".join(wording.reason(entry) for entry in wording.main_reasons(actor))
        needed = "yes" if actor["needed"] else "no"
        cell, sent = VERDICTS[actor["verdict"]].cell, sends(actor)
        both = f"{cell}; {sent}" if sent else cell
        rows.append([actor["name"], both, wording.points(actor["surplus"]), needed, reasons or "none"])
    heads = ["Actor", "Verdict", "Surplus", "Needed", "Main reasons, with points and claims"]
    yield table(f"The verdicts on the proposal. {wording.LEGEND}", heads, rows, numbers=[2], narrow=[0, 1, 3])
    told = _stands_between(judged, {}, judged.get("core", ()))
    if told:
        yield p(f"{in_between(judged, over=False)}:")
        yield items(told)
    for name, actor in judged["actors"].items():
        yield h4(f"{actor['name']}: {VERDICTS[actor['verdict']].words}")
        yield p(" ".join(sums(actor)))
        yield _ledger(one, name, actor)
        for resource, held in actor.get("sends", {}).items():
            if held["asked"]:
                yield from _sending(resource, actor)


def _ledger(one: Plain, name: str, actor: Plain) -> Block:
    total, rows = 0.0, []
    for entry in actor["ledger"]:
        total += 0.0 if isinstance(entry["points"], str) else entry["points"]
        rows.append(
            [entry["says"], wording.points(entry["points"]), wording.points(total), wording.both_sources(entry)]
        )
    said = "; ".join(f"{entry['says']} {wording.points(entry['points'])}" for entry in actor["ledger"])
    return figure(
        f"ledger-{one['scenario']}-{name}",
        drawing.waterfall(actor["ledger"]),
        f"How the surplus of {wording.points(actor['surplus'])} adds up: {actor['name']}",
        reads="Gains are plain, costs are hatched; a square is a red line that nothing buys off.",
        says=f"{said}. Surplus {wording.points(actor['surplus'])}.",
        numbers=table("", LEDGER, rows, numbers=[1, 2]),
    )


def _sending(resource: str, actor: Plain) -> Iterator[Block]:
    """What an actor sends, and the ledger of that decision."""
    one = actor["sends"][resource]
    yield p(sending(actor, resource))
    if one["ledger"]:
        total, rows = actor["surplus"], []
        for entry in one["ledger"]:
            total += 0.0 if isinstance(entry["points"], str) else entry["points"]
            rows.append(
                [entry["says"], wording.points(entry["points"]), wording.points(total), wording.both_sources(entry)]
            )
        caption = f"What also counts for {actor['name']} in sending {spaced(resource)}, added to its surplus"
        yield table(caption, LEDGER, rows, numbers=[1, 2])


def _stands_between(judged: Plain, believed: Plain, core: Sequence[str]) -> list[str]:
    cast = Cast.of(judged["actors"])
    return [*between(judged, cast, believed, core), *unmet(judged, cast, whole=True)]
