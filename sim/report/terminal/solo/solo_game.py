"""The pages of a game that one person plays in the terminal.

Each page takes a view (`sim.game.session.views`), or a part of one, as plain data and the strings of a language.
`sim.cli.play.game_screen` calls the pages by name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType, group
from rich.table import Table
from rich.text import Text

from sim.report import wording
from sim.report.option_labels import spaced
from sim.report.story.ending import lasting, outcome
from sim.report.terminal.layout import MARGIN, commands, grid, heading, indented, look, table
from sim.report.terminal.solo.own_seat import brief as brief
from sim.report.terminal.solo.own_seat import ledger as ledger
from sim.report.terminal.solo.own_seat import worth
from sim.report.wording import Plain
from sim.strings import Strings

YES = "accept"


def welcome(view: Plain, say: Strings) -> RenderableType:
    """Introduce the player's role, how the talks work, and what to do first."""
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


@group()
def text(view: Plain, say: Strings) -> Iterator[RenderableType]:
    """Show the text on the table, what changed in it, and what it is worth to the player's seat."""
    yield heading(say("play.text.heading", month=view["month"], months=view["months"]))
    addressees = say("play.text.meant_for", who=_who(view["meant_for"], view)) if view["meant_for"] else ""
    yield indented(f"{say('play.text.tabled', who=_who(view['tabled_by'], view))} {addressees}".strip())
    rows = Table.grid(padding=(0, 1))
    amendable = view["protocol"]["amends"]
    for term in view["text"]:
        changed = term["was"] is not None
        mark = "*" if amendable and term["negotiable"] else " "
        option = Text.assemble(
            (wording.option(term["option"]), "bold yellow" if changed else "bold"),
            f" {term['unit']}" if term["unit"] else "",
        )
        if term["label"]:
            option.append(f": {term['label']}")
        if changed:
            option.append(f" ({say('play.text.was', was=wording.option(term['was']))})", "yellow")
        issue, says = Text(term["issue"], style="cyan"), Text(term["says"], style="dim")
        rows.add_row(Text(mark, style="dim"), issue, option, says)
    yield indented(rows)
    if amendable:
        terms = wording.count(view["protocol"]["amend_terms"], "term")
        yield indented(Text(say("play.text.negotiable", terms=terms), style="dim"))
    yield from _lines(view["lines"], view, say)
    if view["you"]["score"] is not None:
        yield from worth(view["you"]["score"], say)


def _lines(lines: Sequence[Plain], view: Plain, say: Strings) -> Iterator[RenderableType]:
    """List the declared red lines that a text crosses."""
    if lines:
        yield indented(say("play.text.lines"))
        yield indented(grid((f"  {view['chairs'][line['actor']]['name']}", line["says"]) for line in lines))


@group()
def answers(month: Plain, view: Plain, say: Strings) -> Iterator[RenderableType]:
    """Show the answers of a month, as far as they are public, and the decision."""
    decision = month["decision"]
    yield heading(say("play.answers.first" if decision is None else "play.answers.heading", month=month["month"]))
    rows = Table.grid(padding=(0, 2))
    for actor, answer in month["answers"].items():
        name = Text(view["chairs"][actor]["name"], style="bold")
        if actor == view["you"]["actor"]:
            name.append(f" ({say('play.answers.own')})", "not bold dim")
        rows.add_row(name, look(answer["verdict"]), "\n".join(_reasons(answer, say)))
    yield indented(rows)
    if decision is None:
        return
    for sentence in view["sentences"].get(month["month"], ()):
        yield indented(Text(sentence, style="bold green" if decision["agreed"] else "bold"))
    for rule in decision["unmet"]:
        yield indented(f"  {say('play.answers.unmet', says=rule['says'])}")
        for count in rule.get("votes", ()):
            key = "play.answers.votes_cast" if count["cast"] else "play.answers.votes"
            yield indented(f"  {say(key, needed=count['needed'], of=count['of'], accept=count['accept'])}")


