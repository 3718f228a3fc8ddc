"""The parts of a case's files as frozen Pydantic models: issues, rules, actors (model, sections 2 to 5).

Every key has a description, which the reference of the files and editors show through the JSON Schema.
"""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import shorten
from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict, Field, StrictInt, StrictStr, WithJsonSchema

from sim.case.base_models import Id, Parsed, Sourced, StrictModel, Words
from sim.case.conditions import Option, When, parse_option
from sim.case.distributions import Fixed, Number
from sim.case.number_syntax import Plain, Points, Price, Scores

TITLE_SHOWN = 80
"""The most characters of a title or a name that a `repr` shows."""

OptionName = Annotated[Option, Parsed(parse_option, {"type": ["string", "number"]})]


def _has_no_digit(text: str) -> str:
    if any(letter.isdecimal() for letter in text):
        raise ValueError("this has a digit, but agents say no numbers; write it in words, or leave the key out.")
    return text


Aloud = Annotated[Words, AfterValidator(_has_no_digit), WithJsonSchema({"type": "string", "pattern": "^[^0-9]+$"})]
"""What an actor says in public; it has no digit, because agents say no numbers."""

Role = Literal["belligerent", "party", "veto", "contributor"]
ROLES: tuple[Role, ...] = ("belligerent", "party", "veto", "contributor")
"""The roles in the order in which actors are listed; all but contributors react first (model, section 6)."""
SHORT_MOST = 24
"""The longest short name of an issue, in characters: what a phone shows on one line beside an option."""
ShortName = Annotated[StrictStr, Field(min_length=1, max_length=SHORT_MOST)]


class CodebookWord(Sourced):
    """A word for a size, with the distribution that it stands for."""

    is_: Points = Field(alias="is", description="The distribution of points that the word stands for.")


class Issue(Sourced):
    """One issue to be settled, with its options in order."""

    says: Words = Field(description="The issue in words.")
    short: ShortName | None = Field(
        None, description="The issue in one to three words, for small screens; by default, `says`."
    )
    options: tuple[OptionName, ...] = Field(min_length=2, description="The options in order: words or numbers.")
    default: OptionName = Field(description="The option that holds if a proposal does not mention the issue.")
    unit: Words | None = Field(None, description="The unit of options that are numbers.")
    labels: dict[StrictStr, Words] = Field(default_factory=dict, description="The options in words, by their names.")
    group: Words | None = Field(None, description="A heading under which pages show it with others of the group.")
    clauses: dict[StrictStr, Aloud] = Field(
        default_factory=dict,
        description="The options as what an agent says after 'if', by their names; it leaves out options without one.",
    )
    moved_by: Id | dict[Id, tuple[OptionName, ...]] | None = Field(
        None,
        description="The actor that can decide this issue alone, or each actor with the options that it can choose "
        "alone; for `stability`, which asks what each actor can do by itself.",
    )
    one_way: bool = Field(
        False,
        strict=True,
        description="Whether a move can only lead to later options in the list, so that no move can be undone.",
    )

    @property
    def movers(self) -> dict[str, tuple[Option, ...]]:
        """The options that each actor can choose alone, by the name of the actor."""
        if self.moved_by is None:
            return {}
        return {self.moved_by: self.options} if isinstance(self.moved_by, str) else dict(self.moved_by)

    @property
    def numeric(self) -> bool:
        """Whether every option is a number, so that comparisons and `cover` can use it."""
        return all(isinstance(option, int | float) for option in self.options)


class Rule(Sourced):
    """A condition with a name and a description."""

    rule: Id = Field(description="Its name, unique in its list; dotted paths use it.")
    says: Words = Field(description="The rule in words, as reports show it.")
    when: When = Field(default_factory=dict, description="The condition under which it holds; by default, always.")


class PointsRule(Rule):
    """A rule that adds points where it holds: a preference, or part of a measure."""

    points: Points = Field(description="The points that it adds where it holds.")
    aloud: Aloud | None = Field(
        None, description="What the actor's agent says in public when it gives this reason. By default, it does not."
    )
    per: Id | None = Field(None, description="An issue whose options are numbers: the points count for each unit.")
    from_: Plain | None = Field(
        None, alias="from", description="With `per`, the number from which units are counted; by default, 0."
    )


class CountedRule(PointsRule):
    """A rule as it is counted, made by `sim.case.counted_rules`; no file contains it.

    `number` is the dotted path of the number behind its points, and `times` the factor by which that is multiplied.
    """

    number: str
    times: float


class ScoreSheet(Sourced):
    """The points of each option, issue by issue, with one source: a score sheet in one line per issue."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Scores] = Field(init=False)

    @property
    def scores(self) -> Mapping[str, Mapping[str, Number]]:
        """The points by issue and option, of the issues whose points are named by option."""
        return {name: scores for name, scores in self.__pydantic_extra__.items() if isinstance(scores, Mapping)}


class RedLine(Rule):
    """A rule on what an actor will not accept, or only at a price."""

    price: Price = Field(description="The surplus that makes up for crossing it, or `never`.")
    declared: bool = Field(False, strict=True, description="Whether the actor has declared it in public.")
    aloud: Aloud | None = Field(
        None,
        description="What the actor's agent says in public about this line; by default, `says` if it is declared.",
    )


class Constraint(Rule):
    """A rule on which packages are possible: where `when` holds, `then` must hold too."""

    then: When = Field(
        description="What must hold too. A proposal that breaks it is refused; an amendment is repaired if possible."
    )


class Slope(Sourced):
    """Points for each unit of a context indicator."""

    context: Id = Field(description="The context indicator.")
    points: Points = Field(description="The points for one unit of the indicator.")
    says: Words | None = Field(None, description="A description, if the indicator's own does not fit.")


class Level(Sourced):
    """A base plus slopes on the context: a reservation value, or the revisionist's temptation."""

    base: Points = Field(description="The value where every indicator is 0.")
    slopes: tuple[Slope, ...] = Field((), description="The points that the context adds.")


