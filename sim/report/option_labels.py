"""Issues and options in the words of a case."""

from __future__ import annotations

from sim.report import wording
from sim.report.wording import Plain


def option_in_words(issue: Plain, option: object) -> str:
    """An option with its label or its unit, where it has one: ``rear (away from the front)``, ``50,000 troops``."""
    label = issue.get("labels", {}).get(str(option))
    unit = f" {issue['unit']}" if issue.get("unit") and not isinstance(option, str) else ""
    return wording.option(option) + (f" ({label})" if label else unit)


def option_text(issue: Plain, option: object) -> str:
    """An option for a list of many: without its unit."""
    label = issue.get("labels", {}).get(str(option))
    return wording.option(option) + (f" ({label})" if label else "")


def spaced(name: str) -> str:
    """An id as people read it: ``force size``."""
    return name.replace("_", " ")
