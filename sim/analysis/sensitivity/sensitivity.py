"""How much of an answer's variance rests on which numbers: Sobol indices, grouped and single, after a screening."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from sim.analysis.experiments.intervals import CONFIDENCE
from sim.analysis.runner.executors import WorkerPool, crew
from sim.analysis.sensitivity.model_outputs import ModelOutput, model_output
from sim.analysis.sensitivity.morris import ElementaryEffects, elementary_effects
from sim.analysis.sensitivity.protocol_effects import plays, protocol_effects
from sim.analysis.sensitivity.sobol import (
    RESAMPLES,
    SaltelliDesign,
    SaltelliOutputs,
    bootstrap,
    indices,
    play_both,
    play_mixed,
)
from sim.analysis.sensitivity.uncertain_inputs import FAMILIES, UncertainInput, group_families, shock_columns, uncertain_numbers
from sim.analysis.sensitivity.variance_shares import SET_ASIDE, UNSUPPORTED, IndexReport, RequestedIndices, rounded
from sim.analysis.subject import subject_of
from sim.case.distributions import written
from sim.case.models import Scenario
from sim.engine.rule_matrix import Floats
from sim.errors import UsageError

FORMAT = "parley.sensitivity/1"
BASE = 1_024
"""Worlds of each of Saltelli's matrices, unless told otherwise: enough to tell what matters from what does not."""
BASE_MOST = 2**16
MANY = 50
"""So many uncertain numbers are each given indices; of more, those that a screening finds first."""
SINGLES = 20
"""How many numbers a screening leaves, unless told otherwise."""
TRAJECTORIES = 64
"""Of the screening, unless told otherwise."""
WIDE = 0.25
"""An interval that is wider leaves open whether a group matters much or little."""
Progress = Callable[[int, int], None]


