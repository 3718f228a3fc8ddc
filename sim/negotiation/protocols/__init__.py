"""How texts are drafted: one class per protocol, each in a file of its own (model, section 7)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from sim.case.models import Case, Scenario, ScenarioFile
from sim.case.reading.source_map import Finding
from sim.errors import did_you_mean
from sim.negotiation.protocols.alternating import Alternating
from sim.negotiation.protocols.base import Protocol
from sim.negotiation.protocols.one_shot import OneShot
from sim.negotiation.protocols.single_text import SingleText

PROTOCOLS: Mapping[str, type[Protocol]] = {
    one.name: one
    for one in (
        OneShot,
        SingleText,
        Alternating,
    )
}


def protocol_of(scenario: Scenario) -> Protocol:
    """The protocol by which the talks of a scenario are held."""
    return PROTOCOLS[scenario.protocol.name](scenario)


def protocol_findings(scenario: ScenarioFile, case: Case, actors: Collection[str]) -> Iterator[Finding]:
    """Everything that is wrong with the protocol of a scenario whose shape is right.

    Parameters
    ----------
    scenario : the scenario
    case : its case
    actors : the ids of all actors of the case, also of those whose files are wrong
    """
    settings = scenario.protocol
    if settings.name not in PROTOCOLS:
        message = f"unknown protocol '{settings.name}'; choose from {', '.join(PROTOCOLS)}."
        yield Finding(("protocol", "name"), message + did_you_mean(settings.name, list(PROTOCOLS)))
        return
    yield from PROTOCOLS[settings.name].findings(settings, case, actors)


__all__ = ["PROTOCOLS", "Protocol", "protocol_findings", "protocol_of"]
