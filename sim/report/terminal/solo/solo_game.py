"""The pages of a game that somebody plays alone in the terminal.

Each takes a view (`sim.game.session.views`) or a part of one as plain data, and the words of a language.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from sim.report import wording
from sim.report.option_labels import spaced
from sim.report.story.ending import lasting, outcome
from sim.report.terminal.layout import INDENT, heading, indented, look, table
from sim.report.terminal.solo.brief import brief, rows
from sim.report.terminal.solo.worth import ledger, worth
from sim.report.wording import Plain
from sim.strings import Strings

YES = "accept"


def welcome(view: Plain, say: Strings) -> RenderableType:
    """Who one is, how the talks go, and what to do first."""
    you, protocol = view["you"], view["protocol"]
    brief = you["brief"]
    lines = [say(f"play.role.{brief['role']}"), you["briefing"]]
    if you["sponsor"]:
        lines.append(say("play.role.withdraw"))
    if protocol["amends"]:
        lines.append(say("play.role.how", months=wording.count(view["months"], "month")))
    return Group(
        Text.assemble((view["title"], "bold"), "\n", (view["question"], "italic")),
        heading(say("play.role.title", name=brief["name"])),
        indented(brief["brief"]),
        indented(""),
        *map(indented, lines),
        indented(say("play.role.next")),
    )


def text(view: Plain, say: Strings) -> RenderableType:
    """The text on the table, what changed in it, and what it is worth to one's own chair."""
    return Group(*_text(view, say))


def _text(view: Plain, say: Strings) -> Iterator[RenderableType]:
    yield heading(say("play.text.heading", month=view["month"], months=view["months"]))
    meant = say("play.text.meant_for", who=_who(view["meant_for"], view)) if view["meant_for"] else ""
    yield indented(f"{say('play.text.tabled', who=_who(view['tabled_by'], view))} {meant}".strip())
    made = Table.grid(padding=(0, 1))
    amendable = view["protocol"]["amends"]
    for one in view["text"]:
        changed = one["was"] is not None
        mark = "*" if amendable and one["negotiable"] else " "
        said = Text.assemble(
            (_option(one), "bold yellow" if changed else "bold"), f" {one['unit']}" if one["unit"] else ""
        )
        if one["label"]:
            said.append(f": {one['label']}")
        if changed:
            said.append(f" ({say('play.text.was', was=wording.option(one['was']))})", "yellow")
        made.add_row(Text(mark, style="dim"), Text(one["issue"], style="cyan"), said, Text(one["says"], style="dim"))
    yield Padding(made, INDENT)
    if amendable:
        yield indented(
            Text(say("play.text.negotiable", terms=wording.count(view["protocol"]["amend_terms"], "term")), style="dim")
        )
    yield from _lines(view["lines"], view, say)
    if view["you"]["score"] is not None:
        yield from worth(view["you"]["score"], say)


def _lines(lines: Sequence[Plain], view: Plain, say: Strings) -> Iterator[RenderableType]:
    """The declared red lines that a text crosses."""
    if lines:
        yield indented(say("play.text.lines"))
        who = (view["chairs"][line["actor"]]["name"] for line in lines)
        yield Padding(rows((f"  {name}", line["says"]) for name, line in zip(who, lines, strict=True)), INDENT)


def _option(one: Plain) -> str:
    return wording.option(one["option"])


def answers(month: Plain, view: Plain, say: Strings) -> RenderableType:
    """What everybody answered in a month, as far as it has been heard, and what came of it."""
    return Group(*_answers(month, view, say))


def _answers(month: Plain, view: Plain, say: Strings) -> Iterator[RenderableType]:
    decision = month["decision"]
    yield heading(say("play.answers.first" if decision is None else "play.answers.heading", month=month["month"]))
    made = Table.grid(padding=(0, 2))
    for actor, answer in month["answers"].items():
        name = Text(view["chairs"][actor]["name"], style="bold")
        if actor == view["you"]["actor"]:
            name.append(f" ({say('play.answers.own')})", "not bold dim")
        made.add_row(name, look(answer["verdict"]), "\n".join(_reasons(answer, say)))
    yield Padding(made, INDENT)
    if decision is None:
        return
    for told in view["told"].get(month["month"], ()):
        yield indented(Text(told, style="bold green" if decision["agreed"] else "bold"))
    for rule in decision["unmet"]:
        yield indented(f"  {say('play.answers.unmet', says=rule['says'])}")


