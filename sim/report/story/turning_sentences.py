"""What would turn an actor, in sentences: the terms, the line that no terms escape, and the nearest numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence

from sim.report import wording
from sim.report.story.cast import Cast, quoted, sentence
from sim.report.wording import Plain


def turning_sentences(
    turning: Plain, cast: Cast, in_words: Callable[[Mapping[str, Sequence[object]]], str] = wording.change
) -> Iterator[str]:
    """Say what would turn one actor (an `ActorTurning`): the best set of terms, its line, and the numbers.

    Parameters
    ----------
    in_words : makes words of changed terms
    """
    name, terms = turning["actor"], turning["terms"]
    who, it = cast.who([name]), cast.it(name)
    if turning["line_says"] is not None and not terms:
        short = turning["short"]
        lacking = f"even without that line {it} would be {wording.level(short)} points short" if short else ""
        accepts = lacking or f"without that line {it} would accept"
        has = cast.does([name], "has", "have")
        yield sentence(f"{who} {has} a red line that is not for sale, {quoted(turning['line_says'])}; {accepts}")
    elif terms:
        verb = "send what is asked" if turning["verdict"] == "accept" else "accept"
        yield sentence(f"{who} would {verb} with {in_words(terms[0])}")
    elif turning["core_terms"]:
        changed = in_words(turning["core_terms"][0])
        yield sentence(f"only a change of what makes it this proposal turns {who}: {changed}")
    else:
        yield sentence(f"no change of a few terms turns {who}")
    for number in turning["numbers"]:
        yield number_sentence(number)


def number_sentence(number: Plain) -> str:
    """Say which value of one number would turn an actor.

    >>> number = {"says": "Russia's reservation value", "now": 23.0, "then": 17.0, "side": "at most", "within": True}
    >>> number_sentence({**number, "assumed": True, "source": []})
    "Or if Russia's reservation value were at most 17 (now 23; possible in its range; assumed)."
    """
    then = _rounded(number["then"], up=number["side"] == "at least")
    reach = "possible in its range" if number["within"] else "outside its range"
    basis = "assumed" if number["assumed"] else wording.basis({**number, "kind": "sourced"})
    now = _value(number["now"])
    return f"Or if {number['says']} were {number['side']} {_value(then)} (now {now}; {reach}; {basis})."


def _rounded(value: float, *, up: bool) -> float:
    """Round a threshold to the side on which it still turns the actor, to tenths if it is 1 or more."""
    scale = 10 if abs(value) >= 1 else 1_000
    return (math.ceil(value * scale) if up else math.floor(value * scale)) / scale


def _value(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:,.3f}".rstrip("0").rstrip(".")
