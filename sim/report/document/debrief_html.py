"""The debrief as one HTML page that needs nothing else, and as CSV."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from markupsafe import Markup

from sim.csv_writer import csv_text
from sim.report import wording
from sim.report.charts import debrief_charts
from sim.report.document.html_templates import filters, render
from sim.report.option_labels import spaced
from sim.report.story.case_wording import in_words
from sim.report.story.cast import Cast
from sim.report.story.ending import between, lasting, mistaken
from sim.report.story.months import months
from sim.report.terminal.solo.debrief import changes_to_accept, refusal_in_words, table_as_run
from sim.report.wording import NOT_A_FORECAST, VERDICTS, Plain
from sim.strings import Strings


def page(found: Plain, t: Strings, program: str) -> str:
    """The whole page.

    Parameters
    ----------
    found : a dict of format ``parley.debrief/1``
    program : what made it: ``Parley 0.1.0``
    """
    return render("debrief.html.j2", t, found, program=program, **_drawn(found, t))


def body(found: Plain, t: Strings) -> Markup:
    """The content of the page without its frame, for a page of somebody else's."""
    return Markup(render("debrief_body.html.j2", t, found, **_drawn(found, t)))  # escaped by Jinja2


def tables(found: Plain, t: Strings) -> dict[str, str]:
    """The debrief as CSV: the tables side by side, and every answer of every month; file name to text."""
    actors, caveat = found["actors"], NOT_A_FORECAST
    short = wording.short_names({one: actor["name"] for one, actor in actors.items()})
    heads = ("table", "outcome", "months", "changed", "durability", "better_packages", "last_month_in_reach")
    side = csv_text(
        [*heads, "answers", "answers_as_understudy", *(f"got_{one}" for one in actors), "note"],
        (
            [
                *(row["name"], row["outcome"], row["months"], wording.change(row["changed"]), row["durability"]),
                *(row["better"], row["in_reach"], row["answers"], row["answers_alike"]),
                *(row["got"][one] for one in actors),
                caveat,
            ]
            for row in found["side_by_side"]
        ),
        quote_text=True,
    )
    answers = csv_text(
        (
            "table",
            "month",
            "actor",
            "people",
            "verdict",
            "understudy",
            "surplus",
            "holds_out_for",
            "walk_away",
            "sends",
            "said",
            "note",
        ),
        (
            [
                *(table["name"], month["month"], short[one], ", ".join(table["people"][one])),
                *(answer["verdict"], answer["understudy"], answer["surplus"], answer["aspiration"]),
                *(answer["reservation"], _amounts(answer), answer["said"], caveat),
            ]
            for table in found["tables"]
            for month in table["timeline"]
            for one, answer in month["reactions"].items()
        ),
        quote_text=True,
    )
    return {"tables.csv": side, "answers.csv": answers}


def _drawn(found: Plain, t: Strings) -> dict[str, Any]:
    """The charts, and who sat where."""
    plane, worlds = found["plane"], found["worlds"]
    known, issues = filters(found), found["issues"]
    runs = {table["name"]: in_words(table_as_run(table, found), issues) for table in found["tables"]}
    return {
        "story": {name: months(run) for name, run in runs.items()},
        "lasting": {name: list(lasting(run)) for name, run in runs.items()},
        "between": {name: _between(run) for name, run in runs.items()},
        "turned": partial(_turned, found=found),
        "said_no": refusal_in_words,
        "sent": _sent,
        "charts": {table["name"]: _of_table(table, found, t) for table in found["tables"]},
        "people": _people,
        "plane_chart": plane
        and debrief_charts.plane(
            plane,
            [known["actor"](one) for one in plane["axes"]],
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
        (str(at), one["durability"])
        for at, one in enumerate(worlds["tables"].values(), 1)
        if one["durability"] is not None
    ]
    said = "; ".join(f"{label}: {wording.per_cent(value)}" for label, value in marks)
    return debrief_charts.bars(worlds["bars"], marks, t("debrief.worlds.bars"), said)


def _of_table(table: Plain, found: Plain, t: Strings) -> dict[str, Any]:
    names = {one: actor["name"] for one, actor in found["actors"].items()}
    short, timeline = wording.short_names(names), table["timeline"]
    labels = {"walk_away": t("debrief.walk_away.line"), "month": t("debrief.month_head")}
    rows = [(short[one], [month["reactions"][one]["verdict"] for month in timeline]) for one in names]
    said = "; ".join(f"{name}: {', '.join(VERDICTS[one].short for one in verdicts)}" for name, verdicts in rows)
    months = [month["month"] for month in timeline]
    lines = {}
    for one, name in names.items():
        by_month = table["walk_away"][one]["by_month"]
        points = ", ".join(wording.points(month["surplus"]) for month in by_month)
        lines[one] = debrief_charts.line(by_month, t("debrief.walk_away.chart", actor=name), points, labels)
    return {
        "grid": debrief_charts.grid(rows, months, f"{t('debrief.timeline.map')}, {table['name']}", said),
        "lines": lines,
    }


def _turned(no: Plain, found: Plain) -> list[str]:
    """What would have turned a no, in the words of the case."""
    told = in_words({"final": {"actors": {"": no}}, "timeline": (), "core": found["core"]}, found["issues"])
    return changes_to_accept(told["final"]["actors"][""], {**found, "core": told["core"]})


def _amounts(answer: Plain) -> str:
    """What somebody sends of each resource that a text asks it for: ``troops 13,000``."""
    return ", ".join(f"{of} {wording.option(one['amount'])}" for of, one in answer["sends"].items() if one["asked"])


def _between(run: Plain) -> list[str]:
    """What stood between the parties, in sentences."""
    return list(between(run["final"], Cast.of(run["final"]["actors"]), mistaken(run), run["core"]))


def _sent(sends: Mapping[str, Any], at: int) -> str:
    """What somebody sent, or its rules would have sent, of what a text asked it for: in brackets."""
    told = [f"{wording.option(pair[at])} {spaced(of)}" for of, pair in sends.items()]
    return f" ({', '.join(told)})" if told else ""


def _people(table: Mapping[str, Any], actor: str) -> str:
    """The pseudonyms of those who sat there, in brackets."""
    people = table["people"].get(actor) or []
    return f" ({', '.join(people)})" if people else ""
