"""Warnings about a case that breaks no rule of its files, and yet can hardly mean what it says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from sim.analysis.consent_warnings import consent_warnings
from sim.analysis.dead_conditions import dead_rules, idle_audience_costs
from sim.analysis.judging.judged_text import context_of
from sim.analysis.judging.proposals import proposals
from sim.case.models import Case, Scenario
from sim.engine.outcome_space import OutcomeSpace, Texts
from sim.engine.worlds import Central

TRIED = 4_096
"""How many packages are tried, spread evenly over all; a smaller case is tried as a whole."""
NONE_LASTS = 0.005
"""A durability below this is shown as 0%."""


def case_warnings(scenarios: Sequence[Scenario]) -> Iterator[str]:
    """Yield what is suspicious about a case at central values, as sentences.

    Parameters
    ----------
    scenarios : all scenarios of the case, at least one
    """
    case = scenarios[0].case
    yield from consent_warnings(case)
    if case.durability is not None:
        lasts = [row["durability"] or 0.0 for row in proposals(scenarios)["rows"]]
        if max(lasts) < NONE_LASTS:
            which = "the proposal of its scenario" if len(lasts) == 1 else "the proposals of all its scenarios"
            yield f"the chance that {which} would last is 0%. See durability in case.yaml."
    yield from _dead(scenarios)
    # Scenarios may change what actors want, so an actor is suspicious only if it refuses everything in all of them.
    changed = {id(scenario.case): scenario.case for scenario in scenarios}
    texts = _sample(case)
    refusing = [_refusing(own_case, texts) for own_case in changed.values()]
    for actor in case.actors:
        if all(actor in names for names in refusing):
            yield (
                f"{case.actors[actor].name} accepts none of {len(texts):,} packages tried, so nothing that needs its "
                f"consent can be agreed. See the reservation value and the red lines in actors/{actor}.yaml."
            )


def _dead(scenarios: Sequence[Scenario]) -> Iterator[str]:
    """Name what can never count in any of the scenarios; which lines are declared may differ between them."""
    cases = {id(scenario.case): scenario.case for scenario in scenarios}.values()
    found = [dict.fromkeys((*dead_rules(case), *idle_audience_costs(case))) for case in cases]
    for place, message in found[0]:
        if all((place, message) in others for others in found[1:]):
            yield f"{place[1]} in {place[0]}: {message}"


def _sample(case: Case) -> Texts:
    """Return possible packages, spread evenly over all."""
    space = OutcomeSpace(case)
    codes = np.unique(np.linspace(0, space.count - 1, min(space.count, TRIED)).astype(np.int64))
    texts = space.texts(codes)
    return texts[space.possible(texts)]


def _refusing(case: Case, texts: Texts) -> set[str]:
    """Return the actors that accept none of the texts."""
    answers = context_of(case, Central()).evaluate(texts).responses.answers
    return {name for name, answer in answers.items() if not answer.accepts.any()}
