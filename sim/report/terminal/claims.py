"""The claims of a case in words, with what rests on each, on the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType, group
from rich.text import Text

from sim.report import wording
from sim.report.terminal.layout import MARGIN, heading, indented, table, typed
from sim.report.wording import Plain


@group()
def claims(result: Plain, *, whole: bool) -> Iterator[RenderableType]:
    """Show claims; with `whole`, also who says each of them and what rests on it, otherwise how many parts do."""
    listed = result["claims"]
    yield Text(f"{result['title']}: {wording.count(len(listed), 'claim')}", style="bold")
    if not whole:
        yield Text()
        rows = table("Claim", "Parts", "What it says", right=[1])
        for claim in listed:
            rows.add_row(Text(claim["id"], style="bold"), str(len(claim["rests"])), claim["text"])
        yield indented(rows)
        yield indented(Text("Parts: how many numbers and rules of the case rest on it.", style="dim"), above=1)
        return
    for claim in listed:
        yield heading(f"{claim['id']}: {claim['text']}")
        place = f"paragraph {claim['paragraph']}, " if claim["paragraph"] else ""
        yield indented(Text(f"{place}{claim['kind'].replace('_', ' ')}, said by {claim['voice']}", style="dim"))
        resting = len(claim["rests"])
        yield indented(f"{wording.count(resting, 'part')} of the case {'rests' if resting == 1 else 'rest'} on it")
        for part in claim["rests"]:
            yield indented(typed(part["path"]), left=2 * MARGIN)
            if part["says"]:
                yield indented(Text(part["says"], style="dim"), left=3 * MARGIN)
