"""What a teacher wants to know of each scenario before choosing one: seats, people, months, minutes, zone, lesson.

Cards come from the data of the files and from stored zones, so a page of them is quick. The files are not checked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from sim.analysis.outcomes.zone_file import Zone, ZoneWidth
from sim.case.reading.case_files import case_files, scenario_files
from sim.case.translation import SCENARIOS
from sim.errors import CaseError
from sim.web.catalogue import Catalogue, CatalogueEntry

CLASS_MONTHS = 3
"""Months that a class plays unless the teacher chooses otherwise: as many as fit in a lesson."""
PHASE_MINUTES, READING_MINUTES, ROUNDED = 4, 10, 5
"""Minutes for each phase; minutes to join and to read a basic brief; a card's minutes are rounded up to a multiple."""
ONE_SHOT, MONTHS = "one_shot", 12
"""The protocol and the number of months of a scenario that does not give them."""


@dataclass(frozen=True)
class ScenarioCard:
    """A scenario as a teacher chooses it.

    Parameters
    ----------
    people : how many people a table needs so that all seats that answer first or draft are played by people
    months : of the scenario; a class may play fewer
    phases : how often people answer in a month, besides drafting
    notice : what to say to a class before it plays the case
    readable : whether the files could be read; if not, the numbers are 0
    """

    name: str
    case: str
    title: str
    question: str
    zone: Zone | None
    teaches: str = ""
    notice: str = ""
    seats: int = 0
    people: int = 0
    months: int = 1
    phases: int = 1
    one_shot: bool = False
    readable: bool = True

    def in_words(self, texts: Mapping[str, str]) -> ScenarioCard:
        """Return the same card in the words of a translation: dotted path to text."""
        own = f"{SCENARIOS}.{Path(self.name).stem}"
        return replace(
            self,
            case=texts.get("title", self.case),
            notice=texts.get("notice", self.notice),
            title=texts.get(f"{own}.title", self.title),
            question=texts.get(f"{own}.question", self.question),
            teaches=texts.get(f"{own}.teaches", self.teaches),
        )

    @property
    def width(self) -> ZoneWidth:
        """How wide the zone of agreement is; unknown if none is stored."""
        return ZoneWidth.UNKNOWN if self.zone is None else self.zone.kind

    @property
    def can_be_agreed(self) -> bool:
        """Whether some text within reach would be agreed."""
        return self.width in (ZoneWidth.NARROW, ZoneWidth.WIDE)

    @property
    def class_months(self) -> int:
        """The months that a class plays unless the teacher chooses otherwise."""
        return min(CLASS_MONTHS, self.months)

    @property
    def minutes(self) -> int:
        """The minutes that a class needs to join, to read and to play `class_months`, at most."""
        played = self.class_months * self.phases + (0 if self.one_shot else self.class_months - 1)
        return -(-(READING_MINUTES + PHASE_MINUTES * played) // ROUNDED) * ROUNDED


@lru_cache(maxsize=4)
def scenario_cards(catalogue: Catalogue) -> Mapping[str, ScenarioCard]:
    """Return the card of each scenario, in the order in which to offer them.

    The recommended one comes first; then, case by case, those that can be agreed, and last those with one round.
    """
    read_case = cache(case_files)
    cards = [_card(entry, catalogue.zones[entry.name], read_case) for entry in catalogue.entries.values()]
    cases = list(dict.fromkeys(card.case for card in cards))
    widths = [ZoneWidth.WIDE, ZoneWidth.NARROW, ZoneWidth.UNKNOWN, ZoneWidth.NONE]
    first = catalogue.first_for_class
    home = next(card.case for card in cards if card.name == first)
    cards.sort(
        key=lambda card: (
            card.name != first,
            card.case != home,
            cases.index(card.case),
            card.one_shot,
            widths.index(card.width),
        )
    )
    return {card.name: card for card in cards}


def cards_in(catalogue: Catalogue, language: str) -> Mapping[str, ScenarioCard]:
    """Return the same cards in the words of a language, as far as the cases are translated."""
    texts: dict[str, Mapping[str, str]] = {}  # of each case, by its English title
    for card in scenario_cards(catalogue).values():
        texts.setdefault(card.case, catalogue.texts(card.name, language))
    return {name: card.in_words(texts[card.case]) for name, card in scenario_cards(catalogue).items()}


def _card(entry: CatalogueEntry, zone: Zone | None, read_case: Any) -> ScenarioCard:
    card = ScenarioCard(entry.name, entry.case, entry.title, entry.question, zone)
    try:
        scenario, case, _ = scenario_files(entry.path, read_case)
        return replace(card, **_facts(scenario.data, case.data))
    except (CaseError, AttributeError, KeyError, TypeError, ValueError):  # the command `check` reports what is wrong
        return replace(card, readable=False)


def _facts(scenario: Mapping[str, Any], case: Mapping[str, Any]) -> dict[str, Any]:
    protocol, actors = scenario.get("protocol", {}), case["actors"]
    one_shot = protocol.get("name", ONE_SHOT) == ONE_SHOT
    first = {name for name, actor in actors.items() if actor["role"] != "contributor"}
    mediator = protocol.get("mediator")
    drafters = {scenario["sponsor"], *scenario.get("co_sponsors", ())} if mediator is None else {mediator}
    return {
        "teaches": str(scenario.get("teaches", "")),
        "notice": str(case.get("notice") or ""),
        "seats": len(actors),
        "people": len(first | drafters),
        "months": 1 if one_shot else int(protocol.get("months", MONTHS)),
        "phases": bool(first) + (len(first) < len(actors)),
        "one_shot": one_shot,
    }
