"""The talks in plain sentences, for languages other than English: each says one thing and needs no grammar of names.

The English sentences of the other modules bend verbs and names; here every sentence is one text of `sim.strings`, into
which names and terms are put after a colon. The functions have the names and arguments of those that they stand in for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sim.report import wording
from sim.report.option_labels import spaced
from sim.report.story.cast import Cast, quoted, sentence
from sim.report.story.red_lines import crossed, newly_declared, words_of_line
from sim.report.story.scene import Scene
from sim.report.wording import Plain
from sim.strings import spoken


def months(scenes: Sequence[Scene]) -> list[list[str]]:
    """Return the sentences of each month: its events, the move, red lines, who blocks, and what is sent."""
    return [list(_month(scene)) for scene in scenes]


def _month(scene: Scene) -> Iterator[str]:
    yield from map(sentence, scene.now["events"])
    if scene.before and scene.move:
        yield " ".join(_move(scene))
    if "blocked_by" not in scene.now:
        return
    yield from _declared(scene)
    if not scene.public:
        yield from _learnt(scene)
    if state := " ".join([*_blocked(scene), *_sending(scene)]):
        yield state
    if scene.now["agreed"]:
        yield spoken()("story.agreed")


def _move(scene: Scene) -> Iterator[str]:
    t, by, move = spoken(), scene.by, scene.move
    changed = wording.differences(scene.before["text"], scene.now["text"])
    if not changed:
        yield t("story.unchanged", by=by)
        return
    if whom := _aimed_at(scene):
        yield t("story.aim", whom=whom)
    chosen = {issue: pair for issue, pair in changed.items() if issue in move["changed"]}
    along = {issue: pair for issue, pair in changed.items() if issue not in chosen}
    key = {"retreat": "story.gives_way", "offer": "story.offers"}.get(move["kind"], "story.changes")
    yield t(key, by=by, change=wording.change(chosen or along))
    if chosen and along:
        yield t("story.along", change=wording.change(along))
    if not scene.public:
        yield from _gaps(scene)


def _aimed_at(scene: Scene) -> str:
    """Return the actors that a move is expected to win over; nothing for people's offers, whose aims only they know."""
    if scene.move.get("people"):
        return ""
    gaps = {name: gap for name, gap in scene.move["gaps"].items() if name not in scene.move["by"]}
    won = [name for name, (_, after) in gaps.items() if after == 0 and name in scene.cast.names]
    return wording.series(scene.cast.names[name] for name in won) if won else ""


def _gaps(scene: Scene) -> Iterator[str]:
    for name, (before, after) in scene.move["gaps"].items():
        if name in scene.cast.names and None not in (before, after) and abs(after - before) >= scene.step / 2:
            was, now = wording.level(before), wording.level(after)
            yield spoken()("story.gap", who=scene.cast.names[name], was=was, now=now)


def _declared(scene: Scene) -> Iterator[str]:
    for actor, reaction in scene.now["reactions"].items():
        if fresh := newly_declared(scene, actor):
            key = "story.accepts_across" if reaction["verdict"] == "accept" else "story.declares"
            yield spoken()(key, who=scene.cast.who([actor]), lines=wording.series(map(quoted, fresh.values())))


def _learnt(scene: Scene) -> Iterator[str]:
    for lesson in scene.now.get("learnt", ()):
        says = lesson.get("says") or words_of_line(scene.timeline, lesson["actor"], lesson["line"])
        key = "story.not_for_sale" if lesson["closed"] else "story.line_known"
        yield spoken()(key, who=scene.cast.who([lesson["actor"]]), line=quoted(says))


def _blocked(scene: Scene) -> Iterator[str]:
    t, cast, blockers = spoken(), scene.cast, scene.now["blocked_by"]
    if not scene.takes_turns:
        free = [name for name in scene.before.get("blocked_by", ()) if name in cast.names and name not in blockers]
        if free:
            yield t("story.relented", who=cast.who(free))
    if blockers:
        yield t("story.blocked", who=cast.who(blockers))


def _sending(scene: Scene) -> Iterator[str]:
    t = spoken()
    for resource, asked in scene.now.get("asked", {}).items():
        reactions = scene.now["reactions"]
        idle = [name for name, one in reactions.items() if one["verdict"] == "accept" and _withholds(one, resource)]
        if idle:
            yield t("story.sends_nothing", who=scene.cast.who(idle), resource=spaced(resource))
        yield _pledged(reactions, resource, asked)


