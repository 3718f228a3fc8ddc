"""Each month of the talks in sentences: what was tried and why, what the answers taught, and who blocks.

All functions read the plain data of a run (`docs/reference/json.md`). The months of many worlds contain only shares, so
their sentences are only about events.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sim.report.story.cast import Cast, sentence
from sim.report.story.learning import learnt
from sim.report.story.move_sentences import move_sentence
from sim.report.story.pledges import former_blockers, sending
from sim.report.story.red_lines import newly_declared
from sim.report.wording import Plain


def months(run: Plain, *, public: bool = False) -> list[list[str]]:
    """Return the sentences of each month of a run, a dict of format ``parley.run/2``.

    With `public`, they leave out the actors' numbers and what only the drafters have learnt, as in a game with people.
    """
    cast = Cast.of(run["final"]["actors"])
    timeline, protocol = run["timeline"], run["protocol"]
    return [list(month(timeline, index, cast, protocol=protocol, public=public)) for index in range(len(timeline))]


def month(
    timeline: Sequence[Plain], index: int, cast: Cast, *, protocol: Plain | None = None, public: bool = False
) -> Iterator[str]:
    """Narrate one month: its events, the move, the red lines declared, what was learnt, and who blocks.

    The timeline holds at least the months up to this one. Of the protocol's settings, `step` and `patience` are read.
    """
    now = timeline[index]
    yield from map(sentence, now["events"])
    move = move_sentence(timeline, index, cast, protocol=protocol, public=public)
    if move:
        yield move
    if "blocked_by" not in now:
        return
    before = timeline[index - 1] if index else None
    yield from declared(now, before, cast)
    if not public:
        yield from learnt(timeline, index, cast)
    state = " ".join([*relented(now, before, cast), *blocked(now, before, cast), *sending(now, before, cast)])
    if state:
        yield state
    if now["agreed"]:
        yield "Agreed."


def declared(now: Plain, before: Plain | None, cast: Cast) -> Iterator[str]:
    """Say which declared red lines are crossed now but were not the month before, in their owners' words."""
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
    """Say who blocked the month before and no longer blocks, except those whom the move was meant to win over."""
    if before is None or _takes_turns(now):
        return
    gaps = now["move"]["gaps"] if now["move"] else {}
    free = [actor for actor in before["blocked_by"] if actor in cast.names and actor not in now["blocked_by"]]
    freed = [actor for actor in free if gaps.get(actor, (None, None))[1] != 0]
    yield from map(sentence, former_blockers(now, before, freed, cast))


def blocked(now: Plain, before: Plain | None, cast: Cast) -> Iterator[str]:
    """Say who blocks the text of a month, and who among them did not the month before."""
    blockers = now["blocked_by"]
    known = blockers if before is None or _takes_turns(now) else before["blocked_by"]
    new = [actor for actor in blockers if actor not in known]
    old = [actor for actor in blockers if actor in known]
    if old:
        too = f", and now {cast.who(new)} too" if new else ""
        yield sentence(f"{cast.who(old)} {cast.does(old, 'blocks', 'block')}{too}")
    elif new:
        yield sentence(f"now {cast.who(new)} {cast.does(new, 'blocks', 'block')}")


def _takes_turns(now: Plain) -> bool:
    """Whether the text of a month is an offer, so that the previous text may have been another actor's."""
    return bool(now["move"]) and now["move"]["kind"] in ("offer", "repeat")
