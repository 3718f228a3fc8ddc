"""Renders the lab: the page, and its parts, which replace older ones as answers arrive."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from fastapi.responses import HTMLResponse
from markupsafe import Markup

from sim.lab import acceptance_plot, lab_charts, panel_data
from sim.lab.downloads import changes_of, changes_yaml
from sim.lab.link_state import LinkState
from sim.lab.scenario_state import ASKED, LEAST, LoadedScenario, ModifiedScenario, across, possible_blockers
from sim.report import wording
from sim.report.charts import palette
from sim.report.option_labels import option_in_words, spaced
from sim.report.wording import VERDICTS
from sim.strings import Strings
from sim.web.assets import Assets
from sim.web.templating import environment, number

HERE = Path(__file__).parent
ASSETS = Assets(HERE / "static")
PICTURES = ("heat", "plane", "waterfall")
"""Names of the charts that can be downloaded."""
FREEING, TURNING = 3, 6
"""Numbers that are shown at most: per actor, those that win it over; and those that change the answer."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Content security policy of all pages, plus images that the page draws itself to save them as PNG."""
t = Strings.load()


def value(number: float | str) -> str:
    """Format a number for a control: all digits, a proper minus sign; ``never`` stays a word."""
    return number if isinstance(number, str) else f"{number:,.10g}".replace("-", "\u2212")


_environment = environment(HERE / "templates")
_environment.globals |= {
    "t": t,
    "language": t.language,
    "styles": [ASSETS.address("base.css"), ASSETS.address("style.css")],
    "script": ASSETS.address("script.js"),
    "icon": ASSETS.address("icon.svg"),
    "VERDICTS": VERDICTS,
    "bar": lab_charts.bar,
    "stacked": panel_data.stacked,
    "pictures": PICTURES,
    "fills": palette.FILLS,
    "FREEING": FREEING,
    "TURNING": TURNING,
    "ASKED": ASKED,
    "LEAST": LEAST,
}
_environment.filters |= {
    "value": value,
    "percent": wording.per_cent,
    "level": wording.level,
    "option": option_in_words,
    "spaced": spaced,
    "interval": lambda share: wording.interval(share).strip("()"),
}


def page(template: str, status: int = 200, **data: Any) -> HTMLResponse:
    """Return a page as a response."""
    html = _environment.get_template(template).render(**data)
    return HTMLResponse(html, status, {"Content-Security-Policy": POLICY})


def part(template: str, **data: Any) -> str:
    """Return a part of the page as HTML."""
    return _environment.get_template(f"{template}.html").render(**data)


def lab(loaded: LoadedScenario, catalogue: Mapping[str, Any], groups: list[dict[str, Any]]) -> HTMLResponse:
    """Return the whole page, before any answer."""
    case = loaded.base.case
    return page(
        "bench.html",
        opened=loaded,
        catalogue=catalogue,
        groups=groups,
        all_numbers=sum(group["count"] for group in groups),
        issues=issues(loaded),
        across=across(case),
        asked=_always_asked(loaded),
        looked_at_across=loaded.looked_at(LinkState())["across"],
    )


def _always_asked(loaded: LoadedScenario) -> str:
    """Return the actors whose consent every proposal needs, in words; empty if there are none."""
    actors = {name: actor.name for name, actor in loaded.base.case.actors.items()}
    rows = loaded.proposals.judge(loaded.base)["rows"]
    return panel_data.blockers(panel_data.always_asked(rows, actors), actors)


def issues(loaded: LoadedScenario) -> list[dict[str, Any]]:
    """Return the issues with their options in words and the option of the scenario."""
    return [
        {
            "name": name,
            "says": issue.says,
            "base": loaded.base.proposal[name],
            "options": [
                {"option": option, "says": option_in_words({"unit": issue.unit, "labels": issue.labels}, option)}
                for option in issue.options
            ],
        }
        for name, issue in loaded.base.case.issues.items()
    ]


