"""Talks with issues and options in the words of their case: for pages on which nobody types an id."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sim.report.option_labels import option_in_words
from sim.report.wording import Plain


def in_words(run: Plain, issues: Plain) -> dict[str, Any]:
    """Return what `sim.report.story` reads of a run, with every term in words: ``How many troops: 50,000 troops``.

    Parameters
    ----------
    run : a dict of format ``parley.run/2``, or the decided months of talks that go on
    issues : issue to a dict with ``says``, and ``unit`` and ``labels`` where it has them
    """
    wording = _CaseWords(issues)
    final = dict(run["final"])
    final["actors"] = {name: wording.answer(actor) for name, actor in final["actors"].items()}
    return {
        **run,
        "final": final,
        "timeline": [wording.month(month) for month in run["timeline"]],
        **({"core": [wording.issue(name) for name in run["core"]]} if "core" in run else {}),
    }


class _CaseWords:
    """Issues and options in words; issues that say the same keep their ids beside it."""

    def __init__(self, issues: Plain) -> None:
        self._issues = issues
        said = Counter(issue["says"] for issue in issues.values())
        self._called = {
            name: f"{issue['says']}:" if said[issue["says"]] == 1 else f"{issue['says']} ({name}):"
            for name, issue in issues.items()
        }

    def issue(self, name: str) -> str:
        return self._called[name]

    def text(self, package: Plain) -> dict[str, str]:
        return {self._called[name]: option_in_words(self._issues[name], option) for name, option in package.items()}

    def changes(self, changed: Plain) -> dict[str, list[str]]:
        return {
            self._called[name]: [option_in_words(self._issues[name], option) for option in pair]
            for name, pair in changed.items()
        }

    def answer(self, actor: Plain) -> dict[str, Any]:
        """An actor of a sitting, or its answer in a month."""
        found = actor.get("yes_if")
        if not found:
            return dict(actor)
        return {**actor, "yes_if": {**found, "sets": [self.changes(terms) for terms in found["sets"]]}}

    def month(self, month: Plain) -> dict[str, Any]:
        move = month["move"]
        if move:
            move = {**move, "changed": [self._called[name] for name in move["changed"]]}
        answers = {name: self.answer(answer) for name, answer in month["reactions"].items()}
        return {**month, "move": move, "text": self.text(month["text"]), "reactions": answers}
