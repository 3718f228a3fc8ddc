"""Figures hold the numbers that they are given, and are the same every time, whoever draws them."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.collections import QuadMesh
from matplotlib.container import ErrorbarContainer
from matplotlib.figure import Figure

from sim.analysis.judging.proposals import proposals
from sim.analysis.judging.verdicts import verdicts
from sim.analysis.outcomes.enumeration import enumerate_packages
from sim.analysis.outcomes.tradeoff import tradeoff
from sim.case_paths import find
from sim.negotiation.record.summary import summarise
from sim.negotiation.run import play
from sim.negotiation.scenario_loader import load_scenario
from sim.report.charts import answer_figures, finding_figures, share_figures, space_figures
from sim.report.charts.figure_style import svg
from sim.report.charts.finding_figures import WorldsBar
from sim.report.charts.share_figures import Share, ShareRow
from sim.report.wording import VERDICTS, short_names
from tests.report.figures import KEPT, LEDGER, drawn, normal


@pytest.fixture(scope="module")
def judged() -> dict[str, Any]:
    return proposals(
        [load_scenario(find(name)) for name in ("european_force", "bare_ceasefire", "nato_force")], worlds=40
    )


def mesh(figure: Figure) -> np.ndarray[Any, Any]:
    [one] = [found for found in figure.axes[0].collections if isinstance(found, QuadMesh)]
    return np.asarray(one.get_array())


def texts(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.axes[0].texts]


# -- what is drawn is what was found ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["european_force", "us_halts_aid", "house_rules"])
def test_the_months_hold_every_verdict_of_the_record(name: str) -> None:
    run = summarise(play(load_scenario(find(name))))
    short = short_names({one: actor["name"] for one, actor in run["final"]["actors"].items()})
    figure = answer_figures.months(run["timeline"], short)
    codes = mesh(figure)
    marks = iter(texts(figure))
    for row, actor in enumerate(short):
        for column, month in enumerate(run["timeline"]):
            verdict = month["reactions"][actor]["verdict"]
            assert answer_figures.ORDER[int(codes[row, column])] == verdict
            assert next(marks) == VERDICTS[verdict].mark
    assert [mark == "◆" for mark in marks] == [bool(month["changed"]) for month in run["timeline"]]
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == [*short.values(), "text changed"]


@pytest.mark.parametrize("actor", ["russia", "ukraine", "us"])
def test_the_bars_of_a_waterfall_are_the_points_of_the_ledger_and_end_at_the_surplus(actor: str) -> None:
    found = verdicts(load_scenario(find("european_force")))["actors"][actor]
    bars: Any = answer_figures.waterfall(found["ledger"]).axes[0].patches
    *rules, last = bars
    at = 0.0
    for bar, entry in zip(rules, found["ledger"], strict=True):
        points = 0.0 if entry["points"] == "never" else entry["points"]
        assert min(bar.get_x(), bar.get_x() + bar.get_width()) == pytest.approx(min(at, at + points))
        assert abs(bar.get_width()) == pytest.approx(abs(points))
        assert bool(bar.get_hatch()) == (points < 0)
        at += points
    assert last.get_width() == pytest.approx(found["surplus"], abs=0.01)


def test_a_line_that_is_never_sold_is_a_square_and_not_a_bar() -> None:
    axes = answer_figures.waterfall(LEDGER).axes[0]
    squares = [line for line in axes.lines if line.get_marker() == "s"]
    assert [line.get_ydata() for line in squares] == [[3]]
    assert "red line, not for sale" in [text.get_text() for text in axes.texts]


def test_the_heat_map_shows_verdicts_by_colour_and_mark_and_brackets_what_a_line_makes_void(
    judged: dict[str, Any],
) -> None:
    short = short_names(judged["actors"])
    figure = answer_figures.proposals(judged["rows"], short, ["european_force"])
    codes = mesh(figure)
    said = iter(texts(figure))
    for at, row in enumerate(judged["rows"]):
        for column, actor in enumerate(short):
            answer, text = row["actors"][actor], next(said)
            assert answer_figures.ORDER[int(codes[at, column])] == answer["verdict"]
            assert text.startswith(VERDICTS[answer["verdict"]].mark)
            assert text.endswith(")") == answer["never"]
    assert any(row["actors"]["russia"]["never"] for row in judged["rows"])


def test_the_bars_of_agreements_hold_the_worlds_and_the_agreements() -> None:
    bars = [WorldsBar("a", 20, 5), WorldsBar("b", 80, 0)]
    axes = finding_figures.agreements([("A title", "what splits them", bars), ("", "", bars[:1])]).axes[0]
    rectangles: Any = axes.patches
    assert [bar.get_width() for bar in rectangles] == [20, 5, 80, 0, 20, 5]
    said = [text.get_text() for text in axes.texts]
    assert "✓ 5 agreed (25%)   ✗ 15 not" in said
    assert {"A title", "what splits them"} < set(said)


def test_an_answer_at_a_line_that_is_not_for_sale_has_one_sign_and_says_what_its_number_means() -> None:
    actors = verdicts(load_scenario(find("force_with_concessions")))["actors"]
    axes = finding_figures.answers(actors).axes[0]
    said = [text.get_text() for text in axes.texts]
    assert said[0] == "■ red line, not for sale (without it: +67.0)"
    assert [text[0] for text in said[1:]] == ["✓"] * 6
    bars: Any = axes.patches
    assert [bar.get_width() for bar in bars] == [actor["surplus"] for actor in actors.values()]
    assert [bar.get_linestyle() for bar in bars].count("--") == 1


def test_the_bars_of_vetoes_hold_what_would_be_agreed_without_each() -> None:
    actors = {"a": {"name": "A", "agreed_without": 30}, "b": {"name": "B", "agreed_without": 12}}
    axes = finding_figures.vetoes(actors, 12).axes[0]
    bars: Any = axes.patches
    assert [bar.get_width() for bar in bars] == [30, 12]
    assert [text.get_text() for text in axes.texts] == ["30 (18 more)", "12 (no more than now)"]


def test_the_dilemma_holds_the_measure_and_the_shares(judged: dict[str, Any]) -> None:
    rows = sorted(judged["rows"], key=lambda row: row["measures"]["deterrence"])
    left, right = space_figures.dilemma(rows, "deterrence", {"russia": "Russia", "ukraine": "Ukraine"}).axes
    bars: Any = left.patches
    assert [bar.get_width() for bar in bars] == [row["measures"]["deterrence"] for row in rows]
    for line, actor in zip(right.lines, ("russia", "ukraine"), strict=True):
        assert list(line.get_xdata()) == [row["actors"][actor]["accepts_share"] for row in rows]


def test_shares_stand_where_they_are_with_their_intervals() -> None:
    rows = [
        ShareRow("a", (Share(0.5, 0.4, 0.7), Share(0.1, 0.0, 0.3)), "assumed"),
        ShareRow("b", (Share(0, 0, 0.1), Share(1.2, 0.9, 1.1))),
    ]
    [axes] = share_figures.intervals([("", rows)], "share").axes
    for series, container in enumerate(axes.containers):
        assert isinstance(container, ErrorbarContainer)
        found = [segment[:, 0].tolist() for segment in container.lines[2][0].get_segments()]
        drawn = [row.shares[series] for row in rows]
        for ends, one in zip(found, drawn, strict=True):
            assert ends == pytest.approx([min(one.low, one.value), max(one.high, one.value)])
    dots = [line for line in axes.lines if line.get_marker() in "os" and len(line.get_xdata()) == 1]
    assert [line.get_xdata()[0] for line in dots] == [0.5, 0, 0.1, 1.2]
    low, high = axes.get_xlim()
    assert low <= 0
    assert high >= 1.2 - 0.1


def test_the_frontier_and_the_packages_lie_where_the_analysis_has_them() -> None:
    warm = load_scenario(find("warm_flat"))
    told = tradeoff(warm.case, enumerate_packages(warm.case))
    assert told is not None
    rows = proposals([warm, load_scenario(find("house_rules"))])["rows"]
    marks = [(str(at), row["actors"]) for at, row in enumerate(rows, 1)]
    [axes] = space_figures.frontier(told, ["Ana", "Ben"], marks).axes
    best, agreed = axes.lines[:2]
    assert np.array_equal(best.get_xydata(), np.array(told["frontier"]))
    assert np.array_equal(agreed.get_xydata(), np.array(told["agreed_frontier"]))
    dots = [line.get_xydata().tolist()[0] for line in axes.lines[2:] if len(line.get_xdata()) == 1]
    assert dots == [[row["actors"][one]["surplus"] for one in told["axes"]] for row in rows]
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    assert all(left < x < right and bottom < y < top for x, y in dots)
    seen = space_figures.in_sight(told, marks)  # of which its table consists
    assert 0 < len(seen) < len(told["frontier"])
    assert seen == [[x, y] for x, y in told["frontier"] if left <= x <= right and bottom <= y <= top]


# -- and it is the same every time -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["waterfall", "shares"])
def test_a_figure_is_the_one_that_was_kept(name: str) -> None:
    """`tests.report.figures` draws them anew."""
    assert normal(drawn()[name]) == (KEPT / f"{name}.svg").read_text(encoding="utf-8")


def test_a_figure_is_the_same_bytes_twice_whatever_somebody_set_for_their_own() -> None:
    first = drawn()
    with mpl.rc_context({"font.size": 30, "svg.hashsalt": "mine", "axes.facecolor": "black", "svg.fonttype": "none"}):
        assert drawn() == first
    assert mpl.rcParams["svg.hashsalt"] is None  # and ours are not left behind


def test_a_figure_has_a_title_and_a_description_and_needs_nothing_else() -> None:
    text = drawn()["waterfall"]
    root = ElementTree.fromstring(text)
    names = {"svg": "http://www.w3.org/2000/svg"}
    assert [one.text for one in root.findall("svg:title", names)] == ["From nothing to a surplus"]
    assert [one.text for one in root.findall("svg:desc", names)] == ["Costs & gains"]
    assert root.attrib["role"] == "img"
    assert not list(root.iter("{http://www.w3.org/2000/svg}image"))
    assert not list(root.iter("{http://www.w3.org/2000/svg}text"))  # letters are drawn, so that no font is missing
    assert set(re.findall(r"https?://[^\"]+", text)) <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    assert not re.search(r"\b20\d\d-\d\d-\d\d", text)


def test_letters_that_the_font_lacks_are_left_to_the_readers_fonts() -> None:
    says = "\u7b2c\u4e8c\u306e\u30c0\u30e0"
    ledger = [{"kind": "preference", "says": says, "points": 1.0}]
    first = svg(answer_figures.waterfall(ledger), "Dam", "Dam")
    assert says in [one.text for one in ElementTree.fromstring(first).iter("{http://www.w3.org/2000/svg}text")]
    assert svg(answer_figures.waterfall(ledger), "Dam", "Dam") == first


@pytest.mark.parametrize("far", [0.0, 0.004, 0.1, 0.22])
def test_marks_of_differences_are_whole_points_and_none_stands_twice(far: float) -> None:
    figure = share_figures.intervals([("", [ShareRow("dear", (Share(far, -far, far),))])], "points", signed=True)
    svg(figure, "Differences", "Differences")
    marks = [one.get_text() for one in figure.axes[0].get_xticklabels()]
    assert len(set(marks)) == len(marks) > 3


def test_words_of_a_case_are_no_formulas() -> None:
    ledger = [{"kind": "preference", "says": r"It costs $5 or \frac{1}{2} of $6 & <more>", "points": 1.0}]
    figure = answer_figures.waterfall(ledger)
    assert figure.axes[0].get_yticklabels()[0].get_text().replace("\n", " ") == ledger[0]["says"]
    ElementTree.fromstring(svg(figure, "<$x$>", '"&"'))
