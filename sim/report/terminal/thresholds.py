"""Which numbers of a case turn the answer to a package, on the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from sim.report import wording
from sim.report.terminal.layout import INDENT, PathText, heading, indented, table
from sim.report.wording import NEVER, OUTCOMES, Plain

LISTED = 12
"""So many numbers that turn the answer within their ranges are shown; JSON has all."""
BEYOND = 3
"""So many that turn it beyond their ranges are."""
FREEING = 3
"""So many are shown for each who blocks."""
POINT = (0, 0, 0, 4)
DIGITS = 3


def numbers(found: Plain) -> Iterator[RenderableType]:
    """The numbers that turn the answer alone, those that free one blocker, and the smallest joint change."""
    yield heading("One number changed, all others as they are")
    yield indented(_tried(found))
    yield from _turns(found, found["numbers"]["turns"])
    if not found["agreed"]:
        yield from _frees(found)
    yield heading("Many numbers changed together, as little as possible")
    yield from _joint(found)
    if found["talks"] is not None:
        yield heading("One number changed, and how the talks end")
        yield from _talks(found)


def _tried(found: Plain) -> str:
    kind = f"{found['only']} " if found["only"] else ""
    count = wording.count(found["numbers"]["tried"], f"{kind}number")
    return f"Each of {count} was moved through its range, and up to three ranges beyond it where the files allow that."


def _turns(found: Plain, turns: Sequence[Plain]) -> Iterator[RenderableType]:
    """The sentences about what turns the answer, within the ranges, else the nearest beyond them."""
    within = [turn for turn in turns if turn["within"]]
    beyond = [turn for turn in turns if not turn["within"]]
    answer = "It would no longer be agreed" if found["agreed"] else "It would be agreed"
    if within:
        yield indented(f"{answer} if")
        yield from _sentences(found, within, LISTED)
    else:
        yield indented(Text("No single number changes the answer within its range.", style=OUTCOMES["impasse"].style))
    if beyond:
        yield indented(f"{answer}, beyond a number's range, if")
        yield from _sentences(found, beyond, BEYOND)


def _sentences(found: Plain, turns: Sequence[Plain], most: int) -> Iterator[RenderableType]:
    for turn in turns[:most]:
        yield _point(
            Text.assemble(
                condition(turn, found["actors"]),
                (f" ({distance_moved(turn)}; {wording.basis(turn, whole=True)})", "dim"),
            )
        )
        yield Padding(
            Text(f"{both_sides(found, turn)}{also(turn)}\n{setting(turn, turn['value'])}", style="dim"), POINT
        )
    if len(turns) > most:
        yield Padding(Text(f"and {len(turns) - most:,} more", style="dim"), POINT)


def also(number: Plain) -> str:
    """Which numbers are the same as one that is moved, as a sentence.

    >>> also({"also": ["actors.uk.red_lines.force.price", "actors.uk.red_lines.ships.price"]})
    ' The same number: actors.uk.red_lines.force.price and actors.uk.red_lines.ships.price.'
    """
    return f" The same number: {wording.series(number['also'])}." if number["also"] else ""


def named(number: Plain, actors: Mapping[str, str]) -> str:
    """A number with the words of its rule; one that is an actor's own has none.

    >>> print(named({"what": "the price of Russia's red line troops", "says": "No troops here"}, {"russia": "Russia"}))
    the price of Russia's red line troops ("No troops here")
    >>> named({"what": "Russia's reservation value (base)", "says": "Russia"}, {"russia": "Russia"})
    "Russia's reservation value (base)"
    """
    says = number["says"]
    return f'{number["what"]} ("{says}")' if says and says not in actors.values() else str(number["what"])


def condition(turn: Plain, actors: Mapping[str, str]) -> str:
    """``the price of Russia's red line western_troops ("No Western troops") is at most 35 points, now never``."""
    way = "at most" if turn["direction"] == "at_most" else "at least"
    unit = f" {turn['unit']}" if turn["unit"] else ""
    return f"{named(turn, actors)} is {way} {value(turn['value'])}{unit}, now {value(turn['now'])}"


def distance_moved(number: Plain) -> str:
    """How far that is, in which range: ``moved by 0.4 of its range of 10 to 30``."""
    if number["range"] == "none":
        return "the case gives no price"
    spread = f"{value(number['low'])} to {value(number['high'])}"
    if NEVER in number["written"]:
        spread += ", or never"
    if number["range"] == "declared":
        spread += ", assumed for a plain number"
    return f"moved by {value(number['ranges'])} of its range of {spread}"


def both_sides(found: Plain, turn: Plain) -> str:
    """What was judged, and played, on both sides of the value."""
    both_sides = ("above", "below") if turn["direction"] == "at_most" else ("below", "above")
    told = "; ".join(f"at {value(turn[side]['value'])} {outcome_at(found, turn[side])}" for side in both_sides)
    back = "" if turn["back_at"] is None else f" At {value(turn['back_at'])} it changes back."
    return f"{told[0].upper()}{told[1:]}.{back}"


