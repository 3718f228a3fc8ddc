"""What actors send, as opposed to how they answer: who supports a text but sends nothing, and what is pledged."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from sim.report import wording
from sim.report.option_labels import spaced
from sim.report.story.cast import sentence
from sim.report.story.scene import Scene
from sim.report.wording import Plain

WHOLE = 10
"""Amounts of at least this size are written without decimals."""


def sending(scene: Scene) -> Iterator[str]:
    """Say who supports a text but sends nothing, and what is pledged, if that has changed."""
    now, before, cast = scene.now, scene.before, scene.cast
    for resource in _asked(now):
        idle = _supporters_who_send_nothing(now, resource)
        if idle and not (before and idle == _supporters_who_send_nothing(before, resource)):
            supports, sends = cast.does(idle, "supports", "support"), cast.does(idle, "sends", "send")
            yield sentence(f"{cast.who(idle)} {supports} the text and {sends} no {spaced(resource)}")
        pledge = pledged(now, resource)
        known = before and pledge == pledged(before, resource)
        if not known and not (before and _covered(before, resource) and _covered(now, resource)):
            yield sentence(f"Pledged: {pledge}")


def pledged(now: Plain, resource: str) -> str:
    """Return what is pledged in a month or an evaluation, and what is asked: ``26,000 of 50,000 troops``."""
    total = _total(now, resource)
    asked = now.get("asked", {}).get(resource)
    if asked is None:
        return f"{amount(total)} {spaced(resource)}"
    if total > asked:
        return f"{amount(total)} {spaced(resource)}, more than the {amount(asked)} asked for"
    return f"{amount(total)} of {amount(asked)} {spaced(resource)}"


def amount(value: float) -> str:
    """Return an amount of a resource, without decimals that do not matter.

    >>> amount(26701.36), amount(2.5)
    ('26,701', '2.5')
    """
    return wording.option(round(value) if abs(value) >= WHOLE else round(value, 1))


def sends(actor: Plain) -> str | None:
    """Return what an actor sends: ``sends 13,000 troops``, ``sends nothing``; None if nothing is asked of it."""
    if not any(decision["asked"] for decision in actor.get("sends", {}).values()):
        return None
    return f"sends {_sent(actor) or 'nothing'}"


def former_blockers(scene: Scene, ids: Sequence[str]) -> Iterator[str]:
    """Say what actors that blocked the month before and no longer do now do: agree, send, or only stop blocking."""
    now, before, cast = scene.now, scene.before, scene.cast
    gave = [name for name in ids if before["reactions"][name]["verdict"] == "accept" and _sent(now["reactions"][name])]
    agree = [name for name in ids if name not in gave and now["reactions"][name]["verdict"] == "accept"]
    other = [name for name in ids if name not in gave and name not in agree]
    if agree:
        yield f"{cast.who(agree)} now {cast.does(agree, 'agrees', 'agree')}"
    for name in gave:
        yield f"{cast.who([name])} now {cast.does([name], 'sends', 'send')} {_sent(now['reactions'][name])}"
    if other:
        yield f"{cast.who(other)} no longer {cast.does(other, 'blocks', 'block')}"


def _sent(actor: Plain) -> str:
    """Return what an actor sends of what it is asked for: ``13,000 troops``; empty if nothing."""
    decisions = actor.get("sends", {}).items()
    sent = {resource: decision["amount"] for resource, decision in decisions if decision["asked"] and decision["sends"]}
    return wording.series(f"{amount(value)} {spaced(resource)}" for resource, value in sent.items())


def _asked(now: Plain) -> list[str]:
    """Return the resources that a text asks at least one actor for, in the order of the case."""
    resources: dict[str, None] = {}
    for reaction in now["reactions"].values():
        resources |= {resource: None for resource, decision in reaction.get("sends", {}).items() if decision["asked"]}
    return list(resources)


def _supporters_who_send_nothing(now: Plain, resource: str) -> list[str]:
    """Return the actors that accept a text and send none of a resource that it asks them for."""
    return [
        actor
        for actor, reaction in now["reactions"].items()
        if reaction["verdict"] == "accept"
        and (decision := reaction.get("sends", {}).get(resource))
        and decision["asked"]
        and not decision["sends"]
    ]


def _total(now: Plain, resource: str) -> float:
    """Return what all actors together pledge of a resource."""
    reactions = now["reactions"] if "reactions" in now else now["actors"]
    return float(sum(reaction.get("pledge", {}).get(resource, 0.0) for reaction in reactions.values()))


def _covered(now: Plain, resource: str) -> bool:
    """Whether the pledges cover what is asked for."""
    return bool(_total(now, resource) >= now.get("asked", {}).get(resource, math.inf))
