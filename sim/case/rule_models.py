"""What the files of a case are made of, as frozen Pydantic models: issues, rules, actors (model, sections 2 to 5).

Every key says what it means: the reference of the files, and editors, take it from here by the JSON Schema.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StrictInt, StrictStr, model_validator

from sim.case.base_models import Id, Parsed, Sourced, StrictModel, Words
from sim.case.conditions import Option, When, parse_option
from sim.case.distributions import Fixed
from sim.case.number_syntax import Plain, Points, Price

OptionName = Annotated[Option, Parsed(parse_option, {"type": ["string", "number"]})]

Role = Literal["belligerent", "party", "veto", "contributor"]
ROLES: tuple[Role, ...] = ("belligerent", "party", "veto", "contributor")
"""In the order in which they are listed; all but contributors react first (model, section 6)."""


class CodebookWord(Sourced):
    """A word for a size, and the distribution that it stands for."""

    is_: Points = Field(alias="is", description="The distribution of points that the word stands for.")


class Issue(Sourced):
    """One thing to be settled, with ordered options."""

    says: Words = Field(description="What is to be settled.")
    options: tuple[OptionName, ...] = Field(min_length=2, description="In their order, words or numbers.")
    default: OptionName = Field(description="The option where a proposal is silent.")
    unit: Words | None = Field(None, description="Of numbers.")
    labels: dict[StrictStr, Words] = Field(default_factory=dict, description="Options in words, by their names.")

    @property
    def numeric(self) -> bool:
        """Whether every option is a number, so that comparisons and `cover` may use its size."""
        return all(isinstance(option, int | float) for option in self.options)


class Rule(Sourced):
    """A condition with a name and words."""

    rule: Id = Field(description="Its id, unique in its list; a dotted path finds it by that.")
    says: Words = Field(description="In words, as a report shows it.")
    when: When = Field(default_factory=dict, description="Where it holds; left out, it always does.")


class PointsRule(Rule):
    """A rule that adds points where it holds: a preference, or part of a measure."""

    points: Points = Field(description="What it adds where it holds.")


class RedLine(Rule):
    """What an actor will not accept, or only at a price."""

    price: Price = Field(description="The surplus that would buy it off, or `never`.")
    declared: bool = Field(False, strict=True, description="Whether it is said in public.")


class Constraint(Rule):
    """Which packages are possible: where `when` holds, `then` must hold too."""

    then: When = Field(
        description="What must hold too. A proposal that breaks it is refused; an amendment is mended, if in one way."
    )


class Quorum(StrictModel):
    """At least so many of these must accept."""

    of: tuple[Id, ...] = Field(min_length=1, description="Actors.")
    at_least: StrictInt = Field(ge=1, description="So many of them accept.")


class Pledges(StrictModel):
    """The pledges of those who accept must cover a number of the package."""

    of: Id = Field(description="A resource, of which those who accept pledge their `capacities`.")
    from_: tuple[Id, ...] = Field(alias="from", min_length=1, description="Actors.")
    cover: Id = Field(description="The issue whose number they must cover.")


class ConsentRule(Rule):
    """Whose acceptance a package needs, where `when` holds."""

    needs: tuple[Id, ...] = Field((), description="All of these accept.")
    veto: tuple[Id, ...] = Field(
        (), description="None of these refuses outright; one that merely holds out for more abstains."
    )
    quorum: Quorum | None = Field(None, description="So many of these accept.")
    pledges: Pledges | None = Field(
        None, description="What those who accept can pledge covers a number of the package."
    )

    @model_validator(mode="after")
    def _asks_for_something(self) -> ConsentRule:
        if not (self.needs or self.veto or self.quorum or self.pledges):
            raise ValueError("asks for nobody's consent; add needs, veto, quorum or pledges.")
        return self


class Slope(Sourced):
    """Points for each unit of a context indicator."""

    context: Id = Field(description="An indicator.")
    points: Points = Field(description="For a unit of it.")
    says: Words | None = Field(None, description="In words, where those of the indicator do not do.")


class Level(Sourced):
    """A base plus slopes on the context: a reservation value, or the revisionist's temptation."""

    base: Points = Field(description="Where every indicator is 0.")
    slopes: tuple[Slope, ...] = Field((), description="What the context adds.")


