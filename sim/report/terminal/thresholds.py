"""Which numbers of a case would change the answer to a package, on the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from sim.report import wording
from sim.report.terminal.layout import WholeText, grid, heading, indented, more, table
from sim.report.wording import NEVER, OUTCOMES, Plain

LISTED = 12
"""How many numbers that change the answer within their ranges are shown; JSON has all."""
BEYOND = 3
"""How many numbers that change the answer beyond their ranges are shown."""
PER_BLOCKER = 3
"""How many numbers are shown for each blocker."""
POINT = 4
"""Columns by which the entries of a list are indented."""
DIGITS = 3
"""Decimals of a value, without trailing zeros."""


def numbers(result: Plain) -> Iterator[RenderableType]:
    """Yield single numbers that change the answer or win over one blocker, then the smallest joint change."""
    yield heading("One number changed, all others as they are")
    yield indented(_tried(result))
    yield from _turns(result, result["numbers"]["turns"])
    if not result["agreed"]:
        yield from _wins_over(result)
    yield heading("Many numbers changed together, as little as possible")
    yield from _joint(result)
    if result["talks"] is not None:
        yield heading("One number changed, and how the talks end")
        yield from _talks(result)


def _tried(result: Plain) -> str:
    kind = f"{result['only']} " if result["only"] else ""
    count = wording.count(result["numbers"]["tried"], f"{kind}number")
    return f"Each of {count} was moved through its range, and up to three ranges beyond it where the files allow that."


def _turns(result: Plain, turns: Sequence[Plain]) -> Iterator[RenderableType]:
    """List the numbers that change the answer within their ranges, then the nearest beyond them."""
    within = [turn for turn in turns if turn["within"]]
    beyond = [turn for turn in turns if not turn["within"]]
    answer = "It would no longer be agreed" if result["agreed"] else "It would be agreed"
    if within:
        yield indented(f"{answer} if")
        yield from _entries(result, within, LISTED)
    else:
        yield indented(Text("No single number changes the answer within its range.", style=OUTCOMES["impasse"].style))
    if beyond:
        yield indented(f"{answer}, beyond a number's range, if")
        yield from _entries(result, beyond, BEYOND)


def _entries(result: Plain, turns: Sequence[Plain], most: int) -> Iterator[RenderableType]:
    for turn in turns[:most]:
        yield _entry(turn, result, whole=True)
        details = f"{both_sides(result, turn)}{also(turn)}\n{setting(turn, turn['value'])}"
        yield indented(WholeText(details, style="dim"), left=POINT)
    yield from more(len(turns) - most, POINT)


def _entry(turn: Plain, result: Plain, *, whole: bool = False) -> RenderableType:
    """Return one entry of a list, with a hanging indent."""
    support = f" ({distance_moved(turn)}; {wording.basis(turn, whole=whole)})"
    return indented(grid([("·", Text.assemble(condition(turn, result["actors"]), (support, "dim")))], gap=1))


def also(number: Plain) -> str:
    """Say which other numbers are the same as this one.

    >>> also({"also": ["actors.uk.red_lines.force.price", "actors.uk.red_lines.ships.price"]})
    ' The same number: actors.uk.red_lines.force.price and actors.uk.red_lines.ships.price.'
    """
    return f" The same number: {wording.series(number['also'])}." if number["also"] else ""


def named(number: Plain, actors: Mapping[str, str]) -> str:
    """Return a number with the words of its rule; an actor's own numbers have no rule.

    >>> print(named({"what": "the price of Russia's red line troops", "says": "No troops here"}, {"russia": "Russia"}))
    the price of Russia's red line troops ("No troops here")
    >>> named({"what": "Russia's reservation value (base)", "says": "Russia"}, {"russia": "Russia"})
    "Russia's reservation value (base)"
    """
    says = number["says"]
    return f'{number["what"]} ("{says}")' if says and says not in actors.values() else str(number["what"])


def condition(turn: Plain, actors: Mapping[str, str]) -> str:
    """Return a condition: ``the price of the red line troops ("No Western troops") is at most 35 points, now 40``."""
    limit = "at most" if turn["direction"] == "at_most" else "at least"
    unit = f" {turn['unit']}" if turn["unit"] else ""
    return f"{named(turn, actors)} is {limit} {value(turn['value'])}{unit}, now {value(turn['now'])}"


def distance_moved(number: Plain) -> str:
    """Return how far a number is moved within its range: ``moved by 0.4 of its range of 10 to 30``."""
    if number["range"] == "none":
        return "the case gives no price"
    spread = f"{value(number['low'])} to {value(number['high'])}"
    if NEVER in number["written"]:
        spread += ", or never"
    if number["range"] == "declared":
        spread += ", assumed for a plain number"
    return f"moved by {value(number['ranges'])} of its range of {spread}"


def both_sides(result: Plain, turn: Plain) -> str:
    """Say what the answer is, and how the talks end, on both sides of the value."""
    sides = ("above", "below") if turn["direction"] == "at_most" else ("below", "above")
    answers = "; ".join(f"at {value(turn[side]['value'])} {result_at(result, turn[side])}" for side in sides)
    back = "" if turn["back_at"] is None else f" At {value(turn['back_at'])} it changes back."
    return f"{answers[0].upper()}{answers[1:]}.{back}"


def result_at(result: Plain, side: Plain) -> str:
    """Return the answer on one side of a value: ``Russia and US block (talks: expired in month 12)``."""
    talks = "" if side["outcome"] is None else f" (talks: {talks_end(side)})"
    return f"{who_blocks(result, side)}{talks}"


def who_blocks(result: Plain, side: Plain) -> str:
    """Say who blocks: ``Russia and US block``."""
    if side["agreed"]:
        return "it is agreed"
    blocked, short = side["blocked_by"], wording.short_names(result["actors"])
    return f"{wording.blockers(blocked, short)} {wording.verb(blocked, 'blocks', 'block')}"


def talks_end(side: Plain) -> str:
    """Return how the talks end: ``expired in month 12``."""
    return f"{OUTCOMES[side['outcome']].short} in month {side['months']}"


def _wins_over(result: Plain) -> Iterator[RenderableType]:
    """List the single numbers that would win over each blocker."""
    yield heading("Who would no longer block if one number changed")
    for blocker, frees in result["numbers"]["frees"].items():
        name = wording.blocker(blocker, result["actors"])
        within = [turn for turn in frees if turn["within"]]
        listed = within or frees[:1]
        if not listed:
            yield indented(Text.assemble((name, "bold"), ": no number does it, within its range or beyond."))
            continue
        yield indented(Text.assemble((name, "bold"), " if" if within else ", only beyond a number's range, if"))
        for turn in listed[:PER_BLOCKER]:
            yield _entry(turn, result)
        yield from more(len(listed) - PER_BLOCKER, POINT)
        asked = [turn for turn in frees if turn.get("by_scenario") and turn not in listed[:PER_BLOCKER]]
        if asked:
            yield indented("or, of the numbers that this scenario itself changes, if", left=POINT)
            for turn in asked:
                yield _entry(turn, result)


def _joint(result: Plain) -> Iterator[RenderableType]:
    joint = result["joint"]
    if joint["size"] is None:
        yield indented("No joint change was found that changes the answer and keeps every number within its range.")
        return
    yield indented(f"{smallest_change(joint)}.")
    yield indented(_changes(result), above=1, below=1)
    if any(change["range"] == "declared" for change in joint["changes"]):
        yield indented(
            "A plain number has no range of its own; 0 to twice its value is used instead, and for a level on a scale "
            "a quarter of the scale on either side."
        )
    if not joint["all_ways"]:
        yield indented(f"The answer could change in more ways than the {joint['ways']:,} that were tried.")
    yield indented(
        f"With these changes, {result_at(result, joint['at'])}; 99% of the way, {result_at(result, joint['nearly'])}."
    )
    settings = "\n".join(setting(change, change["to"]) for change in joint["changes"])
    yield indented(WholeText(settings, style="dim"))


def smallest_change(joint: Plain) -> str:
    """Return the size of a joint change: ``2 numbers, moved by 1.5 ranges in all: the smallest change found, …``."""
    size, numbers = value(joint["size"]), wording.count(len(joint["changes"]), "number")
    ranges = f"{size} range{'' if size == '1' else 's'}"
    return f"{numbers}, moved by {ranges} in all: the smallest change found, each within its range"


def setting(number: Plain, to: float | str) -> str:
    """Return the option to try it: ``--set actors.russia.reservation.base=16.522``."""
    return f"--set {number['path']}={value(to).replace(',', '')}"


def _changes(result: Plain) -> Table:
    """List one number per row: its basis, old and new value, distance, and who blocks if it alone stays as it is."""
    rows = table("Number", "Now", "Then", "Ranges", "Without it", right=[1, 2, 3])
    for column in rows.columns[1:4]:
        column.no_wrap = True
    for change in result["joint"]["changes"]:
        support = f" ({wording.basis(change, whole=True)}){also(change)}"
        name = Text.assemble(named(change, result["actors"]), (support, "dim"), overflow="fold")
        values = (value(change[key]) for key in ("now", "to", "ranges"))
        without = change["without"]
        rows.add_row(name, *values, who_blocks(result, {"agreed": not without, "blocked_by": without}))
    return rows


def _talks(result: Plain) -> Iterator[RenderableType]:
    talks = result["talks"]
    yield indented(
        f"As things are: {talks_end(talks['now'])}. Each number was tried at {talks['sample']} values in its range, "
        "and then between neighbouring values that end differently."
    )
    ends = "would no longer end" if talks["now"]["outcome"] == "agreed" else "would end"
    if not talks["turns"]:
        yield indented("No single number was found that changes how the talks end.")
        return
    yield indented(f"They {ends} in agreement if")
    yield from _entries(result, talks["turns"], LISTED)


def value(number: float | str) -> str:
    """Return a value without trailing zeros.

    >>> value(35.0), value(0.396), value(36999.999), value("never"), value(-0.5)
    ('35', '0.396', '36,999.999', 'never', '-0.5')
    """
    if isinstance(number, str):
        return number
    text = f"{number:,.{DIGITS}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
