"""The screen of a game that one person plays: its pages, and what is new since the last look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sim.cli import output
from sim.strings import Strings


class GameScreen:
    """Prints the pages of `sim.report.terminal.solo.solo_game` in the words of a language."""

    def __init__(self, say: Strings) -> None:
        self.say = say

    def page(self, name: str, *data: Any) -> None:
        """Print a page, by the name of its function."""
        from sim.report.terminal.solo import solo_game as pages

        output.show(getattr(pages, name)(*data, self.say))

    def tell(self, key: str, **data: Any) -> None:
        """Print a text of the strings as a paragraph."""
        self.page("paragraph", self.say(key, **data))


class TalksNews:
    """Tracks which events of the talks have been shown."""

    def __init__(self, screen: GameScreen) -> None:
        self._screen = screen
        self._texts: set[int] = set()
        self._heard: dict[int, int] = {}
        self._cited: set[tuple[str, str]] = set()
        self._drafting = 0

    def catch_up(self, history: Sequence[Mapping[str, Any]]) -> None:
        """Take all that was heard before the present month as told, save for the last answers."""
        self._texts |= {past["month"] for past in history[:-1]}
        self._heard |= {past["month"]: _heard(past) for past in history[:-2]}

    def forget(self, month: int) -> None:
        """Show a month and everything after it again."""
        self._texts = {past for past in self._texts if past < month}
        self._heard = {past: count for past, count in self._heard.items() if past < month}

    def show_again(self, month: int) -> None:
        """Show the text of a month again."""
        self._texts.discard(month)

    def tell(self, view: Mapping[str, Any]) -> bool:
        """Show what is new in a view: texts, events and answers; return whether there is a new text."""
        before, fresh, screen = None, False, self._screen
        for month in view["history"]:
            now = month["month"] == view["month"] and view["stage"] != "over"
            if month["month"] not in self._texts:
                self._texts.add(month["month"])
                fresh = True
                for says in month["events"]:
                    screen.page("event", says, month["month"])
                if now:
                    screen.page("text", view)
                else:
                    screen.page("retabled", month, before, view)
                if not now and month is not view["history"][-1]:
                    self._heard[month["month"]] = _heard(month)
                    screen.page("in_short", month, view)
            if month["answers"] and _heard(month) > self._heard.get(month["month"], 0):
                self._heard[month["month"]] = _heard(month)
                screen.page("answers", self._newly(month), view)
            before = month
        if view["stage"] == "amendment" and self._drafting != view["version"]:
            self._drafting = view["version"]
            screen.tell("play.turn.how_to_amend")
        return fresh

    def _newly(self, month: Mapping[str, Any]) -> dict[str, Any]:
        """Leave out of a month's answers the claims that have been cited before."""
        answers = {}
        for actor, answer in month["answers"].items():
            cited = {(actor, claim["claim"]) for claim in answer["record"]}
            answers[actor] = {**answer, "record": [] if cited <= self._cited else answer["record"]}
            self._cited |= cited
        return {**month, "answers": answers}


def _heard(month: Mapping[str, Any]) -> int:
    """Return how much of a month is known: the number of answers, and whether it was decided."""
    return len(month["answers"]) + (month["decision"] is not None)
