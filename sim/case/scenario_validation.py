"""What a scenario and its case say together."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sim.case.models import Case, ScenarioFile
from sim.case.packages import unknown_name
from sim.case.reading.source_map import Finding
from sim.case.validation import actor_list_findings, settings


def scenario_findings(scenario: ScenarioFile, case: Case, actors: Collection[str]) -> Iterator[Finding]:
    """Everything that is wrong with a scenario whose shape is right, save for its proposal, changes and protocol.

    Parameters
    ----------
    scenario : the scenario
    case : its case
    actors : the ids of all actors of the case
    """
    if scenario.sponsor not in actors:
        yield Finding(("sponsor",), unknown_name("actor", scenario.sponsor, actors))
    yield from actor_list_findings(("co_sponsors",), scenario.co_sponsors, actors)
    for at, name in enumerate(scenario.co_sponsors):
        if name == scenario.sponsor:
            yield Finding(("co_sponsors", at), f"'{name}' is the sponsor already.")
    for at, name in enumerate(scenario.core):
        if name not in case.issues:
            yield Finding(("core", at), unknown_name("issue", name, case.issues))
    yield from _events(scenario, case)


def _events(scenario: ScenarioFile, case: Case) -> Iterator[Finding]:
    for at, event in enumerate(scenario.events):
        if event.month > scenario.protocol.months:
            after = f"month {event.month} comes after the last one ({scenario.protocol.months}, protocol.months)"
            yield Finding(("events", at, "month"), f"{after}; let the talks last as long, or drop the event.")
        yield from settings(("events", at, "set"), event.set, case)
