"""One sentence for each move of the talks: what changed in the text, for whom, and what it achieves in numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from sim.report import wording
from sim.report.story.cast import quoted, sentence
from sim.report.story.move_effects import aim, effects
from sim.report.story.red_lines import REFUSALS, crossed, declared_by
from sim.report.story.scene import Scene
from sim.report.wording import Plain

ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")
"""Months in a row, in words; later ones are written as figures."""


def move_sentence(scene: Scene) -> str | None:
    """Return one sentence on the move that produced a month's text; None in the first month and for many worlds."""
    return sentence(_KINDS[scene.move["kind"]](scene)) if scene.before and scene.move else None


def _improve(scene: Scene) -> str:
    whom = aim(scene) or f"{scene.by} {scene.do('changes', 'change')} the text"
    return f"{whom}: {_changes(scene, scene.before['text'])}{effects(scene)}"


def _stand(scene: Scene) -> str:
    if _passed(scene):
        return f"{scene.by} {scene.do('leaves', 'leave')} the text as it is"
    waits = f"{scene.by} {scene.do('waits', 'wait')}"
    waited = _stands_in_a_row(scene.timeline)
    if scene.patience is not None and waited > scene.patience:
        if blockers := _merely_holding_out(scene.before):
            ask = scene.cast.does(blockers, "asks", "ask")
            return (
                f"No change brings anyone closer; {waits}, because {scene.cast.who(blockers)} {ask} for less each month"
            )
        return f"No change brings anyone closer, and nothing is left to give up; {waits} for what has been announced"
    if waited > 1:
        nth = ORDINALS[waited - 1] if waited <= len(ORDINALS) else f"{waited}th"
        return f"Still no change brings anyone closer; {waits} for the {nth} month in a row"
    return f"No change brings anyone closer; {waits}"


def _merely_holding_out(before: Plain) -> list[str]:
    """Return the blockers of a month's text if all of them only hold out for more, otherwise an empty list."""
    blockers: list[str] = before["blocked_by"]
    waits = all(before["reactions"].get(actor, {}).get("verdict") == "holding_out" for actor in blockers)
    return blockers if waits else []


def _retreat(scene: Scene) -> str:
    left = wording.series(_lines_left(scene))
    gives_way = f"{scene.by} {scene.do('gives', 'give')} way" + (f" to {left}" if left else "")
    opening = scene.timeline[0]["text"]
    if _withdraws(scene):
        kept = _changes(scene, opening)
        back = f"{gives_way}, and {scene.do('goes', 'go')} back to the opening text"
        return back + (f" with {kept}" if kept else "") + effects(scene)
    return f"{gives_way}: {_changes(scene, scene.before['text'])}{effects(scene)}"


def _offer(scene: Scene) -> str:
    own = _own_last_text(scene)
    base = scene.before["text"] if own is None else own
    what = _changes(scene, base)
    if not what:
        return f"{scene.by} {scene.do('proposes its', 'propose their')} last text again"
    verb = scene.do("proposes", "propose")
    if own not in (None, scene.before["text"]):
        verb = scene.do("changes its last offer", "change their last offer")
    whom = aim(scene)
    return f"{f'{whom}, ' if whom else ''}{scene.by} {verb}: {what}{effects(scene)}"


def _repeat(scene: Scene) -> str:
    if _passed(scene):
        return f"{scene.by} {scene.do('makes', 'make')} no new offer"
    if _own_last_text(scene) is None:
        return f"{scene.by} {scene.do('finds', 'find')} nothing better to offer; the text stands"
    finds, repeats = scene.do("finds", "find"), scene.do("repeats its", "repeat their")
    return f"{scene.by} {finds} no offer that brings anyone closer, and {repeats} last one"


_KINDS: Mapping[str, Callable[[Scene], str]] = {
    "improve": _improve,
    "stand": _stand,
    "retreat": _retreat,
    "offer": _offer,
    "repeat": _repeat,
}


def _changes(scene: Scene, base: Plain) -> str:
    """Return the chosen terms that differ from `base`, and the terms that had to change with them."""
    changed = wording.differences(base, scene.now["text"])
    chosen = {issue: step for issue, step in changed.items() if issue in scene.move["changed"]}
    along = {issue: step for issue, step in changed.items() if issue not in chosen}
    if not chosen:
        return wording.change(along)
    return wording.change(chosen) + (f", and with it {wording.change(along)}" if along else "")


def _passed(scene: Scene) -> bool:
    """Whether people passed, for reasons that only they know."""
    return set(scene.move["by"]) <= set(scene.move.get("people", ()))


def _stands_in_a_row(timeline: Sequence[Plain]) -> int:
    """Return for how many months in a row, up to the last, the drafters left the text as it was."""
    count = 0
    for month in reversed(timeline):
        if (month.get("move") or {}).get("kind") != "stand":
            return count
        count += 1
    return count


def _lines_left(scene: Scene) -> list[str]:
    """Return the blockers' red lines that this text no longer crosses: ``Russia's red line “No bases”``.

    In public, an undeclared line is not named, only its owner.
    """
    parts = []
    for actor in scene.before["blocked_by"]:
        if actor not in scene.cast.names or scene.before["reactions"][actor]["verdict"] not in REFUSALS:
            continue
        kept = crossed(scene.now["reactions"][actor])
        left = {line: says for line, says in crossed(scene.before["reactions"][actor]).items() if line not in kept}
        named = declared_by(scene.before, actor) if scene.public else left
        lines = [quoted(says) for line, says in left.items() if line in named]
        if lines:
            which = "line" if len(lines) == 1 else "lines"
            parts.append(f"{scene.cast.whose(actor)} red {which} {wording.series(lines)}")
        elif left:
            parts.append(scene.cast.who([actor]))
    return parts


def _withdraws(scene: Scene) -> bool:
    """Whether a retreat starts from the opening text and so takes back later concessions."""
    opening, past, text = scene.timeline[0]["text"], scene.before["text"], scene.now["text"]

    def beside(base: Plain) -> int:
        return sum(issue not in scene.move["changed"] for issue in wording.differences(base, text))

    return beside(opening) < beside(past)


def _own_last_text(scene: Scene) -> Plain | None:
    """Return the last text that the same actor tabled, alone or with co-sponsors; None if there is none."""
    for month in reversed(scene.timeline[:-1]):
        drafted = not month["move"] or month["move"]["kind"] not in ("repeat", "stand")
        if drafted and month["tabled_by"][:1] == scene.move["by"][:1]:
            text: Plain = month["text"]
            return text
    return None