def outcome_at(found: Plain, side: Plain) -> str:
    """``Russia and US block (talks: expired in month 12)``."""
    talks = "" if side["outcome"] is None else f" (talks: {end(side)})"
    return f"{who_blocks(found, side)}{talks}"


def who_blocks(found: Plain, side: Plain) -> str:
    """``Russia and US block``."""
    if side["agreed"]:
        return "it is agreed"
    blocked, short = side["blocked_by"], wording.short_names(found["actors"])
    who = wording.series(wording.blocker(one, short) for one in blocked)
    return f"{who} {wording.verb(blocked, 'blocks', 'block')}"


def end(side: Plain) -> str:
    """``expired in month 12``."""
    return f"{OUTCOMES[side['outcome']].short} in month {side['months']}"


def _frees(found: Plain) -> Iterator[RenderableType]:
    """For each who blocks, what alone would win it over."""
    yield heading("Who would no longer block if one number changed")
    for blocker, frees in found["numbers"]["frees"].items():
        name = wording.blocker(blocker, found["actors"])
        within = [turn for turn in frees if turn["within"]]
        listed = within or frees[:1]
        if not listed:
            yield indented(Text.assemble((name, "bold"), ": no number does it, within its range or beyond."))
            continue
        yield indented(Text.assemble((name, "bold"), " if" if within else ", only beyond a number's range, if"))
        for turn in listed[:FREEING]:
            yield _point(
                Text.assemble(
                    condition(turn, found["actors"]), (f" ({distance_moved(turn)}; {wording.basis(turn)})", "dim")
                )
            )
        if len(listed) > FREEING:
            yield Padding(Text(f"and {len(listed) - FREEING:,} more", style="dim"), POINT)


def _joint(found: Plain) -> Iterator[RenderableType]:
    joint = found["joint"]
    if joint["size"] is None:
        yield indented("No joint change was found that changes the answer and keeps every number within its range.")
        return
    yield indented(f"{smallest_change(joint)}.")
    yield Padding(_changes(found), (1, 0, 1, 2))
    if any(one["range"] == "declared" for one in joint["changes"]):
        yield indented("A plain number has no range of its own; 0 to twice its value is used instead.")
    if not joint["all_ways"]:
        yield indented(f"The answer could change in more ways than the {joint['ways']:,} that were tried.")
    yield indented(
        f"With these changes, {outcome_at(found, joint['at'])}; 99% of the way, {outcome_at(found, joint['nearly'])}."
    )
    yield indented(Text("\n".join(setting(one, one["to"]) for one in joint["changes"]), style="dim"))


def smallest_change(joint: Plain) -> str:
    """``2 numbers, moved by 1.5 ranges in all: the smallest change found, each within its range``."""
    size = value(joint["size"])
    moved = (
        f"{wording.count(len(joint['changes']), 'number')}, moved by {size} range{'' if size == '1' else 's'} in all"
    )
    return f"{moved}: the smallest change found, each within its range"


def setting(number: Plain, to: float | str) -> str:
    """How to try it: ``--set actors.russia.reservation.base=16.522``."""
    return f"--set {number['path']}={value(to).replace(',', '')}"


def _changes(found: Plain) -> Table:
    """One row a number: what it rests on, from where to where, how far, and what comes if it alone stays."""
    made = table("Number", "Now", "Then", "Ranges", "Without it")
    for column in made.columns[1:4]:
        column.justify, column.no_wrap = "right", True
    for one in found["joint"]["changes"]:
        what = PathText.assemble(
            named(one, found["actors"]), (f" ({wording.basis(one, whole=True)}){also(one)}", "dim")
        )
        how = (value(one["now"]), value(one["to"]), value(one["ranges"]))
        made.add_row(what, *how, who_blocks(found, {"agreed": not one["without"], "blocked_by": one["without"]}))
    return made


def _talks(found: Plain) -> Iterator[RenderableType]:
    talks = found["talks"]
    yield indented(
        f"As things are: {end(talks['now'])}. Each number was tried at {talks['sample']} values in its range, and "
        "then between neighbouring values that end differently."
    )
    ends = "would no longer end" if talks["now"]["outcome"] == "agreed" else "would end"
    if not talks["turns"]:
        yield indented("No single number was found that changes how the talks end.")
        return
    yield indented(f"They {ends} in agreement if")
    yield from _sentences(found, talks["turns"], LISTED)


def _point(words_: Text) -> RenderableType:
    """An entry of a list, hanging."""
    made = Table.grid(padding=(0, 1, 0, 0))
    made.add_row("·", words_)
    return Padding(made, INDENT)


def value(number: float | str) -> str:
    """A value to the last digit that counts.

    >>> value(35.0), value(0.396), value(36999.999), value("never"), value(-0.5)
    ('35', '0.396', '36,999.999', 'never', '-0.5')
    """
    if isinstance(number, str):
        return number
    told = f"{number:,.{DIGITS}f}".rstrip("0").rstrip(".")
    return "0" if told == "-0" else told