def _withholds(answer: Plain, resource: str) -> bool:
    decision = answer.get("sends", {}).get(resource)
    return bool(decision and decision["asked"] and not decision["sends"])


def _pledged(answers: Plain, resource: str, asked: float) -> str:
    total = sum(one.get("pledge", {}).get(resource, 0.0) for one in answers.values())
    amounts = {"amount": wording.option(round(total)), "asked": wording.option(asked)}
    return spoken()("story.pledged", resource=spaced(resource), **amounts)


def between(evaluation: Plain, cast: Cast, believed: Mapping[str, float] | None, core: Sequence[str]) -> Iterator[str]:
    """Say what each actor that blocks or refuses a text lacks, and what it would accept; blockers come first."""
    actors = evaluation["actors"]
    blockers = [name for name in evaluation["blocked_by"] if name in actors]
    refusers = [name for name, actor in actors.items() if actor["verdict"] != "accept" and name not in blockers]
    for name in [*blockers, *refusers]:
        parts = [_lacks(actors[name], cast.who([name]))]
        if name in refusers:
            parts.append(spoken()("story.not_needed"))
        if believed and name in believed:
            parts.append(spoken()("story.believed", points=wording.level(believed[name])))
        yield " ".join([*parts, *yes_if(actors[name], cast.who([name]), ways=1, core=core)])


def _lacks(actor: Plain, who: str) -> str:
    t = spoken()
    if actor["verdict"] == "accept":
        kept = [spaced(resource) for resource in actor.get("sends", {}) if _withholds(actor, resource)]
        return t("story.sends_nothing", who=who, resource=wording.series(kept))
    never = [entry["says"] for entry in actor["ledger"] if entry["points"] == wording.NEVER]
    if never:
        return t("story.stands_at_line", who=who, lines=wording.series(map(quoted, never)))
    if not actor["short"]:
        return t("story.own_mind", who=who)
    points = wording.level(actor["short"])
    lines = crossed(actor) if actor["verdict"] == "red_line" else {}
    if lines:
        return t("story.short_with_line", who=who, points=points, lines=wording.series(map(quoted, lines.values())))
    return t("story.short", who=who, points=points)


def yes_if(actor: Plain, who: str, *, ways: int | None, core: Sequence[str]) -> Iterator[str]:
    """Say which changes of terms would turn the refusal of an actor into a yes, or that none would."""
    t, answer = spoken(), actor.get("yes_if")
    if not answer:
        return
    if answer["line"] is not None and answer["short"] is not None:
        short = answer["short"]
        yield t("story.even_without_line", points=wording.level(short)) if short else t("story.without_line")
    if answer["terms"] is None:
        besides = t("story.besides", issues=wording.series(core)) if core else ""
        yield t("story.no_change", most=answer.get("tried", 3), besides=besides, who=who)
        return
    for index, terms in enumerate(answer["sets"][:ways]):
        yield t("story.or_with" if index else "story.yes_with", change=wording.change(terms))


def lasting(run: Plain) -> Iterator[str]:
    """Say how likely the agreement of one world is to last, or would have been."""
    if run["durability"] is None:
        return
    key = "story.lasts" if run["outcome"] == "agreed" else "story.would_last"
    chance, horizon = wording.per_cent(run["durability"]), run["final"].get("horizon")
    yield spoken()(key, chance=chance, years=wording.option(horizon) if horizon else "?")


def ended(run: Plain) -> str:
    """Return how and when a run ended."""
    how = wording.OUTCOMES[run["outcome"]]
    return spoken()("story.ended", outcome=sentence(how.short), words=sentence(how.words), months=run["months"])


def outcome(run: Plain) -> str:
    """Return how and when a run ended, and who blocks its last text."""
    blocked, cast = run["blocked_by"], Cast.of(run["final"]["actors"])
    return f"{ended(run)} {spoken()('story.blocked', who=cast.who(blocked))}" if blocked else ended(run)


def refusal_in_words(refusal: Plain) -> str:
    """Return a refusal in words; supporting a text without sending what it asks for also counts as one."""
    if refusal["withholds"]:
        mark, resources = wording.VERDICTS["accept"].mark, wording.series(map(spaced, refusal["withholds"]))
        return f"{mark} {spoken()('story.supports_only', resource=resources)}"
    verdict = wording.VERDICTS[refusal["verdict"]]
    return f"{verdict.mark} {verdict.words}"
