"""The talks on Mesa's own page: `solara run sim.mesa_page --no-check-version` (extra `viz`).

The model is that of `sim.negotiation.model`, its agents are the actors, and the curves come from its data collector.
The sliders change numbers of the chosen scenario; nothing on this page depends on a particular case.
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
from sim.analysis.counterfactuals.parameters import Parameter, parameters_of
from sim.case.models import Case, Package, Scenario
from sim.errors import ParleyError
from sim.negotiation.model import DeliberationModel
from sim.negotiation.record.history import Outcome
from sim.negotiation.scenario_loader import as_scenario, load_scenario
from sim.report import wording
from sim.strings import Strings

# By default, Solara reports every start and the first page to its makers. What people do on their own machines is
# private.
settings.telemetry.mixpanel_enable = False
settings.main.mode = "production"
settings.theme.show_banner = False

FIRST_SCENARIO = "ukraine_2025/european_force"
WORLDS = [1, 100, 1_000]
SEEDS_MOST = 999
"""The largest seed on the slider."""
SLIDER_STEPS_LEAST = 50
"""The smallest number of steps of a slider."""
FIGURE_INCHES = (7.0, 3.6)
STYLE = """
.parley :is(td, th, caption) {padding: 2px 16px 2px 0; text-align: left; vertical-align: top}
.parley :is(caption, td:first-child) {font-weight: bold}
.v-input__slider .v-input__slot {flex-wrap: wrap}
.v-input__slider .v-input__slot > .v-label {flex-basis: 100%; height: auto; margin-bottom: 36px}
.v-slider__thumb-label-container {display: block !important}
"""
SAY = Strings.load()


class SliderModel(DeliberationModel):
    """The model with the values of the sliders.

    Parameters
    ----------
    scenario : the name or file of a scenario
    worlds : how many worlds to draw; 1 plays one world at central values
    rng : the seed
    kwargs : dotted path of a number of the case to its value; a number whose slider was not moved keeps its range
    """

    def __init__(self, scenario: str = FIRST_SCENARIO, worlds: int = 1, rng: int = 0, **kwargs: float) -> None:
        unchanged = as_scenario(scenario)
        numbers = unchanged.case.numbers
        moved = {name: value for name, value in kwargs.items() if value != numbers[name].distribution.central}
        super().__init__(unchanged, worlds if worlds > 1 else None, rng=rng, changes=moved)


def parameters(name: str, scenario: Scenario) -> dict[str, Any]:
    """The page's controls: worlds, seed, the context at the start, and the actors' reservation values."""
    case = scenario.case
    paths = [f"context.{name}.start" for name in case.context]
    paths += [f"actors.{name}.reservation.base" for name in case.actors]
    movable = parameters_of(scenario)
    return {
        "scenario": name,
        "worlds": {"type": "Select", "label": SAY("viz.worlds"), "value": WORLDS[0], "values": WORLDS},
        "rng": {"type": "SliderInt", "label": SAY("viz.seed"), "value": 0, "min": 0, "max": SEEDS_MOST, "step": 1},
        **{path: slider(movable[path], case) for path in paths},
    }


def slider(number: Parameter, case: Case) -> Slider:
    """A slider over the range of a number, in round steps; its label says what it changes, and names its ends.

    A slider of a context indicator covers its whole scale, so that any state of the world can be tried.
    """
    kind, name, *_ = number.path.split(".")
    scale = kind == "context"
    low, high = (number.least, number.most) if scale else (number.low, number.high)
    step = 10.0 ** math.floor(math.log10((high - low) / SLIDER_STEPS_LEAST))
    what = case.context[name].says if scale else SAY("viz.reservation", actor=case.actors[name].name)
    label = SAY("viz.slider", what=what, low=f"{low:g}", high=f"{high:g}", now=f"{number.present:g}")
    return Slider(label, float(number.present), float(low), float(high), step, dtype=float)


# -- the model's data as tables and charts -----------------------------------------------------------------------------


def html_table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> solara.Element:
    """A table of text; markup in a case's words is escaped."""
    head = "".join(f'<th scope="col">{escape(heading)}</th>' for heading in heads)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    table = f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return solara.HTML(tag="div", classes=["parley"], unsafe_innerHTML=table)


def answer_rows(model: SliderModel) -> list[tuple[str, ...]]:
    """The answers of the month: name, verdict, points to spare and reasons; for many worlds, name and shares."""
    evaluation = model.months[-1].evaluation
    if model.worlds.count > 1:
        return [(actor.name, _verdicts(evaluation.shares(name))) for name, actor in model.script.case.actors.items()]
    return [
        (
            actor["name"],
            f"{(look := wording.VERDICTS[actor['verdict']]).mark} {look.words}",
            wording.points(actor["surplus"]),
            "; ".join(map(wording.reason, wording.main_reasons(actor))),
        )
        for actor in evaluation.one().describe()["actors"].values()
    ]