def _reasons(answer: Plain, say: Strings) -> Iterator[str]:
    """Yield what is public about an answer."""
    if answer["says"]:
        yield say("play.answers.says", says=answer["says"])
    for line in answer["declares"]:
        yield say("play.answers.declares", says=line["says"])
    if not answer["says"]:
        for claim in answer["record"]:
            yield say("play.answers.record", text=claim["text"], claim=claim["claim"])
    if answer["pledge"]:
        yield sent(answer["pledge"], say)


def sent(pledge: Plain, say: Strings) -> str:
    """Say what a supporter of a text sends: ``supports, sends nothing``."""
    amounts = [f"{wording.option(amount)} {spaced(resource)}" for resource, amount in pledge.items() if amount]
    return say("play.answers.sends", what=wording.series(amounts)) if amounts else say("play.answers.sends_nothing")


def retabled(month: Plain, before: Plain | None, view: Plain, say: Strings) -> RenderableType:
    """Introduce a text that the player did not answer: what it changed and who tabled it."""
    changed = wording.differences(before["text"], month["text"]) if before else {}
    change, who = wording.change(changed) or say("play.answers.unchanged"), _who(month["tabled_by"], view)
    return heading(say("play.answers.amended", month=month["month"], who=who, change=change))


def in_short(month: Plain, view: Plain, say: Strings) -> RenderableType:
    """Show the answers of a month in one line, and the decision."""

    def cell(answer: Plain) -> str:
        verdict = wording.VERDICTS[answer["verdict"]]
        return f"{verdict.mark} {sent(answer['pledge'], say)}" if answer["pledge"] else verdict.cell

    cells = (f"{view['chairs'][actor]['name']} {cell(answer)}" for actor, answer in month["answers"].items())
    return Group(indented(" · ".join(cells)), *map(indented, view["sentences"].get(month["month"], ())))


def paragraph(words: str, _: Strings) -> RenderableType:
    """Show a paragraph."""
    return indented(words)


def headline(words: str, _: Strings) -> RenderableType:
    """Show a heading by itself."""
    return heading(words)


def event(says: str, month: int, say: Strings) -> RenderableType:
    """Announce an event."""
    return Text(f"\n{say('play.answers.happens', month=month, says=says)}", style="bold magenta")


@group()
def draft(preview: Plain, view: Plain, say: Strings) -> Iterator[RenderableType]:
    """Show the player's draft: what it changes, what it is worth, and what to do with it."""
    if not preview["possible"]:
        yield heading(say("play.draft.impossible", why=preview["why"]))
        return
    if not preview["changed"]:
        yield heading(say("play.draft.empty"))
        return
    yield heading(say("play.draft.heading", change=wording.change(preview["changed"])))
    yield from _lines(preview["lines"], view, say)
    if preview["score"] is not None:
        yield from worth(preview["score"], say)
    if view["you"]["turn"] == "amendment":
        yield indented(Text(say("play.draft.how_to_table"), style="dim"))
    else:
        other = next(chair for chair in view["chairs"] if chair != view["you"]["actor"])
        yield indented(Text(say("play.draft.how_to_suggest", actor=other), style="dim"))


def options(issue: Plain, previews: Sequence[tuple[Any, Plain]], say: Strings) -> RenderableType:
    """List all options of an issue and what a draft with each would be worth to the player's seat."""
    title = say("play.draft.options", says=issue["says"], issue=issue["issue"], count=len(previews))
    rows = table("", say("play.draft.option"), "", right=[1])
    labels = {str(option["option"]): option["label"] for option in issue["options"]}
    for option, preview in previews:
        name = Text(wording.option(option), style="cyan")
        if labels[str(option)]:
            name.append(f": {labels[str(option)]}", "not cyan")
        score = preview["score"]
        worth = "" if score is None else wording.NEVER if score["never"] else wording.points(score["surplus"])
        now = say("play.draft.now") if option == issue["option"] else ""
        rows.add_row(name, worth, now if preview["possible"] else preview["why"])
    return Group(heading(title), indented(rows))


