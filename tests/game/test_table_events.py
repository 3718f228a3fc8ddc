"""An event in the middle of a phase: which answers stand, and which are asked for again."""

from __future__ import annotations

from sim.game.session.table import GameTable
from tests.game.hall import Hall


def begun() -> Hall:
    """A game of the headline with Ukraine and the US, who answer first, and France and the UK, who follow."""
    registry = Hall()
    registry.seat("ukraine", "us", "france", "uk")
    registry.teach("start")
    return registry


def stands(table: GameTable) -> tuple[str, tuple[str, ...], list[str]]:
    """The phase, who is waited for, and whose moves stand."""
    return table.stage, table.waiting, sorted(table.pending)


def test_first_answers_are_asked_for_again_after_an_event() -> None:
    """The event happens at once, so what was said of the text before it counts no more."""
    registry = begun()
    table = registry.table()
    registry.vote("ukraine", "red_line")
    assert stands(table) == ("reactions", ("us",), ["ukraine"])
    version = table.version
    registry.teach("inject", id="us_halts_aid")
    assert stands(table) == ("reactions", ("ukraine", "us"), [])
    assert table.version > version
    registry.vote("us")
    assert table.stage == "reactions"  # Ukraine has not answered the text as it is now
    registry.vote("ukraine", "accept")
    assert table.stage == "pledges"
    assert table.history()[0]["answers"]["ukraine"]["verdict"] == "accept"


def test_who_does_not_answer_again_is_left_to_its_rules() -> None:
    """The vote given before the event is gone for good: it does not count when the teacher closes the phase."""
    registry, without = begun(), begun()
    registry.vote("ukraine", "red_line")
    for one in (registry, without):
        one.teach("inject", id="us_halts_aid")
        one.vote("us")
        one.teach("next")
    answers = [one.table().history()[0]["answers"]["ukraine"]["verdict"] for one in (registry, without)]
    assert answers[0] == answers[1] != "red_line"


def test_later_answers_stand_as_the_event_waits_for_the_next_text() -> None:
    registry = begun()
    table = registry.table()
    registry.vote("ukraine")
    registry.vote("us")
    registry.vote("france", "holding_out")
    version = table.version
    registry.teach("inject", id="us_halts_aid")
    assert stands(table) == ("pledges", ("uk",), ["france"])
    assert table.version == version
    registry.vote("uk", "holding_out")
    assert table.stage == "amendment"
    assert table.history()[0]["answers"]["france"]["verdict"] == "holding_out"
