"""From plain data to HTML: the page, and its parts, which take the place of older ones as answers come in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from fastapi.responses import HTMLResponse
from markupsafe import Markup

from sim.analysis.judging.proposals import judged
from sim.analysis.judging.verdicts import context_of
from sim.engine.worlds import Central
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
FREEING, TURNING = 3, 6
"""So many numbers are shown that win over one who blocks, and that turn the answer."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""As for all pages, and pictures that the page itself draws, which it saves as PNG."""
t = Strings.load()


def value(one: float | str) -> str:
    """A number as a control shows it: all its digits, a true minus; ``never`` is a word."""
    return one if isinstance(one, str) else f"{one:,.10g}".replace("-", "\u2212")


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
    """A page as an answer."""
    made = _environment.get_template(template).render(**data)
    return HTMLResponse(made, status, {"Content-Security-Policy": POLICY})


def part(template: str, **data: Any) -> str:
    """A part of the page."""
    return _environment.get_template(f"{template}.html").render(**data)


def lab(loaded: LoadedScenario, catalogue: Mapping[str, Any], groups: list[dict[str, Any]]) -> HTMLResponse:
    """The whole page, before any answer."""
    case = loaded.base.case
    return page(
        "bench.html",
        opened=loaded,
        catalogue=catalogue,
        groups=groups,
        all_numbers=sum(one["count"] for one in groups),
        issues=issues(loaded),
        across=across(case),
        asked=_asked(loaded),
        looked_at_across=loaded.looked_at(LinkState())["across"],
    )


def _asked(loaded: LoadedScenario) -> str:
    """Those whose consent every proposal needs, in words; empty if there are none."""
    actors = {name: actor.name for name, actor in loaded.base.case.actors.items()}
    rows = judged(context_of(loaded.base.case, Central()), [sister.proposal for sister in loaded.sisters])
    return panel_data.blockers(panel_data.asked(rows, actors), actors)


def issues(loaded: LoadedScenario) -> list[dict[str, Any]]:
    """The issues with their options in words, and the option of the scenario."""
    return [
        {
            "name": name,
            "says": issue.says,
            "base": loaded.base.proposal[name],
            "options": [
                {"option": one, "says": option_in_words({"unit": issue.unit, "labels": issue.labels}, one)}
                for one in issue.options
            ],
        }
        for name, issue in loaded.base.case.issues.items()
    ]


