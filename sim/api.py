"""The functions that `import sim` offers, as far as they need more than one subpackage.

Every result is plain data in a documented format (`docs/reference/json.md`). Pass its rows, or the columns of `worlds`,
to `pandas.DataFrame` as they are.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from typing import Any

import numpy as np

from sim import case_paths
from sim.analysis.experiments import ensemble as ensembles
from sim.analysis.experiments import sweep as sweeps
from sim.analysis.experiments.design import Kind
from sim.analysis.experiments.design_file import design_from_data
from sim.analysis.experiments.ensemble_plan import Plan, play_chunk
from sim.analysis.experiments.world_rows import code_meanings
from sim.analysis.runner.executors import WorkerPool, crew
from sim.analysis.runner.pieces import run_job
from sim.analysis.sensitivity.uncertain_inputs import uncertain_numbers
from sim.arguments import whole_number
from sim.case import loader
from sim.case.models import Case, Scenario
from sim.engine.worlds import Streams, Worlds
from sim.negotiation import run as runs
from sim.negotiation import scenario_loader
from sim.negotiation.record.record_data import RunRecord
from sim.negotiation.replay import record
from sim.negotiation.scenario_loader import ScenarioLike, as_scenario, as_scenarios


def scenarios(where: str | os.PathLike[str] | None = None) -> list[str]:
    """List the names of scenarios, each as `load_scenario` takes it.

    Parameters
    ----------
    where : a folder, or the name of a bundled case; None lists all scenarios that come with Parley

    Raises
    ------
    UsageError
        if there is no such case or folder

    Examples
    --------
    >>> scenarios("flatmates")
    ['flatmates/cleaner', 'flatmates/house_rules', 'flatmates/warm_flat']
    """
    folder = case_paths.bundled() if where is None else case_paths.find(os.fspath(where))
    return [case_paths.name_of(path) for path in case_paths.scenarios(folder)]


def load_case(name: str | os.PathLike[str], changes: Mapping[str, object] | None = None) -> Case:
    """Load a case.

    Parameters
    ----------
    name : its folder, or the name of a bundled one
    changes : changes to what the files say: dotted path of a number to its new value

    Raises
    ------
    UsageError
        if there is no case of that name
    CaseError
        with every mistake in its files

    Examples
    --------
    >>> case = load_case("flatmates")
    >>> list(case.actors)
    ['ana', 'ben', 'cleo']
    >>> case.issues["cleaning"].options
    ('nobody', 'rota', 'cleaner')
    """
    return loader.load_case(case_paths.find(os.fspath(name)), changes, changes_from="changes")


def load_scenario(name: str | os.PathLike[str], changes: Mapping[str, object] | None = None) -> Scenario:
    """Load a scenario with its case, and change it.

    Parameters
    ----------
    name : its file, or the name of a bundled one
    changes : dotted path to new value: any number of the case, ``proposal.ISSUE`` or ``protocol.KEY``; values are
        written as in a file, so a number may be a range

    Raises
    ------
    UsageError
        if there is no scenario of that name
    CaseError
        with every mistake in its files and in the changes

    Examples
    --------
    >>> load_scenario("warm_flat").proposal["heating"]
    22
    >>> load_scenario("warm_flat", {"proposal.heating": 18}).proposal["heating"]
    18
    """
    return scenario_loader.load_scenario(case_paths.find(os.fspath(name)), changes, changes_from="changes")


def play(scenario: ScenarioLike, worlds: int | None = None, *, seed: int = 0) -> RunRecord:
    """Play the talks to their end.

    Parameters
    ----------
    scenario : a scenario, its bundled name, or the path of its file
    worlds : how many worlds to draw; None plays one at central values, with every month in the record
    seed : of the worlds

    Returns
    -------
    the record (`parley.run/2`)

    Raises
    ------
    UsageError
        if there is no such scenario, or `worlds` is not a whole number of at least 1

    Examples
    --------
    >>> played = play("warm_flat")
    >>> played["outcome"], played["months"]
    ('agreed', 3)
    >>> [month["changed"] for month in played["timeline"]]
    [{}, {'cleaning': ['nobody', 'rota']}, {'rent': ['equal', 'by_room']}]
    """
    return record(runs.play(as_scenario(scenario), whole_number(worlds, "worlds"), whole_number(seed, "seed", 0)))


def worlds(
    scenario: ScenarioLike, count: int, *, seed: int = 0, numbers: bool = False, by: WorkerPool | None = None
) -> dict[str, list[Any]]:
    """Play the talks in many worlds, and return how each of them ended.

    Parameters
    ----------
    scenario : a scenario, its bundled name, or the path of its file
    count : how many worlds to draw, at least 1
    seed : of the worlds; two scenarios meet the same worlds under the same seed
    numbers : whether to add every uncertain number as drawn, by its dotted path; the price `never` is infinity
    by : the workers that play (see `crew`); None plays in this process

    Returns
    -------
    column to (world,) values: ``outcome``, ``months``, ``durability``, ``issue.<issue>`` of the last text, and for each
    actor ``verdict.<actor>``, ``surplus.<actor>`` and ``blocks.<actor>``, as in the tables of an ensemble

    Raises
    ------
    UsageError
        if there is no such scenario, or `count` is not a whole number of at least 1

    Examples
    --------
    >>> drawn = worlds("warm_flat", 200, seed=7)
    >>> drawn["outcome"].count("agreed"), drawn["outcome"].count("expired")
    (176, 24)
    """
    scenario, count = as_scenario(scenario), whole_number(count, "count")
    plan = Plan((scenario,), count, whole_number(seed, "seed", 0))
    with closing(run_job(plan, play_chunk, by or crew(1))) as played:
        pieces = [rows for _, rows in played]
    meanings = code_meanings(scenario.case)
    columns: dict[str, list[Any]] = {}
    for name in pieces[0]:
        column = np.concatenate([rows[name] for rows in pieces]).tolist()
        columns[name] = [meanings[name][code] for code in column] if name in meanings else column
    del columns["text"]  # the code of the package, whose options have columns of their own
    if numbers:
        drawn = Worlds(scenario.case, Streams(seed, count))
        for path in uncertain_numbers(scenario):
            columns[path] = drawn.number(path).tolist()
    return columns


def ensemble(
    scenarios: ScenarioLike | Sequence[ScenarioLike], worlds: int, *, seed: int = 0, by: WorkerPool | None = None
) -> ensembles.EnsembleReport:
    """Play scenarios in the same worlds, and count how they end.

    Parameters
    ----------
    scenarios : one or more, each as such, by its bundled name, or by the path of its file; their ids must differ
    worlds : how many worlds to draw, at least 1
    seed : of the worlds
    by : the workers that play (see `crew`); None plays in this process

    Returns
    -------
    shares with confidence intervals, and differences between scenarios (`parley.ensemble/1`)

    Raises
    ------
    UsageError
        if there is no such scenario, two have the same id, or `worlds` is not a whole number of at least 1

    Examples
    --------
    >>> result = ensemble(["warm_flat", "cleaner"], worlds=200)
    >>> [(row["scenario"], row["outcomes"]["agreed"]["share"]) for row in result["scenarios"]]
    [('warm_flat', 0.87), ('cleaner', 0.0)]
    """
    plan = Plan(as_scenarios(scenarios), whole_number(worlds, "worlds"), whole_number(seed, "seed", 0))
    return ensembles.ensemble(plan, by=by)


def sweep(
    scenario: ScenarioLike,
    vary: Mapping[str, object],
    *,
    design: Kind = "grid",
    points: int | None = None,
    design_seed: int = 0,
    worlds: int | None = None,
    seed: int = 0,
    by: WorkerPool | None = None,
) -> sweeps.SweepReport:
    """Play a scenario at many points: numbers varied together.

    Parameters
    ----------
    scenario : a scenario, its bundled name, or the path of its file
    vary : dotted path to values, or to a range (``low``, ``high``, and ``n`` in a grid), as in a design file; a single
        number or word is one value
    design : ``grid`` for every combination; ``latin_hypercube`` or ``sobol`` for a sample spread over the ranges
    points : the number of points in a sample
    design_seed : the seed of a sample
    worlds : how many worlds to draw, the same at each point; None plays each point at central values
    seed : of the worlds
    by : the workers that play (see `crew`); None plays in this process

    Returns
    -------
    ``rows``, one per point, and the effect of each varied number on the outcome (`parley.sweep/1`)

    Raises
    ------
    CaseError
        if the design is wrong, or a number may not have its value
    UsageError
        if there is no such scenario, or `worlds` or `points` is not a whole number of at least 1

    Examples
    --------
    >>> result = sweep("warm_flat", {"proposal.heating": [18, 20, 22]})
    >>> [(row["proposal.heating"], row["outcome"], row["months"]) for row in result["rows"]]
    [(18, 'agreed', 4), (20, 'expired', 6), (22, 'agreed', 3)]
    """
    plan: dict[str, object] = {"design": design, "vary": {path: _values(given) for path, given in vary.items()}}
    if design != "grid":
        plan["seed"] = whole_number(design_seed, "design_seed", 0)
    if points is not None:
        plan["points"] = whole_number(points, "points")
    worlds, seed = whole_number(worlds, "worlds"), whole_number(seed, "seed", 0)
    return sweeps.sweep(sweeps.Sweep(as_scenario(scenario), design_from_data(plan), worlds, seed), by=by)


def _values(given: object) -> object:
    """Return what `sweep` varies as a design file has it: a range, or a list of values."""
    if isinstance(given, np.ndarray):
        return np.atleast_1d(given)
    if isinstance(given, str | Mapping) or not isinstance(given, Iterable):
        return given if isinstance(given, Mapping) else [given]
    return list(given)
