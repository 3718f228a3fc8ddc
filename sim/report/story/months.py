"""Each month of the talks in sentences: what was tried and why, what the answers taught, and who blocks.

All functions read the plain data of a run (`docs/reference/json.md`). Months of many worlds hold only shares; of them
only the events are told.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from sim.report import words
from sim.report.options import spaced
from sim.report.story.cast import Cast, sentence
from sim.report.story.learning import learnt
from sim.report.story.lines import newly_declared
from sim.report.story.moves import tried
from sim.report.words import Plain

WHOLE = 10
"""Amounts from here on are told without decimals."""


def months(run: Plain, *, public: bool = False) -> list[list[str]]:
    """Return the sentences of every month of a run.

    Parameters
    ----------
    run : a dict of format ``parley.run/2``
    public : leave out all numbers of the actors and what only the drafters have learnt, as in a game with people

    Returns
    -------
    list of a list of sentences for each month
    """
    cast = Cast.of(run["final"]["actors"])
    timeline, protocol = run["timeline"], run["protocol"]
    return [list(month(timeline, at, cast, protocol=protocol, public=public)) for at in range(len(timeline))]


def month(
    timeline: Sequence[Plain], at: int, cast: Cast, *, protocol: Plain | None = None, public: bool = False
) -> Iterator[str]:
    """Tell one month: its events, the move, the red lines declared, what was learnt, and who blocks.

    Parameters
    ----------
    timeline : the months so far, or all
    at : place of the month in the timeline
    protocol : its settings, of which `step` and `patience` are read
    public : leave out all numbers of the actors and what only the drafters have learnt
    """
    now = timeline[at]
    yield from map(sentence, now["events"])
    move = tried(timeline, at, cast, protocol=protocol, public=public)
    if move:
        yield move
    if "blocked_by" not in now:
        return
    before = timeline[at - 1] if at else None
    yield from declared(now, before, cast)
    if not public:
        yield from learnt(timeline, at, cast)
    state = " ".join([*relented(now, before, cast), *blocked(now, before, cast), *sending(now, before, cast)])
    if state:
        yield state
    if now["agreed"]:
        yield "Agreed."


def declared(now: Plain, before: Plain | None, cast: Cast) -> Iterator[str]:
    """Tell which red lines are declared that were not crossed the month before, in their owners' words."""
    for actor, reaction in now["reactions"].items():
        fresh = newly_declared(now, before, actor)
        if not fresh:
            continue
        said = "; ".join(says.rstrip(".") for says in fresh.values())
        if reaction["verdict"] == "accept":
            accepts = cast.does([actor], "accepts", "accept")
            yield sentence(f"{cast.who([actor])} {accepts} across {cast.its([actor])} declared red line: {said}")
        else:
            yield sentence(f"{cast.who([actor])} {cast.does([actor], 'declares', 'declare')}: {said}")


def relented(now: Plain, before: Plain | None, cast: Cast) -> Iterator[str]:
    """Tell who blocked the month before and blocks no longer, beside those whom the move was to free."""
    if before is None or _takes_turns(now):
        return
    gaps = now["move"]["gaps"] if now["move"] else {}
    free = [one for one in before["blocked_by"] if one in cast.names and one not in now["blocked_by"]]
    freed = [one for one in free if gaps.get(one, (None, None))[1] != 0]
    if freed:
        agree = all(now["reactions"][one]["verdict"] == "accept" for one in freed)
        verb = ("now agrees", "now agree") if agree else ("no longer blocks", "no longer block")
        yield sentence(f"{cast.who(freed)} {cast.does(freed, *verb)}")


def blocked(now: Plain, before: Plain | None, cast: Cast) -> Iterator[str]:
    """Tell who blocks the text of a month, and who does so that did not the month before."""
    blockers = now["blocked_by"]
    new = [] if before is None or _takes_turns(now) else [one for one in blockers if one not in before["blocked_by"]]
    old = [one for one in blockers if one not in new]
    if old:
        too = f", and now {cast.who(new)} too" if new else ""
        yield sentence(f"{cast.who(old)} {cast.does(old, 'blocks', 'block')}{too}")
    elif new:
        yield sentence(f"now {cast.who(new)} {cast.does(new, 'blocks', 'block')}")


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
        return f"{amount(total)} {spaced(resource)}, more than the {amount(asked)} that are asked for"
    return f"{amount(total)} of {amount(asked)} {spaced(resource)}"


def amount(value: float) -> str:
    """Return an amount of a resource, without decimals where they say nothing.

    >>> amount(26701.36), amount(2.5)
    ('26,701', '2.5')
    """
    return words.option(round(value) if abs(value) >= WHOLE else round(value, 1))


def sends(actor: Plain) -> str | None:
    """Return an actor's second answer: ``sends 13,000 troops``, ``sends nothing``; None if nothing is asked of it."""
    asked = {resource: one for resource, one in actor.get("sends", {}).items() if one["asked"]}
    if not asked:
        return None
    given = [f"{amount(one['amount'])} {spaced(name)}" for name, one in asked.items() if one["sends"]]
    return f"sends {words.series(given)}" if given else "sends nothing"


def _takes_turns(now: Plain) -> bool:
    """Whether the text of a month is an offer, so that the one before it may have been somebody else's."""
    return bool(now["move"]) and now["move"]["kind"] in ("offer", "repeat")


def _total(now: Plain, resource: str) -> float:
    """What all actors together pledge of a resource."""
    reactions = now["reactions"] if "reactions" in now else now["actors"]
    return float(sum(reaction.get("pledge", {}).get(resource, 0.0) for reaction in reactions.values()))


def _covered(now: Plain, resource: str) -> bool:
    """Whether what is pledged covers what is asked."""
    return bool(_total(now, resource) >= now.get("asked", {}).get(resource, math.inf))


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
