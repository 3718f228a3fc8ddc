"""The end of the talks in sentences: what stood between the parties, what each would say yes to, and how long it lasts.

Most functions read an evaluation of one text: the `final` of a run, or verdicts. They name no month, so they fit both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sim.report import wording
from sim.report.option_labels import spaced
from sim.report.story import plain_sentences
from sim.report.story.cast import Cast, quoted, sentence
from sim.report.story.pledges import pledged
from sim.report.story.red_lines import crossed, known_not_for_sale, moves_of
from sim.report.wording import Plain
from sim.strings import ENGLISH, spoken

MOST_TERMS = 3
"""Maximum number of terms that the search for a yes changes (model, section 4)."""
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
"""Numbers from zero to ten in words."""
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
"""Ordinal numbers from 1 to 10 in words."""
VOWEL_SOUNDS = (8, 11, 18, *range(80, 90))
"""Whole percentages that take the article "an"."""


def ended(run: Plain) -> str:
    """Return how and when a run ended: ``Expired after 12 months: no agreement in time.``."""
    if spoken().language != ENGLISH:
        return plain_sentences.ended(run)
    how, months = wording.OUTCOMES[run["outcome"]], wording.count(run["months"], "month")
    if run["outcome"] == "impasse" and not run["protocol"].get("amends", True):
        return f"{how.short.capitalize()}: it was take it or leave it."
    return f"{how.short.capitalize()} after {months}: {how.words}.{_at_a_closed_line(run)}"


def outcome(run: Plain) -> str:
    """Return how and when a run ended, and who blocks its last text."""
    if spoken().language != ENGLISH:
        return plain_sentences.outcome(run)
    blocked, cast = run["blocked_by"], Cast.of(run["final"]["actors"])
    blocks = sentence(f"{cast.who(blocked)} {cast.does(blocked, 'blocks', 'block')} it")
    return f"{ended(run)} {blocks}" if blocked else ended(run)


def in_between(evaluation: Plain, *, over: bool) -> str:
    """Return the heading for what actors lack, after the talks or about a text that is on the table."""
    if evaluation["agreed"]:
        return f"Who {'refused' if over else 'refuses'} anyway"
    return f"What {'stood' if over else 'stands'} between the parties"


def between(
    evaluation: Plain, cast: Cast, believed: Mapping[str, float] | None = None, core: Sequence[str] = ()
) -> Iterator[str]:
    """Say what each actor that blocks or refuses a text lacks in one world, and what it would accept; blockers come
    first.

    `believed` maps actors to the shortfall that the drafters expect, where they are wrong (`mistaken`). No change that
    is named touches the issues in `core`.
    """
    if spoken().language != ENGLISH:
        yield from plain_sentences.between(evaluation, cast, believed, core)
        return
    actors = evaluation["actors"]
    blockers = [name for name in evaluation["blocked_by"] if name in actors]
    refusers = [name for name, actor in actors.items() if actor["verdict"] != "accept" and name not in blockers]
    for name in [*blockers, *refusers]:
        parts = [lacks(evaluation, name, cast, blocks=name in blockers)]
        if believed and name in believed:
            take = "take them to be" if name in cast.plural else "take it to be"
            parts.append(f"The drafters never found out; they {take} {_points(believed[name])} short.")
        yield " ".join([*parts, *yes_if(actors[name], name, cast, ways=1, core=core)])


def mistaken(run: Plain) -> dict[str, float]:
    """Return the shortfalls that the drafters expect of actors whose red line they do not know is not for sale.

    Returns
    -------
    dict of actor to points, as of the last draft
    """
    shortfalls = {}
    for actor in run["blocked_by"]:
        never = run["final"]["actors"].get(actor, {}).get("gap", 0.0) is None
        expected = [move["gaps"][actor][1] for move in moves_of(run) if actor in move["gaps"]]
        if never and expected and expected[-1] and not known_not_for_sale(run, actor):
            shortfalls[actor] = expected[-1]
    return shortfalls


def lacks(evaluation: Plain, name: str, cast: Cast, *, blocks: bool) -> str:
    """Return what keeps an actor from accepting, or from sending what it is asked for.

    Examples
    --------
    ``Poland is 3.0 points short.``, ``Russia has a red line that is not for sale: “No Western troops”.``
    """
    actor = evaluation["actors"][name]
    who = cast.who([name]) + ("" if blocks else ", whose consent is not needed,")
    if actor["verdict"] == "accept":
        return sentence(f"{who} {cast.does([name], 'supports', 'support')} the text{_keeps(actor, name, cast)}")
    never = [entry["says"] for entry in actor["ledger"] if entry["points"] == wording.NEVER]
    if never:
        has = cast.does([name], "has", "have")
        lines = "a red line that is" if len(never) == 1 else "red lines that are"
        return sentence(f"{who} {has} {lines} not for sale: {wording.series(map(quoted, never))}")
    if not actor["short"]:
        refuses = cast.does([name], "refuses although its", "refuse although their")
        return sentence(f"{who} {refuses} own rules would accept")
    return sentence(f"{who} {cast.does([name], 'is', 'are')} {_shortfall(actor)}{_priced(actor, name, cast)}")


def yes_if(actor: Plain, name: str, cast: Cast, *, ways: int | None = None, core: Sequence[str] = ()) -> Iterator[str]:
    """Say which changes of terms would turn the refusal of an actor into a yes, or that none would.

    `actor` is one of the `actors` of an evaluation, or a reaction. Of equally small changes, `ways` are named, the
    recommended one first; None names all. They do not touch the issues in `core`.
    """
    if spoken().language != ENGLISH:
        yield from plain_sentences.yes_if(actor, cast.who([name]), ways=ways, core=core)
        return
    answer = actor.get("yes_if")
    if not answer:
        return
    it = cast.it(name)
    if answer["line"] is not None and answer["short"] is not None:
        short = f"even without that line {it} would be {_points(answer['short'])} short"
        yield sentence(short if answer["short"] else f"without that line {it} would accept")
    if answer["terms"] is None:
        most = f"up to {NUMBERS[tried]} terms" if (tried := answer.get("tried", MOST_TERMS)) > 1 else "one term"
        besides = f" other than {wording.series(core)}" if core else ""
        yield sentence(f"no change of {most}{besides} wins over {cast.who([name])}")
        return
    for index, terms in enumerate(answer["sets"][:ways]):
        yield sentence(f"{'or' if index else f'{it} would accept'} with {wording.change(terms)}")


def unmet(evaluation: Plain, cast: Cast, *, whole: bool = False) -> Iterator[str]:
    """Say which consent rules a text does not meet, and who withholds what they ask for.

    With `whole`, the assumptions behind a rule are quoted in full, next to its claims.
    """
    for rule in evaluation["unmet"]:
        support = wording.both_sources(rule).rstrip(".") if whole else wording.sources(rule)
        missing = f"missing: {cast.who(rule['blockers'])}" if rule["blockers"] else _pledges(evaluation)
        parts = [sentence(missing), *map(_vote, rule.get("votes", ()))]
        if nearest := rule.get("nearest"):
            parts.append(_nearest(nearest, cast))
        yield f"Not met: {rule['says'].rstrip('.')} ({support}). {' '.join(parts)}"


def _vote(count: Plain) -> str:
    """Return ``9 of 15 votes needed, 7 accept.``."""
    needed, of, accept = (wording.option(count[key]) for key in ("needed", "of", "accept"))
    cast = "votes cast" if count["cast"] else "votes"
    if count["cast"] and not count["of"]:
        return "Nobody votes."
    return f"{needed} of {of} {cast} needed, {accept} {'accepts' if count['accept'] == 1 else 'accept'}."


def _nearest(nearest: Plain, cast: Cast) -> str:
    """Return which of several ways to meet a rule is nearest, and what it lacks."""
    lacks = f"missing: {cast.who(nearest['missing'])}" if nearest["missing"] else "pledges fall short"
    which = ORDINALS[nearest["branch"] - 1] if nearest["branch"] <= len(ORDINALS) else f"no. {nearest['branch']}"
    way = f"of the {nearest['of']} ways to meet it, the {which} is nearest ({lacks})"
    return " ".join([sentence(way), *map(_vote, nearest["votes"])])


def lasting(run: Plain) -> Iterator[str]:
    """Say how likely an agreement is to last, if the case has a measure of durability, and over which horizon, if
    given.

    For many worlds it is the mean over those that agreed, or over the last texts if none did.
    """
    if spoken().language != ENGLISH and run["worlds"] == 1:
        yield from plain_sentences.lasting(run)
        return
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
    """Return a chance, 0 to 1, in words with its article.

    >>> likely(0.94), likely(0.8), likely(0.004), likely(0.999)
    ('a 94% chance', 'an 80% chance', 'a less than 1% chance', 'a more than 99% chance')
    """
    said = wording.per_cent(chance)
    if said[0] in "<>":
        return f"a {'less' if said[0] == '<' else 'more'} than {said[1:]} chance"
    return f"{'an' if round(100 * chance) in VOWEL_SOUNDS else 'a'} {said} chance"


def _at_a_closed_line(run: Plain) -> str:
    """Return why talks about one text end at a red line that is known not to be for sale; empty if they did not."""
    kinds = {move["kind"] for move in moves_of(run)}
    closed = [actor for actor in run["blocked_by"] if known_not_for_sale(run, actor)]
    if not closed or run["outcome"] == "expired" or not run["protocol"].get("amends") or kinds & {"offer", "repeat"}:
        return ""
    cast = Cast.of(run["final"]["actors"])
    whose, sponsors = wording.series(map(cast.whose, closed)), cast.who(run["sponsors"])
    return f" Only a text that leaves {whose} red line could help, and none within reach is good enough for {sponsors}."


def _shortfall(actor: Plain) -> str:
    """Return ``13.0 points short``, in two parts if the actor is farther from sending than from accepting."""
    gap = actor.get("gap")
    if gap is not None and gap > actor["short"]:
        return f"{_points(actor['short'])} short of accepting and {_points(gap)} short of sending what it is asked for"
    return f"{_points(actor['short'])} short"


def _priced(actor: Plain, name: str, cast: Cast) -> str:
    """Return the red lines whose prices keep an actor from accepting, as the end of a sentence."""
    lines = crossed(actor)
    if actor["verdict"] != "red_line" or not lines:
        return ""
    price = "the price of its red line" if len(lines) == 1 else "the prices of its red lines"
    return f", with {price.replace('its', cast.its([name]))} {wording.series(map(quoted, lines.values()))}"


def _keeps(actor: Plain, name: str, cast: Cast) -> str:
    """Return what a supporter does not send, and how far it is from sending it."""
    kept = {resource: held for resource, held in actor.get("sends", {}).items() if held["asked"] and not held["sends"]}
    refusals = []
    for resource, held in kept.items():
        short = f" ({_points(-held['surplus'])} short of sending any)" if held["surplus"] < 0 else ""
        refusals.append(f"{cast.does([name], 'sends', 'send')} no {spaced(resource)}{short}")
    return f" but {wording.series(refusals)}" if refusals else ""


def _pledges(evaluation: Plain) -> str:
    """Return what is pledged of each resource that a text asks for, for a text from which nobody withholds anything."""
    asked = evaluation.get("asked", {})
    pledges = wording.series(pledged(evaluation, resource) for resource in asked)
    return f"pledges fall short: {pledges}" if asked else "pledges fall short"


def _points(value: float) -> str:
    """Return ``1.0 point`` or ``8.5 points``."""
    return f"{wording.level(value)} {'point' if wording.level(value) == '1.0' else 'points'}"


def _years(horizon: float) -> str:
    """Return ``five years`` or ``one year``."""
    number = NUMBERS[int(horizon)] if horizon in range(1, len(NUMBERS)) else wording.option(horizon)
    return f"{number} {'year' if horizon == 1 else 'years'}"
