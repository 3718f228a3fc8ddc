"""Words, marks and number formats that all reports share. Every function returns a plain string.

Numbers, verdicts, outcomes and lists are in the language that is spoken (`sim.strings.spoken`); sentences are English.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, TypeAlias

from sim.strings import ENGLISH, spoken

Plain: TypeAlias = Mapping[str, Any]
"""A plain dict as `docs/reference/json.md` describes it: a run, its verdicts, a ledger entry."""

NEVER = "never"
NOT_A_FORECAST = "The output of a model under stated assumptions, not a forecast."


@dataclass(frozen=True)
class Appearance:
    """How a verdict or an outcome is shown: its words and short form (below a section of the strings), mark, style."""

    section: str
    mark: str
    style: str

    @property
    def words(self) -> str:
        """The verdict or outcome in words."""
        return spoken()(f"{self.section}words")

    @property
    def short(self) -> str:
        """The verdict or outcome in a word."""
        return spoken()(f"{self.section}short")

    @property
    def cell(self) -> str:
        """The mark and the short form, so that colour is never the only sign."""
        return f"{self.mark} {self.short}"


VERDICTS = {
    "accept": Appearance("words.verdict.accept.", "✓", "green"),
    "holding_out": Appearance("words.verdict.holding_out.", "~", "yellow"),
    "worse_than_no_deal": Appearance("words.verdict.worse_than_no_deal.", "✗", "red"),
    "red_line": Appearance("words.verdict.red_line.", "■", "bold red"),
}
OUTCOMES = {
    "agreed": Appearance("words.outcome.agreed.", "✓", "bold green"),
    "impasse": Appearance("words.outcome.impasse.", "✗", "bold red"),
    "collapsed": Appearance("words.outcome.collapsed.", "✗", "bold red"),
    "expired": Appearance("words.outcome.expired.", "✗", "bold red"),
}
LEGEND = "✓ yes: accepts · ~ more: holds out · ✗ no: worse than no deal · ■ red: red line"
REASONS = 2
"""How many main reasons are given for a verdict."""
CLAIMS = 3
"""How many claims are named for a main reason; `why` names all."""
ABBREVIATION = 3
"""Ids with at most this many letters, such as ``us``, are treated as abbreviations."""


def points(value: float | str) -> str:
    """Return signed points, ``+12.0``, or ``never``.

    >>> points(12), points(-0.04), points("never")
    ('+12.0', '0.0', 'never')
    """
    if isinstance(value, str):
        return spoken()("words.never") if value == NEVER else value
    return spoken().number(_signless_zero(f"{value:+.1f}"))


def level(value: float) -> str:
    """Return a score on a scale: ``64.0``."""
    return spoken().number(_signless_zero(f"{value:.1f}"))


def _signless_zero(text: str) -> str:
    return "0.0" if text in ("+0.0", "-0.0") else text


def per_cent(share: float, digits: int = 0) -> str:
    """Return a share from 0 to 1 as a percentage; 0% and 100% appear only when they are exact.

    Halves are rounded up, as readers do. Beside an interval or a difference, a share has one digit, as these have.

    >>> per_cent(0.423), per_cent(0.0004), per_cent(0.9999), per_cent(0), per_cent(1)
    ('42%', '<1%', '>99%', '0%', '100%')
    >>> per_cent(0.105), per_cent(0.105, 1), per_cent(0.0004, 1), per_cent(0, 1)
    ('11%', '10.5%', '<0.1%', '0.0%')
    """
    unit = Decimal(1).scaleb(-digits)
    rounded = _percentage(share, digits)
    text = (
        f"<{unit}" if rounded == 0 and share > 0 else f">{100 - unit}" if rounded == 100 and share < 1 else str(rounded)
    )
    return spoken()("language.percent", number=spoken().number(text))


def _percentage(share: float, digits: int) -> Decimal:
    """Return a share or a difference of shares in percent, with so many digits; halves move away from zero."""
    return (100 * Decimal(str(share))).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def interval(share: Plain) -> str:
    """Return the interval of a share in percent, with one decimal because many worlds make it narrow.

    >>> interval({"low": 0.1183, "high": 0.132})
    '(11.8 to 13.2%)'
    >>> interval({"low": 0.0, "high": 0.0004}), interval({"low": 0.9996, "high": 1.0})
    ('(0.0 to <0.1%)', '(>99.9 to 100.0%)')
    """
    return f"({per_cent(share['low'], 1)[:-1]} to {per_cent(share['high'], 1)})"


def percentage_points(difference: float) -> str:
    """Return the difference between two shares in percentage points.

    >>> percentage_points(0.0071), percentage_points(-0.91), percentage_points(-0.0001), percentage_points(0.105)
    ('+0.7', '-91.0', '0.0', '+10.5')
    """
    return spoken().number(_signless_zero(f"{_percentage(difference, 1):+}"))


def option(value: object) -> str:
    """Return an option as people write it.

    >>> option(30000), option(40000.0), option("european")
    ('30,000', '40,000', 'european')
    """
    whole = int(value) if isinstance(value, float) and value.is_integer() else value
    return spoken().number(f"{whole:,}") if isinstance(whole, int | float) else str(whole)


def terms(package: Plain) -> str:
    """Return a package in one phrase: ``force european · force_size 30,000``."""
    return " · ".join(f"{issue} {option(value)}" for issue, value in package.items())


def change(changed: Mapping[str, Sequence[object]]) -> str:
    """Return changed terms: ``force_size 50,000 → 30,000, mandate tripwire → monitor``."""
    return ", ".join(f"{issue} {option(old)} → {option(new)}" for issue, (old, new) in changed.items())


def sources(entry: Plain) -> str:
    """Return the claims of a rule, ``C30 C33``, or ``assumed`` if it has none."""
    return " ".join(entry["sources"]) or spoken()("words.assumed")


def both_sources(entry: Plain) -> str:
    """Return the claims of a rule and its assumption, if it has one."""
    return "; ".join(part for part in (" ".join(entry["sources"]), entry.get("assumption") or "") if part)


def basis(number: Plain, *, whole: bool = False) -> str:
    """Return what a number is based on: its claims and whether it is assumed; in full if `whole`.

    >>> number = {"kind": "assumed", "source": ["C35"], "assumption": "A guess."}
    >>> basis(number), basis(number, whole=True), basis({"kind": "sourced", "source": ["C1", "C2", "C3", "C4"]})
    ('assumption, C35', 'C35, assumption: A guess.', 'C1 C2 C3 +1')
    """
    shown = number["source"] if whole else number["source"][:CLAIMS]
    more = len(number["source"]) - len(shown)
    support = " ".join([*shown, *([f"+{more}"] if more else [])])
    if number["kind"] == "assumed" and whole:
        return ", ".join(part for part in (support, f"assumption: {number['assumption']}") if part)
    return ", ".join(part for part in ("assumption" if number["kind"] == "assumed" else "", support) if part)


def uncertain_basis(number: Plain) -> str:
    """Return what an uncertain number is based on.

    >>> uncertain_basis({"support": "assumed", "source": ["C01"]})
    'assumed (C01)'
    >>> uncertain_basis({"support": "worded", "source": ["C04", "C37"]})
    'claims C04 C37, size from the codebook'
    """
    claims = " ".join(number["source"])
    if number["support"] == "assumed":
        return f"assumed ({claims})" if claims else "assumed"
    return f"claims {claims}" + (", size from the codebook" if number["support"] == "worded" else "")


def series(items: Iterable[str]) -> str:
    """Join items with commas and "and".

    >>> series(["Russia"]), series(["Russia", "the US", "Poland"])
    ('Russia', 'Russia, the US and Poland')
    """
    *most, last = list(items) or [""]
    return spoken()("language.series", most=", ".join(most), last=last) if most else last


def short_names_of(run: Plain) -> dict[str, str]:
    """Return the short names of a run's actors, by id, in the order of the run."""
    return short_names({id_: actor["name"] for id_, actor in run["final"]["actors"].items()})


