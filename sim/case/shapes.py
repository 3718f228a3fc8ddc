"""The shapes of a case and a scenario, as frozen Pydantic models (model, sections 1 to 6).

What one file says is checked here, key by key; what several say together, in `sim.case.checks`.
Names and numbers are kept as written: options by name, numbers as a codebook word or a distribution.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, StrictInt, StrictStr, model_validator

from sim.case.base import Claim, Id, Shape, Sourced, Words
from sim.case.conditions import Option, When, parse_option
from sim.case.listing import NamedNumber, numbers_of
from sim.case.numbers import Distribution, Fixed, Number, Word, negated
from sim.case.parsed import Parsed
from sim.case.spelling import Change, Plain, Points, Price

OptionName = Annotated[Option, Parsed(parse_option, {"type": ["string", "number"]})]
Package: TypeAlias = Mapping[str, Option]
"""One option an issue, for all issues of the case, in their order."""

Role = Literal["belligerent", "party", "veto", "contributor"]
ROLES: tuple[Role, ...] = ("belligerent", "party", "veto", "contributor")
"""In the order in which they are listed; all but contributors react first (model, section 6)."""
ProtocolName = Literal["one_shot", "single_text", "alternating"]
MONTHS_MOST = 120
TERMS_MOST = 3


class CodebookWord(Sourced):
    """A word for a size, and the distribution that it stands for."""

    is_: Points = Field(alias="is", description="The distribution of points that the word stands for.")


class Issue(Sourced):
    """One thing to be settled, with ordered options."""

    says: Words
    options: tuple[OptionName, ...] = Field(min_length=2)
    default: OptionName
    unit: Words | None = None
    labels: dict[StrictStr, Words] = Field(default_factory=dict, description="Options in words, by their names.")

    @property
    def numeric(self) -> bool:
        """Whether every option is a number, so that comparisons and `cover` may use its size."""
        return all(isinstance(option, int | float) for option in self.options)


class Rule(Sourced):
    """A condition with a name and words."""

    rule: Id
    says: Words
    when: When = Field(default_factory=dict)


class PointsRule(Rule):
    """A rule that adds points where it holds: a preference, or part of a measure."""

    points: Points


class RedLine(Rule):
    """What an actor will not accept, or only at a price."""

    price: Price
    declared: bool = Field(False, strict=True)


class Constraint(Rule):
    """Which packages are possible: where `when` holds, `then` must hold too."""

    then: When


class Quorum(Shape):
    """At least so many of these must accept."""

    of: tuple[Id, ...] = Field(min_length=1)
    at_least: StrictInt = Field(ge=1)


class Pledges(Shape):
    """The pledges of those who accept must cover a number of the package."""

    of: Id
    from_: tuple[Id, ...] = Field(alias="from", min_length=1)
    cover: Id


class ConsentRule(Rule):
    """Whose acceptance a package needs, where `when` holds."""

    needs: tuple[Id, ...] = ()
    veto: tuple[Id, ...] = ()
    quorum: Quorum | None = None
    pledges: Pledges | None = None

    @model_validator(mode="after")
    def _asks_for_something(self) -> ConsentRule:
        if not (self.needs or self.veto or self.quorum or self.pledges):
            raise ValueError("asks for nobody's consent; add needs, veto, quorum or pledges.")
        return self


class Slope(Sourced):
    """Points for each unit of a context indicator."""

    context: Id
    points: Points
    says: Words | None = None


class Level(Sourced):
    """A base plus slopes on the context: a reservation value, or the revisionist's temptation."""

    base: Points
    slopes: tuple[Slope, ...] = ()


class Weight(Sourced):
    """How much an actor cares for a measure: points for each point of it."""

    measure: Id
    weight: Points
    says: Words | None = None


class Aspiration(Sourced):
    """How much surplus an actor holds out for: `opening x (1 - (t/T)^(1/e))`."""

    opening: Points
    e: Points = Field(description="Below 1 concedes late (Boulware), 1 evenly, above 1 early (conceder).")


class AudienceCost(Sourced):
    """Points added to the price of every declared red line."""

    points: Points


class Capacity(Sourced):
    """How much of a resource an actor can pledge."""

    amount: Points


class Actor(Shape):
    """One file of `actors/`: who it is, what it wants, what it refuses."""

    name: Words
    role: Role
    brief: Words
    reservation: Level
    preferences: tuple[PointsRule, ...] = ()
    weighs: tuple[Weight, ...] = ()
    red_lines: tuple[RedLine, ...] = ()
    aspiration: Aspiration | None = None
    audience_cost: AudienceCost | None = None
    capacities: dict[Id, Capacity] = Field(default_factory=dict)

    @property
    def reacts_first(self) -> bool:
        """Belligerents, parties and vetoes react before contributors answer."""
        return self.role != "contributor"


