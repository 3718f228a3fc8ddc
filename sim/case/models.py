"""The shapes of a case and a scenario, as frozen Pydantic models (model, sections 1 to 6).

What one file says is checked here and in `sim.case.rule_models`, key by key; what several say together, in
`sim.case.validation`. Names and numbers are kept as written: options by name, numbers as a codebook word or a
distribution.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

from pydantic import Field, StrictInt, StrictStr

from sim.case.base_models import Claim, Id, Sourced, StrictModel, Words
from sim.case.conditions import Option
from sim.case.distributions import CodebookNumber, Distribution, Fixed, Number, SameAs, negated
from sim.case.number_paths import NamedNumber, numbers_of
from sim.case.number_syntax import Change, Plain
from sim.case.rule_models import (
    ROLES,
    Actor,
    Aspiration,
    AudienceCost,
    Capacity,
    CodebookWord,
    ConsentRule,
    Constraint,
    Durability,
    Indicator,
    Issue,
    Level,
    Measure,
    OptionName,
    Pledges,
    PointsRule,
    Quorum,
    RedLine,
    Role,
    Rule,
    Slope,
    Weight,
)

__all__ = [
    "MONTHS_MOST",
    "ROLES",
    "TERMS_MOST",
    "Actor",
    "Adjustment",
    "Aspiration",
    "AudienceCost",
    "Capacity",
    "Case",
    "CaseFile",
    "CodebookWord",
    "ConsentRule",
    "Constraint",
    "Durability",
    "Event",
    "Indicator",
    "InjectEvent",
    "Issue",
    "Level",
    "Measure",
    "OptionName",
    "Package",
    "Pledges",
    "PointsRule",
    "ProtocolSettings",
    "Quorum",
    "RedLine",
    "Role",
    "Rule",
    "Scenario",
    "ScenarioFile",
    "Slope",
    "Weight",
]

Package: TypeAlias = Mapping[str, Option]
"""One option an issue, for all issues of the case, in their order."""

MONTHS_MOST = 120
TERMS_MOST = 3
PATIENCE = 3
"""Months in a row for which a single text may stand unchanged, unless the protocol says otherwise."""
STEP = 2.0
"""Points: the least change of a gap that counts as coming closer, unless the protocol says otherwise."""


class InjectEvent(Sourced):
    """An event that whoever leads a game may let happen: the context indicators take these values."""

    says: Words = Field(description="What happens, as it is read out.")
    set: dict[Id, Plain] = Field(
        min_length=1, description="Indicators and the values that they take, within their bounds."
    )


class CaseFile(StrictModel):
    """The file `case.yaml`."""

    title: Words = Field(description="What the case is called.")
    question: Words = Field(description="What it asks.")
    description: Words | None = Field(None, description="More, if there is more to say.")
    codebook: dict[Id, CodebookWord] = Field(default_factory=dict, description="Words for sizes.")
    issues: dict[Id, Issue] = Field(min_length=1, description="What is to be settled.")
    constraints: tuple[Constraint, ...] = Field((), description="Which packages are possible.")
    context: dict[Id, Indicator] = Field(default_factory=dict, description="The state of the world, by indicator.")
    measures: dict[Id, Measure] = Field(
        default_factory=dict, description="Scores of a package from 0 to 100, which all know."
    )
    durability: Durability | None = Field(None, description="The chance that an agreement lasts.")
    consent: tuple[ConsentRule, ...] = Field(min_length=1, description="Whose acceptance a package needs.")
    injects: dict[Id, InjectEvent] = Field(
        default_factory=dict, description="Events that whoever leads a game may let happen."
    )


class ProtocolSettings(StrictModel):
    """How the talks are held (model, sections 6 and 7)."""

    name: Id = Field("one_shot", description="How texts are drafted.")
    months: StrictInt = Field(12, ge=1, le=MONTHS_MOST, description="The most that the talks may take.")
    amend_terms: StrictInt = Field(2, ge=1, le=TERMS_MOST, description="How many terms an amendment may change.")
    negotiable: tuple[Id, ...] | None = Field(
        None, min_length=1, description="The issues that may be amended; all if left out."
    )
    step: Plain = Field(STEP, description="Points: the least change of a gap that counts as coming closer.")
    patience: StrictInt = Field(
        PATIENCE, ge=0, description="Months in a row for which a single text may stand before something is given up."
    )
    mediator: Id | None = Field(None, description="Who drafts the single text; the sponsors if left out.")
    parties: tuple[Id, ...] | None = Field(
        None, description="Who proposes in turn; all belligerents and parties if left out."
    )


class Event(StrictModel):
    """In that month the context indicators take these values."""

    month: StrictInt = Field(ge=1, description="Of the talks, from 1.")
    set: dict[Id, Plain] = Field(
        min_length=1, description="Indicators and the values that they take, within their bounds."
    )
    says: Words = Field(description="What happens, in words.")
    announced: bool = Field(
        True,
        strict=True,
        description="Whether the drafters know of it before; they do not give up while it is to come.",
    )


class ScenarioFile(StrictModel):
    """A scenario file, after `extends`."""

    case: Words = Field(description="The folder of the case, seen from this file; or a bundled case, by its name.")
    extends: Words | None = Field(
        None,
        description="Another scenario; `proposal`, `protocol`, `changes` are laid over its own, other keys replace.",
    )
    title: Words = Field(description="What it is called.")
    question: Words = Field(description="What it answers, in a line.")
    sponsor: Id = Field(description="Who tables the proposal.")
    co_sponsors: tuple[Id, ...] = Field((), description="Who stands by it too.")
    proposal: dict[Id, OptionName] = Field(
        default_factory=dict,
        description="Issue to option; the rest is the case's defaults. Between options, the nearest number is taken.",
    )
    core: tuple[Id, ...] = Field(
        (), description="The issues that make it this proposal: no advice on what would turn a no touches them."
    )
    protocol: ProtocolSettings = Field(
        default_factory=lambda: ProtocolSettings(), description="How the talks are held."
    )
    changes: dict[StrictStr, Change] = Field(
        default_factory=dict, description="What is different from the case: dotted path to number."
    )
    events: tuple[Event, ...] = Field((), description="What happens in the course of the talks.")


@dataclass(frozen=True, kw_only=True)
class Case:
    """A whole case: what is known before anybody sits down.

    `numbers` lists every number by its dotted path; that path is also its column among the uniforms of a world.
    `changes` is what was changed of its files, by a scenario or from outside: dotted path to value.
    """

    id: str
    title: str = Field(description="What it is called.")
    question: str = Field(description="What it answers, in a line.")
    description: str | None
    claims: Mapping[str, Claim]
    codebook: Mapping[str, CodebookWord]
    issues: Mapping[str, Issue]
    constraints: tuple[Constraint, ...]
    context: Mapping[str, Indicator]
    measures: Mapping[str, Measure]
    durability: Durability | None
    consent: tuple[ConsentRule, ...]
    injects: Mapping[str, InjectEvent]
    actors: Mapping[str, Actor]
    changes: Mapping[str, object] = field(default_factory=dict)

    @cached_property
    def numbers(self) -> Mapping[str, NamedNumber]:
        """Every number of the case by its dotted path, in the order of the files."""
        return self._listed(lambda path, number: (self.draw_of(path), self.resolve(number)))

    @cached_property
    def written(self) -> Mapping[str, Number]:
        """Every number of the case as the files write it, by its dotted path."""
        unread = Fixed(0.0)
        return {path: number.written for path, number in self._listed(lambda path, _: (path, unread)).items()}

    def _listed(self, resolve: Callable[[str, Number], tuple[str, Distribution]]) -> dict[str, NamedNumber]:
        parts = [(getattr(self, part), part, part, "") for part in ("context", "measures", "durability")]
        parts += [(actor, f"actors.{name}", name, actor.name) for name, actor in self.actors.items()]
        return {number.path: number for part in parts for number in numbers_of(*part, resolve)}

    def draw_of(self, path: str) -> str:
        """Return the path of the number whose draw the number at a path shares, mostly its own.

        Raises
        ------
        KeyError
            if that is not a number of the case
        ValueError
            if the number leads back to itself
        """
        passed = [path]
        while isinstance(number := self.written[passed[-1]], SameAs):
            if number.path in passed:
                raise ValueError(" -> ".join([*passed, number.path]))
            passed.append(number.path)
        return passed[-1]

    @property
    def default(self) -> Package:
        """The status quo: every issue at its default."""
        return {name: issue.default for name, issue in self.issues.items()}

    def resolve(self, number: Number) -> Distribution:
        """A number with its codebook word, or the number that it is the same as, looked up."""
        if isinstance(number, SameAs):
            return self.resolve(self.written[self.draw_of(number.path)])
        if not isinstance(number, CodebookNumber):
            return number
        meant = self.codebook[number.word].is_
        if isinstance(meant, CodebookNumber | SameAs):
            raise ValueError(f"'{number.word}' stands for another word.")  # reported by sim.case.validation
        return negated(meant) if number.negative else meant


class Adjustment(StrictModel):
    """A number of a proposal that was taken to its nearest option."""

    issue: str
    asked: float
    taken: float


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """A scenario with its case, the changes applied.

    `source` holds the plain data of all files, from which `sim.case.loader.build_scenario` makes an equal scenario.
    """

    id: str
    title: str
    question: str
    case: Case
    sponsor: str
    co_sponsors: tuple[str, ...]
    proposal: Package
    adjusted: tuple[Adjustment, ...]
    core: tuple[str, ...]
    protocol: ProtocolSettings
    changes: Mapping[str, object]
    events: tuple[Event, ...]
    source: Mapping[str, object] = field(repr=False)
