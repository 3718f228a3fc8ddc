"""What each actor can do alone, and which states are stable, on the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from sim.report import judged_wording, wording
from sim.report.terminal.layout import grid, heading, indented, page, table, title
from sim.report.wording import NEVER, Plain

CONCEPTS = {
    "nash": ("Nash", "nobody can move to a state that it likes better"),
    "sequential": (
        "Sequential",
        "the others can answer each such move so that it does not pay, by moves that help them",
    ),
    "symmetric": ("Symmetric", "they can do so by any moves, and no countermove makes up for it"),
    "general": ("General", "they can do so by any moves"),
}
"""The concepts of stability, the narrowest first: name and meaning."""


def stability(result: Plain) -> RenderableType:
    """Return the page: what each actor can do alone now, and the states that nobody has a reason to leave."""
    return page(title(result, _setup(result["judged"])), *_parts(result))


def _setup(about: Plain) -> str:
    special = judged_wording.circumstances(about)
    return (
        f"The present state is {judged_wording.JUDGED_TEXTS[about['text']]}. Preferences are those at central values, "
        f"before the first month{f' ({special})' if special else ''}."
    )


def _parts(result: Plain) -> Iterator[RenderableType]:
    yield heading("Who controls what")
    yield indented(_controls(result))
    yield heading("What each actor can do alone now")
    yield indented(Text(f"Now: {wording.terms(result['present'])}.", style="dim"), below=1)
    for name in result["alone"]:
        yield indented(_alone(result, name))
    yield heading(f"Stable for everybody, of {wording.count(result['states'], 'state')}")
    counts = result["counts"].items()
    rows = ((Text(CONCEPTS[name][0], style="bold"), f"{count:,}", CONCEPTS[name][1]) for name, count in counts)
    yield indented(grid(rows, {}, {"justify": "right"}, {}))
    if result["equilibria"]:
        yield indented(_equilibria(result), above=1)
    else:
        yield indented("In every state, somebody has a move that pays whatever the others answer.", above=1)


def _controls(result: Plain) -> Table:
    rows = (
        (Text(mover["name"], style="bold"), wording.series(_choices(*item) for item in mover["controls"].items()))
        for mover in result["movers"].values()
    )
    return grid(rows)


def _choices(issue: str, options: list[object]) -> str:
    return f"{issue} ({', '.join(map(wording.option, options))})"


def _alone(result: Plain, name: str) -> Text:
    """Say what an actor's best move is, what the others could answer, and whether it pays all the same."""
    alone, actor = result["alone"][name], (result["movers"][name]["name"], "bold")
    if not alone["improvements"]:
        return Text.assemble(actor, f": can do nothing better than stay ({_points(alone['surplus'][0])}).")
    before, after = map(_points, alone["surplus"])
    said = f": its best move is {wording.change(alone['changes'])} ({before} → {after})."
    others = alone["improvements"] - 1
    if others:
        said += f" {wording.count(others, 'other move')} {'is' if others == 1 else 'are'} also better than staying."
    answer = alone["answer"]
    if answer is None:
        return Text.assemble(actor, said, " No answer that helps the others makes this worse.")
    by = wording.names(answer["by"], result["movers"])
    said += f" {by} could then answer {wording.change(answer['changes'])}, which leaves it at "
    said += f"{_points(answer['surplus'])}."
    return Text.assemble(actor, said, " " + _verdict(alone))


def _verdict(alone: Plain) -> str:
    if "sequential" in alone["concepts"]:
        return "With foresight, it stays."
    return "It would still be better off." if _pays(alone) else "Another of its moves pays whatever they answer."


def _pays(alone: Plain) -> bool:
    before, end = alone["surplus"][0], alone["answer"]["surplus"]
    return bool(end != NEVER and (before == NEVER or end > before))


def _points(surplus: float | str) -> str:
    return "beyond a red line" if surplus == NEVER else wording.points(surplus)


def _equilibria(result: Plain) -> Table:
    short = wording.short_names({name: mover["name"] for name, mover in result["movers"].items()})
    rows = table("State", "Stable", *short.values(), right=range(2, 2 + len(short)))
    for state in result["equilibria"]:
        changed = wording.differences(result["present"], state["package"])
        words = wording.change(changed) if changed else "as now"
        strongest = CONCEPTS[state["concepts"][0]][0]
        rows.add_row(words, strongest, *(wording.points(state["surplus"][name]) for name in short))
    return rows
