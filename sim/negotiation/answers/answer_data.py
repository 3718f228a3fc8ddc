"""What everybody answers to a text, as plain data: the types that analyses and records share."""

from __future__ import annotations

from typing import TypedDict

from sim.case.conditions import Option
from sim.engine.voting.needed_actors import WhyNeeded
from sim.engine.voting.standing import NearestBranch, VoteCount


class LedgerRow(TypedDict):
    """One entry of a ledger; the points may be ``"never"``, and part of a red line's may be an audience cost."""

    rule: str
    kind: str
    says: str
    points: float | str
    sources: list[str]
    assumption: str | None
    audience_cost: float


class SendingData(TypedDict):
    """What an actor decides to send of one resource, and why."""

    asked: bool
    sends: bool
    amount: float
    capacity: float
    surplus: float
    ledger: list[LedgerRow]


class DeclaredRedLine(TypedDict):
    """A declared red line that a text crosses."""

    line: str
    says: str


class AnswerData(TypedDict):
    """One actor's answer to one text in one world, with its reasons."""

    name: str
    role: str
    verdict: str
    surplus: float
    utility: float
    reservation: float
    aspiration: float
    price: float
    never: bool
    short: float | str
    gap: float | None
    blocks: bool
    needed: bool
    why_needed: WhyNeeded | None
    shares: dict[str, float]
    pledge: dict[str, float]
    sends: dict[str, SendingData]
    declares: list[str]
    declared_lines: list[DeclaredRedLine]
    ledger: list[LedgerRow]


class VotesMissed(TypedDict, total=False):
    """How far a consent rule is from being met: `votes` if it misses a quorum, `nearest` if it has alternatives."""

    votes: list[VoteCount]
    nearest: NearestBranch


class UnmetRule(VotesMissed):
    """A consent rule that a text does not meet."""

    rule: str
    says: str
    sources: list[str]
    assumption: str | None
    blockers: list[str]


class TextData(TypedDict):
    """One text in one world, and what follows from everybody's answers."""

    package: dict[str, Option]
    agreed: bool
    blocked_by: list[str]
    unmet: list[UnmetRule]
    measures: dict[str, float]
    durability: float | None
    horizon: int | None
    context: dict[str, float]
    asked: dict[str, float]


class AnsweredText(TextData):
    """The same with every actor's answer."""

    actors: dict[str, AnswerData]


class YesIfResult(TypedDict):
    """The smallest sets of changed terms that turn a refusal into acceptance; see `sim.negotiation.answers.yes_if`."""

    sets: list[dict[str, list[Option]]]
    terms: int | None
    tried: int
    line: str | None
    short: float | None
