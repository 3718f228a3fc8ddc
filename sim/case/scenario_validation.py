"""Checks a scenario against its case."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sim.case.models import Case, ScenarioFile
from sim.case.packages import unknown_name
from sim.case.reading.source_map import Finding
from sim.case.validation import actor_list_findings, indicator_findings


def scenario_findings(scenario: ScenarioFile, case: Case, actors: Collection[str]) -> Iterator[Finding]:
    """Find all mistakes of a parsed scenario, except those in its proposal, changes and protocol.

    Parameters
    ----------
    scenario : the scenario
    case : its case
    actors : the ids of all actors of the case
    """
    if scenario.sponsor not in actors:
        yield Finding(("sponsor",), unknown_name("actor", scenario.sponsor, actors))
    yield from actor_list_findings(("co_sponsors",), scenario.co_sponsors, actors)
    for index, name in enumerate(scenario.co_sponsors):
        if name == scenario.sponsor:
            yield Finding(("co_sponsors", index), f"'{name}' is already the sponsor.")
    for index, name in enumerate(scenario.core):
        if name not in case.issues:
            yield Finding(("core", index), unknown_name("issue", name, case.issues))
    yield from _events(scenario, case)


def _events(scenario: ScenarioFile, case: Case) -> Iterator[Finding]:
    for index, event in enumerate(scenario.events):
        if event.month > scenario.protocol.months:
            message = (
                f"month {event.month} is after the last month of the talks ({scenario.protocol.months}); "
                "raise protocol.months, or drop the event."
            )
            yield Finding(("events", index, "month"), message)
        yield from indicator_findings(("events", index, "set"), event.set, case)
