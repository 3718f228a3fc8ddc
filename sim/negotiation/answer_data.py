"""Everybody's answers to one text as plain data: what every result says about a judged text, key by key."""

from __future__ import annotations

from typing import TypedDict

from sim.case.conditions import Option
from sim.case.models import Package
from sim.engine.consent import WhyNeeded


class LedgerRow(TypedDict):
    """One reason behind an answer: a rule, its points (or ``"never"``), and what it rests on."""

    rule: str
    kind: str
    says: str
    points: float | str
    sources: list[str]
    assumption: str | None


class LineWords(TypedDict):
    """A red line that a text crosses: the name of its rule, and its words."""

    line: str
    says: str


class SendingAnswer(TypedDict):
    """What an actor decides to send of one resource, and why."""

    asked: bool
    sends: bool
    amount: float
    capacity: float
    surplus: float
    ledger: list[LedgerRow]


class ActorAnswer(TypedDict):
    """One actor's answer to one text in one world; numbers are in points unless stated otherwise."""

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
    sends: dict[str, SendingAnswer]
    declares: list[str]
    declared_lines: list[LineWords]
    ledger: list[LedgerRow]


class YesIfAnswer(TypedDict):
    """The smallest sets of terms that would turn a refusal (`sim.negotiation.yes_if.yes_if`)."""

    sets: list[dict[str, list[Option]]]
    terms: int | None
    tried: int
    line: str | None
    short: float | None


class UnmetRule(TypedDict):
    """A consent rule that a text does not meet, and the actors that withhold what it asks for."""

    rule: str
    says: str
    sources: list[str]
    assumption: str | None
    blockers: list[str]


class TextFindings(TypedDict):
    """What follows from one text in one world, without the answers of each actor."""

    package: Package
    agreed: bool
    blocked_by: list[str]
    unmet: list[UnmetRule]
    measures: dict[str, float]
    durability: float | None
    horizon: int | None
    context: dict[str, float]
    asked: dict[str, float]


class JudgedText(TextFindings):
    """One text in one world with everybody's answers to it."""

    actors: dict[str, ActorAnswer]
