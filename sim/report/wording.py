"""The words, marks and number formats that every report shares; plain strings in, plain strings out."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

Plain: TypeAlias = Mapping[str, Any]
"""A plain dict of `docs/reference/json.md`: a run, its verdicts, a ledger entry."""

NEVER = "never"
NOT_A_FORECAST = "The output of a model under stated assumptions, not a forecast."


@dataclass(frozen=True)
class Appearance:
    """How a verdict or an outcome looks: in a sentence, in a narrow column, and beside its mark."""

    words: str
    short: str
    mark: str
    style: str

    @property
    def cell(self) -> str:
        """Mark and word: colour is never the only sign."""
        return f"{self.mark} {self.short}"


VERDICTS = {
    "accept": Appearance("accepts", "yes", "✓", "green"),
    "holding_out": Appearance("holds out for more", "more", "~", "yellow"),
    "worse_than_no_deal": Appearance("worse than no deal", "no", "✗", "red"),
    "red_line": Appearance("red line", "red", "■", "bold red"),
}
OUTCOMES = {
    "agreed": Appearance("everybody whose consent is needed accepts", "agreed", "✓", "bold green"),
    "impasse": Appearance("no move is left that brings the parties closer", "impasse", "✗", "bold red"),
    "collapsed": Appearance("a sponsor no longer stands by the text", "collapsed", "✗", "bold red"),
    "expired": Appearance("no agreement in time", "expired", "✗", "bold red"),
}
LEGEND = "✓ yes: accepts · ~ more: holds out · ✗ no: worse than no deal · ■ red: red line"
REASONS = 2
"""A verdict's main reasons are its two largest."""
CLAIMS = 3
"""A main reason names so many of its claims; `why` names all."""
ABBREVIATION = 3
"""Ids of at most so many letters, such as ``us``, are abbreviations."""


def points(value: float | str) -> str:
    """Signed points, ``+12.0``, or ``never``.

    >>> points(12), points(-0.04), points("never")
    ('+12.0', '0.0', 'never')
    """
    return value if isinstance(value, str) else _signless_zero(f"{value:+.1f}")


def level(value: float) -> str:
    """A score on a scale: ``64.0``."""
    return _signless_zero(f"{value:.1f}")


def _signless_zero(text: str) -> str:
    return "0.0" if text in ("+0.0", "-0.0") else text


def per_cent(share: float) -> str:
    """A share of 0 to 1 in per cent; one that is not quite none or all says so.

    >>> per_cent(0.423), per_cent(0.0004), per_cent(0.9999), per_cent(0), per_cent(1)
    ('42%', '<1%', '>99%', '0%', '100%')
    """
    rounded = round(100 * share)
    if rounded == 0 and share > 0:
        return "<1%"
    if rounded == 100 and share < 1:
        return ">99%"
    return f"{rounded}%"


def interval(share: Plain) -> str:
    """The interval of a share, in per cent with a decimal: at many worlds it is narrower than a per cent.

    >>> interval({"low": 0.1183, "high": 0.132})
    '(11.8 to 13.2%)'
    >>> interval({"low": 0.0, "high": 0.0004}), interval({"low": 0.9996, "high": 1.0})
    ('(0.0 to <0.1%)', '(>99.9 to 100.0%)')
    """
    return f"({_tenths(share['low'])} to {_tenths(share['high'])}%)"


def _tenths(share: float) -> str:
    """Per cent with a decimal, which is 0 or 100 only where the share is."""
    told = f"{100 * share:.1f}"
    if told == "0.0" and share > 0:
        return "<0.1"
    return ">99.9" if told == "100.0" and share < 1 else told


def percentage_points(difference: float) -> str:
    """A difference of two shares.

    >>> percentage_points(0.0071), percentage_points(-0.91), percentage_points(-0.0001)
    ('+0.7', '-91.0', '0.0')
    """
    return _signless_zero(f"{100 * difference:+.1f}")


def option(value: object) -> str:
    """An option as people write it.

    >>> option(30000), option(40000.0), option("european")
    ('30,000', '40,000', 'european')
    """
    whole = int(value) if isinstance(value, float) and value.is_integer() else value
    return f"{whole:,}" if isinstance(whole, int | float) else str(whole)


def terms(package: Plain) -> str:
    """A package in one phrase: ``force european · force_size 30,000``."""
    return " · ".join(f"{issue} {option(value)}" for issue, value in package.items())


def change(changed: Mapping[str, Sequence[object]]) -> str:
    """Changed terms: ``force_size 50,000 → 30,000, mandate tripwire → monitor``."""
    return ", ".join(f"{issue} {option(old)} → {option(new)}" for issue, (old, new) in changed.items())


def sources(entry: Plain) -> str:
    """The claims of a rule, ``C30 C33``; ``assumed`` where none stands behind it."""
    return " ".join(entry["sources"]) or "assumed"


def both_sources(entry: Plain) -> str:
    """The claims of a rule and, where a number is a reading of its own, the assumption in words."""
    return "; ".join(part for part in (" ".join(entry["sources"]), entry.get("assumption") or "") if part)