def sensitivity(
    scenario: Scenario,
    of: str = "agreed",
    *,
    base: int = BASE,
    seed: int = 0,
    singles: int = SINGLES,
    trajectories: int = TRAJECTORIES,
    by: WorkerPool | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Divide the variance of what worlds come to among the numbers that are uncertain.

    Parameters
    ----------
    of : what a world comes to (`sim.analysis.sensitivity.model_outputs.model_output`)
    base : worlds of each of Saltelli's matrices, a power of two; the whole plays as many again for every group and
        every single number, and both again for every other value of a setting of the protocol
    seed : of the worlds
    singles : how many numbers are given indices of their own, where there are more than `MANY`
    trajectories : of the screening that finds them
    by : who plays; None plays in this process
    progress : called with how many worlds are done, and about how many there are

    Returns
    -------
    plain data (`docs/reference/json.md`), the same whoever plays

    Raises
    ------
    UsageError
        if there is no such quantity, nothing is uncertain, or a size is out of bounds
    """
    _check(base, singles, trajectories)
    asked, by = model_output(scenario, of), by or crew(1)
    numbers, luck = uncertain_numbers(scenario), shock_columns(scenario) if model_output(scenario, of).played else ()
    if not numbers and not luck:
        raise UsageError(f"nothing is uncertain in '{scenario.id}': every number is plain. Give some a range.")
    tick = _counter(progress, cost(scenario, of, base, singles, trajectories))
    design = SaltelliDesign.draw([*numbers, *luck], base, seed)
    a, b = play_both(asked, design, by, tick)
    found = _about(scenario, asked, numbers, luck, a, b) | {"seed": seed, "base": base}
    found["protocol"] = protocol_effects(scenario, asked, design, np.concatenate([a, b]), by, tick)
    played = 2 * base * (1 + plays(scenario, asked))
    if a.min() == a.max() == b.min() == b.max():
        return {**found, "worlds": played, **_nothing()}
    screened, kept = None, list(numbers)
    if len(numbers) > MANY:
        screened = elementary_effects(asked, list(numbers), luck, trajectories, seed, by, tick)
        kept = _kept(list(numbers), screened, singles)
    grouped = group_families(numbers, luck)
    ask = RequestedIndices(grouped, numbers, kept)
    mixed = play_mixed(asked, design, ask.distinct, by, tick)
    sampled = SaltelliOutputs(a, b, mixed)
    tell = IndexReport(ask, indices(sampled), bootstrap(sampled, seed))
    return {
        **found,
        "worlds": played + mixed.size + (trajectories * (len(numbers) + 1) if screened else 0),
        "screening": None if screened is None else _screening(list(numbers), screened, kept, trajectories),
        "groups": {family: tell.ranked(groups) for family, groups in grouped.items()},
        "interactions": {family: tell.rest(groups) for family, groups in grouped.items()},
        UNSUPPORTED: tell.indices(ask.unsupported) if ask.unsupported.columns else None,
        "numbers": [one | _number(numbers[one["name"]]) for one in tell.ranked(ask.alone)],
        SET_ASIDE: tell.indices(ask.aside) | {"numbers": len(ask.aside.columns)} if ask.aside.columns else None,
        "wide": tell.widest(grouped["support"]) > WIDE,
    }


def check_base(base: int) -> None:
    """Refuse a base sample that Sobol points do not fill evenly.

    Raises
    ------
    UsageError
        if it is no power of two within bounds
    """
    if base < 2 or base > BASE_MOST or base & (base - 1):
        near = min(2 ** max(1, round(np.log2(max(base, 2)))), BASE_MOST)
        raise UsageError(
            f"a base sample of {base:,} worlds: it is a power of two, from 2 to {BASE_MOST:,}, such as {near:,}."
        )


def _check(base: int, singles: int, trajectories: int) -> None:
    check_base(base)
    if singles < 1:
        raise UsageError(f"{singles} single numbers: at least 1.")
    if trajectories < 2:
        raise UsageError(f"{trajectories} trajectories of a screening: at least 2, to tell a spread.")


def cost(scenario: Scenario, of: str, base: int, singles: int, trajectories: int) -> int:
    """Return how many worlds `sensitivity` plays at most: fewer if the answer never varies, or some groups are alike.

    Raises
    ------
    UsageError
        as `sensitivity`
    """
    _check(base, singles, trajectories)
    asked, numbers = model_output(scenario, of), uncertain_numbers(scenario)
    luck = shock_columns(scenario) if asked.played else ()
    many = len(numbers) > MANY
    kept = list(numbers)[:singles] if many else list(numbers)
    groups = len(RequestedIndices(group_families(numbers, luck), numbers, kept).distinct)
    settings = 2 * plays(scenario, asked)
    return (2 + groups + settings) * base + (trajectories * (len(numbers) + 1) if many else 0)


def _about(
    scenario: Scenario,
    asked: ModelOutput,
    numbers: Mapping[str, UncertainInput],
    luck: Sequence[str],
    a: Floats,
    b: Floats,
) -> dict[str, Any]:
    both = np.concatenate([a, b])
    return {
        "format": FORMAT,
        **subject_of(scenario),
        "of": asked.name,
        "says": asked.says(scenario),
        "binary": asked.binary,
        "mean": rounded(both.mean()),
        "variance": rounded(both.var()),
        "varies": bool(both.min() < both.max()),
        "uncertain": len(numbers),
        "shocks": len(luck),
        "actors": {name: actor.name for name, actor in scenario.case.actors.items()},
        "confidence": CONFIDENCE,
        "resamples": RESAMPLES,
    }


def _nothing() -> dict[str, Any]:
    """What is said of an answer that never varies."""
    empty: dict[str, Any] = {"groups": {family: [] for family in FAMILIES}}
    empty |= {"interactions": dict.fromkeys(FAMILIES), "screening": None, UNSUPPORTED: None, "numbers": []}
    return {**empty, SET_ASIDE: None, "wide": False}


def _kept(paths: Sequence[str], screened: ElementaryEffects, singles: int) -> list[str]:
    """The numbers with the largest mean absolute effects, in the order of the files; none that has no effect."""
    order = np.argsort(-screened.mu_star, kind="stable")[:singles]
    return [paths[at] for at in sorted(order.tolist()) if screened.mu_star[at] > 0]


def _screening(
    paths: Sequence[str], screened: ElementaryEffects, kept: Sequence[str], trajectories: int
) -> dict[str, Any]:
    """Every number that has any effect, the largest first."""
    order = np.argsort(-screened.mu_star, kind="stable").tolist()
    rows = [
        {"path": paths[at], **{name: rounded(getattr(screened, name)[at]) for name in ElementaryEffects._fields}}
        for at in order
        if screened.mu_star[at] > 0
    ]
    return {"trajectories": trajectories, "kept": len(kept), "effects": rows}


def _number(one: UncertainInput) -> dict[str, Any]:
    number = one.number
    return {
        "what": one.what,
        "says": number.says,
        "owner": one.owner,
        "kind": one.kind,
        "support": one.support,
        "written": written(number.written),
        "source": list(number.source),
        "assumption": number.assumption,
        "note": number.note,
    }


def _counter(progress: Progress | None, total: int) -> Callable[[int], None]:
    """Adds up what is done, and tells it."""
    done = 0

    def tick(worlds: int) -> None:
        nonlocal done
        done += worlds
        if progress is not None:
            progress(done, total)

    return tick
