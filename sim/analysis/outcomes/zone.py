"""The zone of possible agreement of a scenario: how many texts within reach would be agreed, and how the talks end.

The zone is computed at central values for the first and the last month of the talks, with the context and the
aspirations of that month. A take-it-or-leave-it proposal has only one month.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.analysis.outcomes import zone_file
from sim.analysis.outcomes.reachable import BLOCK, reachable
from sim.analysis.outcomes.zone_file import Zone, ZoneMonth
from sim.case.models import Scenario
from sim.engine.allocator import keep_at_hand
from sim.engine.drawn_parameters import DrawnParameters
from sim.engine.grouping import GroupedTexts
from sim.engine.outcome_space import Texts
from sim.engine.responses import collect_responses
from sim.engine.rule_matrix import Bools, CompiledRules, RuleMatrix
from sim.engine.worlds import Central, Uniforms, Worlds
from sim.errors import UsageError
from sim.negotiation.context import at_month, in_worlds
from sim.negotiation.drafting.amendments import one_thread
from sim.negotiation.protocols import protocol_of
from sim.negotiation.record.history import Outcome
from sim.negotiation.run import play

PAIRS = 2**22
"""Pairs of world and text judged per block, sized to need some ten megabytes per actor."""


def compute_zone(scenario: Scenario) -> Zone:
    """Compute the zone of possible agreement, and play the talks once.

    It has no counts if too many texts are within reach (`reachable`).
    """
    run = play(scenario)
    outcome, ended = Outcome(int(run.outcome[0])).word, int(run.ended[0])
    within_reach = reachable(scenario)
    if within_reach is None:
        return Zone(outcome, ended)
    last = protocol_of(scenario).months
    months = [_month(scenario, within_reach.texts, month) for month in dict.fromkeys((1, last))]
    return Zone(outcome, ended, len(within_reach.texts), within_reach.packages, months[0], months[-1])


def _month(scenario: Scenario, texts: Texts, month: int) -> ZoneMonth:
    """Count the texts that would be agreed in a month, with everybody's aspiration of that month and with none."""
    case, worlds = scenario.case, Worlds(scenario.case, Central())
    drawn_parameters, context = DrawnParameters.draw(worlds), at_month(worlds, scenario.events, month)
    last = protocol_of(scenario).months
    counts = {last: 0, month: 0}  # by the length of the talks: nobody holds out in their last month
    with one_thread():
        for matrix in _read(scenario, texts, BLOCK):
            for length in counts:
                situation = drawn_parameters.situation(matrix, context, month, length)
                agreed = collect_responses(case, drawn_parameters.actor_parameters, matrix, situation).consent.agreed
                counts[length] += int(np.broadcast_to(agreed, (1, len(matrix.texts))).sum())
    return ZoneMonth(month, counts[last], counts[month])


def agreement_possible(scenario: Scenario, uniforms: Uniforms) -> Bools:
    """Find the worlds in which the talks could end in agreement: some text within reach is agreed in some month.

    Returns (world,) bool. Raises UsageError if too many texts are within reach.
    """
    keep_at_hand()
    case, months = scenario.case, protocol_of(scenario).months
    within_reach = reachable(scenario)
    if within_reach is None:
        raise UsageError(f"scenario '{scenario.id}' has too many texts within reach. Name fewer negotiable issues.")
    worlds = Worlds(case, uniforms)
    drawn_parameters = DrawnParameters.draw(worlds)
    # Nobody holds out in the last month, so most worlds with an agreement have one there.
    contexts = {month: at_month(worlds, scenario.events, month) for month in range(months, 0, -1)}
    agreement = np.zeros(worlds.count, dtype=bool)
    with one_thread():
        for matrix in _read(scenario, within_reach.texts, max(1, PAIRS // worlds.count)):
            grouped = GroupedTexts(case, matrix)
            for month, context in contexts.items():
                rows = np.flatnonzero(~agreement)
                if not len(rows):
                    return agreement
                selected = drawn_parameters.only(rows)
                situation = selected.situation(grouped, in_worlds(context, rows), month, months)
                agreed = collect_responses(
                    case, grouped.respondents(selected.actor_parameters), grouped, situation
                ).consent.agreed
                agreement[rows] = np.broadcast_to(agreed, (len(rows), agreed.shape[1])).any(axis=1)
    return agreement


def _read(scenario: Scenario, texts: Texts, size: int) -> Iterator[RuleMatrix]:
    """Read texts (text, issue) by the rules of the case, at most `size` at once."""
    compiled_rules = CompiledRules(scenario.case)
    for begin in range(0, len(texts), size):
        yield compiled_rules.read(texts[begin : begin + size])


@dataclass(frozen=True)
class ZoneRefresh:
    """The stale zones of a folder, and whether they could be computed and stored.

    `stale` is how many zones were missing or out of date. `problem` says why they still are; None if they were computed
    and written.
    """

    file: Path
    stale: int
    problem: str | None = None


def refresh_zones(
    scenarios: Mapping[Path, Scenario], progress: Callable[[int, int], None] | None = None
) -> list[ZoneRefresh]:
    """Compute the zones that are missing or out of date, and store them beside the scenarios.

    `progress` is called with the zones computed and the zones to compute. Returns one entry per folder with a stale
    zone.
    """
    stale: dict[Path, dict[Path, Scenario]] = {}
    for path, scenario in scenarios.items():
        if zone_file.stored_zone(scenario, path.parent) is None:
            stale.setdefault(path.parent, {})[path] = scenario
    done, total, result = 0, sum(map(len, stale.values())), []
    for folder, stale_here in stale.items():
        problem = zone_file.obstacle(folder)
        for path, scenario in stale_here.items():
            if problem is None:
                zone_file.store_zone(folder, path.name, scenario, compute_zone(scenario))
            done += 1
            if progress is not None:
                progress(done, total)
        result.append(ZoneRefresh(folder / zone_file.NAME, len(stale_here), problem))
    return result