def _reasons(answer: Plain, say: Strings) -> Iterator[str]:
    """What is said in public with an answer."""
    if answer["says"]:
        yield say("play.answers.says", says=answer["says"])
    for line in answer["declares"]:
        yield say("play.answers.declares", says=line["says"])
    if not answer["says"]:
        for one in answer["record"]:
            yield say("play.answers.record", text=one["text"], claim=one["claim"])
    if answer["pledge"]:
        yield sent(answer["pledge"], say)


def sent(pledge: Plain, say: Strings) -> str:
    """What somebody sends to a text that it supports: ``supports, sends nothing``."""
    given = [f"{wording.option(amount)} {spaced(resource)}" for resource, amount in pledge.items() if amount]
    return say("play.answers.sends", what=wording.series(given)) if given else say("play.answers.sends_nothing")


def retabled(month: Plain, before: Plain | None, view: Plain, say: Strings) -> RenderableType:
    """A text about which one was not asked: what it changed, and who put it on the table."""
    changed = wording.differences(before["text"], month["text"]) if before else {}
    change, who = wording.change(changed) or say("play.answers.unchanged"), _who(month["tabled_by"], view)
    return heading(say("play.answers.amended", month=month["month"], who=who, change=change))


def in_short(month: Plain, view: Plain, say: Strings) -> RenderableType:
    """The answers of a month in one line, and what came of them."""

    def cell(one: Plain) -> str:
        yes = wording.VERDICTS[one["verdict"]]
        return f"{yes.mark} {sent(one['pledge'], say)}" if one["pledge"] else yes.cell

    answered = " · ".join(f"{view['chairs'][actor]['name']} {cell(one)}" for actor, one in month["answers"].items())
    return Group(indented(answered), *(indented(told) for told in view["told"].get(month["month"], ())))


def paragraph(told: str, _: Strings) -> RenderableType:
    """A paragraph."""
    return indented(told)


def headline(told: str, _: Strings) -> RenderableType:
    """A heading by itself."""
    return heading(told)


def event(says: str, month: int, say: Strings) -> RenderableType:
    """An event."""
    return Text(f"\n{say('play.answers.happens', month=month, says=says)}", style="bold magenta")


def draft(found: Plain, view: Plain, say: Strings) -> RenderableType:
    """One's draft: what it changes, what that is worth, and what can be done with it."""
    return Group(*_draft(found, view, say))


def _draft(found: Plain, view: Plain, say: Strings) -> Iterator[RenderableType]:
    if not found["possible"]:
        yield heading(say("play.draft.impossible", why=found["why"]))
        return
    if not found["changed"]:
        yield heading(say("play.draft.empty"))
        return
    yield heading(say("play.draft.heading", change=wording.change(found["changed"])))
    yield from _lines(found["lines"], view, say)
    if found["score"] is not None:
        yield from worth(found["score"], say)
    if view["you"]["turn"] == "amendment":
        yield indented(Text(say("play.draft.how_to_table"), style="dim"))
    else:
        other = next(one for one in view["chairs"] if one != view["you"]["actor"])
        yield indented(Text(say("play.draft.how_to_suggest", actor=other), style="dim"))


def options(issue: Plain, found: Sequence[tuple[Any, Plain]], say: Strings) -> RenderableType:
    """All options of an issue, each with what a draft with it would be worth to one's own chair."""
    title = say("play.draft.options", says=issue["says"], issue=issue["issue"], count=len(found))
    made = table("", say("play.draft.option"), "")
    made.columns[1].justify = "right"
    labels = {str(one["option"]): one["label"] for one in issue["options"]}
    for option, one in found:
        name = Text(wording.option(option), style="cyan")
        if labels[str(option)]:
            name.append(f": {labels[str(option)]}", "not cyan")
        score = one["score"]
        worth = "" if score is None else wording.NEVER if score["never"] else wording.points(score["surplus"])
        now = say("play.draft.now") if option == issue["option"] else ""
        made.add_row(name, worth, now if one["possible"] else one["why"])
    return Group(heading(title), Padding(made, INDENT))


