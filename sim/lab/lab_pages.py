"""Renders the lab: the page, and its parts, which replace older ones as answers arrive."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fastapi.responses import HTMLResponse

from sim.analysis.sensitivity.one_at_a_time import ALL
from sim.lab import lab_charts, panel_data
from sim.lab.answers import ENDS
from sim.lab.link_state import LinkState
from sim.lab.panels.levers import Levers, in_words
from sim.lab.scenario_state import END, FIRST, LEAST, LoadedScenario, across
from sim.report import wording
from sim.report.option_labels import option_in_words, spaced
from sim.report.wording import VERDICTS
from sim.strings import Strings
from sim.web.assets import Assets
from sim.web.templating import environment

HERE = Path(__file__).parent
ASSETS = Assets(HERE / "static")
PICTURES = ("heat", "plane", "waterfall")
"""Names of the charts that can be downloaded."""
PANEL_SCRIPTS = ("panels.js",)
"""Scripts of single panels; they run after ``script.js`` and use its ``lab``."""
TURNING, WAYS = 6, 2
"""Shown at most: numbers that change the answer; sets of terms per actor."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Content security policy of all pages, plus images that the page draws itself to save them as PNG."""
t = Strings.load()


def value(number: float | str) -> str:
    """Format a number for a control: all digits, a proper minus sign; ``never`` stays a word."""
    return number if isinstance(number, str) else f"{number:,.10g}".replace("-", "\u2212")


def short_option(issue: Mapping[str, Any], option: object) -> str:
    """Return an option in the words of its label alone, or in its own words if it has none."""
    return str(issue["labels"].get(str(option)) or option_in_words(issue, option))


_environment = environment(HERE / "templates")
_environment.globals |= {
    "t": t,
    "language": t.language,
    "styles": [ASSETS.address(name) for name in ("base.css", "style.css", "panels.css")],
    "script": ASSETS.address("script.js"),
    "icon": ASSETS.address("icon.svg"),
    "VERDICTS": VERDICTS,
    "reach_of": lab_charts.reach_of,
    "endings": [outcome.word for outcome in ENDS],
    "stacked": panel_data.stacked,
    "panel_scripts": [ASSETS.address(name) for name in PANEL_SCRIPTS],
    "pictures": PICTURES,
    "TURNING": TURNING,
    "LEAST": LEAST,
    "FIRST": FIRST,
    "ALL": ALL,
    "END": END,
    "WAYS": WAYS,
}
_environment.filters |= {
    "value": value,
    "percent": wording.per_cent,
    "level": wording.level,
    "option": option_in_words,
    "short_option": short_option,
    "spaced": spaced,
    "in_words": in_words,
    "interval": lambda share: wording.interval(share).strip("()"),
}


def page(template: str, status: int = 200, **data: Any) -> HTMLResponse:
    """Return a page as a response."""
    html = _environment.get_template(template).render(**data)
    return HTMLResponse(html, status, {"Content-Security-Policy": POLICY})


def part(template: str, **data: Any) -> str:
    """Return a part of the page as HTML."""
    return _environment.get_template(f"{template}.html").render(**data)


def lab(
    loaded: LoadedScenario, catalogue: Mapping[str, Any], groups: list[dict[str, Any]], levers: Levers
) -> HTMLResponse:
    """Return the whole page, before any answer."""
    case = loaded.base.case
    return page(
        "bench.html",
        opened=loaded,
        catalogue=catalogue,
        groups=groups,
        levers=levers,
        all_numbers=sum(group["count"] for group in groups),
        issues=issues(loaded),
        across=across(case),
        months=loaded.months,
        looked_at_across=loaded.looked_at(LinkState())["across"],
    )


def issues(loaded: LoadedScenario) -> list[dict[str, Any]]:
    """Return the issues with their options in words and the option of the scenario."""
    return [
        {
            "name": name,
            "says": issue.says,
            "group": issue.group,
            "base": loaded.base.proposal[name],
            "options": [
                {"option": option, "says": option_in_words({"unit": issue.unit, "labels": issue.labels}, option)}
                for option in issue.options
            ],
        }
        for name, issue in loaded.base.case.issues_by_group.items()
    ]