def names(ids: Iterable[str], actors: Plain) -> str:
    """Join the names of actors, or of consent rules, given the actors as records; see `blocker`."""
    return blockers(ids, {id_: actor["name"] for id_, actor in actors.items()})


def blockers(ids: Iterable[str], names: Mapping[str, str]) -> str:
    """Join the names of actors, or of consent rules, given the actors' names; see `blocker`."""
    return series(blocker(id_, names) for id_ in ids)


def blocker(id_: str, names: Mapping[str, str]) -> str:
    """Return the name of an actor; any other id is that of a consent rule that no single actor blocks.

    >>> blocker("us", {"us": "United States"}), blocker("troops", {"us": "United States"})
    ('United States', "the rule 'troops'")
    """
    return names.get(id_) or spoken().names.get(id_) or spoken()("words.rule", name=id_)


def short_names(names: Mapping[str, str]) -> dict[str, str]:
    """Return names short enough for the head of a column, by actor id.

    >>> short_names({"us": "United States", "ana": "Ana", "baltics": "Baltic states"})
    {'us': 'US', 'ana': 'Ana', 'baltics': 'Baltics'}
    """
    if spoken().language != ENGLISH:  # ids are English
        return {id_: spoken().names.get(id_, name) for id_, name in names.items()}
    short = {id_: id_.upper() if len(id_) <= ABBREVIATION else id_.capitalize().replace("_", " ") for id_ in names}
    return {id_: name if len(name) <= len(short[id_]) else short[id_] for id_, name in names.items()}


