"""Protocols, the rules by which texts are drafted: one class per protocol, one file per class (model, section 7)."""

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
    protocol.name: protocol
    for protocol in (
        OneShot,
        SingleText,
        Alternating,
    )
}


def protocol_of(scenario: Scenario) -> Protocol:
    """Return the protocol of a scenario."""
    return PROTOCOLS[scenario.protocol.name](scenario)


def protocol_findings(scenario: ScenarioFile, case: Case, actors: Collection[str]) -> Iterator[Finding]:
    """Find every problem with the protocol of a scenario whose keys and types are valid.

    `actors` are the ids of all actors of the case, including those whose files have problems.
    """
    settings = scenario.protocol
    if settings.name not in PROTOCOLS:
        message = f"unknown protocol '{settings.name}'; choose from {', '.join(PROTOCOLS)}."
        yield Finding(("protocol", "name"), message + did_you_mean(settings.name, list(PROTOCOLS)))
        return
    yield from PROTOCOLS[settings.name].findings(settings, case, actors)


__all__ = ["PROTOCOLS", "Protocol", "protocol_findings", "protocol_of"]
