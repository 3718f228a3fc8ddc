"""The end of the talks in sentences: what stood between the parties, what each would say yes to, and how long it lasts.

The functions read a sitting: the `final` of a run, or verdicts. They name no month, so they fit both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sim.report import wording
from sim.report.option_labels import spaced
from sim.report.story.cast import Cast, quoted, sentence
from sim.report.story.pledges import pledged
from sim.report.story.red_lines import crossed, known_not_for_sale, moves_of
from sim.report.wording import Plain

MOST_TERMS = 3
"""The search for a yes changes at most so many terms (model, section 4)."""
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
"""Small numbers are written out."""
VOWEL_SOUNDS = (8, 11, 18, *range(80, 90))
"""Whole percentages that take the article "an"."""


def ended(run: Plain) -> str:
    """Return how and when a run ended: ``Expired after 12 months: no agreement in time.``."""
    how, months = wording.OUTCOMES[run["outcome"]], wording.count(run["months"], "month")
    if run["outcome"] == "impasse" and not run["protocol"].get("amends", True):
        return f"{how.short.capitalize()}: it was take it or leave it."
    return f"{how.short.capitalize()} after {months}: {how.words}.{_at_a_closed_line(run)}"


def outcome(run: Plain) -> str:
    """Return how and when a run ended, and who blocks its last text."""
    blocked, cast = run["blocked_by"], Cast.of(run["final"]["actors"])
    blocks = sentence(f"{cast.who(blocked)} {cast.does(blocked, 'blocks', 'block')} it")
    return f"{ended(run)} {blocks}" if blocked else ended(run)


def in_between(found: Plain, *, over: bool) -> str:
    """Return the heading over what actors lack: of talks that are over, or of a text that is on the table."""
    if found["agreed"]:
        return f"Who {'refused' if over else 'refuses'} anyway"
    return f"What {'stood' if over else 'stands'} between the parties"


def between(
    found: Plain, cast: Cast, believed: Mapping[str, float] | None = None, core: Sequence[str] = ()
) -> Iterator[str]:
    """Tell for each actor that blocks or refuses a text what it lacks, and what it would accept; blockers first.

    Parameters
    ----------
    found : a sitting with `actors` and `blocked_by`, of one world
    believed : actor to its shortfall in the eyes of the drafters, where that is another one (`mistaken`)
    core : the issues that no change touches which is to win somebody
    """
    blockers = [one for one in found["blocked_by"] if one in found["actors"]]
    refusers = [one for one, actor in found["actors"].items() if actor["verdict"] != "accept" and one not in blockers]
    for one in [*blockers, *refusers]:
        parts = [lacks(found, one, cast, blocks=one in blockers)]
        if believed and one in believed:
            take = "take them to be" if one in cast.plural else "take it to be"
            parts.append(f"The drafters never found out; they {take} {_points(believed[one])} short.")
        yield " ".join([*parts, *yes_if(found["actors"][one], one, cast, ways=1, core=core)])


def mistaken(run: Plain) -> dict[str, float]:
    """Return what actors lack in the eyes of the drafters, who never found out that a red line is not for sale.

    Returns
    -------
    actor to points, as of the last draft
    """
    found = {}
    for one in run["blocked_by"]:
        never = run["final"]["actors"].get(one, {}).get("gap", 0.0) is None
        expected = [move["gaps"][one][1] for move in moves_of(run) if one in move["gaps"]]
        if never and expected and expected[-1] and not known_not_for_sale(run, one):
            found[one] = expected[-1]
    return found


def lacks(found: Plain, one: str, cast: Cast, *, blocks: bool) -> str:
    """Return what keeps an actor from a yes, or from sending what it is asked for.

    Examples
    --------
    ``Poland is 3.0 points short.``, ``Russia has a red line that is not for sale: “No Western troops”.``
    """
    actor = found["actors"][one]
    who = cast.who([one]) + ("" if blocks else ", whose consent is not needed,")
    if actor["verdict"] == "accept":
        return sentence(f"{who} {cast.does([one], 'supports', 'support')} the text{_keeps(actor, one, cast)}")
    never = [entry["says"] for entry in actor["ledger"] if entry["points"] == wording.NEVER]
    if never:
        has = cast.does([one], "has", "have")
        lines = "a red line that is" if len(never) == 1 else "red lines that are"
        return sentence(f"{who} {has} {lines} not for sale: {wording.series(map(quoted, never))}")
    if not actor["short"]:
        refuses = cast.does([one], "refuses although its", "refuse although their")
        return sentence(f"{who} {refuses} own rules would accept")
    return sentence(f"{who} {cast.does([one], 'is', 'are')} {_shortfall(actor)}{_priced(actor, one, cast)}")


def yes_if(actor: Plain, one: str, cast: Cast, *, ways: int | None = None, core: Sequence[str] = ()) -> Iterator[str]:
    """Tell which changes of terms would turn a refusal into a yes, or that none would.

    Parameters
    ----------
    actor : one of a sitting's `actors`, or a reaction
    ways : how many of the equally small changes to tell, the recommended one first; left out, all
    core : the issues that these changes do not touch
    """
    found = actor.get("yes_if")
    if not found:
        return
    it = cast.it(one)
    if found["line"] is not None and found["short"] is not None:
        short = f"even without that line {it} would be {_points(found['short'])} short"
        yield sentence(short if found["short"] else f"without that line {it} would accept")
    if found["terms"] is None:
        most = f"up to {NUMBERS[tried]} terms" if (tried := found.get("tried", MOST_TERMS)) > 1 else "one term"
        besides = f" other than {wording.series(core)}" if core else ""
        yield sentence(f"no change of {most}{besides} wins over {cast.who([one])}")
        return
    for at, terms in enumerate(found["sets"][:ways]):
        yield sentence(f"or with {wording.change(terms)}" if at else f"{it} would accept with {wording.change(terms)}")


def unmet(found: Plain, cast: Cast, *, whole: bool = False) -> Iterator[str]:
    """Tell which consent rules a text does not meet, and who withholds what they ask.

    Parameters
    ----------
    found : a sitting
    whole : give the assumptions behind a rule in full beside its claims
    """
    for rule in found["unmet"]:
        support = wording.both_sources(rule).rstrip(".") if whole else wording.sources(rule)
        blockers = rule["blockers"]
        withholds = f"missing: {cast.who(blockers)}"
        missing = withholds if blockers else _pledges(found)
        yield f"Not met: {rule['says'].rstrip('.')} ({support}). {sentence(missing)}"


def lasting(run: Plain) -> Iterator[str]:
    """Tell how likely an agreement is to last, where the case says so.

    Of many worlds it is the mean over those that agreed; over the last texts, if none did.

    Parameters
    ----------
    run : a dict of format ``parley.run/2``; its ``final.horizon``, in years, is named if it is there
    """
    chance = run["durability"]
    if chance is None:
        return
    horizon = run["final"].get("horizon")
    how_long = f" {_years(horizon)}" if horizon else ""
    if run["worlds"] > 1:
        if run["shares"].get("agreed"):
            yield f"On average the agreements have {likely(chance)} of lasting{how_long}."
        else:
            yield f"If signed, the last texts would on average have had {likely(chance)} of lasting{how_long}."
    elif run["outcome"] == "agreed":
        yield f"The agreement has {likely(chance)} of lasting{how_long}."
    else:
        yield f"If signed, it would have had {likely(chance)} of lasting{how_long}."


def likely(chance: float) -> str:
    """Return a chance with its article.

    >>> likely(0.94), likely(0.8), likely(0.004), likely(0.999)
    ('a 94% chance', 'an 80% chance', 'a less than 1% chance', 'a more than 99% chance')
    """
    said = wording.per_cent(chance)
    if said[0] in "<>":
        return f"a {'less' if said[0] == '<' else 'more'} than {said[1:]} chance"
    return f"{'an' if round(100 * chance) in VOWEL_SOUNDS else 'a'} {said} chance"


def _at_a_closed_line(run: Plain) -> str:
    """Why talks about one text cannot continue while a red line is crossed that is known not to be for sale."""
    kinds = {move["kind"] for move in moves_of(run)}
    closed = [one for one in run["blocked_by"] if known_not_for_sale(run, one)]
    if not closed or run["outcome"] == "expired" or not run["protocol"].get("amends") or kinds & {"offer", "repeat"}:
        return ""
    cast = Cast.of(run["final"]["actors"])
    whose, sponsors = wording.series(map(cast.whose, closed)), cast.who(run["sponsors"])
    return f" Only a text that leaves {whose} red line could help, and none within reach is good enough for {sponsors}."


def _shortfall(actor: Plain) -> str:
    """``13.0 points short``, and if sending lacks more than the verdict, of what."""
    gap = actor.get("gap")
    if gap is not None and gap > actor["short"]:
        return f"{_points(actor['short'])} short of accepting and {_points(gap)} short of sending what it is asked for"
    return f"{_points(actor['short'])} short"


def _priced(actor: Plain, one: str, cast: Cast) -> str:
    """The red lines whose price keeps an actor from a yes."""
    lines = crossed(actor)
    if actor["verdict"] != "red_line" or not lines:
        return ""
    price = "the price of its red line" if len(lines) == 1 else "the prices of its red lines"
    return f", with {price.replace('its', cast.its([one]))} {wording.series(map(quoted, lines.values()))}"


def _keeps(actor: Plain, one: str, cast: Cast) -> str:
    """What a supporter does not send, and how far it is from sending it."""
    kept = {resource: held for resource, held in actor.get("sends", {}).items() if held["asked"] and not held["sends"]}
    told = []
    for resource, held in kept.items():
        short = f" ({_points(-held['surplus'])} short of sending any)" if held["surplus"] < 0 else ""
        told.append(f"{cast.does([one], 'sends', 'send')} no {spaced(resource)}{short}")
    return f" but {wording.series(told)}" if told else ""


def _pledges(found: Plain) -> str:
    """What is pledged of each resource that a text asks for, where nobody withholds anything."""
    asked = found.get("asked", {})
    told = wording.series(pledged(found, resource) for resource in asked)
    return f"pledges fall short: {told}" if asked else "pledges fall short"


def _points(value: float) -> str:
    """``1.0 point``, ``8.5 points``."""
    return f"{wording.level(value)} {'point' if wording.level(value) == '1.0' else 'points'}"


def _years(horizon: float) -> str:
    """``five years``, ``one year``."""
    number = NUMBERS[int(horizon)] if horizon in range(1, len(NUMBERS)) else wording.option(horizon)
    return f"{number} {'year' if horizon == 1 else 'years'}"
