"""Each month of the talks in sentences: what was tried and why, what the answers taught, and who blocks.

All functions read the plain data of a run (`docs/reference/json.md`). Months of many worlds hold only shares; of them
only the events are told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sim.report.story.cast import Cast, sentence
from sim.report.story.learning import learnt
from sim.report.story.move_sentences import move_sentence
from sim.report.story.pledges import sending, won
from sim.report.story.red_lines import newly_declared
from sim.report.wording import Plain


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
    move = move_sentence(timeline, at, cast, protocol=protocol, public=public)
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
    yield from map(sentence, won(now, before, freed, cast))


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


def _takes_turns(now: Plain) -> bool:
    """Whether the text of a month is an offer, so that the one before it may have been somebody else's."""
    return bool(now["move"]) and now["move"]["kind"] in ("offer", "repeat")
