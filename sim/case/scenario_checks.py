"""What a scenario and its case say together."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sim.case.assembly import Finding
from sim.case.checks import actor_list, settings
from sim.case.packages import unknown
from sim.case.shapes import Case, Protocol, ScenarioFile

PARTIES_LEAST = 2
TOO_FEW = "alternating offers need two parties or more, who take turns."


def scenario_findings(scenario: ScenarioFile, case: Case, actors: Collection[str]) -> Iterator[Finding]:
    """Everything that is wrong with a scenario whose shape is right, save for its proposal and changes.

    Parameters
    ----------
    scenario : the scenario
    case : its case
    actors : the ids of all actors of the case
    """
    if scenario.sponsor not in actors:
        yield Finding(("sponsor",), unknown("actor", scenario.sponsor, actors))
    yield from actor_list(("co_sponsors",), scenario.co_sponsors, actors)
    for at, name in enumerate(scenario.co_sponsors):
        if name == scenario.sponsor:
            yield Finding(("co_sponsors", at), f"'{name}' is the sponsor already.")
    yield from _protocol(scenario.protocol, case, actors)
    yield from _events(scenario, case)


def _protocol(protocol: Protocol, case: Case, actors: Collection[str]) -> Iterator[Finding]:
    for at, name in enumerate(protocol.negotiable or ()):
        if name not in case.issues:
            yield Finding(("protocol", "negotiable", at), unknown("issue", name, case.issues))
    if protocol.mediator is not None and protocol.name != "single_text":
        message = f"the protocol '{protocol.name}' has no mediator; only 'single_text' has one."
        yield Finding(("protocol", "mediator"), message, key=True)
    elif protocol.mediator is not None and protocol.mediator not in actors:
        yield Finding(("protocol", "mediator"), unknown("actor", protocol.mediator, actors))
    if protocol.parties is not None and protocol.name != "alternating":
        message = f"the protocol '{protocol.name}' has no parties who take turns; only 'alternating' has them."
        yield Finding(("protocol", "parties"), message, key=True)
    elif protocol.parties is not None:
        yield from actor_list(("protocol", "parties"), protocol.parties, actors)
    if set(actors) <= case.actors.keys():  # who is wrong may be one who takes turns
        yield from _turns(protocol, case)


def _turns(protocol: Protocol, case: Case) -> Iterator[Finding]:
    if protocol.name != "alternating":
        return
    if protocol.parties is None:
        takers = sum(actor.role in ("belligerent", "party") for actor in case.actors.values())
        if takers < PARTIES_LEAST:
            yield Finding(("protocol", "name"), f"{TOO_FEW} Name 'parties'.")
    elif len(protocol.parties) < PARTIES_LEAST:
        yield Finding(("protocol", "parties"), TOO_FEW)


def _events(scenario: ScenarioFile, case: Case) -> Iterator[Finding]:
    for at, event in enumerate(scenario.events):
        if event.month > scenario.protocol.months:
            after = f"month {event.month} comes after the last one ({scenario.protocol.months}, protocol.months)"
            yield Finding(("events", at, "month"), f"{after}; let the talks last as long, or drop the event.")
        yield from settings(("events", at, "set"), event.set, case)
