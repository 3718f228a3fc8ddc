"""Each month of the talks in sentences: what was tried and why, what the answers taught, and who blocks.

All functions read the plain data of a run (`docs/reference/json.md`). The months of many worlds contain only shares, so
their sentences are only about events.
"""

from __future__ import annotations

from collections.abc import Iterator

from sim.report.story import plain_sentences
from sim.report.story.cast import Cast, sentence
from sim.report.story.move_sentences import move_sentence
from sim.report.story.pledges import former_blockers, sending
from sim.report.story.red_lines import learnt, newly_declared
from sim.report.story.scene import Scene
from sim.report.wording import Plain
from sim.strings import ENGLISH, spoken


def months(run: Plain, *, public: bool = False) -> list[list[str]]:
    """Return the sentences of each month of a run, a dict of format ``parley.run/2``.

    With `public`, they leave out the actors' numbers and what only the drafters have learnt, as in a game with people.
    """
    timeline, protocol, cast = run["timeline"], run["protocol"], Cast.of(run["final"]["actors"])
    step, patience = protocol.get("step", 0.0), protocol.get("patience")
    scenes = [Scene(timeline[: index + 1], cast, step, patience, public) for index in range(len(timeline))]
    if spoken().language != ENGLISH:
        return plain_sentences.months(scenes)
    return [list(_month(scene)) for scene in scenes]


def _month(scene: Scene) -> Iterator[str]:
    """Narrate one month: its events, the move, the red lines declared, what was learnt, and who blocks."""
    yield from map(sentence, scene.now["events"])
    if move := move_sentence(scene):
        yield move
    if "blocked_by" not in scene.now:
        return
    yield from _declared(scene)
    if not scene.public:
        yield from learnt(scene)
    if state := " ".join([*_relented(scene), *_blocked(scene), *sending(scene)]):
        yield state
    if scene.now["agreed"]:
        yield "Agreed."


def _declared(scene: Scene) -> Iterator[str]:
    """Say which declared red lines are crossed now but were not the month before, in their owners' words."""
    cast = scene.cast
    for actor, reaction in scene.now["reactions"].items():
        fresh = newly_declared(scene, actor)
        if not fresh:
            continue
        said = "; ".join(says.rstrip(".") for says in fresh.values())
        if reaction["verdict"] == "accept":
            accepts = cast.does([actor], "accepts", "accept")
            yield sentence(f"{cast.who([actor])} {accepts} across {cast.its([actor])} declared red line: {said}")
        else:
            yield sentence(f"{cast.who([actor])} {cast.does([actor], 'declares', 'declare')}: {said}")


def _relented(scene: Scene) -> Iterator[str]:
    """Say who blocked the month before and no longer blocks, except those whom the move was meant to win over."""
    if not scene.before or scene.takes_turns:
        return
    blockers, gaps = scene.now["blocked_by"], scene.move.get("gaps", {})
    free = [actor for actor in scene.before["blocked_by"] if actor in scene.cast.names and actor not in blockers]
    freed = [actor for actor in free if gaps.get(actor, (None, None))[1] != 0]
    yield from map(sentence, former_blockers(scene, freed))


def _blocked(scene: Scene) -> Iterator[str]:
    """Say who blocks the text of a month, and who among them did not the month before."""
    blockers, cast = scene.now["blocked_by"], scene.cast
    known = blockers if not scene.before or scene.takes_turns else scene.before["blocked_by"]
    new = [actor for actor in blockers if actor not in known]
    old = [actor for actor in blockers if actor in known]
    if old:
        too = f", and now {cast.who(new)} too" if new else ""
        yield sentence(f"{cast.who(old)} {cast.does(old, 'blocks', 'block')}{too}")
    elif new:
        yield sentence(f"now {cast.who(new)} {cast.does(new, 'blocks', 'block')}")