class Weight(Sourced):
    """How much an actor cares for a measure: points for each point of it."""

    measure: Id = Field(description="A measure, or `durability`.")
    weight: Points = Field(description="Points for each point of it.")
    says: Words | None = Field(None, description="In words, where those of the measure do not do.")


class Aspiration(Sourced):
    """How much surplus an actor holds out for: `opening x (1 - (t/T)^(1/e))`."""

    opening: Points = Field(description="The surplus that it holds out for before the first month.")
    e: Points = Field(description="Below 1 it gives way late (Boulware), at 1 evenly, above 1 early (conceder).")


class AudienceCost(Sourced):
    """Points added to the price of every declared red line."""

    points: Points = Field(description="What each declared red line costs on top.")


class Capacity(Sourced):
    """How much of a resource an actor can send, and what weighs on the decision to send it.

    An actor sends if it accepts the text and its surplus, plus the points of the rules that hold, is 0 or more.
    """

    amount: Points = Field(description="How much it can send.")
    when_sent: tuple[PointsRule, ...] = Field(
        (), description="Rules that count only if the actor sends it, not in its verdict on the text."
    )


class Actor(StrictModel):
    """One file of `actors/`: who it is, what it wants, what it refuses."""

    name: Words = Field(description="In words.")
    role: Role = Field(description="A contributor answers after the others, knowing what they said.")
    brief: Words = Field(description="Who it is, for whoever plays it.")
    reservation: Level = Field(description="What no agreement is worth to it.")
    preferences: tuple[PointsRule, ...] = Field((), description="What it likes and dislikes in a package.")
    weighs: tuple[Weight, ...] = Field((), description="Measures that it cares for.")
    red_lines: tuple[RedLine, ...] = Field((), description="What it will not accept, or only at a price.")
    aspiration: Aspiration | None = Field(None, description="How much more than no agreement it holds out for.")
    audience_cost: AudienceCost | None = Field(None, description="What going back on its word in public costs it.")
    capacities: dict[Id, Capacity] = Field(default_factory=dict, description="What it can pledge, by resource.")

    @property
    def heeding_rules(self) -> tuple[PointsRule, ...]:
        """The rules that may ask what others answer: what it prefers, and what weighs on sending."""
        return (*self.preferences, *(rule for one in self.capacities.values() for rule in one.when_sent))

    @property
    def reacts_first(self) -> bool:
        """Belligerents, parties and vetoes react before contributors answer."""
        return self.role != "contributor"


class Indicator(Sourced):
    """One context indicator and how it drifts from month to month, within its bounds."""

    says: Words = Field(description="In words.")
    start: Points = Field(description="Its value when the talks begin.")
    drift: Points = Field(
        default_factory=lambda: Fixed(0.0), description="How much it changes from month to month; 0 if left out."
    )
    volatility: Points = Field(
        default_factory=lambda: Fixed(0.0), description="The standard deviation of its monthly shock; 0 if left out."
    )
    low: Plain = Field(0, description="Its lower bound.")
    high: Plain = Field(1, description="Its upper bound.")


class Measure(Sourced):
    """A common-knowledge score of a package on 0 to 100."""

    says: Words = Field(description="In words.")
    base: Points = Field(description="Of a package for which no rule holds.")
    rules: tuple[PointsRule, ...] = Field((), description="What a package adds to it.")


class Durability(Sourced):
    """The chance that an agreement holds for the horizon (model, section 3)."""

    says: Words = Field(description="In words.")
    horizon: StrictInt = Field(ge=1, le=100, description="Years that the agreement has to hold.")
    deterrence: Id = Field(description="The measure that deters.")
    temptation: Level = Field(description="What draws the revisionist back to war.")
    scale: Points = Field(description="Points of temptation less deterrence for one unit of log-odds a year.")