class PageAnswer:
    """An answer as the page shows it.

    Parameters
    ----------
    data : as of `sim.lab.answers.immediate_answers`
    looked_at : as of `LoadedScenario.looked_at`
    scale : scale of the shades, points
    """

    def __init__(
        self,
        loaded: LoadedScenario,
        modified: ModifiedScenario,
        data: Mapping[str, Any],
        looked_at: Mapping[str, str],
        scale: float,
    ) -> None:
        self.loaded, self.modified, self.data, self.looked_at, self.scale = loaded, modified, data, looked_at, scale
        self.actors = {name: actor.name for name, actor in modified.case.actors.items()}
        self.blocking = possible_blockers(modified.case)
        self.rows = panel_data.rows(data, looked_at["across"])
        for row in self.rows:
            row["title"] = row["title"] or t("lab.heat.mine")

    def parts(self) -> dict[str, str]:
        """Return all parts of the immediate answer, by name."""
        verdicts = self._verdicts()
        return {
            "problem": part("problem", now=self.modified, mend=self._repair()),
            "verdicts": part("verdicts", **verdicts),
            "reasons": part("reasons", **verdicts),
            "strip": part("strip", **verdicts),
            "heat": part("heat", **self._heat(), scale=self.scale, across=self.looked_at["across"]),
            "plane": part("plane", **self._plane()),
            "changes": part("changes", yaml=changes_yaml(self.modified), any=bool(changes_of(self.modified))),
        }

    @property
    def news(self) -> str:
        """The answer as a sentence."""
        table = self.data["table"]
        if table is None:
            return t("lab.news.impossible")
        if table["agreed"]:
            return t("lab.news.agreed")
        return t("lab.news.blocked", who=panel_data.blockers(table["blocked_by"], self.blocking))

    def picture(self, name: str) -> Markup:
        """Return a chart that can be used on its own."""
        if name == "plane":
            titles = [f"{row['label']} · {row['title']}" for row in self.rows]
            return self._plane([*titles, self._caveat])["chart"] or lab_charts.blank(t("lab.plane.none"))
        if name == "heat":
            heat = panel_data.heat(self.rows, self.actors, self.scale, self.looked_at["across"])
            rows = [
                (f"{row['label']} · {row['title']}", [(c["shade"], c["said"]) for c in row["cells"]])
                for row in heat["rows"]
            ]
            words = {"title": t("lab.heat.title"), "text": f"{t('lab.heat.key')}. {self._caveat}"}
            return lab_charts.heat(rows, [column["short"] for column in heat["columns"]], words)
        if self.data["table"] is None:
            return lab_charts.blank(t("lab.news.impossible"))
        actor = self.data["table"]["actors"][self.looked_at["actor"]]
        verdict = VERDICTS[actor["verdict"]].words
        title = t("lab.file.reasons_of", name=actor["name"], verdict=verdict)
        words = {"title": title, "text": self._caveat}
        return lab_charts.waterfall([bar for bar, _ in panel_data.bars(actor, t)], words)

    @property
    def _caveat(self) -> str:
        """The note on a downloaded chart; it says whether numbers were changed."""
        count = self.loaded.changed_numbers(self.modified)
        return t("lab.file.caveat") + (" " + t("lab.file.changed", count=count) if count else "")

    def _repair(self) -> str:
        if self.modified.mended is None:
            return ""
        package = self.modified.package
        new = {name: option for name, option in self.modified.mended.items() if option != package[name]}
        return ", ".join(f"{spaced(name)} {wording.option(option)}" for name, option in new.items())

    def _verdicts(self) -> dict[str, Any]:
        table = self.data["table"]
        if table is None:
            return {"table": None}
        waterfalls, sending = {}, {}
        for name, actor in table["actors"].items():
            waterfalls[name] = _pictured(panel_data.bars(actor, t))
            asked = [resource for resource, decision in actor["sends"].items() if decision["asked"]]
            sending[name] = {resource: _pictured(panel_data.sending(actor, resource, t)) for resource in asked}
        return {
            "table": table,
            "before": self._before(),
            "measures": {name: measure.says for name, measure in self.modified.case.measures.items()},
            "who": panel_data.blockers(table["blocked_by"], self.blocking),
            "walls": waterfalls,
            "sending": sending,
            "sent": {name: panel_data.both_answers(actor) for name, actor in table["actors"].items()},
            "short": wording.short_names(self.actors),
            "shades": {
                name: palette.shade(actor["surplus"], actor["never"], self.scale)
                for name, actor in table["actors"].items()
            },
            "actor": self.looked_at["actor"],
        }

    def _before(self) -> dict[str, Any] | None:
        """Return the answers before any change: as a sentence and for each actor; None if nothing was changed."""
        before = self.data["before"]
        if before is None:
            return None
        who = panel_data.blockers(before["blocked_by"], self.blocking)
        return {
            "says": t("lab.verdicts.before_agreed") if before["agreed"] else t("lab.verdicts.before_blocked", who=who),
            "actors": {
                name: t(
                    "lab.verdicts.before",
                    mark=VERDICTS[actor["verdict"]].mark,
                    surplus=wording.NEVER if actor["never"] else number(actor["surplus"], True),
                )
                for name, actor in before["actors"].items()
            },
        }

    def _heat(self) -> dict[str, Any]:
        heat = panel_data.heat(self.rows, self.actors, self.scale, self.looked_at["across"])
        for row in heat["rows"]:
            row["who"] = panel_data.blockers(row["blocked_by"], self.blocking)
        return heat

    def _plane(self, below: Sequence[str] = ()) -> dict[str, Any]:
        along, of = self.looked_at["across"], self.looked_at["of"]
        if not along:
            return {"chart": None}
        measure = spaced(along)
        name = self.actors.get(of, "")
        points, series = panel_data.points(self.rows, self.actors, along, of)
        kind = "one" if name else of
        hint = t("lab.plane.hint", measure=measure) + " " + t(f"lab.plane.{kind}_hint", name=name)
        chart = acceptance_plot.plane(
            points,
            series,
            {
                "title": t("lab.plane.heading", measure=measure),
                "text": f"{hint} {t('lab.file.caveat')}",
                "across": measure,
                "up": t("lab.plane.up_of", name=name) if name else t("lab.plane.up"),
                "never": t("lab.never"),
            },
            below,
        )
        return {
            "chart": chart,
            "measure": measure,
            "hint": hint,
            "rows": [point for row in self.rows for point in self._points(row, of)],
            "along": along,
        }

    def _points(self, row: Mapping[str, Any], of: str) -> list[dict[str, Any]]:
        """Return the rows of a proposal in the table beside the plane."""
        least = [row["least_willing"]] if row["least_willing"] else []
        asked = panel_data.always_asked(self.rows, self.actors) if of == ASKED else [] if of == LEAST else [of]
        return [{**row, "who": self.actors[actor], "one": row["actors"][actor]} for actor in asked or least]


def _pictured(
    steps: Sequence[tuple[lab_charts.WaterfallBar, Any]],
) -> list[tuple[lab_charts.WaterfallBar, Any, Markup]]:
    """Return bars of a waterfall, each with its entry of the ledger and its chart."""
    reach = lab_charts.reach_of([bar for bar, _ in steps])
    return [(bar, entry, lab_charts.bar(bar, reach)) for bar, entry in steps]


def later_part(name: str, data: Mapping[str, Any]) -> str:
    """Return a part that arrives later, ``worlds`` or ``turns``, as HTML."""
    return part(name, **data)


__all__ = ["ASSETS", "PageAnswer", "lab", "later_part", "number", "page", "part"]