class Indicator(Sourced):
    """One context indicator and how it drifts from month to month, within its bounds."""

    says: Words
    start: Points
    drift: Points = Field(default_factory=lambda: Fixed(0.0), description="Added every month; 0 if left out.")
    volatility: Points = Field(
        default_factory=lambda: Fixed(0.0), description="Size of a monthly shock; 0 if left out."
    )
    low: Plain = 0
    high: Plain = 1


class Measure(Sourced):
    """A common-knowledge score of a package on 0 to 100."""

    says: Words
    base: Points
    rules: tuple[PointsRule, ...] = ()


class Durability(Sourced):
    """The chance that an agreement holds for the horizon (model, section 3)."""

    says: Words
    horizon: StrictInt = Field(ge=1, le=100, description="Years.")
    deterrence: Id = Field(description="The measure that deters the revisionist.")
    temptation: Level
    scale: Points = Field(description="Points of temptation less deterrence for one unit of log-odds a year.")


class Inject(Sourced):
    """An event that whoever leads a game may let happen: the context indicators take these values."""

    says: Words
    set: dict[Id, Plain] = Field(min_length=1)


class CaseFile(Shape):
    """The file `case.yaml`."""

    title: Words
    question: Words
    description: Words | None = None
    codebook: dict[Id, CodebookWord] = Field(default_factory=dict)
    issues: dict[Id, Issue] = Field(min_length=1)
    constraints: tuple[Constraint, ...] = ()
    context: dict[Id, Indicator] = Field(default_factory=dict)
    measures: dict[Id, Measure] = Field(default_factory=dict)
    durability: Durability | None = None
    consent: tuple[ConsentRule, ...] = Field(min_length=1)
    injects: dict[Id, Inject] = Field(default_factory=dict, description="Events for whoever leads a game.")


class Protocol(Shape):
    """How the talks go on (model, section 6)."""

    name: ProtocolName = "one_shot"
    months: StrictInt = Field(12, ge=1, le=MONTHS_MOST)
    amend_terms: StrictInt = Field(2, ge=1, le=TERMS_MOST)
    negotiable: tuple[Id, ...] | None = Field(None, description="The issues that may be amended; all, if left out.")
    mediator: Id | None = None
    parties: tuple[Id, ...] | None = Field(None, description="Who take turns; else all belligerents, parties.")


class Event(Shape):
    """In that month the context indicators take these values."""

    month: StrictInt = Field(ge=1)
    set: dict[Id, Plain] = Field(min_length=1)
    says: Words


class ScenarioFile(Shape):
    """A scenario file, after `extends`."""

    case: Words
    extends: Words | None = None
    title: Words
    question: Words
    sponsor: Id
    co_sponsors: tuple[Id, ...] = ()
    proposal: dict[Id, OptionName] = Field(default_factory=dict)
    protocol: Protocol = Field(default_factory=lambda: Protocol())
    changes: dict[StrictStr, Change] = Field(default_factory=dict, description="Numbers of the case, by dotted path.")
    events: tuple[Event, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Case:
    """A whole case: what is known before anybody sits down.

    `numbers` lists every number by its dotted path; that path is also its column among the uniforms of a world.
    """

    id: str
    title: str
    question: str
    description: str | None
    claims: Mapping[str, Claim]
    codebook: Mapping[str, CodebookWord]
    issues: Mapping[str, Issue]
    constraints: tuple[Constraint, ...]
    context: Mapping[str, Indicator]
    measures: Mapping[str, Measure]
    durability: Durability | None
    consent: tuple[ConsentRule, ...]
    injects: Mapping[str, Inject]
    actors: Mapping[str, Actor]

    @cached_property
    def numbers(self) -> Mapping[str, NamedNumber]:
        """Every number of the case by its dotted path, in the order of the files."""
        parts = [(getattr(self, part), part, part, "") for part in ("context", "measures", "durability")]
        parts += [(actor, f"actors.{name}", name, actor.name) for name, actor in self.actors.items()]
        return {number.path: number for part in parts for number in numbers_of(*part, self.resolve)}

    @property
    def default(self) -> Package:
        """The status quo: every issue at its default."""
        return {name: issue.default for name, issue in self.issues.items()}

    def resolve(self, number: Number) -> Distribution:
        """A number with its codebook word looked up."""
        if not isinstance(number, Word):
            return number
        meant = self.codebook[number.word].is_
        assert not isinstance(meant, Word)  # held by sim.case.checks
        return negated(meant) if number.negative else meant


class Adjustment(Shape):
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
    protocol: Protocol
    changes: Mapping[str, object]
    events: tuple[Event, ...]
    source: Mapping[str, object] = field(repr=False)
