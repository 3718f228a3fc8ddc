"""Names of a case in the words of its files, so that no id of a rule, issue or option is left in a sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from sim.report import wording
from sim.report.option_labels import spaced
from sim.report.story.cast import Cast, quoted
from sim.report.story.ending import NUMBERS
from sim.report.wording import Plain

SNAKE = re.compile(r"\b[A-Za-z]+(?:_[A-Za-z0-9]+)+\b")
"""An id of several words."""


def cast_of(report: Plain) -> Cast:
    """Return the cast of a report, in which consent rules are called by what they say."""
    cast = Cast.of(report["actors"])
    rules = {rule: f"the rule {quoted(says)}" for rule, says in report["consent"].items()}
    return Cast({**rules, **cast.names}, cast.plural)


def without_ids(text: str) -> str:
    """Return a text with every id of several words as words.

    >>> without_ids("force_size 50,000 → 30,000")
    'force size 50,000 → 30,000'
    """
    return SNAKE.sub(lambda found: spaced(found[0]), text)


def number_in_words(path: str, what: str, says: str) -> str:
    """Return a number of the case in words, with what its rule says instead of the rule's id.

    >>> price = "actors.russia.red_lines.troops_here.price"
    >>> number_in_words(price, "the price of Russia's red line troops_here", "No troops here")
    "the price of Russia's red line “No troops here”"
    >>> slope = "actors.russia.reservation.slopes.us_aid.points"
    >>> number_in_words(slope, "the slope of Russia's reservation value on us_aid", "Harder to outlast")
    "the slope of Russia's reservation value on us aid (“Harder to outlast”)"
    """
    named = ""
    match path.split("."):
        case [*_, "slopes" | "weighs", _, _]:
            return spaced(f"{what} ({quoted(says)})")
        case ["measures" | "context", name, "base" | "start" | "drift" | "volatility"]:
            named = name
        case [*_, "rules" | "preferences" | "red_lines" | "when_sent", name, _]:
            named = name
    return " ".join(quoted(says) if word == named else spaced(word) for word in what.split())


def option(report: Plain, issue: str, chosen: object) -> str:
    """Return an option by its label or, if it has none, with its unit."""
    about = report["issues"][issue]
    label = about["labels"].get(str(chosen))
    unit = f" {about['unit']}" if about["unit"] and not isinstance(chosen, str) else ""
    return label or f"{spaced(wording.option(chosen))}{unit}"


def terms(report: Plain, changed: Mapping[str, Sequence[object]]) -> str:
    """Return changed terms: ``“Sanctions on Russia”: kept → lifted``."""
    parts = (
        f"{quoted(report['issues'][issue]['says'])}: {option(report, issue, old)} → {option(report, issue, new)}"
        for issue, (old, new) in changed.items()
    )
    return "; ".join(parts)


def core(report: Plain, scenario: Plain) -> str:
    """Return what makes a proposal this proposal: its options on the core issues, quoted."""
    chosen = {issue: scenario["proposal"][issue] for issue in scenario["core"]}
    return wording.series(quoted(_core_term(report, issue, value)) for issue, value in chosen.items())


def _core_term(report: Plain, issue: str, chosen: object) -> str:
    about = report["issues"][issue]
    words = option(report, issue, chosen)
    return words if str(chosen) in about["labels"] or about["unit"] else f"{about['says']}: {words}"


def in_words(count: int) -> str:
    """Return a number up to ten in words."""
    return NUMBERS[count] if count < len(NUMBERS) else f"{count:,}"