class PageAnswer:
    """What is shown of an answer.

    Parameters
    ----------
    found : as of `sim.lab.answers.immediate_answers`
    looked_at : as of `LoadedScenario.looked_at`
    scale : of the shades
    """

    def __init__(
        self,
        loaded: LoadedScenario,
        modified: ModifiedScenario,
        found: Mapping[str, Any],
        looked_at: Mapping[str, str],
        scale: float,
    ) -> None:
        self.loaded, self.modified, self.found, self.looked_at, self.scale = loaded, modified, found, looked_at, scale
        self.actors = {name: actor.name for name, actor in modified.case.actors.items()}
        self.blocking = possible_blockers(modified.case)
        self.rows = panel_data.rows(found, looked_at["across"])
        for row in self.rows:
            row["title"] = row["title"] or t("lab.heat.mine")

    def parts(self) -> dict[str, str]:
        """All parts that are there at once, by name."""
        verdicts = self._verdicts()
        return {
            "problem": part("problem", now=self.modified, mend=self._mend()),
            "verdicts": part("verdicts", **verdicts),
            "reasons": part("reasons", **verdicts),
            "strip": part("strip", **verdicts),
            "heat": part("heat", **self._heat(), scale=self.scale, across=self.looked_at["across"]),
            "plane": part("plane", **self._plane()),
            "changes": part("changes", yaml=changes_yaml(self.modified), any=bool(changes_of(self.modified))),
        }

    @property
    def news(self) -> str:
        """The answer in a sentence."""
        table = self.found["table"]
        if table is None:
            return t("lab.news.impossible")
        if table["agreed"]:
            return t("lab.news.agreed")
        return t("lab.news.blocked", who=panel_data.blockers(table["blocked_by"], self.blocking))

    def picture(self, name: str) -> Markup:
        """A picture that stands by itself."""
        if name == "plane":
            titles = [f"{row['label']} · {row['title']}" for row in self.rows]
            return self._plane([*titles, self._caveat])["chart"] or lab_charts.blank(t("lab.plane.none"))
        if name == "heat":
            heat = panel_data.heat(self.rows, self.actors, self.scale, self.looked_at["across"])
            told = [
                (f"{row['label']} · {row['title']}", [(c["shade"], c["said"]) for c in row["cells"]])
                for row in heat["rows"]
            ]
            said = {"title": t("lab.heat.title"), "text": f"{t('lab.heat.key')}. {self._caveat}"}
            return lab_charts.heat(told, [one["short"] for one in heat["columns"]], said)
        if self.found["table"] is None:
            return lab_charts.blank(t("lab.news.impossible"))
        actor = self.found["table"]["actors"][self.looked_at["actor"]]
        verdict = VERDICTS[actor["verdict"]].words
        title = t("lab.file.reasons_of", name=actor["name"], verdict=verdict)
        said = {"title": title, "text": self._caveat}
        return lab_charts.waterfall([one for one, _ in panel_data.bars(actor, t)], said)

    @property
    def _caveat(self) -> str:
        """What a picture says of itself wherever it goes, and whether its numbers are still the scenario's."""
        many = self.loaded.moved(self.modified)
        return t("lab.file.caveat") + (" " + t("lab.file.changed", count=many) if many else "")

    def _mend(self) -> str:
        if self.modified.mended is None:
            return ""
        new = {name: one for name, one in self.modified.mended.items() if one != self.modified.package[name]}
        return ", ".join(f"{spaced(name)} {wording.option(one)}" for name, one in new.items())

    def _verdicts(self) -> dict[str, Any]:
        table = self.found["table"]
        if table is None:
            return {"table": None}
        walls, sending = {}, {}
        for name, actor in table["actors"].items():
            walls[name] = _pictured(panel_data.bars(actor, t))
            asked = [of for of, one in actor["sends"].items() if one["asked"]]
            sending[name] = {of: _pictured(panel_data.sending(actor, of, t)) for of in asked}
        return {
            "table": table,
            "before": self._before(),
            "measures": {name: one.says for name, one in self.modified.case.measures.items()},
            "who": panel_data.blockers(table["blocked_by"], self.blocking),
            "walls": walls,
            "sending": sending,
            "sent": {name: panel_data.both_answers(one) for name, one in table["actors"].items()},
            "short": wording.short_names(self.actors),
            "shades": {
                name: palette.shade(one["surplus"], one["never"], self.scale) for name, one in table["actors"].items()
            },
            "actor": self.looked_at["actor"],
        }

    def _before(self) -> dict[str, Any] | None:
        """The answers before any change: in a sentence, and for each actor."""
        before = self.found["before"]
        if before is None:
            return None
        who = panel_data.blockers(before["blocked_by"], self.blocking)
        actors = before["actors"].items()
        return {
            "says": t("lab.verdicts.before_agreed") if before["agreed"] else t("lab.verdicts.before_blocked", who=who),
            "actors": {
                name: t(
                    "lab.verdicts.before",
                    mark=VERDICTS[one["verdict"]].mark,
                    surplus=wording.NEVER if one["never"] else number(one["surplus"], True),
                )
                for name, one in actors
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
        """The lines of a proposal in the table beside the plane."""
        least = [row["least_willing"]] if row["least_willing"] else []
        asked = panel_data.asked(self.rows, self.actors) if of == ASKED else [] if of == LEAST else [of]
        return [{**row, "who": self.actors[who], "one": row["actors"][who]} for who in asked or least]


def _pictured(
    steps: Sequence[tuple[lab_charts.WaterfallBar, Any]],
) -> list[tuple[lab_charts.WaterfallBar, Any, Markup]]:
    """Steps, each with its entry of a ledger and its picture."""
    reach = lab_charts.ends([one for one, _ in steps])
    return [(one, entry, lab_charts.bar(one, reach)) for one, entry in steps]


def later_answers(name: str, found: Mapping[str, Any]) -> str:
    """A part that comes later: ``worlds`` or ``turns``."""
    return part(name, **found)


__all__ = ["ASSETS", "PageAnswer", "following", "lab", "number", "page", "part"]
