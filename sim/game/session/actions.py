"""The actions of a game: one Pydantic model per kind, which validates data from outside.

Each model says who may do it: the teacher, a person (for itself only), or the clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool, StrictInt, StrictStr, ValidationError

from sim.game.session.rejections import RejectedActionError
from sim.game.typed_text import filled, one_line, printable
from sim.negotiation.moves import VerdictWord

TEACHER: Final = "teacher"
CLOCK: Final = "clock"
OBSERVER, MEDIATOR = "observer", "mediator"
"""Places at a table that are not an actor's: somebody who watches, and somebody who drafts without interests."""
NAME_MOST = 40
"""The most characters of a pseudonym."""
TEXT_MOST = 2_000
"""The most characters of a statement: half a page."""
HEADLINE_MOST = 120
"""The most characters of a headline."""
TERMS_MOST = 64
"""The most terms that an action may name; no case has that many issues."""
SECONDS_MOST = 24 * 60 * 60

Who = Literal["teacher", "person", "clock"]


Name = Annotated[StrictStr, Field(min_length=1, max_length=NAME_MOST), AfterValidator(one_line)]
Said = Annotated[StrictStr, Field(max_length=TEXT_MOST), AfterValidator(printable)]
Text = Annotated[StrictStr, Field(min_length=1, max_length=TEXT_MOST), AfterValidator(filled)]
Heading = Annotated[StrictStr, Field(min_length=1, max_length=HEADLINE_MOST), AfterValidator(one_line)]
Person = Annotated[StrictStr, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Actor = Annotated[StrictStr, Field(max_length=64)]
Table = Annotated[StrictInt, Field(ge=1)]
Real = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Terms = Annotated[dict[Actor, StrictStr | StrictInt | Real], Field(max_length=TERMS_MOST)]
Amount = Annotated[Real, Field(ge=0)]
Amounts = Annotated[dict[Actor, Amount], Field(max_length=TERMS_MOST)]
KINDS: dict[str, type[Action]] = {}
"""Each kind of action, as the log and requests name it, with its model."""


class Action(BaseModel):
    """Base of all actions; `kind` is the name of an action in the log and in requests."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    who: ClassVar[Who] = TEACHER

    def __init_subclass__(cls, kind: str = "", **_: Any) -> None:
        if kind:
            KINDS[kind] = cls


class AtTable(Action):
    """An action at one table."""

    table: Table


class AtTables(Action):
    """An action at one table, or at all."""

    table: Table | None = None


class ByPerson(AtTable):
    """An action of a person at a table."""

    who: ClassVar[Who] = "person"


class Lock(Action, kind="lock"):
    """Lock the room: nobody can join or change places."""


class Unlock(Action, kind="unlock"):
    """Unlock the room."""


class Assign(Action, kind="assign"):
    """Seat a person, or take the person's seat away."""

    person: Person
    table: Table | None = None
    actor: Actor | None = None


class Chair(AtTable):
    """One chair: the base of actions on it, and the addressee of a message."""

    actor: Actor


class Agent(Chair, kind="agent"):
    """Hand a chair to its agent."""


class ByHand(Chair, kind="person"):
    """Hand a chair back to the people who sit there."""


class Start(AtTables, kind="start"):
    """Begin the talks."""


class Pause(Action, kind="pause"):
    """Stop all clocks; nothing is decided until `resume`."""


class Resume(Action, kind="resume"):
    """Start all clocks again."""


class Extend(AtTables, kind="extend"):
    """Give a phase more time."""

    seconds: Annotated[Real, Field(gt=0, le=SECONDS_MOST)]


class Next(AtTables, kind="next"):
    """Close the phase now."""


class Happening(Action):
    """An event that the teacher makes up."""

    says: Text
    set: Annotated[dict[Actor, Real], Field(min_length=1, max_length=TERMS_MOST)]


class Inject(AtTables, kind="inject"):
    """Inject an event that no rule foresees: one from the scenario's library, or the teacher's own."""

    id: Actor | None = None
    event: Happening | None = None


class Announce(Action, kind="announce"):
    """Send a message to all, to one person, or to a chair."""

    to: Chair | Person | None = None
    text: Text


class Undo(AtTables, kind="undo"):
    """Undo the last step: the last closed phase, inject, start or finish."""


class Finish(AtTables, kind="finish"):
    """End the talks: this month is decided, and then they expire."""


class Debrief(Action, kind="debrief"):
    """Open the debrief."""


class CloseDebrief(Action, kind="close_debrief"):
    """Close the debrief again."""


class Settle(AtTable, kind="settle"):
    """Put a text before all chairs that may improve on the outcome of the talks."""

    package: Terms


class SettleVote(ByPerson, kind="settle_vote"):
    """Accept or refuse a text that was put before all chairs."""

    version: StrictInt
    accept: StrictBool


class Remove(Action, kind="remove"):
    """Remove a person from the room."""

    person: Person


class Clear(Action, kind="clear"):
    """Remove everybody who has no seat and watches no table."""


class RemoveHeadline(AtTable, kind="remove_headline"):
    """Take a headline off the wall and all phones."""

    headline: StrictInt


class Join(Action, kind="join"):
    """Join the session."""

    who: ClassVar[Who] = "person"
    person: Person
    name: Name


class Sit(ByPerson, kind="sit"):
    """Take a chair, or watch a table."""

    actor: Actor


class Stand(Action, kind="stand"):
    """Leave a chair or an observer's place."""

    who: ClassVar[Who] = "person"


class Vote(ByPerson, kind="vote"):
    """Answer the text on the table."""

    version: StrictInt
    verdict: VerdictWord
    pledge: Amounts = {}
    says: Said = ""
    withdraw: StrictBool = False


class Amend(ByPerson, kind="amend"):
    """Put the next text on the table; without changes, the text stays as it is."""

    version: StrictInt
    changes: Terms = {}
    says: Said = ""


class Suggest(ByPerson, kind="suggest"):
    """Suggest a change in public."""

    version: StrictInt
    changes: Annotated[Terms, Field(min_length=1)]
    says: Said = ""


class Support(ByPerson, kind="support"):
    """Support a suggestion of somebody else in public, or take the support back."""

    suggestion: StrictInt
    support: StrictBool = True


class Say(ByPerson, kind="say"):
    """Say something in public, and how much one would send of a resource; the amounts bind nobody."""

    text: Said = ""
    intends: Amounts = {}


class Headline(ByPerson, kind="headline"):
    """Write a headline about a table that one watches."""

    text: Heading


class Whisper(ByPerson, kind="whisper"):
    """Say something to one chair in private."""

    to: Actor
    text: Text


class Sound(ByPerson, kind="sound"):
    """Ask for a sounding: how an actor might answer the text with some changes."""

    actor: Actor
    changes: Terms = {}


class Timeout(AtTable, kind="timeout"):
    """End a phase whose time is up."""

    who: ClassVar[Who] = CLOCK


def read(kind: str, data: Mapping[str, Any]) -> Action:
    """Read an action. Raises `RejectedActionError` if the kind is unknown, or its data is not valid."""
    if kind not in KINDS:
        raise RejectedActionError("bad", "unknown_kind", kind=kind[:NAME_MOST])
    try:
        return KINDS[kind].model_validate(dict(data))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join([kind, *(str(step)[:NAME_MOST] for step in first["loc"])])
        raise RejectedActionError("bad", "unfit", where=where, what=first["msg"]) from None