@group()
def sounding(reply: Plain, left: int, view: Plain, say: Strings) -> Iterator[RenderableType]:
    """Show what is publicly known about how an actor might answer."""
    yield heading(say("play.sounding.heading", name=view["chairs"][reply["actor"]]["name"]))
    yield indented(Text(say(f"play.sounding.leans.{reply['leans']}"), style="bold"))
    for line in reply["declares"]:
        yield indented(say("play.sounding.declares", says=line["says"]))
    for past in reply["heard"]:
        verdict = wording.VERDICTS[past["verdict"]].words
        if past["differs"]:
            differs = wording.change(past["differs"])
            yield indented(say("play.sounding.heard", month=past["month"], differs=differs, verdict=verdict))
        else:
            yield indented(say("play.sounding.heard_same", month=past["month"], verdict=verdict))
    for claim in reply["record"]:
        yield indented(say("play.answers.record", text=claim["text"], claim=claim["claim"]))
    yield indented(Text(say("play.sounding.left", left=left), style="dim"))


def listed(title: str, groups: Mapping[str, Sequence[tuple[str, str]]], _: Strings) -> RenderableType:
    """List commands and what they do, under headings."""
    parts: list[RenderableType] = [heading(title)] if title else []
    for head, lines in groups.items():
        if head:
            parts.append(indented(head))
        parts.append(indented(commands(lines), left=2 * MARGIN))
    return Group(*parts)


@group()
def end(result: Plain, why: str, say: Strings) -> Iterator[RenderableType]:
    """Show how the game ended, beside what the rules would have done in the player's place."""
    run = result["run"]
    yield heading(say("play.end.heading"))
    yield indented(Text(outcome(run), style=wording.OUTCOMES[run["outcome"]].style))
    yield from map(indented, lasting(run))
    yield indented(_gain(result["gain"], run["outcome"] == "agreed", ("result", "result_below", "no_deal"), say))
    yield heading(say("play.end.answers"))
    if result["answers"] and all(_answered(month, 0) == _answered(month, 1) for month in result["answers"]):
        yield indented(say("play.end.same"))
    elif result["answers"]:
        rows = table(say("play.end.month"), say("play.end.you"), say("play.end.understudy"))
        for month in result["answers"]:
            rows.add_row(str(month["month"]), _answered(month, 0), _answered(month, 1))
        yield indented(rows)
    alone, months = result["alone"], wording.count(result["alone"]["months"], "month")
    yield indented(say("play.end.alone", outcome=wording.OUTCOMES[alone["outcome"]].short, months=f"({months})"))
    yield indented(_gain(alone["gain"], alone["outcome"] == "agreed", ("alone_gain", "alone_below", "alone_none"), say))
    yield indented(Text(say("play.end.why", command=why), style="dim"))


def _answered(month: Plain, index: int) -> Text:
    """Return the answer of the player (0) or of the rules in its place (1), with what was sent."""
    verdict = month[("verdict", "understudy")[index]]
    sends = month["sends"] if verdict == YES else {}
    amounts = [f"{wording.option(pair[index])} {spaced(resource)}" for resource, pair in sends.items()]
    return look(verdict).append(f", {wording.series(amounts)}") if amounts else look(verdict)


def _gain(gain: float, agreed: bool, keys: tuple[str, str, str], say: Strings) -> str:
    above, below, none = keys
    if not agreed:
        return say(f"play.end.{none}")
    return say(f"play.end.{above if gain >= 0 else below}", gain=wording.level(abs(gain)))


def _who(actors: Sequence[str], view: Plain) -> str:
    return wording.series(view["chairs"][actor]["name"] for actor in actors)