def sounding(asked: Plain, left: int, view: Plain, say: Strings) -> RenderableType:
    """What is known in public of how somebody might answer."""
    return Group(*_sounding(asked, left, view, say))


def _sounding(asked: Plain, left: int, view: Plain, say: Strings) -> Iterator[RenderableType]:
    yield heading(say("play.sounding.heading", name=view["chairs"][asked["actor"]]["name"]))
    yield indented(Text(say(f"play.sounding.leans.{asked['leans']}"), style="bold"))
    for line in asked["declares"]:
        yield indented(say("play.sounding.declares", says=line["says"]))
    for past in asked["heard"]:
        verdict = wording.VERDICTS[past["verdict"]].words
        if past["differs"]:
            differs = wording.change(past["differs"])
            yield indented(say("play.sounding.heard", month=past["month"], differs=differs, verdict=verdict))
        else:
            yield indented(say("play.sounding.heard_same", month=past["month"], verdict=verdict))
    for one in asked["record"]:
        yield indented(say("play.answers.record", text=one["text"], claim=one["claim"]))
    yield indented(Text(say("play.sounding.left", left=left), style="dim"))


def listed(title: str, groups: Mapping[str, Sequence[tuple[str, str]]], _: Strings) -> RenderableType:
    """A list of what can be typed, each with what it does, under headings."""
    parts: list[RenderableType] = [heading(title)] if title else []
    for head, lines in groups.items():
        if head:
            parts.append(indented(head))
        made = Table.grid(padding=(0, 2))
        made.add_column(no_wrap=True, style="cyan")
        for left, right in lines:
            made.add_row(left, right)
        parts.append(Padding(made, (0, 0, 0, 4)))
    return Group(*parts)


def end(found: Plain, why: str, say: Strings) -> RenderableType:
    """How the game ended, beside what one's understudy would have done."""
    return Group(*_end(found, why, say))


def _end(found: Plain, why: str, say: Strings) -> Iterator[RenderableType]:
    run = found["run"]
    yield heading(say("play.end.heading"))
    yield indented(Text(outcome(run), style=wording.OUTCOMES[run["outcome"]].style))
    yield from map(indented, lasting(run))
    yield indented(_gain(found["gain"], run["outcome"] == "agreed", ("result", "result_below", "no_deal"), say))
    yield heading(say("play.end.answers"))
    if found["answers"] and all(_answered(one, 0) == _answered(one, 1) for one in found["answers"]):
        yield indented(say("play.end.same"))
    elif found["answers"]:
        made = table(say("play.end.month"), say("play.end.you"), say("play.end.understudy"))
        for one in found["answers"]:
            made.add_row(str(one["month"]), _answered(one, 0), _answered(one, 1))
        yield Padding(made, INDENT)
    alone = found["alone"]
    how = wording.OUTCOMES[alone["outcome"]].short
    months = f"({wording.count(alone['months'], 'month')})"
    yield indented(say("play.end.alone", outcome=how, months=months))
    yield indented(_gain(alone["gain"], alone["outcome"] == "agreed", ("alone_gain", "alone_below", "alone_none"), say))
    yield indented(Text(say("play.end.why", command=why), style="dim"))


def _answered(one: Plain, at: int) -> Text:
    """An answer, and what was sent with it; of the player (0) or of its understudy (1)."""
    verdict = one[("verdict", "understudy")[at]]
    given = [f"{wording.option(pair[at])} {spaced(of)}" for of, pair in one["sends"].items()] if verdict == YES else []
    return look(verdict).append(f", {wording.series(given)}") if given else look(verdict)


def _gain(gain: float, agreed: bool, keys: tuple[str, str, str], say: Strings) -> str:
    above, below, none = keys
    if not agreed:
        return say(f"play.end.{none}")
    return say(f"play.end.{above if gain >= 0 else below}", gain=wording.level(abs(gain)))


def _who(actors: Sequence[str], view: Plain) -> str:
    return wording.series(view["chairs"][one]["name"] for one in actors)


__all__ = [
    "answers",
    "brief",
    "draft",
    "end",
    "event",
    "headline",
    "in_short",
    "ledger",
    "listed",
    "options",
    "paragraph",
    "retabled",
    "sounding",
    "text",
    "welcome",
]
