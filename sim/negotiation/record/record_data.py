"""The record of a run as plain data, key by key (`docs/reference/json.md`, `parley.run/2`)."""

from __future__ import annotations

from typing import Any, TypedDict

from sim.case.conditions import Option
from sim.case.models import Package
from sim.engine.voting.needed_actors import WhyNeeded
from sim.negotiation.answers.answer_data import (
    AnswerData,
    DeclaredRedLine,
    LedgerRow,
    SendingData,
    TextData,
    UnmetRule,
    YesIfResult,
)


class LessonData(TypedDict):
    """A red line about which an answer taught something; `closed`: it is now known not to be for sale."""

    actor: str
    line: str
    says: str
    closed: bool


class NewlyCrossed(TypedDict):
    """A known red line that a text newly crosses, and whether its owner was expected to block the text."""

    actor: str
    line: str
    says: str
    blocks: bool


class MoveData(TypedDict):
    """How the text of a month came about; gaps and surpluses are [before, after] in points, as the drafters expect."""

    kind: str
    by: list[str]
    people: list[str]
    changed: list[str]
    gaps: dict[str, list[float | None]]
    surplus: dict[str, list[float]]
    crosses: list[NewlyCrossed]
    learnt: list[LessonData]


class Reaction(TypedDict, total=False):
    """What an actor answered in a month; of many worlds only `shares`, of people also `understudy` and `said`."""

    shares: dict[str, float]
    verdict: str
    surplus: float
    aspiration: float
    reservation: float
    needed: bool
    why_needed: WhyNeeded | None
    blocks: bool
    gap: float | None
    pledge: dict[str, float]
    sends: dict[str, SendingData]
    declares: list[str]
    declared_lines: list[DeclaredRedLine]
    short: float | str
    ledger: list[LedgerRow]
    yes_if: YesIfResult | None
    understudy: str
    said: str


class MonthHeading(TypedDict):
    """A month, and how many worlds were still open."""

    month: int
    events: list[str]
    open: float
    agreed_share: float


class _MonthDetails(TypedDict, total=False):
    move: MoveData | None
    learnt: list[LessonData]
    changed: dict[str, list[Option]]
    tabled_by: list[str]
    context: dict[str, float]
    measures: dict[str, float]
    asked: dict[str, float]
    agreed: bool
    blocked_by: list[str]
    unmet: list[UnmetRule]
    decision: str


class MonthData(MonthHeading, _MonthDetails):
    """One month; over many worlds, only the heading, the most frequent text and the shares of each verdict."""

    text: Package
    reactions: dict[str, Reaction]


class LastAnswer(AnswerData):
    """An actor's answer to the last text, and what would turn it."""

    yes_if: YesIfResult | None


class LastText(TextData):
    """The last text of a run in its month, with everybody's answers."""

    month: int
    actors: dict[str, LastAnswer]


class EndingText(TypedDict):
    """A last text, the share of worlds that end with it, and how."""

    package: Package
    share: float
    outcome: str


class ProtocolData(TypedDict):
    """The settings of a protocol, and the protocol in words."""

    name: str
    months: int
    amend_terms: int
    negotiable: list[str] | None
    step: float
    patience: int
    mediator: str | None
    parties: list[str] | None
    label: str
    setup: str
    amends: bool


class AdjustedNumber(TypedDict):
    """A number of the proposal that took its nearest option."""

    issue: str
    asked: float
    taken: float


class RunSummary(TypedDict):
    """A finished run: the result of `summarise`."""

    format: str
    seed: int
    worlds: int
    nominal: bool
    case: str
    scenario: str
    title: str
    question: str
    sponsors: list[str]
    core: list[str]
    protocol: ProtocolData
    changes: dict[str, Any]
    outcome: str
    months: int
    final_package: Package
    adjusted: list[AdjustedNumber]
    blocked_by: list[str]
    verdicts: dict[str, str]
    shares: dict[str, float]
    durability: float | None
    final: LastText
    blockers: dict[str, float]
    final_texts: list[EndingText]
    timeline: list[MonthData]


class RunSetup(TypedDict):
    """The data from which a run starts: the files, the seed, and the worlds that were drawn."""

    scenario: dict[str, Any]
    seed: int
    worlds: int | None
    start: int
    last_month: int


class RunRecord(RunSummary):
    """A run that can be replayed: its summary, how it starts, and the moves from outside (the result of `play`)."""

    setup: RunSetup
    moves: list[dict[str, Any]]