def _verdicts(shares: dict[str, float]) -> str:
    return " · ".join(
        f"{look.cell} {wording.per_cent(shares[word])}" for word, look in wording.VERDICTS.items() if shares[word]
    )


def current_text(model: SliderModel) -> tuple[Package, float]:
    """The most frequent text on the table, and its share of the open worlds."""
    texts = model.text[model.rows]
    if model.months:
        texts = np.broadcast_to(model.months[-1].evaluation.matrix.texts, texts.shape)
    distinct, counts = np.unique(texts, axis=0, return_counts=True)
    return model.space.decode(distinct[counts.argmax()]), float(counts.max() / counts.sum())


def status_line(model: SliderModel) -> str:
    """One sentence on where the talks are."""
    if not model.months:
        return SAY("viz.before", months=model.script.protocol.months)
    if model.running:
        return SAY("viz.month", month=model.month, months=model.script.protocol.months)
    shares = {outcome.word: float((model.outcome == outcome).mean()) for outcome in Outcome}
    ends = [f"{wording.OUTCOMES[word].cell} {wording.per_cent(share)}" for word, share in shares.items() if share]
    return SAY("viz.over", month=model.month, ends=" · ".join(ends))


def line_chart(table: pd.DataFrame, label: str) -> Figure:
    """A chart with one line per column, by month, and a legend."""
    figure = Figure(figsize=FIGURE_INCHES, layout="constrained")
    axes = figure.subplots()
    styles = ("-", "--", ":", "-.")
    for index, name in enumerate(table.columns):
        axes.plot(table.index, table[name], label=str(name), marker="o", markersize=3, linestyle=styles[index % 4])
    axes.set_xlabel(SAY("viz.months"))
    axes.set_ylabel(label)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    if len(table.columns):
        axes.legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False)
    return figure


def by_actor(model: SliderModel, column: str) -> pd.DataFrame:
    """A column of the data collector's rows about agents, (month, actor)."""
    rows = model.datacollector.get_agent_vars_dataframe().reset_index()
    table: pd.DataFrame = rows.pivot_table(index="Step", columns="actor", values=column, sort=False)
    table.index = pd.RangeIndex(1, len(table) + 1)  # Mesa's versions number their rows differently
    return table.rename(columns={name: actor.name for name, actor in model.script.case.actors.items()})


def by_outcome(model: SliderModel) -> pd.DataFrame:
    """The shares of worlds that are open, agreed or ended otherwise, (month, outcome)."""
    rows = model.datacollector.get_model_vars_dataframe()
    table: pd.DataFrame = rows.set_index("month").filter(like="_share")
    return table.set_axis([name.removesuffix("_share") for name in table.columns], axis=1)


def chart(table: Callable[[SliderModel], pd.DataFrame], key: str) -> Any:
    """A component that draws the table that a function makes from the data collector."""

    @solara.component
    def plot(model: SliderModel) -> None:
        update_counter.get()
        solara.HTML(tag="h3", unsafe_innerHTML=escape(SAY(f"viz.curve.{key}")))
        if model.months:
            solara.FigureMatplotlib(line_chart(table(model), SAY(f"viz.axis.{key}")), dependencies=[model, model.steps])

    return plot


@solara.component
def headline(model: SliderModel) -> None:
    """Where the talks are, and the text on the table."""
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


@solara.component
def answers(model: SliderModel) -> None:
    """Everybody's answers and reasons."""
    update_counter.get()
    if model.months:
        many = model.worlds.count > 1
        heads = ("actor", "verdict") if many else ("actor", "verdict", "spare", "why")
        caption = SAY("viz.many" if many else "viz.answers")
        html_table(caption, [SAY(f"viz.heads.{key}") for key in heads], answer_rows(model))


@solara.component
def world(model: SliderModel) -> None:
    """The context of the talks, in the words of the case."""
    update_counter.get()
    context = model.script.case.context
    rows = [
        (wording.option(name), wording.level(float(model.context[name].mean())), indicator.says)
        for name, indicator in context.items()
    ]
    html_table(SAY("viz.world"), [SAY(f"viz.heads.{key}") for key in ("indicator", "level", "says")], rows)


COMPONENTS = [
    (chart(lambda model: by_actor(model, "surplus"), "surplus"), 0),
    (chart(lambda model: by_actor(model, "accept_share"), "accepts"), 0),
    (chart(by_outcome, "outcomes"), 0),
]


@solara.component
def page() -> None:
    """Choose a scenario, and play it on Mesa's page."""
    name, choose = solara.use_state(FIRST_SCENARIO)
    # Nothing is shown for a moment; otherwise the sidebar would apply the values of one scenario to the next.
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
    headline(model.value)
    SolaraViz(model, components=COMPONENTS, model_params=parameters(name, scenario), name="Parley", play_interval=500)
    answers(model.value)
    world(model.value)


Page = page
"""What Solara looks for."""
