"""The levers of a scenario: the ten numbers that matter most for its question, with labels for a student."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sim.analysis.counterfactuals.parameters import Parameter
from sim.analysis.judging.judged_text import JudgedText, judge_text
from sim.analysis.sensitivity.one_at_a_time import (
    ALL,
    TURNS,
    AnswersAlong,
    answers_along,
    at_present,
    concerned,
    curve,
    range_ends,
    screen,
)
from sim.case.models import Case
from sim.engine.rule_matrix import Bools
from sim.engine.verdict_rules import Verdict
from sim.lab.scenario_state import LoadedScenario
from sim.report import wording
from sim.report.option_labels import spaced
from sim.report.story.cast import Cast
from sim.report.wording import VERDICTS
from sim.strings import Strings
from sim.web.templating import number

LEVERS = 10
"""The most numbers that are shown as levers."""
Plain = Mapping[str, Any]
t = Strings.load()


@dataclass(frozen=True)
class Levers:
    """The levers of a scenario; they stay the same while the reader changes it.

    Parameters
    ----------
    numbers : path to number, all numbers of the case, each with the range that its slider covers
    controls : for each lever, the most important first, its control (see `sim.lab.controls`), ``label``,
        ``effect``, and how many numbers move with it (``also``)
    """

    numbers: Mapping[str, Parameter]
    controls: list[Plain]


def levers_of(loaded: LoadedScenario, groups: Iterable[Plain]) -> Levers:
    """Find the levers of a scenario as it is in its file.

    Parameters
    ----------
    groups : its numbers as controls, as of `sim.lab.controls.groups`
    """
    case = loaded.base.case
    listed = (one for group in groups for section in group["sections"].values() for one in section)
    controls = {control["path"]: control for control in listed}
    ranged = {
        path: replace(lever, low=controls[path]["low"], high=controls[path]["high"])
        for path, lever in loaded.numbers.items()
    }
    judged = judge_text(loaded.base)
    found = screen(judged, ranged, LEVERS)
    return Levers(
        ranged,
        [
            {
                **controls[along.number.path],
                "label": label(case, along.number.path),
                "effect": _effect(case, along, concerned(judged)),
                "also": len(along.number.also),
            }
            for along in found
        ],
    )


def effects(levers: Levers, judged: JudgedText) -> list[AnswersAlong]:
    """Judge a text at both ends of each number's range and at its present value, all other numbers as they are."""
    case = judged.evaluation.case
    present = [at_present(lever, case) for lever in levers.numbers.values() if lever.has_own_draw]
    return answers_along(judged, present, [range_ends(lever) for lever in present])


def responses(levers: Levers, judged: JudgedText, path: str) -> AnswersAlong:
    """Judge a text along the range of one number and beyond, all other numbers as they are."""
    return curve(judged, at_present(levers.numbers[path], judged.evaluation.case))


def _effect(case: Case, along: AnswersAlong, whose: Iterable[str]) -> str:
    """Say what a lever does within its range."""
    cast = cast_of(case)
    if along.rank == TURNS:
        return t("lab.levers.turns")
    if along.won_over:
        return t("lab.levers.wins", who=cast.who(along.won_over))
    if along.changed:
        return t("lab.levers.changes", whose=wording.series(cast.whose(name) for name in along.changed))
    moved = max(whose, key=along.swing, default=ALL)
    if moved == ALL or not along.swing(moved):
        return t("lab.levers.sending", points=number(along.swing(ALL)))
    return t("lab.levers.moves", whose=cast.whose(moved), points=number(along.swing(moved)))


def cast_of(case: Case) -> Cast:
    """Return the actors of a case as sentences name them."""
    return Cast.of({name: {"name": actor.name} for name, actor in case.actors.items()})


def moment(judged: JudgedText) -> str:
    """Say when a text is judged."""
    month = judged.judged["month"]
    return t("lab.tornado.opening") if month is None else t("lab.tornado.month", month=month)


def mark_at(along: AnswersAlong, whose: str, index: int) -> str:
    """Return the mark of an actor's verdict at a value of a number, or for `ALL` of the result."""
    if whose == ALL:
        return "✓" if along.agreed[index] else "✗"
    return VERDICTS[Verdict(int(along.verdicts[whose][index])).word].mark


def says_yes(along: AnswersAlong, whose: str) -> Bools:
    """Return (value,) bool, where an actor accepts, or for `ALL` where the text is agreed."""
    return along.agreed if whose == ALL else np.asarray(along.verdicts[whose] == Verdict.ACCEPT)


# -- labels -----------------------------------------------------------------------------------------------------------


def label(case: Case, path: str) -> str:
    """Return the name of a number for a student, such as ``Price of Russia's red line: “No Western troops”``."""
    says, parts = case.numbers[path].says, path.split(".")
    match parts:
        case ["context", _, key]:
            return t(f"lab.lever.context.{key}", says=_before_the_scale(says))
        case ["measures", name, "base"]:
            return t("lab.lever.measure", says=says or spaced(name))
        case ["measures", name, _, _, _]:
            return t("lab.lever.rule", says=says, measure=spaced(name))
        case ["durability", "temptation", "base"]:
            return t("lab.lever.temptation")
        case ["durability", "temptation", "slopes", *_]:
            return t("lab.lever.temptation_slope", says=says)
        case ["durability", *_]:
            return t("lab.lever.scale")
        case _:
            return _of_actor(cast_of(case), parts[1], parts[2:], says)


def _of_actor(cast: Cast, actor: str, parts: list[str], says: str) -> str:
    name = cast.who([actor])
    match parts:
        case ["reservation", "base"]:
            return t("lab.lever.reservation", name=name)
        case ["reservation", "slopes", *_]:
            return t("lab.lever.slope", name=name, says=says)
        case ["preferences" | "scores", *_]:
            return t("lab.lever.preference", name=name, says=says)
        case ["weighs", measure, _]:
            return t("lab.lever.weight", name=name, measure=spaced(measure))
        case ["red_lines", *_]:
            return t("lab.lever.red_line", whose=cast.whose(actor), says=says)
        case ["capacities", resource, "when_sent", *_]:
            return t("lab.lever.sending", name=name, of=spaced(resource), says=says)
        case ["capacities", resource, _]:
            return t("lab.lever.capacity", name=name, of=spaced(resource))
        case ["audience_cost", _]:
            return t("lab.lever.audience_cost", name=name)
        case [_, "e"]:
            return t("lab.lever.conceding", name=name)
        case _:
            return t("lab.lever.aspiration", name=name)


def _before_the_scale(says: str) -> str:
    """Return the meaning of an indicator without its scale.

    >>> _before_the_scale("How hard the US presses, from not at all (0) to as hard as it can (1)")
    'How hard the US presses'
    """
    return says.partition(", from ")[0]


def in_words(value: float | str) -> str:
    """Return a value of a lever with at most three digits after the point."""
    value = float("inf" if value == wording.NEVER else value)
    if math.isinf(value):
        return wording.NEVER
    said = f"{value:,.3f}".rstrip("0").rstrip(".")
    return "0" if said in ("0", "-0") else said.replace("-", "\N{MINUS SIGN}")
