"""The talks on Mesa's own page: `solara run sim.mesa_page --no-check-version` (extra `parley[viz]`).

The model is that of `sim.negotiation.model`, its agents are the actors, and the curves come from its data collector.
The numbers that sliders move are those of the scenario that was chosen: nothing here knows a case.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from html import escape
from typing import Any

import numpy as np
import pandas as pd
import solara
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from mesa.visualization import Slider, SolaraViz
from mesa.visualization.utils import update_counter
from solara.server import settings

from sim import case_paths
from sim.analysis.counterfactuals.parameters import Parameter, movables
from sim.case.models import Package, Scenario
from sim.errors import ParleyError
from sim.negotiation.model import DeliberationModel
from sim.negotiation.record.history import Outcome
from sim.negotiation.scenario_loader import load_scenario
from sim.report import wording
from sim.report.option_labels import spaced
from sim.strings import Strings

# Solara would tell its makers of every start and of the first page. What somebody does on a machine of their own is
# nobody else's affair.
settings.telemetry.mixpanel_enable = False
settings.main.mode = "production"
settings.theme.show_banner = False

FIRST_SCENARIO = "ukraine_2025/european_force"
WORLDS = [1, 100, 1_000]
SEEDS_MOST = 999
SLIDER_STEPS_LEAST = 50
"""A slider has at least so many."""
INCHES = (7.0, 3.6)
STYLE = """
.parley :is(td, th, caption) {padding: 2px 16px 2px 0; text-align: left; vertical-align: top}
.parley :is(caption, td:first-child) {font-weight: bold}
.v-input__slider .v-input__slot {flex-wrap: wrap}
.v-input__slider .v-input__slot > .v-label {flex-basis: 100%}
"""
SAY = Strings.load()


class SliderModel(DeliberationModel):
    """The model as sliders make it.

    Parameters
    ----------
    scenario : the name or file of a scenario
    worlds : how many to draw; 1 plays one world at central values
    rng : the seed
    kwargs : dotted path to value, of numbers of the case; one that is left where it was keeps its range
    """

    def __init__(self, scenario: str = FIRST_SCENARIO, worlds: int = 1, rng: int = 0, **kwargs: float) -> None:
        path = case_paths.find(scenario)
        numbers = load_scenario(path).case.numbers
        moved = {name: value for name, value in kwargs.items() if value != numbers[name].distribution.central}
        super().__init__(load_scenario(path, moved), worlds if worlds > 1 else None, rng=rng)

    def step(self) -> None:
        """Play one month; once the talks are over, nothing."""
        if self.running:
            super().step()


def parameters(name: str, scenario: Scenario) -> dict[str, Any]:
    """What can be chosen: worlds, seed, the state of the world, and what no agreement is worth to each actor."""
    case = scenario.case
    paths = [f"context.{one}.start" for one in case.context] + [f"actors.{one}.reservation.base" for one in case.actors]
    movable = movables(scenario)
    return {
        "scenario": name,
        "worlds": {"type": "Select", "label": SAY("viz.worlds"), "value": WORLDS[0], "values": WORLDS},
        "rng": {"type": "SliderInt", "label": SAY("viz.seed"), "value": 0, "min": 0, "max": SEEDS_MOST, "step": 1},
        **{path: slider(movable[path]) for path in paths},
    }


def slider(number: Parameter) -> Slider:
    """A slider over the range of a number, in round steps.

    The range of an indicator is its scale, for a state of the world is what somebody asks about.
    """
    low, high = (number.least, number.most) if number.path.startswith("context.") else (number.low, number.high)
    step = 10.0 ** math.floor(math.log10((high - low) / SLIDER_STEPS_LEAST))
    return Slider(spaced(number.what), float(number.present), float(low), float(high), step, dtype=float)


# -- what is shown: plain data of the model, as tables and curves ------------------------------------------------------


def html_table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> solara.Element:
    """A table; whatever a case says is text in it, never markup."""
    head = "".join(f'<th scope="col">{escape(one)}</th>' for one in heads)
    body = "".join("<tr>" + "".join(f"<td>{escape(one)}</td>" for one in row) + "</tr>" for row in rows)
    table = f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return solara.HTML(tag="div", classes=["parley"], unsafe_innerHTML=table)


def answer_rows(model: SliderModel) -> list[tuple[str, ...]]:
    """Who says what this month: name, verdict, points to spare, and why; of many worlds, name and shares."""
    evaluation = model.months[-1].evaluation
    if model.worlds.count > 1:
        return [(actor.name, shares(evaluation.shares(name))) for name, actor in model.script.case.actors.items()]
    told = evaluation.one().describe()["actors"].values()
    return [
        (
            one["name"],
            f"{(look := wording.VERDICTS[one['verdict']]).mark} {look.words}",
            wording.points(one["surplus"]),
            "; ".join(map(wording.reason, wording.main_reasons(one))),
        )
        for one in told
    ]


def shares(of: dict[str, float]) -> str:
    """The verdicts of many worlds; their reasons differ."""
    return " · ".join(f"{look.cell} {wording.per_cent(of[one])}" for one, look in wording.VERDICTS.items() if of[one])


def current_text(model: SliderModel) -> tuple[Package, float]:
    """The text on the table; of many worlds, the most frequent one, and its share of those that are open."""
    texts = model.text[model.rows]
    if model.months:
        texts = np.broadcast_to(model.months[-1].evaluation.matrix.texts, texts.shape)
    found, counts = np.unique(texts, axis=0, return_counts=True)
    return model.space.decode(found[counts.argmax()]), float(counts.max() / counts.sum())


def status_line(model: SliderModel) -> str:
    """Where the talks are, in a sentence."""
    if not model.months:
        return SAY("viz.before", months=model.script.protocol.months)
    if model.running:
        return SAY("viz.month", month=model.month, months=model.script.protocol.months)
    ends = {one.word: float((model.outcome == one).mean()) for one in Outcome if one is not Outcome.OPEN}
    told = " · ".join(f"{wording.OUTCOMES[end].cell} {wording.per_cent(share)}" for end, share in ends.items() if share)
    return SAY("viz.over", month=model.month, ends=told)


def line_chart(table: pd.DataFrame, label: str) -> Figure:
    """Columns of numbers by month, named in a legend."""
    figure = Figure(figsize=INCHES, layout="constrained")
    axes = figure.subplots()
    styles = ("-", "--", ":", "-.")
    for at, name in enumerate(table.columns):
        axes.plot(table.index, table[name], label=str(name), marker="o", markersize=3, linestyle=styles[at % 4])
    axes.set_xlabel(SAY("viz.months"))
    axes.set_ylabel(label)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    if len(table.columns):
        axes.legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False)
    return figure


def by_actor(model: SliderModel, column: str) -> pd.DataFrame:
    """A column of the data collector's rows of agents: (month, actor)."""
    rows = model.datacollector.get_agent_vars_dataframe().reset_index()
    table: pd.DataFrame = rows.pivot_table(index="Step", columns="actor", values=column, sort=False)
    table.index = pd.RangeIndex(1, len(table) + 1)  # how Mesa numbers its rows depends on its version
    return table.rename(columns={name: actor.name for name, actor in model.script.case.actors.items()})


