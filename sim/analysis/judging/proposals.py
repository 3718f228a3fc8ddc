"""Many proposals at once: who accepts each, what it deters, and the least willing of those whose consent it needs.

Each proposal is judged in the world of its own scenario, with the scenario's changes, and with what somebody changed
on top. Where these are plain numbers, all worlds are judged together, so that a page can ask again on every move.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypedDict

import numpy as np

from sim.analysis.judging.judged_text import Judged, context_of, describe_judged
from sim.analysis.judging.package_rows import JudgedPackages, PackageRow
from sim.analysis.subject import Target, case_of
from sim.case.models import Case, Scenario
from sim.case.number_paths import NamedNumber
from sim.engine.outcome_space import OutcomeSpace, Texts
from sim.engine.rule_matrix import CompiledRules
from sim.engine.worlds import GivenValues, Streams
from sim.errors import UsageError
from sim.negotiation.answers.evaluation_context import EvaluationContext
from sim.negotiation.scenario_loader import build_scenario

FORMAT = "parley.proposals/1"


class ProposalRow(PackageRow):
    """The same for the proposal of a scenario."""

    scenario: str
    title: str
    question: str
    judged: Judged
    same_as: str | None


class ProposalsReport(TypedDict):
    """The result of `proposals`."""

    format: str
    case: str
    under: str | None
    seed: int
    worlds: int
    nominal: bool
    actors: dict[str, str]
    measures: dict[str, str]
    deterrence: str | None
    rows: list[ProposalRow]


def proposals(
    scenarios: Sequence[Scenario],
    under: Target | None = None,
    worlds: int | None = None,
    seed: int = 0,
) -> ProposalsReport:
    """Judge the proposals of scenarios of one case, take it or leave it, each in its own scenario's world.

    Parameters
    ----------
    scenarios : of one case, at least one
    under : a scenario or case whose changes, apart from those of its own file, hold for all of them
    worlds : how many to draw for the shares; None takes central values alone
    seed : of the worlds

    Returns
    -------
    plain data (`docs/reference/json.md`), a row for each scenario in their order

    Raises
    ------
    UsageError
        if there is no scenario, or they are not of one case
    """
    return ProposalTable(scenarios).judge(under, worlds, seed)


class ProposalTable:
    """The proposals of scenarios of one case, prepared to be judged many times under different numbers."""

    def __init__(self, scenarios: Sequence[Scenario]) -> None:
        if len({scenario.case.id for scenario in scenarios}) != 1:
            raise UsageError("proposals are judged side by side for the scenarios of one case.")
        self.scenarios = scenarios

    def judge(self, under: Target | None = None, worlds: int | None = None, seed: int = 0) -> ProposalsReport:
        """Judge every proposal: see `proposals`."""
        case = case_of(under or self.scenarios[0])
        if case.id != self.scenarios[0].case.id:
            raise UsageError("proposals are judged side by side for the scenarios of one case.")
        on_top = {} if under is None else self._on_top(under)
        numbers = _numbers_named(case, on_top)
        scenarios, groups, given = self.scenarios, self._groups, dict[str, float]()
        if on_top and (worlds is not None or numbers is None):
            scenarios = _rebuilt(scenarios, on_top)
            groups = _grouped(scenarios)
        elif numbers:
            given = {path: case.numbers[path].distribution.central for path in numbers}
        judged: dict[int, PackageRow] = {}
        for group in groups:
            judged |= group.judge(given, worlds, seed)
        rows = [_row(scenario, judged[place], on_top) for place, scenario in enumerate(scenarios)]
        if under is not None:
            _mark_repeated(scenarios, rows)
        return {
            "format": FORMAT,
            "case": case.id,
            "under": under.id if isinstance(under, Scenario) else None,
            "seed": seed,
            "worlds": worlds or 1,
            "nominal": worlds is None,
            "actors": {name: actor.name for name, actor in case.actors.items()},
            "measures": {name: measure.says for name, measure in case.measures.items()},
            "deterrence": case.durability.deterrence if case.durability else None,
            "rows": rows,
        }

    @cached_property
    def _groups(self) -> list[_WorldGroup]:
        return _grouped(self.scenarios)

    def _on_top(self, under: Target) -> dict[str, object]:
        """The changes of `under` beyond those in its own file."""
        own = next((one.case.changes for one in self.scenarios if one.id == under.id), {})
        changes = case_of(under).changes
        return {path: value for path, value in changes.items() if path not in own or own[path] != value}


@dataclass(frozen=True)
class _WorldGroup:
    """Scenarios that differ from each other in their proposals and numbers alone, so that they share compiled rules.

    Parameters
    ----------
    members : the place of each among all scenarios, and the scenario
    """

    members: Sequence[tuple[int, Scenario]]

    @cached_property
    def _rules(self) -> CompiledRules:
        return CompiledRules(self.members[0][1].case)

    @cached_property
    def _texts(self) -> Texts:
        space = OutcomeSpace(self._rules.case)
        return np.stack([space.encode(scenario.proposal) for _, scenario in self.members])

    @cached_property
    def _worlds(self) -> list[Mapping[str, object]]:
        """The distinct changes of the members, each a world."""
        distinct: list[Mapping[str, object]] = []
        for _, scenario in self.members:
            if scenario.case.changes not in distinct:
                distinct.append(scenario.case.changes)
        return distinct

    @cached_property
    def _world_of(self) -> list[int]:
        return [self._worlds.index(scenario.case.changes) for _, scenario in self.members]

    @cached_property
    def _differing(self) -> dict[str, list[NamedNumber]]:
        """Number to what it is in each world, where its central value is not the same in all."""
        cases = [self.members[self._world_of.index(world)][1].case for world in range(len(self._worlds))]
        numbers = {path: [case.numbers[path] for case in cases] for path in cases[0].numbers}
        return {path: each for path, each in numbers.items() if len({one.distribution.central for one in each}) > 1}

    def judge(self, given: Mapping[str, float], worlds: int | None, seed: int) -> dict[int, PackageRow]:
        """Judge each member's proposal: its place among all scenarios to its row.

        Parameters
        ----------
        given : numbers that hold in every world
        worlds, seed : as in `proposals`; `given` is empty if worlds are drawn
        """
        count = len(self._worlds)
        columns = {
            # A number that shares the draw of a given one follows it.
            path: np.array([given.get(one.draw, one.distribution.central) for one in each])
            for path, each in self._differing.items()
        } | {path: np.full(count, value) for path, value in given.items()}
        context = EvaluationContext.draw(self._rules, GivenValues(columns, count))
        central = JudgedPackages(context.evaluate(self._texts))
        rows: dict[int, PackageRow] = {}
        for column, (world, (place, scenario)) in enumerate(zip(self._world_of, self.members, strict=True)):
            drawn = None
            if worlds is not None:
                drawn = context_of(scenario, Streams(seed, worlds)).evaluate(self._texts[[column]])
            rows[place] = central.row(world, column, drawn)
        return rows


def _row(scenario: Scenario, row: PackageRow, on_top: Mapping[str, object]) -> ProposalRow:
    return {
        "scenario": scenario.id,
        "title": scenario.title,
        "question": scenario.question,
        "judged": describe_judged(scenario, on_top=on_top),
        **row,
        "same_as": None,
    }


def _mark_repeated(scenarios: Sequence[Scenario], rows: Sequence[ProposalRow]) -> None:
    """Name the first scenario with the same proposal in the same world, if there is one before."""
    first: dict[str, str] = {}
    for scenario, row in zip(scenarios, rows, strict=True):
        world = sorted((one["path"], repr(one["value"])) for one in row["judged"]["changes"])
        same = first.setdefault(repr((tuple(scenario.proposal.values()), world, scenario.events)), scenario.id)
        row["same_as"] = None if same == scenario.id else same


def _grouped(scenarios: Sequence[Scenario]) -> list[_WorldGroup]:
    """The scenarios in groups that differ in numbers alone."""
    groups: dict[str, list[tuple[int, Scenario]]] = {}
    for place, scenario in enumerate(scenarios):
        changes = scenario.case.changes
        apart = {path: value for path, value in changes.items() if _numbers_named(scenario.case, [path]) is None}
        groups.setdefault(repr(sorted(apart.items())), []).append((place, scenario))
    return [_WorldGroup(members) for members in groups.values()]


def _numbers_named(case: Case, changes: Sequence[str] | Mapping[str, object]) -> list[str] | None:
    """The numbers that some changes name, in whole or in part; None if one of them names something else."""
    found = []
    for change in changes:
        path = change
        while path not in case.numbers and "." in path:
            path = path.rpartition(".")[0]
        if path not in case.numbers:
            return None
        found.append(path)
    return found


def _rebuilt(scenarios: Sequence[Scenario], changes: Mapping[str, object]) -> list[Scenario]:
    """The scenarios with further changes; those with the same changes share a case."""
    cases: dict[str, Case] = {}
    rebuilt = []
    for scenario in scenarios:
        key = repr(scenario.case.changes)
        if key not in cases:
            cases[key] = build_scenario(scenario.source, changes).case
        rebuilt.append(replace(scenario, case=cases[key]))
    return rebuilt
