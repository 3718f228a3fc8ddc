"""What actors send, beside what they say: who supports a text and sends nothing, and what is pledged."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from sim.report import wording
from sim.report.option_labels import spaced
from sim.report.story.cast import Cast, sentence
from sim.report.wording import Plain

WHOLE = 10
"""Amounts from here on are told without decimals."""


def sending(now: Plain, before: Plain | None, cast: Cast) -> Iterator[str]:
    """Tell who supports a text and sends nothing to it, and what is pledged, where that is new."""
    for resource in _asked(now):
        idle = _supporters_who_keep(now, resource)
        if idle and (before is None or idle != _supporters_who_keep(before, resource)):
            supports, sends = cast.does(idle, "supports", "support"), cast.does(idle, "sends", "send")
            yield sentence(f"{cast.who(idle)} {supports} the text and {sends} no {spaced(resource)}")
        told = pledged(now, resource)
        news = before is None or told != pledged(before, resource)
        if news and not (before and _covered(before, resource) and _covered(now, resource)):
            yield sentence(f"Pledged: {told}")


def pledged(now: Plain, resource: str) -> str:
    """Return what is pledged against what is asked: ``26,000 of 50,000 troops``.

    Parameters
    ----------
    now : a month of one world, or a sitting
    """
    total = _total(now, resource)
    asked = now.get("asked", {}).get(resource)
    if asked is None:
        return f"{amount(total)} {spaced(resource)}"
    if total > asked:
        return f"{amount(total)} {spaced(resource)}, more than the {amount(asked)} asked for"
    return f"{amount(total)} of {amount(asked)} {spaced(resource)}"


def amount(value: float) -> str:
    """Return an amount of a resource, without decimals where they say nothing.

    >>> amount(26701.36), amount(2.5)
    ('26,701', '2.5')
    """
    return wording.option(round(value) if abs(value) >= WHOLE else round(value, 1))


def sends(actor: Plain) -> str | None:
    """Return an actor's second answer: ``sends 13,000 troops``, ``sends nothing``; None if nothing is asked of it."""
    if not any(one["asked"] for one in actor.get("sends", {}).values()):
        return None
    return f"sends {_given(actor) or 'nothing'}"


def won(now: Plain, before: Plain, ids: Sequence[str], cast: Cast) -> Iterator[str]:
    """Tell of actors who block no longer what they do now: agree, send, or only stop blocking.

    Parameters
    ----------
    now, before : months
    ids : actors that blocked before and do not now
    """
    gave = [one for one in ids if before["reactions"][one]["verdict"] == "accept" and _given(now["reactions"][one])]
    agree = [one for one in ids if one not in gave and now["reactions"][one]["verdict"] == "accept"]
    other = [one for one in ids if one not in gave and one not in agree]
    if agree:
        yield f"{cast.who(agree)} now {cast.does(agree, 'agrees', 'agree')}"
    for one in gave:
        yield f"{cast.who([one])} now {cast.does([one], 'sends', 'send')} {_given(now['reactions'][one])}"
    if other:
        yield f"{cast.who(other)} no longer {cast.does(other, 'blocks', 'block')}"


def _given(actor: Plain) -> str:
    """What an actor sends of all that it is asked for: ``13,000 troops``; empty if nothing."""
    asked = {resource: one for resource, one in actor.get("sends", {}).items() if one["asked"]}
    return wording.series(f"{amount(one['amount'])} {spaced(name)}" for name, one in asked.items() if one["sends"])


def _asked(now: Plain) -> list[str]:
    """The resources that a text asks somebody for, in the order of the case."""
    found: dict[str, None] = {}
    for reaction in now["reactions"].values():
        found |= {resource: None for resource, one in reaction.get("sends", {}).items() if one["asked"]}
    return list(found)


def _supporters_who_keep(now: Plain, resource: str) -> list[str]:
    """The actors that accept a text and send nothing of what it asks them for."""
    return [
        actor
        for actor, reaction in now["reactions"].items()
        if reaction["verdict"] == "accept"
        and (one := reaction.get("sends", {}).get(resource))
        and one["asked"]
        and not one["sends"]
    ]


def _total(now: Plain, resource: str) -> float:
    """What all actors together pledge of a resource."""
    reactions = now["reactions"] if "reactions" in now else now["actors"]
    return float(sum(reaction.get("pledge", {}).get(resource, 0.0) for reaction in reactions.values()))


def _covered(now: Plain, resource: str) -> bool:
    """Whether what is pledged covers what is asked."""
    return bool(_total(now, resource) >= now.get("asked", {}).get(resource, math.inf))