def verb(ids: Sequence[str], singular: str, plural: str) -> str:
    """Return the form of a verb that agrees with its subjects."""
    return singular if len(ids) == 1 else plural


def main_reasons(actor: Plain) -> list[Plain]:
    """Return the ledger entries that mattered most: the gains if the actor accepts, otherwise the costs."""
    if actor["verdict"] == "accept":
        gains = [entry for entry in actor["ledger"] if entry["points"] != NEVER and entry["points"] > 0]
        return sorted(gains, key=lambda entry: -entry["points"])[:REASONS]
    costs = [entry for entry in actor["ledger"] if entry["points"] == NEVER or entry["points"] < 0]
    return sorted(costs, key=worst_first)[:REASONS]


def worst_first(entry: Plain) -> tuple[bool, float]:
    """Sort key for costs: red lines first, starting with those that have no price, then the largest cost."""
    cost = -math.inf if entry["points"] == NEVER else entry["points"]
    return entry["kind"] != "red_line", cost


def reason(entry: Plain) -> str:
    """Return one reason: ``No Western troops, whatever their banner (never; C30 C31)``."""
    claims, more = entry["sources"][:CLAIMS], len(entry["sources"]) - CLAIMS
    support = " ".join([*claims, *([f"+{more}"] if more > 0 else [])]) or spoken()("words.assumed")
    parts = red_line_parts(entry)
    return f"{entry['says']} ({points(entry['points'])}{f': {parts}' if parts else ''}; {support})"


def red_line_parts(entry: Plain) -> str:
    """Return what the points of a red line are made of, if its owner's audience adds to the price; otherwise nothing.

    >>> red_line_parts({"points": -65.0, "audience_cost": 5.0}), red_line_parts({"points": -60.0, "audience_cost": 0})
    ('price 60.0 + audience cost 5.0', '')
    """
    cost = entry.get("audience_cost", 0)
    if not cost or entry["points"] == NEVER:
        return ""
    return f"price {level(-entry['points'] - cost)} + audience cost {level(cost)}"


def adjustments(result: Plain) -> Iterator[str]:
    """Say which numbers of the proposal were replaced by the nearest option."""
    for adjusted in result["adjusted"]:
        asked, taken = option(adjusted["asked"]), option(adjusted["taken"])
        yield f"{adjusted['issue']} {asked} is not an option; the nearest, {taken}, was used."


def differences(first: Plain, last: Plain) -> dict[str, tuple[object, object]]:
    """Return the terms in which two packages differ, as issue to (old, new)."""
    return {issue: (first[issue], value) for issue, value in last.items() if value != first[issue]}


def count(number: int, thing: str) -> str:
    """Return a number with its noun in the singular or plural.

    >>> count(1, "month"), count(10_000, "world")
    ('1 month', '10,000 worlds')
    """
    return f"{number:,} {thing}" + ("" if number == 1 else "s")


def setup(result: Plain) -> str:
    """Return what was played: ``ukraine_2025 · central values`` or ``ukraine_2025 · 10,000 worlds, seed 0``."""
    numbers = "central values" if result["nominal"] else f"{count(result['worlds'], 'world')}, seed {result['seed']}"
    return " · ".join(part for part in (result["case"], result.get("scenario"), numbers) if part)


def protocol(rules: Plain) -> str:
    """Return the protocol in words: ``single text, 12 months, at most 2 terms a month``."""
    mediator = f", mediator {rules['mediator']}" if rules.get("mediator") else ""
    return f"{rules['setup']}{mediator}"
