"""The debrief as one self-contained HTML page, and as CSV."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from markupsafe import Markup

from sim.csv_writer import CsvLocale, csv_text
from sim.report import wording
from sim.report.charts import debrief_charts
from sim.report.document.debrief_questions import question_keys
from sim.report.document.html_templates import filters, render
from sim.report.option_labels import spaced
from sim.report.story.case_wording import in_words
from sim.report.story.cast import Cast
from sim.report.story.ending import between, lasting, mistaken
from sim.report.story.months import months
from sim.report.terminal.solo.debrief import changes_to_accept, refusal_in_words, table_as_run
from sim.report.wording import NOT_A_FORECAST, VERDICTS, Plain
from sim.strings import Strings, speaking


def page(debrief: Plain, t: Strings, program: str) -> str:
    """Return the whole page.

    Parameters
    ----------
    debrief : a dict of format ``parley.debrief/1``
    program : name and version of the program: ``Parley 0.1.0``
    """
    with speaking(t):
        return render("debrief.html.j2", t, debrief, program=program, **_template_values(debrief, t))


def body(debrief: Plain, t: Strings) -> Markup:
    """Return the content of the page without its frame, to be put into another page."""
    with speaking(t):
        html = render("debrief_body.html.j2", t, debrief, **_template_values(debrief, t))
    return Markup(html)  # escaped by Jinja2


def tables(debrief: Plain, t: Strings, locale: CsvLocale = "standard") -> dict[str, str]:
    """Return the debrief as CSV, file name to text: the tables side by side, and every answer of every month."""
    actors, caveat = debrief["actors"], NOT_A_FORECAST
    short = wording.short_names({actor_id: actor["name"] for actor_id, actor in actors.items()})
    columns = ("table", "outcome", "months", "changed", "durability", "better_packages", "last_month_in_reach")
    side_by_side = csv_text(
        [*columns, "answers", "answers_as_understudy", *(f"got_{actor_id}" for actor_id in actors), "note"],
        (
            [
                *(row["name"], row["outcome"], row["months"], wording.change(row["changed"]), row["durability"]),
                *(row["better"], row["in_reach"], row["answers"], row["answers_alike"]),
                *(row["got"][actor_id] for actor_id in actors),
                caveat,
            ]
            for row in debrief["side_by_side"]
        ),
        quote_text=True,
        locale=locale,
    )
    answers = csv_text(
        [
            *("table", "month", "actor", "people", "verdict", "given_by", "understudy"),
            *("surplus", "holds_out_for", "walk_away", "sends", "said", "note"),
        ],
        (
            [
                *(table["name"], month["month"], short[actor_id], ", ".join(table["people"][actor_id])),
                *(answer["verdict"], _given_by(answer, t), answer["understudy"], answer["surplus"]),
                *(answer["aspiration"], answer["reservation"], _amounts(answer), answer["said"], caveat),
            ]
            for table in debrief["tables"]
            for month in table["timeline"]
            for actor_id, answer in month["reactions"].items()
        ),
        quote_text=True,
        locale=locale,
    )
    return {"tables.csv": side_by_side, "answers.csv": answers}


def _given_by(answer: Plain, t: Strings) -> str:
    """Return who gave an answer: people, their agent (and why), or an agent at an empty seat."""
    if answer["by_agent"]:
        return t(f"debrief.given_by.{answer['by_agent']}")
    return t("debrief.given_by.people" if answer["understudy"] else "debrief.given_by.empty")


def _template_values(debrief: Plain, t: Strings) -> dict[str, Any]:
    """Return what the templates need beside the debrief: stories, charts, and functions that word answers."""
    plane, worlds = debrief["plane"], debrief["worlds"]
    name_filters, issues = filters(debrief), debrief["issues"]
    runs = {table["name"]: in_words(table_as_run(table, debrief), issues) for table in debrief["tables"]}
    return {
        "story": {name: months(run) for name, run in runs.items()},
        "lasting": {name: list(lasting(run)) for name, run in runs.items()},
        "between": {name: _between(run) for name, run in runs.items()},
        "turned": partial(changes_for_yes, debrief=debrief),
        "said_no": refusal_in_words,
        "sent": _sent_amounts,
        "charts": {table["name"]: _charts_of_table(table, debrief, t) for table in debrief["tables"]},
        "people": _people,
        "questions": question_keys(debrief["tables"]),
        "plane_chart": plane
        and debrief_charts.plane(
            plane,
            [name_filters["actor"](actor_id) for actor_id in plane["axes"]],
            t("debrief.plane.title"),
            "; ".join(
                f"{deal['table']}: " + ", ".join(wording.points(value) for value in deal["at"])
                for deal in plane["deals"]
            ),
        ),
        "bars_chart": worlds and worlds["bars"] and _bars(worlds, t),
    }


def _bars(worlds: Plain, t: Strings) -> Markup:
    marks = [
        (str(number), table["durability"])
        for number, table in enumerate(worlds["tables"].values(), 1)
        if table["durability"] is not None
    ]
    text = "; ".join(f"{label}: {wording.per_cent(value)}" for label, value in marks)
    return debrief_charts.bars(worlds["bars"], marks, t("debrief.worlds.bars"), text)


def _charts_of_table(table: Plain, debrief: Plain, t: Strings) -> dict[str, Any]:
    names = {actor_id: actor["name"] for actor_id, actor in debrief["actors"].items()}
    short, timeline = wording.short_names(names), table["timeline"]
    labels = {"walk_away": t("debrief.walk_away.line"), "month": t("debrief.month_head")}
    rows = [(short[actor_id], [month["reactions"][actor_id]["verdict"] for month in timeline]) for actor_id in names]
    text = "; ".join(f"{name}: {', '.join(VERDICTS[verdict].short for verdict in verdicts)}" for name, verdicts in rows)
    month_numbers = [month["month"] for month in timeline]
    lines = {}
    for actor_id, name in names.items():
        by_month = table["walk_away"][actor_id]["by_month"]
        points = ", ".join(wording.points(month["surplus"]) for month in by_month)
        lines[actor_id] = debrief_charts.line(by_month, t("debrief.walk_away.chart", actor=name), points, labels)
    return {
        "grid": debrief_charts.grid(rows, month_numbers, f"{t('debrief.timeline.map')}, {table['name']}", text),
        "lines": lines,
    }


def changes_for_yes(refusal: Plain, debrief: Plain) -> list[str]:
    """Return what would have turned a refusal into a yes, in the words of the case."""
    run = in_words({"final": {"actors": {"": refusal}}, "timeline": (), "core": debrief["core"]}, debrief["issues"])
    return changes_to_accept(run["final"]["actors"][""], {**debrief, "core": run["core"]})


def _amounts(answer: Plain) -> str:
    """Return what an actor sends of each resource that a text asks it for: ``troops 13,000``."""
    asked = {resource: decision for resource, decision in answer["sends"].items() if decision["asked"]}
    return ", ".join(f"{resource} {wording.option(decision['amount'])}" for resource, decision in asked.items())


def _between(run: Plain) -> list[str]:
    """Return what stood between the parties, in sentences."""
    return list(between(run["final"], Cast.of(run["final"]["actors"]), mistaken(run), run["core"]))


def _sent_amounts(sends: Mapping[str, Any], side: int) -> str:
    """Return in brackets what an actor sent (`side` 0) or would have sent by its rules (1) of what it was asked for."""
    amounts = [f"{wording.option(pair[side])} {spaced(resource)}" for resource, pair in sends.items()]
    return f" ({', '.join(amounts)})" if amounts else ""


def _people(table: Mapping[str, Any], actor: str) -> str:
    """Return the pseudonyms of the people in a seat, in brackets."""
    people = table["people"].get(actor) or []
    return f" ({', '.join(people)})" if people else ""
