"""The command that answers the question of a case on one screen.

As in `sim.cli.app`, a command imports what only it needs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim import case_paths
from sim.cli import limits, loading, option_values, options, output, scenario_list
from sim.errors import UsageError

if TYPE_CHECKING:
    from sim.analysis.outcomes.zone_file import Zone
    from sim.case.models import Scenario

FEW = 300
"""Default number of worlds, which gives shares within six percentage points in about a second."""


def answer(
    case: options.Case,
    worlds: options.Drawn = FEW,
    seed: options.Seed = 0,
    changes: options.Set = None,
    as_json: options.Json = False,
) -> None:
    """Answer the question of a case: who accepts its proposals, who blocks them, and what would change that.

    'answer' can be left out.
    """
    path = case_paths.find(case)
    if not case_paths.is_case(path):
        raise UsageError(f"'{case}' is not a case. Type '{scenario_list.typed(case)}' to play a scenario.")
    limits.check_ensemble(worlds, 1, sure=False)
    loaded = loading.scenarios([case], option_values.settings(changes))
    from sim.analysis.case_answer import case_answer
    from sim.report.terminal.case_answer import case_answer as page

    with output.progress("Judging the proposals"):
        result = case_answer(loaded, _zones(loaded, case), worlds, seed)
    output.show_either(result, lambda data: page(data, _next_steps(case, data)), as_json=as_json)


def _zones(scenarios: Sequence[Scenario], case: str) -> dict[str, Zone | None]:
    """Return the stored zone of each scenario."""
    from sim.analysis.outcomes.zone_file import stored_zone

    path = case_paths.find(case)
    folder = path if path.is_dir() else path.parent
    return {scenario.id: stored_zone(scenario, folder) for scenario in scenarios}


def _next_steps(case: str, result: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return commands for what to ask next, each with what it does."""
    scenario = _typed_scenario(case, result["nearest"] or result["scenarios"][0]["scenario"])
    steps = [(scenario_list.typed(scenario), "its talks")]
    blockers = [actor for actor in result["turning"] if actor in result["actors"]]
    if blockers:
        steps.append((scenario_list.typed("why", scenario, "--actor", blockers[0]), "the reasons"))
    return [*steps, (scenario_list.typed("compare", case), "all proposals")]


def _typed_scenario(case: str, scenario: str) -> str:
    """Return what to type for a scenario of a case: its bare name if that is enough, or its path."""
    path = case_paths.find(case)
    files = case_paths.scenarios(path if path.is_dir() else path.parent)
    file = next(file for file in files if file.stem == scenario)
    return scenario if case_paths.existing(scenario) == file else case_paths.name_of(file)