class Weight(Sourced):
    """How much an actor cares about a measure: points for each point of the measure."""

    measure: Id = Field(description="The measure, or `durability`.")
    weight: Points = Field(description="The points for each point of the measure.")
    says: Words | None = Field(None, description="A description, if the measure's own does not fit.")
    aloud: Aloud | None = Field(
        None, description="What the actor's agent says in public when it gives this reason. By default, it does not."
    )


class Aspiration(Sourced):
    """How much surplus an actor holds out for: `opening x (1 - (t/T)^(1/e))`."""

    opening: Points = Field(description="The surplus that the actor holds out for before the first month.")
    e: Points = Field(description="Below 1 it concedes late (Boulware), at 1 evenly, above 1 early (conceder).")


class AudienceCost(Sourced):
    """Points added to the price of every declared red line."""

    points: Points = Field(description="The points that crossing a declared red line costs in addition to its price.")


class Capacity(Sourced):
    """How much of a resource an actor can send, and the rules that affect its decision to send it.

    An actor sends it if it accepts the text and its surplus, plus the points of the rules that hold, is 0 or more.
    """

    amount: Points = Field(description="How much the actor can send.")
    when_sent: tuple[PointsRule, ...] = Field(
        (), description="Rules that count only if the actor sends it, not in its verdict on the text."
    )


class Actor(StrictModel):
    """An actor, from one file of `actors/`: who it is, what it wants, what it refuses."""

    name: Words = Field(description="The name to show.")
    role: Role = Field(description="The role; a contributor answers after the others, knowing their answers.")
    brief: Words = Field(description="Who the actor is, written for the person who plays it.")
    reservation: Level = Field(description="What no agreement is worth to the actor.")
    preferences: tuple[PointsRule, ...] = Field((), description="What the actor likes and dislikes in a package.")
    scores: ScoreSheet | None = Field(None, description="The actor's score sheet: more points, with one source.")
    weighs: tuple[Weight, ...] = Field((), description="The measures that the actor cares about.")
    red_lines: tuple[RedLine, ...] = Field((), description="What the actor will not accept, or only at a price.")
    aspiration: Aspiration | None = Field(None, description="How much more than no agreement the actor holds out for.")
    audience_cost: AudienceCost | None = Field(None, description="What it costs the actor to break its word in public.")
    capacities: dict[Id, Capacity] = Field(default_factory=dict, description="What the actor can pledge, by resource.")

    def __repr__(self) -> str:
        rules = f"{len(self.preferences)} preferences, {len(self.red_lines)} red lines"
        return f"<Actor {shorten(self.name, TITLE_SHOWN, placeholder='…')!r}: {self.role}, {rules}>"

    @property
    def heeding_rules(self) -> tuple[PointsRule, ...]:
        """The rules that may depend on others' answers: the preferences, and the rules on sending resources."""
        return (*self.preferences, *(rule for capacity in self.capacities.values() for rule in capacity.when_sent))

    @property
    def reacts_first(self) -> bool:
        """Whether the actor reacts before contributors answer: a belligerent, a party or a veto."""
        return self.role != "contributor"


class Indicator(Sourced):
    """A context indicator, and how it changes from month to month within its bounds."""

    says: Words = Field(description="A description.")
    start: Points = Field(description="The value when the talks begin.")
    drift: Points = Field(
        default_factory=lambda: Fixed(0.0), description="The average change from month to month; by default, 0."
    )
    volatility: Points = Field(
        default_factory=lambda: Fixed(0.0), description="The standard deviation of the monthly shock; by default, 0."
    )
    low: Plain = Field(0, description="The lower bound.")
    high: Plain = Field(1, description="The upper bound.")


class Correlation(Sourced):
    """Uncertain numbers that are drawn together: where one is high, the others tend to be high, or low."""

    numbers: tuple[Words, ...] = Field(min_length=2, description="The numbers, by their dotted paths.")
    rank: Plain = Field(description="The rank correlation of each two of them, above -1 and below 1.")


class Measure(Sourced):
    """A score of a package from 0 to 100, known to everybody."""

    says: Words = Field(description="A description.")
    base: Points = Field(description="The score of a package for which no rule holds.")
    rules: tuple[PointsRule, ...] = Field((), description="The rules by which a package raises or lowers the score.")


class Durability(Sourced):
    """The chance that an agreement lasts for the horizon (model, section 3)."""

    says: Words = Field(description="A description.")
    horizon: StrictInt = Field(ge=1, le=100, description="How many years the agreement has to last.")
    deterrence: Id = Field(description="The measure that deters a new war.")
    temptation: Level = Field(description="What tempts the revisionist to return to war.")
    scale: Points = Field(description="Points of temptation minus deterrence for one unit of log-odds per year.")
