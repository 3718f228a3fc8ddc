"""A case and a scenario as frozen Pydantic models (model, sections 1 to 6).

The models here and in `sim.case.rule_models` check each key of a file; `sim.case.checks.validation` checks what several
entries say together. Names and numbers are kept as written: options by name, numbers as a codebook word or a
distribution.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from textwrap import shorten
from typing import TypeAlias

from pydantic import Field, StrictInt, StrictStr

from sim.case.base_models import Claim, Id, Sourced, StrictModel, Words
from sim.case.conditions import Option
from sim.case.consent_rules.demands import ConsentRule
from sim.case.counted_rules import counted, preferences, sending_rules
from sim.case.distributions import CodebookNumber, Distribution, Number, SameAs, negated
from sim.case.number_paths import NamedNumber, WrittenNumber, numbers_of
from sim.case.number_syntax import Change, Plain
from sim.case.rule_models import (
    TITLE_SHOWN,
    Actor,
    CodebookWord,
    Constraint,
    Correlation,
    CountedRule,
    Durability,
    Indicator,
    Issue,
    Level,
    Measure,
    OptionName,
    PointsRule,
    RedLine,
)

# The models of rules that other packages import from here.
__all__ = ["Actor", "ConsentRule", "Constraint", "CountedRule", "Issue", "Level", "PointsRule", "RedLine"]

Package: TypeAlias = Mapping[str, Option]
"""One option per issue, for all issues of the case, in their order."""

MONTHS_MOST = 120
"""The longest talks, in months."""
TERMS_MOST = 3
"""The most terms that one amendment may change."""
PATIENCE = 3
"""Months in a row for which a single text may stay unchanged, unless the protocol says otherwise."""
NO_DEAL, NO_DEAL_WORDS = "no_deal", "The value of no deal"
"""The name under which a case may have words for the value of no deal, and the words without."""
STEP = 2.0
"""The smallest change of a gap that counts as coming closer, in points, unless the protocol says otherwise."""


class InjectEvent(Sourced):
    """An event that the leader of a game may trigger: the context indicators take these values."""

    says: Words = Field(description="What happens, as read out to the players.")
    set: dict[Id, Plain] = Field(
        min_length=1, description="The indicators that change, and their new values, within their bounds."
    )


class CaseFile(StrictModel):
    """The file `case.yaml`."""

    title: Words = Field(description="The title of the case.")
    question: Words = Field(description="The question that it asks.")
    description: Words | None = Field(None, description="A longer description.")
    notice: Words | None = Field(
        None,
        description="What a teacher should say to a class before it plays the case, such as that people are suffering.",
    )
    names: dict[StrictStr, Words] = Field(
        default_factory=dict,
        description="Ids in words, for pages: measures, resources, consent rules, voices, `no_deal`. Default: the ids.",
    )
    codebook: dict[Id, CodebookWord] = Field(default_factory=dict, description="Words for sizes, with their numbers.")
    issues: dict[Id, Issue] = Field(min_length=1, description="The issues to be settled.")
    constraints: tuple[Constraint, ...] = Field((), description="The rules that say which packages are possible.")
    context: dict[Id, Indicator] = Field(default_factory=dict, description="The state of the world, by indicator.")
    correlated: tuple[Correlation, ...] = Field(
        (), description="Which uncertain numbers are drawn together, in groups; all others are independent."
    )
    measures: dict[Id, Measure] = Field(
        default_factory=dict, description="Scores of a package from 0 to 100, known to everybody."
    )
    durability: Durability | None = Field(None, description="The chance that an agreement lasts.")
    consent: tuple[ConsentRule, ...] = Field(
        min_length=1, description="The rules that say whose acceptance a package needs."
    )
    injects: dict[Id, InjectEvent] = Field(
        default_factory=dict, description="Events that the leader of a game may trigger."
    )


class ProtocolSettings(StrictModel):
    """How the talks are conducted (model, sections 6 and 7)."""

    name: Id = Field("one_shot", description="How texts are drafted.")
    months: StrictInt = Field(12, ge=1, le=MONTHS_MOST, description="How long the talks may last, in months.")
    amend_terms: StrictInt = Field(2, ge=1, le=TERMS_MOST, description="How many terms an amendment may change.")
    negotiable: tuple[Id, ...] | None = Field(
        None, min_length=1, description="The issues that may be amended; by default, all."
    )
    step: Plain = Field(STEP, description="The smallest change of a gap that counts as coming closer, in points.")
    patience: StrictInt = Field(
        PATIENCE,
        ge=0,
        description="Months in a row for which a single text may stay unchanged before something is given up.",
    )
    mediator: Id | None = Field(None, description="Who drafts the single text; by default, the sponsors.")
    parties: tuple[Id, ...] | None = Field(
        None, description="Who proposes in turn; by default, all belligerents and parties."
    )


class Event(StrictModel):
    """An event of the scenario: in this month, the context indicators take these values."""

    month: StrictInt = Field(ge=1, description="The month of the talks, from 1.")
    set: dict[Id, Plain] = Field(
        min_length=1, description="The indicators that change, and their new values, within their bounds."
    )
    says: Words = Field(description="What happens, in words.")
    announced: bool = Field(
        True,
        strict=True,
        description="Whether the drafters know about it beforehand; they do not give up while it is still to come.",
    )


class ScenarioFile(StrictModel):
    """A scenario file, after `extends`."""

    case: Words = Field(description="The folder of the case, relative to this file, or the name of a bundled case.")
    extends: Words | None = Field(
        None,
        description="Another scenario. `proposal`, `protocol`, `changes` add to its own; other keys replace its own.",
    )
    title: Words = Field(description="The title of the scenario.")
    question: Words = Field(description="The question that it answers, in one line.")
    teaches: Words | None = Field(None, description="What a class learns from playing it, in one or two sentences.")
    sponsor: Id = Field(description="Who tables the proposal.")
    co_sponsors: tuple[Id, ...] = Field((), description="Who supports it too.")
    proposal: dict[Id, OptionName] = Field(
        default_factory=dict,
        description="Issue to option; other issues take their defaults. A number takes the nearest option.",
    )
    core: tuple[Id, ...] = Field(
        (), description="The issues that define this proposal: advice on how to turn a no never changes them."
    )
    protocol: ProtocolSettings = Field(
        default_factory=lambda: ProtocolSettings(), description="How the talks are conducted."
    )
    changes: dict[StrictStr, Change] = Field(
        default_factory=dict, description="What differs from the case: dotted path to number."
    )
    events: tuple[Event, ...] = Field((), description="What happens during the talks.")


@dataclass(frozen=True, kw_only=True)
class Case:
    """A whole case: everything that is known before the talks begin.

    `numbers` lists every number by its dotted path; that path is also its column among the uniforms of a world.
    `changes` are the changes made to its files, by a scenario or from outside: dotted path to value.
    """

    id: str
    title: str
    question: str
    description: str | None
    notice: str | None
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
    names: Mapping[str, str] = field(default_factory=dict)
    correlated: tuple[Correlation, ...] = ()

    def __repr__(self) -> str:
        counts = {"actors": self.actors, "issues": self.issues, "numbers": self.numbers, "claims": self.claims}
        listed = ", ".join(f"{len(parts)} {name}" for name, parts in counts.items())
        return f"<Case '{self.id}': {shorten(self.title, TITLE_SHOWN, placeholder='…')!r}, {listed}>"

    @cached_property
    def numbers(self) -> Mapping[str, NamedNumber]:
        """Return every number of the case by its dotted path, in the order of the files."""
        return {found.path: found.named(self.draw_of(found.path), self.resolve(found.written)) for found in self._found}

    @cached_property
    def written(self) -> Mapping[str, Number]:
        """Return every number of the case as written in the files, by its dotted path."""
        return {found.path: found.written for found in self._found}

    @cached_property
    def _found(self) -> list[WrittenNumber]:
        parts = [(getattr(self, part), part, part, "") for part in ("context", "measures", "durability")]
        parts += [(actor, f"actors.{name}", name, actor.name) for name, actor in self.actors.items()]
        return [found for part in parts for found in numbers_of(*part)]

    @property
    def issues_by_group(self) -> dict[str, Issue]:
        """Return the issues as pages show them: those without a group first, then group by group."""
        groups = [issue.group for issue in self.issues.values() if issue.group is not None]
        return dict(
            sorted(self.issues.items(), key=lambda item: groups.index(item[1].group) if item[1].group in groups else -1)
        )

    @cached_property
    def preferences(self) -> Mapping[str, tuple[CountedRule, ...]]:
        """Return the preferences of each actor as they are counted, its score sheet among them."""
        return preferences(self.actors, self.issues)

    @cached_property
    def sending_rules(self) -> Mapping[str, Mapping[str, tuple[CountedRule, ...]]]:
        """Return the rules on sending each resource of each actor as they are counted."""
        return sending_rules(self.actors, self.issues)

    @cached_property
    def measure_rules(self) -> Mapping[str, tuple[CountedRule, ...]]:
        """Return the rules of each measure as they are counted."""
        return {
            name: counted(measure.rules, f"measures.{name}.rules", self.issues)
            for name, measure in self.measures.items()
        }

    def draw_of(self, path: str) -> str:
        """Return the path of the number whose draw the number at a path shares, usually its own.

        Raises KeyError if that is not a number of the case, and ValueError if the number leads back to itself.
        """
        chain = [path]
        while isinstance(number := self.written[chain[-1]], SameAs):
            if number.path in chain:
                raise ValueError(" -> ".join([*chain, number.path]))
            chain.append(number.path)
        return chain[-1]

    @cached_property
    def correlations(self) -> Mapping[str, Correlation]:
        """Return the group of each number that is drawn together with others, by its dotted path."""
        return {path: group for group in self.correlated for path in group.numbers}

    @property
    def default(self) -> Package:
        """Return the status quo: every issue at its default."""
        return {name: issue.default for name, issue in self.issues.items()}

    def resolve(self, number: Number) -> Distribution:
        """Return the distribution of a number, looking up codebook words and numbers that share another's draw."""
        if isinstance(number, SameAs):
            return self.resolve(self.written[self.draw_of(number.path)])
        if not isinstance(number, CodebookNumber):
            return number
        distribution = self.codebook[number.word].is_
        if isinstance(distribution, CodebookNumber | SameAs):
            raise ValueError(f"'{number.word}' stands for another word.")  # reported by sim.case.checks.validation
        return negated(distribution) if number.negative else distribution


class Adjustment(StrictModel):
    """A number of a proposal that was moved to its nearest option."""

    issue: str
    asked: float
    taken: float


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """A scenario with its case, to which its changes are applied.

    `source` holds the plain data of all files, from which `build_scenario` of
    `sim.negotiation.scenario_loader` builds an equal scenario.
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

    def __repr__(self) -> str:
        changes, events = len(self.changes), len(self.events)
        title = shorten(self.title, TITLE_SHOWN, placeholder="…")
        return (
            f"<Scenario '{self.id}' of case '{self.case.id}': {title!r}, sponsor {self.sponsor}, protocol "
            f"{self.protocol.name}, changes: {changes}, events: {events}>"
        )
