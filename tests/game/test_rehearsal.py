"""What a rehearsal warns a teacher of."""

from __future__ import annotations

import pytest

from sim.analysis.outcomes.zone_file import ZoneWidth
from sim.game.paper.rehearsal import NegotiableZone, Warned, _warnings
from sim.strings import Strings


@pytest.mark.parametrize(
    ("outcome", "agreed", "width", "warned"),
    [
        ("expired", [0, 0], "none", ["empty"]),
        ("expired", [0, 2], "wide", ["empty_at_first", "no_agreement"]),
        ("agreed", [3, 3], "wide", []),
        ("expired", None, "unknown", ["too_many"]),
        ("expired", None, "none", ["empty_at_ends"]),
        ("expired", None, "narrow", ["no_agreement"]),
        ("agreed", None, "narrow", []),
    ],
)
def test_people_may_agree_only_where_something_can_be_agreed(
    outcome: str, agreed: list[int] | None, width: str, warned: list[Warned]
) -> None:
    zone: NegotiableZone | None = None
    if agreed is not None:
        zone = {"texts": 9, "agreed": agreed, "best": None, "nearest": None, "one_no_away": {}}
    assert _warnings(outcome, 2, zone, ZoneWidth(width)) == warned
    says_so = any("People may" in Strings.load()(f"handout.guide.warning.{word}") for word in warned)
    assert says_so == (outcome != "agreed" and (any(agreed or []) or width in ("narrow", "wide")))
