"""Issues and options in the words of a case."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sim.report import wording
from sim.report.wording import Plain
from sim.strings import ENGLISH, spoken


def option_in_words(issue: Plain, option: object) -> str:
    """Return an option with its label or, if it has none, its unit.

    >>> option_in_words({"labels": {"rear": "away from the front"}}, "rear"), option_in_words({"unit": "troops"}, 50000)
    ('rear (away from the front)', '50,000 troops')
    """
    unit = issue.get("unit")
    labelled = issue.get("labels", {}).get(str(option))
    return option_text(issue, option) + (f" {unit}" if unit and not labelled and not isinstance(option, str) else "")


def option_text(issue: Plain, option: object) -> str:
    """Return an option with its label, but without its unit, for a list of options."""
    label = issue.get("labels", {}).get(str(option))
    if label and spoken().language != ENGLISH:  # names of options are English
        return str(label)
    return wording.option(option) + (f" ({label})" if label else "")


def spaced(name: str) -> str:
    """Return an id in words: ``force size``."""
    return spoken().id_in_words(name)


def rows_by_group(issues: Mapping[str, Plain], row: Callable[[str, Plain], list[str]]) -> list[list[str]]:
    """Return one row per issue, with the heading of each group in a row of its own before its issues.

    >>> rows_by_group({"fee": {}, "pay": {"group": "Money"}}, lambda name, _: [name, "x"])
    [['fee', 'x'], ['Money', ''], ['pay', 'x']]
    """
    rows: list[list[str]] = []
    last = None
    for name, issue in issues.items():
        cells, group = row(name, issue), issue.get("group")
        if group and group != last:
            rows.append([group, *[""] * (len(cells) - 1)])
        rows.append(cells)
        last = group
    return rows
