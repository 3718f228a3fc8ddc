"""The answer to a case's question on one screen of the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from sim.report import wording
from sim.report.story.cast import Cast, quoted, sentence
from sim.report.story.turning_sentences import turning_sentences
from sim.report.terminal.layout import commands, heading, indented, page, table, typed
from sim.report.wording import Plain

ROWS = 10
"""The most proposals that are shown; `compare` shows all of them."""
BLOCKERS = 3
"""The most blockers that are shown."""
LETTERS = 3
"""Letters of an actor's name above its column."""
LEGEND = (
    f"{' · '.join(f'{verdict.mark} {verdict.words}' for verdict in wording.VERDICTS.values())}. Agreed: the share of "
    "worlds in which the proposal is accepted. Talks: agreed or not at central values, and the last month."
)


def case_answer(result: Plain, to_type: Sequence[tuple[str, str]]) -> RenderableType:
    """Return the page: the answer in a sentence, the proposals, what blocks them, what would turn the nearest one.

    Parameters
    ----------
    to_type : pairs of a command for what comes next and what it does
    """
    return page(*_parts(result, to_type))


def _parts(result: Plain, to_type: Sequence[tuple[str, str]]) -> Iterator[RenderableType]:
    worlds = f"{wording.count(result['worlds'], 'world')}, seed {result['seed']}"
    yield Text(answer(result), style="bold")
    yield Text.assemble((result["question"], "italic"), (f"\n{result['title']} · {result['case']} · {worlds}", "dim"))
    yield heading("Who accepts each proposal, take it or leave it")
    yield indented(_proposals(result))
    yield from map(indented, _more(result))
    yield indented(Text(LEGEND, style="dim"))
    if result["blockers"]:
        yield heading("What blocks them")
        yield from map(indented, _blockers(result))
    if result["nearest"] is not None:
        yield heading(f"What would turn {result['nearest']}, the nearest of them")
        yield from map(indented, _turning(result))
    yield heading("What to type next")
    yield indented(commands(to_type))


def answer(result: Plain) -> str:
    """Answer the question of the case: how many proposals are accepted, who blocks, which is nearest, how talks end."""
    scenarios, cast = result["scenarios"], _cast(result)
    count, agreed = len(scenarios), sum(scenario["agreed"] for scenario in scenarios)
    if count == 1:
        first = f"the only proposal would {'' if agreed else 'not '}be accepted as it is"
    else:
        how_many = "none" if not agreed else "all" if agreed == count else str(agreed)
        first = f"{how_many} of the {count} proposals would be accepted as they are"
    blockers = [f"{cast.who([blocker['id']])} {_blocks(blocker, cast, count)}" for blocker in result["blockers"][:2]]
    sentences = [f"{first}: {wording.series(blockers)}" if blockers else first]
    if agreed < count > 1:
        nearest = next(scenario for scenario in scenarios if not scenario["agreed"])
        share = wording.per_cent(nearest["agreed_share"])
        sentences.append(f"the nearest to it, {nearest['scenario']}, is accepted in {share} of the worlds")
    if known := [scenario["talks"] for scenario in scenarios if scenario["talks"]]:
        reached = sum(talks["outcome"] == "agreed" for talks in known)
        which = f"{reached} of {len(known)} talks end in agreement"
        only = f"the talks on it end {'in' if reached else 'without'} agreement"
        sentences.append(f"at central values, {which if count > 1 else only}")
    return " ".join(map(sentence, sentences))


def _blocks(blocker: Plain, cast: Cast, count: int) -> str:
    verb = cast.does([blocker["id"]], "blocks", "block")
    return f"{verb} {blocker['blocks'] if blocker['blocks'] < count else 'all' if count > 1 else 'it'}"


def _cast(result: Plain) -> Cast:
    return Cast.of({actor: {"name": name} for actor, name in result["actors"].items()})


def _proposals(result: Plain) -> Table:
    """One row per proposal: each actor's verdict as a mark, in how many worlds it is agreed, and how the talks end."""
    short = wording.short_names(result["actors"])
    rows = table("Proposal", *(name[:LETTERS] for name in short.values()), "Agreed", "Talks")
    for column in rows.columns[1:]:
        column.no_wrap = True
    rows.columns[-2].justify = "right"
    for scenario in result["scenarios"][:ROWS]:
        marks = (wording.VERDICTS[scenario["verdicts"][actor]] for actor in result["actors"])
        rows.add_row(
            typed(scenario["scenario"]),
            *(Text(mark.mark, style=mark.style) for mark in marks),
            wording.per_cent(scenario["agreed_share"]),
            _talks(scenario["talks"]),
        )
    return rows


def _talks(talks: Plain | None) -> Text:
    if talks is None:
        return Text("-")
    outcome = wording.OUTCOMES[talks["outcome"]]
    return Text(f"{outcome.mark} {talks['month']}", style=outcome.style)


def _more(result: Plain) -> Iterator[str]:
    hidden = result["scenarios"][ROWS:]
    if hidden:
        most = max(scenario["agreed_share"] for scenario in hidden)
        share = f"each agreed in at most {wording.per_cent(most)} of the worlds" if most else "agreed in no world"
        yield f"and {len(hidden)} more, {share}"


def _blockers(result: Plain) -> Iterator[str]:
    """Say for each blocker how many proposals it blocks, with which verdicts, and the red line crossed most often."""
    cast, total = _cast(result), len(result["scenarios"])
    for blocker in result["blockers"][:BLOCKERS]:
        verdicts = ", ".join(
            f"{wording.VERDICTS[name].words if name != 'accept' else 'accepts but sends too little'} {count}"
            for name, count in blocker["verdicts"].items()
        )
        line = blocker["line"]
        crossed = f". Not for sale: {quoted(line)} ({blocker['line_crossed']})" if line else ""
        says = f"{cast.who([blocker['id']])} {_blocks(blocker, cast, total)} ({verdicts or 'too little is pledged'})"
        yield sentence(f"{says}{crossed}")
    others = [blocker["id"] for blocker in result["blockers"][BLOCKERS:]]
    if others:
        yield sentence(f"also {cast.who(others)}")


def _turning(result: Plain) -> Iterator[str]:
    cast = _cast(result)
    for turning in result["turning"].values():
        yield " ".join(turning_sentences(turning, cast))
