"""Which uncertain numbers an answer depends on, on the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from sim.report import wording
from sim.report.terminal.layout import WholeText, heading, indented, no_variance, page, paths, table, title
from sim.report.wording import Plain

SHOWN = 10
"""How many single numbers are shown; JSON has all."""
SETTINGS = (
    "Step and patience are settings of the protocol. They are the same in every world, so they explain no variance. "
    "Here the same worlds are played again with other values."
)
RESULTS = {
    True: ("Share of the worlds", "Worlds that end differently"),
    False: ("Mean", "Worlds that end differently"),
}
"""Headings of the results of a setting; the key says whether the output is yes or no in each world."""
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


def sensitivity(result: Plain) -> RenderableType:
    """Return the page: the output, how much of its variance is unsupported, then groups and single numbers."""
    return page(title(result, wording.setup({**result, "nominal": False})), *_parts(result))


def _parts(result: Plain) -> Iterator[RenderableType]:
    yield heading(f"What varies: {result['says']}")
    yield indented(mean(result))
    if not result["varies"]:
        says = "It is the same in every world, so there is no variance to explain, and no number matters."
        yield from no_variance(result, says)
        yield from _settings(result)
        return
    yield heading("How much of it comes from numbers that no claim supports")
    yield from map(indented, headline(result))
    for family, name in FAMILIES.items():
        yield heading(name)
        yield indented(_groups(result, family))
    yield heading("Single numbers")
    yield from map(indented, screened(result))
    yield indented(_numbers(result))
    yield from paths(number["name"] for number in result["numbers"][:SHOWN])
    yield from _pairs(result)
    yield from _settings(result)
    yield from map(indented, _how_to_read(result))


def _settings(result: Plain) -> Iterator[RenderableType]:
    """Show the results of the same worlds with other settings of the protocol."""
    if not result["protocol"]:
        return
    yield heading("How the talks are held")
    yield indented(SETTINGS)
    rows = table("Setting", "Value", *RESULTS[result["binary"]], right=range(1, 4))
    for parameter in result["protocol"]:
        for index, row in enumerate(setting_rows(parameter, result)):
            path = (f"\n{parameter['path']}", "dim")
            label = WholeText.assemble(parameter["says"], path) if index == 0 else Text()
            rows.add_row(label, *row, end_section=index == len(parameter["values"]) - 1)
    yield indented(rows)


def setting_rows(setting: Plain, result: Plain) -> Iterator[tuple[str, str, str]]:
    """Yield each value of a setting, its mean result, and the share of worlds whose result it changes.

    >>> setting = {"now": 2, "unit": "point", "values": [{"value": 2, "mean": 0.25, "changed": 0}]}
    >>> list(setting_rows(setting, {"binary": True}))
    [('2 points (now)', '25%', '')]
    """
    for tried in setting["values"]:
        present = tried["value"] == setting["now"]
        value = f"{tried['value']:g} {setting['unit']}{'' if tried['value'] == 1 else 's'}{' (now)' if present else ''}"
        average = wording.per_cent(tried["mean"]) if result["binary"] else f"{tried['mean']:.4g}"
        yield value, average, "" if present else wording.per_cent(tried["changed"])


def mean(result: Plain) -> str:
    """Say what the output is on average."""
    drawn = wording.count(2 * result["base"], "world")
    if result["binary"]:
        return f"Yes in {wording.per_cent(result['mean'])} of {drawn}."
    return f"On average {result['mean']:.4g}, with a variance of {result['variance']:.4g}, in {drawn}."


def headline(result: Plain) -> Iterator[str | Text]:
    """Say how much of the variance comes from numbers that no claim supports."""
    by_name = {group["name"]: group for group in result["groups"]["support"]}
    if "assumed" not in by_name:
        yield "No uncertain number is purely assumed."
    else:
        assumed = by_name["assumed"]
        yield Text(
            f"{_part(assumed['total'])} of the variance involves numbers that are assumed; "
            f"{_part(assumed['first'])} comes from these alone.",
            style="bold",
        )
    unsupported = result["unsupported"]
    if unsupported is not None and unsupported["total"]["low"] == unsupported["first"]["high"] == 1:
        yield (
            "Claims do not give the size of any other uncertain number either. They give its direction; the size comes "
            "from a word of the codebook, which is assumed."
        )
    elif "worded" in by_name:
        yield (
            "With the numbers whose direction comes from claims and whose size from a word of the codebook, which is "
            f"assumed: {_part(unsupported['total'])}, and {_part(unsupported['first'])} from these alone."
        )


def _groups(result: Plain, family: str) -> Table:
    """List the groups, largest total index first, then what no group explains alone."""
    rows = _table("", "Numbers")
    for group in result["groups"][family]:
        count = "shocks" if group["name"] == "luck" else f"{group['numbers']}"
        name = Text(name_of(group["name"], result), style="bold")
        rows.add_row(name, count, cell(group["first"]), cell(group["total"]))
    rows.add_row("only together", "", cell(result["interactions"][family]), "")
    return rows


def _numbers(result: Plain) -> Table:
    rows = _table("Number", "Place")
    for number in result["numbers"][:SHOWN]:
        details = f"\n{number['written']}; {wording.uncertain_basis(number)}"
        text = Text.assemble(number["what"], (details, "dim"), overflow="fold")
        first, last = number["places"]
        place = f"{first}" if first == last else f"{first}-{last}"
        rows.add_row(text, place, cell(number["first"]), cell(number["total"]))
    return rows


def _table(first: str, second: str) -> Table:
    return table(first, second, "By itself", "In total", right=range(1, 4))


def _pairs(result: Plain) -> Iterator[RenderableType]:
    """List what two numbers explain only together, if that was asked for."""
    if not result["pairs"]:
        return
    yield heading("Two numbers together")
    yield indented("What both explain only together, beyond what each explains by itself (second-order index).")
    what = {number["name"]: number["what"] for number in result["numbers"]}
    rows = table("Numbers", "Only together", right=[1])
    for pair in result["pairs"][:SHOWN]:
        rows.add_row(f"{what[pair['names'][0]]} and {what[pair['names'][1]]}", cell(pair["share"]))
    yield indented(rows)


def screened(result: Plain) -> Iterator[str]:
    """Say how many numbers the screening kept and how much the others matter."""
    if (screening := result["screening"]) is not None:
        method = f"Morris's screening ({screening['trajectories']} trajectories)"
        yield (
            f"Of {wording.count(result['uncertain'], 'uncertain number')}, {method} found {len(screening['effects'])} "
            f"that affect it, and kept the {screening['kept']} that affect it most."
        )
    if (aside := result["set_aside"]) is not None:
        yield (
            f"The other {aside['numbers']}, taken together, are involved in {_part(aside['total'])} of the variance; "
            f"by themselves, in {_part(aside['first'])}."
        )


def _how_to_read(result: Plain) -> Iterator[str | Text]:
    more = f"--base {4 * result['base']}"
    yield ""
    if len(result["numbers"]) > SHOWN:
        yield f"And {len(result['numbers']) - SHOWN} more, in the JSON."
    noted = [number for number in result["numbers"][:SHOWN] if number["note"] and number["places"][0] == 1]
    for number in noted:
        yield f"How the claims for {number['what']} were read: {number['note']}"
    if any(number["places"][0] != number["places"][1] for number in result["numbers"][:SHOWN]):
        yield f"Where places overlap, the intervals are too wide to rank the numbers; {more} halves them."
    for group in result["together"]:
        yield (
            f"Drawn together: {wording.series(group)}. The share of the first includes what it says about the others; "
            "the share of each later one covers only what the earlier ones leave open."
        )
    if result["wide"]:
        yield Text(
            f"These intervals are too wide to show more than which numbers matter at all; use {more}.", style="bold"
        )
    yield (
        "Percentages of the variance. By itself: what would disappear if the group were known (first-order index). In "
        "total: what would be left if everything else were known (total index); an interaction counts for each group "
        "in it. Only together: what no group in the list explains alone."
    )
    yield (
        f"In brackets: {wording.per_cent(result['confidence'])} intervals, by bootstrap. An estimate that chance "
        "pushes below 0 or above 100% is shown as 0 or 100%; the JSON has the exact value."
    )


def name_of(name: str, result: Plain) -> str:
    """Return the name of a group in words."""
    return str(result["actors"].get(name) or NAMES.get(name, name))


def _part(estimate: Mapping[str, float]) -> str:
    return f"{_per_cent(estimate['value'])}% ({_per_cent(estimate['low'])} to {_per_cent(estimate['high'])}%)"


def cell(estimate: Mapping[str, float]) -> str:
    """Return an estimate with its interval: ``45% (35 to 56)``."""
    return f"{_per_cent(estimate['value'])}% ({_per_cent(estimate['low'])} to {_per_cent(estimate['high'])})"


def _per_cent(share: float) -> str:
    """Return a share of the variance in percent; estimates below 0 or above 1 are shown as 0 or 100."""
    return f"{round(100 * min(max(share, 0), 1))}"
