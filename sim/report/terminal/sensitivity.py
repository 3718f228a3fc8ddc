"""On which numbers an answer hangs, on the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from sim.report import wording
from sim.report.terminal.layout import INDENT, PathText, heading, indented, table, title
from sim.report.wording import Plain

SHOWN = 10
"""So many single numbers are shown; JSON has all."""
SETTINGS = (
    "Step and patience are settings of the protocol. They are the same in every world, so they explain no variance. "
    "Here the same worlds are played again with other values."
)
RESULTS = {
    True: ("Share of the worlds", "Worlds that end differently"),
    False: ("Mean", "Worlds that end differently"),
}
"""Headings of what comes of a value, by whether a world comes to yes or no."""
FAMILIES = {"support": "By basis", "owner": "By owner", "kind": "By kind"}
NAMES = {
    "assumed": "assumed",
    "worded": "size from the codebook",
    "sourced": "claims",
    "luck": "monthly shocks",
    "context": "the state of the world",
    "measures": "the measures",
    "measure": "rules of measures",
    "durability": "durability",
    "reservation": "reservation values",
    "slope": "slopes on the context",
    "preference": "preferences",
    "weight": "weights of measures",
    "red_line_price": "prices of red lines",
    "aspiration": "aspirations",
    "audience_cost": "audience costs",
    "capacity": "capacities",
    "sending": "what counts for sending",
}


def sensitivity(found: Plain) -> RenderableType:
    """What was asked, how much of it rests on what nothing supports, then groups and single numbers."""
    setup = wording.setup({**found, "nominal": False})
    return Group(title(found, setup), *_parts(found), Text(f"\n{wording.NOT_A_FORECAST}", style="dim"))


def _parts(found: Plain) -> Iterator[RenderableType]:
    yield heading(f"What varies: {found['says']}")
    yield indented(mean(found))
    if not found["varies"]:
        yield indented(
            Text("It is the same in every world, so there is no variance to explain, and no number matters.", "bold")
        )
        yield indented(
            "Use --of to choose an outcome that varies: accepts.ACTOR, blocked_by.ACTOR, durability or months."
        )
        yield from _settings(found)
        return
    yield heading("How much of it comes from numbers that no claim supports")
    yield from map(indented, headline(found))
    for family, name in FAMILIES.items():
        yield heading(name)
        yield Padding(_groups(found, family), INDENT)
    yield heading("Single numbers")
    yield from map(indented, screened(found))
    yield Padding(_numbers(found), INDENT)
    yield from _settings(found)
    yield from map(indented, _reading(found))


def _settings(found: Plain) -> Iterator[RenderableType]:
    """What comes of the same worlds with other settings of the protocol."""
    if not found["protocol"]:
        return
    yield heading("How the talks are held")
    yield indented(SETTINGS)
    made = table("Setting", "Value", *RESULTS[found["binary"]])
    for column in made.columns[1:]:
        column.justify = "right"
    for one in found["protocol"]:
        for at, row in enumerate(setting_rows(one, found)):
            what = PathText.assemble(one["says"], (f"\n{one['path']}", "dim")) if at == 0 else Text()
            made.add_row(what, *row, end_section=at == len(one["values"]) - 1)
    yield Padding(made, INDENT)


def setting_rows(one: Plain, found: Plain) -> Iterator[tuple[str, str, str]]:
    """Each value of a setting, what comes of it on average, and the share of worlds in which that is something else.

    >>> one = {"now": 2, "unit": "point", "values": [{"value": 2, "mean": 0.25, "changed": 0}]}
    >>> list(setting_rows(one, {"binary": True}))
    [('2 points (now)', '25%', '')]
    """
    for tried in one["values"]:
        present = tried["value"] == one["now"]
        value = f"{tried['value']:g} {one['unit']}{'' if tried['value'] == 1 else 's'}{' (now)' if present else ''}"
        came = wording.per_cent(tried["mean"]) if found["binary"] else f"{tried['mean']:.4g}"
        yield value, came, "" if present else wording.per_cent(tried["changed"])


def mean(found: Plain) -> str:
    """What it comes to on average, in a sentence."""
    drawn = wording.count(2 * found["base"], "world")
    if found["binary"]:
        return f"Yes in {wording.per_cent(found['mean'])} of {drawn}."
    return f"On average {found['mean']:.4g}, with a variance of {found['variance']:.4g}, in {drawn}."


def headline(found: Plain) -> Iterator[str | Text]:
    """How much of the variance rests on what no claim supports, in sentences."""
    by_name = {one["name"]: one for one in found["groups"]["support"]}
    if "assumed" not in by_name:
        yield "No uncertain number is purely assumed."
    else:
        one = by_name["assumed"]
        yield Text(
            f"{_part(one['total'])} of the variance involves numbers that are assumed; "
            f"{_part(one['first'])} comes from these alone.",
            style="bold",
        )
    one = found["unsupported"]
    if one is not None and one["total"]["low"] == one["first"]["high"] == 1:
        yield (
            "Claims do not give the size of any other uncertain number either. They give its direction; the size comes "
            "from a word of the codebook, which is assumed."
        )
    elif "worded" in by_name:
        yield (
            "With the numbers whose direction comes from claims and whose size from a word of the codebook, which is "
            f"assumed: {_part(one['total'])}, and {_part(one['first'])} from these alone."
        )


def _groups(found: Plain, family: str) -> Table:
    """One row a group, the largest total first, and what no group accounts for by itself."""
    made = _table("", "Numbers")
    for one in found["groups"][family]:
        many = "shocks" if one["name"] == "luck" else f"{one['numbers']}"
        made.add_row(Text(name_of(one["name"], found), style="bold"), many, cell(one["first"]), cell(one["total"]))
    made.add_row("only together", "", cell(found["interactions"][family]), "")
    return made


def _numbers(found: Plain) -> Table:
    made = _table("Number", "Place")
    for one in found["numbers"][:SHOWN]:
        said = PathText.assemble(
            one["what"], (f"\n{one['written']}; {wording.uncertain_basis(one)}\n{one['name']}", "dim")
        )
        first, last = one["places"]
        made.add_row(said, f"{first}" if first == last else f"{first}-{last}", cell(one["first"]), cell(one["total"]))
    return made


def _table(first: str, second: str) -> Table:
    made = table(first, second, "By itself", "In total")
    for column in made.columns[1:]:
        column.justify = "right"
    return made


def screened(found: Plain) -> Iterator[str]:
    """What the screening left, and what was set aside, in sentences."""
    if (screening := found["screening"]) is not None:
        told = f"Morris's screening ({screening['trajectories']} trajectories)"
        yield (
            f"Of {wording.count(found['uncertain'], 'uncertain number')}, {told} found {len(screening['effects'])} "
            f"that affect it, and kept the {screening['kept']} that affect it most."
        )
    if (aside := found["set_aside"]) is not None:
        yield (
            f"The other {aside['numbers']}, taken together, are involved in {_part(aside['total'])} of the variance; "
            f"by themselves, in {_part(aside['first'])}."
        )


def _reading(found: Plain) -> Iterator[str | Text]:
    more = f"--base {4 * found['base']}"
    yield ""
    if len(found["numbers"]) > SHOWN:
        yield f"And {len(found['numbers']) - SHOWN} more, in the JSON."
    notes = [one for one in found["numbers"][:SHOWN] if one["note"] and one["places"][0] == 1]
    for one in notes:
        yield f"How the claims for {one['what']} were read: {one['note']}"
    if _contended(found["numbers"][:SHOWN]):
        yield f"Where places overlap, the intervals are too wide to rank the numbers; {more} halves them."
    if found["wide"]:
        yield Text(
            f"These intervals are too wide to show more than which numbers matter at all; use {more}.", style="bold"
        )
    yield (
        "Percentages of the variance. By itself: what would disappear if the group were known (first-order index). In "
        "total: what would be left if everything else were known (total index); an interaction counts for each group "
        "in it. Only together: what no group in the list explains alone."
    )
    yield (
        f"In brackets: {wording.per_cent(found['confidence'])} intervals, by bootstrap. An estimate that chance pushes "
        "below 0 or above 100% is shown as 0 or 100%; the JSON has the exact value."
    )


def _contended(numbers: Sequence[Plain]) -> bool:
    return any(one["places"][0] != one["places"][1] for one in numbers)


def name_of(name: str, found: Plain) -> str:
    """A group in words."""
    return str(found["actors"].get(name) or NAMES.get(name, name))


def _part(estimate: Mapping[str, float]) -> str:
    return f"{_per_cent(estimate['value'])}% ({_per_cent(estimate['low'])} to {_per_cent(estimate['high'])}%)"


def cell(estimate: Mapping[str, float]) -> str:
    """``45% (35 to 56)``."""
    return f"{_per_cent(estimate['value'])}% ({_per_cent(estimate['low'])} to {_per_cent(estimate['high'])})"


def _per_cent(share: float) -> str:
    """A part of the variance, which is none or all of it at most, whatever chance made of its estimate."""
    return f"{round(100 * min(max(share, 0), 1))}"
