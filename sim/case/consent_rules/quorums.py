"""A quorum: how many votes a package needs, by weight, as a number or as a share (model, section 5).

Weights and thresholds are exact: they become whole numbers before anything is counted.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import ConfigDict, Field, model_validator

from sim.case.base_models import NAME, Parsed, StrictModel
from sim.case.conditions import ConditionError
from sim.case.validation_messages import misnamed
from sim.errors import quoted

FRACTION = re.compile(r"\s*([0-9]{1,18})\s*/\s*([0-9]{1,18})\s*")
PERCENTAGE = re.compile(r"\s*([0-9]{1,3}(?:\.[0-9]{1,12})?)\s*%\s*")
COUNTED_MOST = 2**62
"""The largest number of votes, in the finest unit of weights and shares: they are counted in 64-bit integers."""
VOTES_MOST = 10**10
"""The most votes of an actor, and the largest number that a quorum may ask for: more than there are people."""
SUMS_MOST = 2**20
"""The most votes for which the voters whose votes can matter are searched for."""
Votes: TypeAlias = int | float


@dataclass(frozen=True)
class VoteShare:
    """A part of the votes, as written in the file."""

    value: Fraction
    written: str

    def __str__(self) -> str:
        return self.written


Threshold: TypeAlias = int | float | VoteShare


@dataclass(frozen=True)
class Tally:
    """The votes of a quorum in whole numbers.

    Parameters
    ----------
    votes : voter to its votes
    need : how many votes must accept
    unit : how many of these votes make up one vote as written in the file
    share : the share of the votes cast that must accept, where abstentions are ignored; otherwise None
    """

    votes: Mapping[str, int]
    need: int
    unit: int
    share: Fraction | None

    @property
    def total(self) -> int:
        """All votes."""
        return sum(self.votes.values())

    @cached_property
    def matters(self) -> frozenset[str]:
        """The voters whose vote decides for at least one way in which the others may vote.

        A voter without such a vote is a dummy player: Luxembourg in the Council of 1958. Where there are too many votes
        to search, or abstentions are ignored, everybody counts as one that matters.
        """
        if self.share is not None or self.total > SUMS_MOST or len(set(self.votes.values())) == 1:
            return frozenset(self.votes)
        return frozenset(name for name in self.votes if self._decides(name))

    def _decides(self, voter: str) -> bool:
        """Whether the others can have just too few votes without this voter: bit n of `sums` is set if n can occur."""
        sums, own = 1, self.votes[voter]
        for name, votes in self.votes.items():
            if name != voter:
                sums |= sums << votes
        low = max(self.need - own, 0)
        return bool(sums >> low & ((1 << self.need - low) - 1))


def parse_threshold(raw: object) -> Threshold:
    """Read a number of votes, or a share such as ``2/3`` or ``55%``. Raises ValueError with a message for the user."""
    if isinstance(raw, str):
        return _share(raw)
    finite = not isinstance(raw, float) or math.isfinite(raw)
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not finite:
        raise ValueError(f"{quoted(raw)} is neither a number of votes nor a share such as 2/3 or 55%.")
    if raw <= 0:
        raise ValueError(f"{quoted(raw)} is too small; it must be at least 1.")
    if raw > VOTES_MOST:
        raise ValueError(f"{quoted(raw)} is too large; it must be at most {VOTES_MOST:,.0f}.")
    return raw


def _share(raw: str) -> VoteShare:
    if (found := FRACTION.fullmatch(raw)) and int(found[2]):
        value = Fraction(int(found[1]), int(found[2]))
    elif found := PERCENTAGE.fullmatch(raw):
        value = Fraction(found[1]) / 100
    else:
        raise ValueError(f"{quoted(raw)} is not a share; write a fraction or a percentage, such as 2/3 or 55%.")
    if not 0 < value <= 1:
        raise ValueError(f"{quoted(raw)} is not a share of the votes; it must be more than 0 and at most 1.")
    return VoteShare(value, "".join(raw.split()))


def parse_voters(raw: object) -> tuple[str, ...] | dict[str, Votes]:
    """Read the voters: a list, or a mapping that gives each its votes.

    Raises ConditionError with a message for the user.
    """
    if not isinstance(raw, list | tuple | Mapping):
        raise ConditionError((), f"expected a list [...] or the votes of each actor {{...}}, not {quoted(raw)}.")
    if not raw:
        raise ConditionError((), "too few entries (0); there must be at least 1.")
    for index, name in enumerate(raw):
        if message := misnamed(name):
            raise ConditionError((name if isinstance(raw, Mapping) else index,), message)
    if not isinstance(raw, Mapping):
        return tuple(raw)
    for name, votes in raw.items():
        if isinstance(votes, bool) or not isinstance(votes, int | float) or not 0 < votes <= VOTES_MOST:
            hint = f"votes must be a number above 0 and at most {VOTES_MOST:,.0f}"
            raise ConditionError((name,), f"{quoted(votes)} cannot be the votes of '{name}'; {hint}.")
    return dict(raw)


_ID: dict[str, Any] = {"type": "string", "pattern": NAME}
_VOTES = {"type": "number", "exclusiveMinimum": 0, "maximum": VOTES_MOST}
Voters = Annotated[
    tuple[str, ...] | dict[str, Votes],
    Parsed(
        parse_voters,
        {
            "anyOf": [
                {"type": "array", "items": _ID, "minItems": 1},
                {"type": "object", "patternProperties": {NAME: _VOTES}, "minProperties": 1},
            ]
        },
    ),
]
ThresholdField = Annotated[
    Threshold,
    Parsed(
        parse_threshold,
        {"anyOf": [_VOTES, {"type": "string", "pattern": r"^\s*([0-9]+\s*/\s*[0-9]+|[0-9]+(\.[0-9]+)?\s*%)\s*$"}]},
    ),
]


class Quorum(StrictModel):
    """A minimum number, or share, of the votes of these actors must accept."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [{"required": ["at_least"]}, {"required": ["more_than"]}]})

    of: Voters = Field(description="The actors that vote: a list, or a mapping that gives each its number of votes.")
    at_least: ThresholdField | None = Field(
        None, description="How many votes must accept: a number, or a share such as `2/3` or `55%`."
    )
    more_than: ThresholdField | None = Field(
        None, description="The same, where exactly so many are not enough: `1/2` is a simple majority."
    )
    abstain: Literal["against", "ignored"] = Field(
        "against",
        description="How to count an actor that neither accepts nor refuses outright: as one that refuses, or not at "
        "all. If ignored, the share is of the votes cast, and at least one vote must accept.",
    )

    @model_validator(mode="after")
    def _makes_sense(self) -> Quorum:
        if self.at_least is None and self.more_than is None:
            raise ValueError("the key 'at_least' is missing.")
        if self.at_least is not None and self.more_than is not None:
            raise ValueError("'at_least' and 'more_than' exclude each other; remove one.")
        if not isinstance(self.threshold, VoteShare):
            if self.abstain == "ignored":
                hint = "a number of votes is needed whoever abstains. Write a share, such as 2/3, or remove 'abstain'."
                raise ConditionError(("abstain",), hint)
            if not isinstance(self.of, Mapping) and self.threshold != int(self.threshold):
                hint = " Write a share as a fraction or a percentage, such as 2/3 or 55%." if self.threshold < 1 else ""
                raise ConditionError((self._key,), f"{quoted(self.threshold)} is not a whole number.{hint}")
        counted = self.tally.total * (self.tally.share.denominator if self.tally.share else 1)
        if counted > COUNTED_MOST:
            raise ConditionError(("of",), "these votes are too fine to be counted; write fewer decimals.")
        return self

    @property
    def threshold(self) -> Threshold:
        """What must be reached, or passed if `more_than` is given."""
        found = self.more_than if self.at_least is None else self.at_least
        assert found is not None  # one of the two is given
        return found

    @property
    def _key(self) -> str:
        return "more_than" if self.at_least is None else "at_least"

    @property
    def weighted(self) -> bool:
        """Whether actors have numbers of votes, rather than one each."""
        return isinstance(self.of, Mapping)

    @cached_property
    def tally(self) -> Tally:
        """The same in whole numbers."""
        votes = {name: _exact(self.of[name]) if isinstance(self.of, Mapping) else Fraction(1) for name in self.of}
        threshold = self.threshold
        numbers = [*votes.values(), *([] if isinstance(threshold, VoteShare) else [_exact(threshold)])]
        unit = math.lcm(*(number.denominator for number in numbers))
        whole = {name: int(number * unit) for name, number in votes.items()}
        needed = threshold.value * sum(whole.values()) if isinstance(threshold, VoteShare) else _exact(threshold) * unit
        need = math.floor(needed) + 1 if self.at_least is None else math.ceil(needed)
        ignored = isinstance(threshold, VoteShare) and self.abstain == "ignored"
        return Tally(whole, need, unit, threshold.value if ignored and isinstance(threshold, VoteShare) else None)

    def out_of_reach(self) -> tuple[str, str] | None:
        """Return the key and the reason if no package can reach the quorum, even if everybody accepts."""
        if self.tally.need <= self.tally.total:
            return None
        if self.weighted:
            among = f"the actors in 'of' have only {self.tally.total / self.tally.unit:,.15g} votes"
        else:
            among = f"the list 'of' names only {len(self.of)}"
        what = "more than " if self.at_least is None else ""
        votes = " votes" if self.weighted else ""
        return self._key, f"{what}{self.threshold}{votes} must accept, but {among}."


def _exact(number: Votes) -> Fraction:
    """Return a number as it is written in decimals."""
    return Fraction(str(number))
