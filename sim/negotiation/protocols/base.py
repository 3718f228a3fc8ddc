"""The base class of protocols: what every protocol decides, and the defaults."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator
from typing import ClassVar

from sim.case.checks.validation import actor_list_findings
from sim.case.models import Case, ProtocolSettings, Scenario
from sim.case.packages import unknown_name
from sim.case.reading.source_map import Finding
from sim.negotiation.drafting.amendments import DraftSearch
from sim.negotiation.drafting.decision import Decision


def sponsors_of(scenario: Scenario) -> tuple[str, ...]:
    """Return the sponsor and the co-sponsors."""
    return (scenario.sponsor, *scenario.co_sponsors)


class Protocol(ABC):
    """The rules by which texts are drafted in the talks of one scenario.

    To add a protocol, write a subclass in a file of its own and list it in `sim.negotiation.protocols`.

    Attributes
    ----------
    summary : one line that helps a reader to choose a protocol
    amends : whether the text can change at all
    keys : which of the optional settings `mediator` and `parties` this protocol has
    """

    name: ClassVar[str]
    label: ClassVar[str]
    summary: ClassVar[str]
    amends: ClassVar[bool] = True
    keys: ClassVar[tuple[str, ...]] = ()

    def __init__(self, scenario: Scenario) -> None:
        self.scenario, self.settings = scenario, scenario.protocol

    # -- validation ----------------------------------------------------------------------------------------------

    @classmethod
    def findings(cls, settings: ProtocolSettings, case: Case, actors: Collection[str]) -> Iterator[Finding]:
        """Find every problem with the settings of a scenario that names this protocol."""
        for index, name in enumerate(settings.negotiable or ()):
            if name not in case.issues:
                yield Finding(("protocol", "negotiable", index), unknown_name("issue", name, case.issues))
        if settings.step <= 0:
            yield Finding(("protocol", "step"), f"a step must be above 0 points, not {settings.step:g}.")
        if settings.mediator is not None and "mediator" not in cls.keys:
            message = f"the protocol '{cls.name}' has no mediator; drop this key, or choose 'single_text'."
            yield Finding(("protocol", "mediator"), message, key=True)
        elif settings.mediator is not None and settings.mediator not in actors:
            yield Finding(("protocol", "mediator"), unknown_name("actor", settings.mediator, actors))
        if settings.parties is not None and "parties" not in cls.keys:
            message = (
                f"the protocol '{cls.name}' has no parties who take turns; drop this key, or choose 'alternating'."
            )
            yield Finding(("protocol", "parties"), message, key=True)
        elif settings.parties is not None:
            yield from actor_list_findings(("protocol", "parties"), settings.parties, actors)

    # -- time ----------------------------------------------------------------------------------------------------

    @property
    def months(self) -> int:
        """The largest number of months that the talks may take; aspirations fall to 0 by the last month."""
        return self.settings.months

    @property
    def expires(self) -> bool:
        """Whether talks that are open after the last month expire; if not, they end in an impasse."""
        return True

    def event_ahead(self, month: int) -> bool:
        """Whether an announced event is still to come after a month."""
        return any(event.announced and event.month > month for event in self.scenario.events)

    # -- drafting ------------------------------------------------------------------------------------------------

    @property
    def terms(self) -> int:
        """The largest number of terms that an amendment may change."""
        return self.settings.amend_terms if self.amends else 0

    @property
    def negotiable(self) -> tuple[str, ...]:
        """The issues that may be amended; none if the text cannot change."""
        if not self.amends:
            return ()
        return self.settings.negotiable or tuple(self.scenario.case.issues)

    @abstractmethod
    def drafters(self, month: int) -> tuple[str, ...]:
        """The actors who may amend the text after a month."""

    @property
    def takes_turns(self) -> tuple[str, ...]:
        """The parties that make their own offers in turn; nobody if there is one text for all."""
        return ()

    def offers_of(self, month: int) -> str:
        """The party with whose own offers the drafts after a month are compared; empty if there is one text for all."""
        return ""

    @abstractmethod
    def draft(self, drafting: DraftSearch) -> Decision:
        """Decide for each open world what is tabled next, or that the talks end."""

    # -- descriptions --------------------------------------------------------------------------------------------

    @property
    def setup(self) -> str:
        """The protocol in words: ``single text, 12 months, at most 2 terms a month``."""
        parts = [self.label.lower(), _count(self.months, "month")]
        if self.amends:
            parts.append(f"at most {_count(self.terms, 'term')} a month")
        return ", ".join(parts)

    @abstractmethod
    def briefing(self, actor: str) -> str:
        """One sentence that explains to whoever plays an actor how texts are drafted."""


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
