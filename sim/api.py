"""What a user of Python asks for by name, where it takes more than one room to answer: `import sim` offers it.

Every answer is plain data in a documented format (`docs/reference/json.md`): `pandas.DataFrame` takes its rows, and the
columns of `worlds`, as they are.
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
from sim.case import loader
from sim.case.models import Case, Scenario
from sim.engine.worlds import Streams, Worlds
from sim.negotiation import run as playing
from sim.negotiation import scenario_loader as scenario_files
from sim.negotiation.replay import record


def scenarios(where: str | os.PathLike[str] | None = None) -> list[str]:
    """The names of scenarios, each as `load_scenario` takes it.

    Parameters
    ----------
    where : a folder, or the name of a bundled case; None takes all that come with Parley

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
    changes : what to change beyond what the files say: dotted path of a number to value

    Raises
    ------
    UsageError
        if there is none of that name
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
    changes : dotted path to value: any number of the case, ``proposal.ISSUE`` or ``protocol.KEY``; as a file would have
        it, so that a number may be a range

    Raises
    ------
    UsageError
        if there is none of that name
    CaseError
        with every mistake in its files and in the changes

    Examples
    --------
    >>> load_scenario("warm_flat").proposal["heating"]
    22
    >>> load_scenario("warm_flat", {"proposal.heating": 18}).proposal["heating"]
    18
    """
    return scenario_files.load_scenario(case_paths.find(os.fspath(name)), changes, changes_from="changes")


def play(scenario: Scenario, worlds: int | None = None, *, seed: int = 0) -> dict[str, Any]:
    """Play the talks to their end.

    Parameters
    ----------
    worlds : how many worlds to draw; None plays one at central values, month by month
    seed : of the worlds

    Returns
    -------
    the record (`parley.run/1`)

    Examples
    --------
    >>> played = play(load_scenario("warm_flat"))
    >>> played["outcome"], played["months"]
    ('agreed', 3)
    >>> [month["changed"] for month in played["timeline"]]
    [{}, {'cleaning': ['nobody', 'rota']}, {'rent': ['equal', 'by_room']}]
    """
    return record(playing.play(scenario, worlds, seed))


def worlds(
    scenario: Scenario, count: int, *, seed: int = 0, numbers: bool = False, by: WorkerPool | None = None
) -> dict[str, list[Any]]:
    """Play the talks in many worlds, and tell how each ended.

    Parameters
    ----------
    count : how many worlds to draw, at least 1
    seed : of the worlds; two scenarios meet the same worlds under the same seed
    numbers : whether to add every uncertain number as it was drawn, by its dotted path; the price `never` is infinity
    by : who plays (`crew`); None plays in this process

    Returns
    -------
    column to (world,) values: ``outcome``, ``months``, ``durability``, ``issue.<issue>`` of the last text, and of each
    actor ``verdict.<actor>``, ``surplus.<actor>`` and ``blocks.<actor>``, as in the tables of an ensemble

    Examples
    --------
    >>> drawn = worlds(load_scenario("warm_flat"), 200, seed=7)
    >>> drawn["outcome"].count("agreed"), drawn["outcome"].count("expired")
    (176, 24)
    """
    plan = Plan((scenario,), count, seed)
    with closing(run_job(plan, play_chunk, by or crew(1))) as played:
        pieces = [rows for _, rows in played]
    meanings = code_meanings(scenario.case)
    told: dict[str, list[Any]] = {}
    for name in pieces[0]:
        column = np.concatenate([rows[name] for rows in pieces]).tolist()
        told[name] = [meanings[name][code] for code in column] if name in meanings else column
    del told["text"]  # a code of the package, whose options stand beside it
    if numbers:
        drawn = Worlds(scenario.case, Streams(seed, count))
        for path in uncertain_numbers(scenario):
            told[path] = drawn.number(path).tolist()
    return told


def ensemble(
    scenarios: Sequence[Scenario], worlds: int, *, seed: int = 0, by: WorkerPool | None = None
) -> ensembles.EnsembleReport:
    """Play scenarios in the same worlds, and count how they end.

    Parameters
    ----------
    scenarios : at least one, each with an id of its own
    worlds : how many to draw, at least 1
    seed : of the worlds
    by : who plays (`crew`); None plays in this process

    Returns
    -------
    shares with intervals, and differences between scenarios (`parley.ensemble/1`)

    Examples
    --------
    >>> found = ensemble([load_scenario("warm_flat"), load_scenario("cleaner")], worlds=200)
    >>> [(one["scenario"], one["outcomes"]["agreed"]["share"]) for one in found["scenarios"]]
    [('warm_flat', 0.87), ('cleaner', 0.0)]
    """
    return ensembles.ensemble(Plan(tuple(scenarios), worlds, seed), by=by)


def sweep(
    scenario: Scenario,
    vary: Mapping[str, Mapping[str, object] | Iterable[object]],
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
    vary : dotted path to values, or to a range (``low``, ``high``, and ``n`` in a grid); as in a design file
    design : ``grid``, every combination; ``latin_hypercube`` or ``sobol``, a sample spread over the ranges
    points : of a sample: how many
    design_seed : of a sample
    worlds : how many worlds to draw at each point, the same at all; None plays each at central values
    seed : of the worlds
    by : who plays (`crew`); None plays in this process

    Returns
    -------
    ``rows``, one a point, and what the varied numbers do to the outcome (`parley.sweep/1`)

    Raises
    ------
    CaseError
        if the design is wrong, or a number may not have its value

    Examples
    --------
    >>> found = sweep(load_scenario("warm_flat"), {"proposal.heating": [18, 20, 22]})
    >>> [(row["proposal.heating"], row["outcome"], row["months"]) for row in found["rows"]]
    [(18, 'agreed', 4), (20, 'expired', 6), (22, 'agreed', 3)]
    """
    told: dict[str, object] = {
        "design": design,
        "vary": {path: one if isinstance(one, Mapping) else list(one) for path, one in vary.items()},
    }
    if design != "grid":
        told["seed"] = design_seed
    if points is not None:
        told["points"] = points
    return sweeps.sweep(sweeps.Sweep(scenario, design_from_data(told), worlds, seed), by=by)
