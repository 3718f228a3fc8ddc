"""What would turn an actor, in sentences."""

from __future__ import annotations

from typing import Any

import pytest

from sim.report.story.cast import Cast
from sim.report.story.turning_sentences import turning_sentences

CAST = Cast.of({"russia": {"name": "Russia"}, "baltics": {"name": "Baltic states"}})
NUMBER = {"says": "its price", "now": "never", "then": 4.0, "side": "at most", "within": False, "assumed": False}


def turning(actor: str = "russia", **changed: Any) -> str:
    nothing = {"verdict": "red_line", "terms": [], "core_terms": [], "line_says": None, "short": None, "numbers": []}
    return " ".join(turning_sentences({"actor": actor, **nothing, **changed}, CAST))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"terms": [{"arms": ["ended", "massive"]}]}, "Russia would accept with arms ended → massive."),
        (
            {"actor": "baltics", "verdict": "accept", "terms": [{"troops": [5, 3]}]},
            "The Baltics would send what is asked with troops 5 → 3.",
        ),
        (
            {"core_terms": [{"force": ["nato", "un"]}]},
            "Only a change of what makes it this proposal turns Russia: force nato → un.",
        ),
        (
            {"line_says": "No troops", "short": 8.5},
            "Russia has a red line that is not for sale, “No troops”; even "
            "without that line it would be 8.5 points short.",
        ),
        (
            {"line_says": "No troops", "short": 0.0},
            "Russia has a red line that is not for sale, “No troops”; without that line it would accept.",
        ),
        ({}, "No change of a few terms turns Russia."),
        (
            {"terms": [{"arms": [1, 2]}], "numbers": [{**NUMBER, "source": ["C5"]}]},
            "Or if its price were at most 4 (now never; outside its range; C5).",
        ),
    ],
)
def test_what_turns_an_actor_is_said_in_a_sentence(changed: dict[str, Any], said: str) -> None:
    assert said in turning(**changed)


@pytest.mark.parametrize(
    ("side", "then", "shown"), [("at most", 17.06, "17"), ("at least", 17.01, "17.1"), ("at most", -4.981, "-5")]
)
def test_a_rounded_threshold_still_turns(side: str, then: float, shown: str) -> None:
    number = {**NUMBER, "side": side, "then": then, "source": []}
    assert f"were {side} {shown} (" in turning(numbers=[number])
