"""The draft of a person who plays alone, edited issue by issue, with what it would be worth."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sim.cli.option_values import THOUSANDS
from sim.cli.play.game_screen import GameScreen
from sim.errors import UsageError, did_you_mean

IMPOSSIBLE = "impossible"
"""The reason given for a text that a constraint forbids."""
SHOWN = 30
"""The most characters of an unknown word that a message repeats."""


class DraftEditor:
    """A draft.

    Parameters
    ----------
    look : returns what the player may see (`sim.game.session.views.seat`)
    judge : gives what changes would mean (`sim.game.session.views.draft`)

    Attributes
    ----------
    changes : issue to option, where the draft differs from the text on the table
    """

    def __init__(
        self,
        screen: GameScreen,
        look: Callable[[], dict[str, Any]],
        judge: Callable[[Mapping[str, Any]], Mapping[str, Any]],
    ) -> None:
        self._screen, self._look, self._judge = screen, look, judge
        self.changes: dict[str, Any] = {}

    def set(self, rest: str) -> None:
        """``set ISSUE OPTION``, or ``set ISSUE=OPTION ISSUE=OPTION``; an issue alone lists its options."""
        words = rest.replace("=", " ").split()
        if len(words) == 1:
            self.options(rest)
            return
        if not words or len(words) % 2:
            raise UsageError(self._form())
        changes = dict(self.changes)
        for name, option in zip(words[::2], words[1::2], strict=True):
            issue = self._issue(name)
            changes[issue["issue"]] = _option(issue, option)
        now = {one["issue"]: one["option"] for one in self._look()["text"]}
        changes = {name: option for name, option in changes.items() if option != now[name]}
        judged = self._judge(changes)
        if judged["refused"] in (None, IMPOSSIBLE):  # another change may make it possible
            self.changes = changes
        self._screen.page("draft", judged, self._look())

    def options(self, rest: str) -> None:
        """List the options of an issue, each with what the draft would be worth with it."""
        if not rest:
            raise UsageError(self._form())
        issue = self._issue(rest)
        options = (option["option"] for option in issue["options"])
        tried = [(option, self._judge({**self.changes, issue["issue"]: option})) for option in options]
        if not any(judged["refused"] in (None, IMPOSSIBLE) for _, judged in tried):
            raise UsageError(tried[0][1]["why"])
        self._screen.page("options", issue, tried)

    def show(self, _: str) -> None:
        """Show the draft."""
        self._screen.page("draft", self._judge(self.changes), self._look())

    def clear(self, _: str) -> None:
        """Start again from the text on the table."""
        self.changes = {}
        self._screen.tell("play.draft.cleared")

    def changed(self) -> dict[str, Any]:
        """Return the changes.

        Raises
        ------
        UsageError
            if there are none
        """
        if not self.changes:
            raise UsageError(self._screen.say("play.draft.nothing"))
        return self.changes

    def _issue(self, name: str) -> dict[str, Any]:
        """Return an issue by its name, or by a beginning or part of it that no other issue has."""
        issues = {issue["issue"]: issue for issue in self._look()["text"]}
        wanted = name.lower()
        for fits in (str.__eq__, str.startswith, str.__contains__):
            fitting = [issue for known, issue in issues.items() if fits(known, wanted)]
            if len(fitting) == 1:
                return dict(fitting[0])
        known, hint = ", ".join(issues), did_you_mean(wanted, list(issues))
        raise UsageError(self._screen.say("play.draft.no_issue", issue=name[:SHOWN], issues=known, hint=hint))

    def _form(self) -> str:
        first = next(issue for issue in self._look()["text"] if issue["negotiable"])
        return self._screen.say("play.draft.form", issue=first["issue"], option=first["options"][-1]["option"])


def _option(issue: Mapping[str, Any], asked: str) -> Any:
    """Return the option that is meant: exact, with commas, or by its beginning; any other text stays as it is."""
    known = {str(option["option"]): option["option"] for option in issue["options"]}
    wanted = THOUSANDS.sub("", asked).lower()
    if wanted in known:
        return known[wanted]
    beginnings = [option for name, option in known.items() if name.startswith(wanted) and not name[0].isdigit()]
    return beginnings[0] if len(beginnings) == 1 else asked