def by_outcome(model: SliderModel) -> pd.DataFrame:
    """The shares of worlds that are open, agreed or ended otherwise: (month, outcome)."""
    rows = model.datacollector.get_model_vars_dataframe()
    table: pd.DataFrame = rows.set_index("month").filter(like="_share")
    return table.set_axis([name.removesuffix("_share") for name in table.columns], axis=1)


def plotted(table: Callable[[SliderModel], pd.DataFrame], key: str) -> Any:
    """A component that draws what a function reads off the data collector."""

    @solara.component
    def plot(model: SliderModel) -> None:
        update_counter.get()
        solara.HTML(tag="h3", unsafe_innerHTML=escape(SAY(f"viz.curve.{key}")))
        if model.months:
            solara.FigureMatplotlib(line_chart(table(model), SAY(f"viz.axis.{key}")), dependencies=[model, model.steps])

    return plot


@solara.component
def table_page(model: SliderModel) -> None:
    """The text on the table, and who says what about it, and why."""
    update_counter.get()
    text, share = current_text(model)
    changed = wording.differences(model.script.proposal, text)
    solara.HTML(tag="h2", unsafe_innerHTML=escape(model.script.title))
    solara.Text(status_line(model), style={"font-weight": "bold"})
    solara.Text(wording.terms(text))
    if share < 1:
        solara.Text(SAY("viz.most", share=wording.per_cent(share)))
    if changed:
        solara.Text(SAY("viz.changed", change=wording.change(changed)))
    if model.months:
        many = model.worlds.count > 1
        heads = ("actor", "verdict") if many else ("actor", "verdict", "spare", "why")
        html_table(
            SAY("viz.many" if many else "viz.answers"), [SAY(f"viz.heads.{one}") for one in heads], answer_rows(model)
        )


@solara.component
def world(model: SliderModel) -> None:
    """The state of the world, in the words of the case."""
    update_counter.get()
    context = model.script.case.context
    rows = [
        (wording.option(name), wording.level(float(model.context[name].mean())), one.says)
        for name, one in context.items()
    ]
    html_table(SAY("viz.world"), [SAY(f"viz.heads.{one}") for one in ("indicator", "level", "says")], rows)


COMPONENTS = [
    (plotted(lambda model: by_actor(model, "surplus"), "surplus"), 0),
    (plotted(lambda model: by_actor(model, "accept_share"), "accepts"), 0),
    (plotted(by_outcome, "outcomes"), 0),
    (world, 0),
]


@solara.component
def page() -> None:
    """Choose a scenario, and play it on Mesa's page."""
    name, choose = solara.use_state(FIRST_SCENARIO)
    # For a moment nothing is shown: the sidebar would else hand what it remembers of one scenario on to the next.
    shown, show = solara.use_state("")
    solara.use_effect(lambda: show(name), [name])
    solara.Style(STYLE)
    with solara.Column(margin=4):
        solara.Text(wording.NOT_A_FORECAST)
        known = [case_paths.name_of(path) for path in case_paths.scenarios(case_paths.bundled())]
        solara.Select(SAY("viz.scenario"), value=name if name in known else None, values=known, on_value=choose)
        solara.InputText(
            SAY("viz.file"), value="" if name in known else name, on_value=lambda typed: choose(typed or FIRST_SCENARIO)
        )
        if name == shown:
            try:
                talks_page(name, load_scenario(case_paths.find(name)))
            except ParleyError as error:
                solara.Error(str(error))


@solara.component
def talks_page(name: str, scenario: Scenario) -> None:
    """Mesa's page of one scenario."""
    model = solara.use_memo(lambda: solara.reactive(SliderModel(name)), [name])
    table_page(model.value)
    SolaraViz(model, components=COMPONENTS, model_params=parameters(name, scenario), name="Parley", play_interval=500)


Page = page
"""What Solara looks for."""
