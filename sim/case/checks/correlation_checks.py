"""Validates which numbers of a case are drawn together."""

from __future__ import annotations

from collections.abc import Iterator

from sim.case.distributions import Fixed, least_rank
from sim.case.models import Case
from sim.case.reading.source_map import Finding
from sim.errors import did_you_mean


def correlation_findings(case: Case) -> Iterator[Finding]:
    """Find numbers that cannot be drawn together, and correlations that no draw can have."""
    seen: set[str] = set()
    for index, group in enumerate(case.correlated):
        for place, path in enumerate(group.numbers):
            if message := _wrong(case, path, seen):
                yield Finding(("correlated", index, "numbers", place), message)
            seen.add(path)
        least = least_rank(len(group.numbers))
        if not least < group.rank < 1:
            yield Finding(
                ("correlated", index, "rank"),
                f"a rank correlation of {group.rank:g} is not possible between {len(group.numbers)} numbers; choose "
                f"one above {least:.3g} and below 1. For numbers that are always alike, write same_as.",
            )


def _wrong(case: Case, path: str, seen: set[str]) -> str | None:
    """Say why a number cannot be drawn together with others, if it cannot."""
    if path not in case.written:
        return f"the case has no number '{path}'.{did_you_mean(path, list(case.written))}"
    if path in seen:
        return f"'{path}' is drawn together with others already; name it once."
    try:
        draw, distribution = case.draw_of(path), case.resolve(case.written[path])
    except (KeyError, ValueError):
        return None  # reported where the number stands
    if draw != path:
        return f"'{path}' shares the draw of '{draw}'; name that number instead."
    if isinstance(distribution, Fixed):
        return f"'{path}' is a plain number, which is never drawn; give it a range, or leave it out."
    return None