def basis(number: Plain, *, whole: bool = False) -> str:
    """What a number rests on, in a phrase: its claims, and whether it is a reading of ours; if wanted, in whole.

    >>> one = {"kind": "assumed", "source": ["C35"], "assumption": "A guess."}
    >>> basis(one), basis(one, whole=True), basis({"kind": "sourced", "source": ["C1", "C2", "C3", "C4"]})
    ('assumption, C35', 'C35, assumption: A guess.', 'C1 C2 C3 +1')
    """
    shown = number["source"] if whole else number["source"][:CLAIMS]
    more = len(number["source"]) - len(shown)
    support = " ".join([*shown, *([f"+{more}"] if more else [])])
    if number["kind"] == "assumed" and whole:
        return ", ".join(part for part in (support, f"assumption: {number['assumption']}") if part)
    return ", ".join(part for part in ("assumption" if number["kind"] == "assumed" else "", support) if part)


def uncertain_basis(number: Plain) -> str:
    """What an uncertain number rests on.

    >>> rests({"support": "assumed", "source": ["C01"]}), rests({"support": "worded", "source": ["C04", "C37"]})
    ('assumed (C01)', 'claims C04 C37, size from the codebook')
    """
    claims = " ".join(number["source"])
    if number["support"] == "assumed":
        return f"assumed ({claims})" if claims else "assumed"
    return f"claims {claims}" + (", size from the codebook" if number["support"] == "worded" else "")


def series(items: Iterable[str]) -> str:
    """
    >>> series(["Russia"]), series(["Russia", "the US", "Poland"])
    ('Russia', 'Russia, the US and Poland')
    """
    *most, last = list(items) or [""]
    return f"{', '.join(most)} and {last}" if most else last


def short_names_of(run: Plain) -> dict[str, str]:
    """The short names of a run's actors, in its order."""
    return short_names({one: actor["name"] for one, actor in run["final"]["actors"].items()})


def names(ids: Iterable[str], actors: Plain) -> str:
    """Whoever blocks, by name; see `blocker`."""
    called = {name: actor["name"] for name, actor in actors.items()}
    return series(blocker(one, called) for one in ids)


def blocker(one: str, names: Mapping[str, str]) -> str:
    """An actor by its name; what is no actor is a consent rule that nobody in it stands in the way of.

    >>> blocker("us", {"us": "United States"}), blocker("troops", {"us": "United States"})
    ('United States', "the rule 'troops'")
    """
    return names.get(one, f"the rule '{one}'")


def short_names(names: Mapping[str, str]) -> dict[str, str]:
    """Actors as short as a column's head has to be, by their ids.

    >>> short_names({"us": "United States", "ana": "Ana", "baltics": "Baltic states"})
    {'us': 'US', 'ana': 'Ana', 'baltics': 'Baltics'}
    """
    short = {one: one.upper() if len(one) <= ABBREVIATION else one.capitalize().replace("_", " ") for one in names}
    return {one: name if len(name) <= len(short[one]) else short[one] for one, name in names.items()}


def verb(ids: Sequence[str], one: str, many: str) -> str:
    """The verb for one or for many."""
    return one if len(ids) == 1 else many


def main_reasons(actor: Plain) -> list[Plain]:
    """The entries of a ledger that weighed most for a verdict: for a yes the gains, for a no the costs."""
    if actor["verdict"] == "accept":
        gains = [entry for entry in actor["ledger"] if entry["points"] != NEVER and entry["points"] > 0]
        return sorted(gains, key=lambda entry: -entry["points"])[:REASONS]
    costs = [entry for entry in actor["ledger"] if entry["points"] == NEVER or entry["points"] < 0]
    return sorted(costs, key=worst_first)[:REASONS]


def worst_first(entry: Plain) -> tuple[bool, float]:
    """Red lines before all else, those that no price buys off first; then the largest cost."""
    cost = -math.inf if entry["points"] == NEVER else entry["points"]
    return entry["kind"] != "red_line", cost


def reason(entry: Plain) -> str:
    """One reason: ``No Western troops, whatever their banner (never; C30 C31)``."""
    claims, more = entry["sources"][:CLAIMS], len(entry["sources"]) - CLAIMS
    support = " ".join([*claims, *([f"+{more}"] if more > 0 else [])]) or "assumed"
    return f"{entry['says']} ({points(entry['points'])}; {support})"


def adjustments(found: Plain) -> Iterator[str]:
    """Numbers of the proposal that were taken to the nearest option."""
    for one in found["adjusted"]:
        asked, taken = option(one["asked"]), option(one["taken"])
        yield f"{one['issue']} {asked} is not an option; the nearest, {taken}, was used."


def differences(first: Plain, last: Plain) -> dict[str, tuple[object, object]]:
    """The terms in which two packages differ: issue to (from, to)."""
    return {issue: (first[issue], value) for issue, value in last.items() if value != first[issue]}


def count(number: int, thing: str) -> str:
    """
    >>> count(1, "month"), count(10_000, "world")
    ('1 month', '10,000 worlds')
    """
    return f"{number:,} {thing}" + ("" if number == 1 else "s")


def setup(found: Plain) -> str:
    """What was played: ``ukraine_2025 · central values`` or ``10,000 worlds, seed 0``."""
    played = "central values" if found["nominal"] else f"{count(found['worlds'], 'world')}, seed {found['seed']}"
    return " · ".join(part for part in (found["case"], found.get("scenario"), played) if part)


def protocol(rules: Plain) -> str:
    """The protocol in words: ``single text, 12 months, at most 2 terms a month``."""
    mediator = f", mediator {rules['mediator']}" if rules.get("mediator") else ""
    return f"{rules['setup']}{mediator}"
