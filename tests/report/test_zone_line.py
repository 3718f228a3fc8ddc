"""A zone of agreement in one line."""

from __future__ import annotations

from typing import Any

import pytest

from sim.report.zone_line import zone_line
from sim.strings import Strings


@pytest.mark.parametrize(
    ("found", "line"),
    [
        (None, "zone not computed; run check"),
        ({"kind": "none", "outcome": "impasse", "ended": 4}, "no zone at central values"),
        (
            {"kind": "none", "outcome": "agreed", "ended": 4},
            "no zone at central values · rules reach agreement in month 4",
        ),
        ({"kind": "narrow", "outcome": "expired", "ended": 12}, "narrow zone · rules do not reach it"),
        ({"kind": "narrow", "outcome": "agreed", "ended": 9}, "narrow zone · rules reach it in month 9"),
        ({"kind": "wide", "outcome": "collapsed", "ended": 3}, "wide zone · rules do not reach it"),
        ({"kind": "wide", "outcome": "agreed", "ended": 7}, "wide zone · rules reach it in month 7"),
        (
            {"kind": "unknown", "outcome": "agreed", "ended": 2},
            "too many texts to compute the zone · rules reach agreement in month 2",
        ),
        (
            {"kind": "unknown", "outcome": "expired", "ended": 2},
            "too many texts to compute the zone · rules reach no agreement",
        ),
    ],
)
def test_a_zone_in_one_line(found: dict[str, Any] | None, line: str) -> None:
    assert zone_line(found, Strings.load()) == line
