"""Talks with issues and options in the words of their case, and what everybody may read of talks under way."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sim.report.option_labels import option_in_words
from sim.report.story.cast import quoted
from sim.report.story.months import months
from sim.report.wording import Plain


def in_words(run: Plain, issues: Plain) -> dict[str, Any]:
    """Return what `sim.report.story` reads of a run, with every term in words: ``How many troops: 50,000 troops``.

    The run is a dict of format ``parley.run/2``, or the decided months of talks that are not over. `issues` maps each
    issue to a dict with ``says``, and optionally ``unit`` and ``labels``.
    """
    wording = _CaseWords(issues)
    final = dict(run["final"])
    final["actors"] = {name: wording.answer(actor) for name, actor in final["actors"].items()}
    return {
        **run,
        "final": final,
        "timeline": [wording.month(month) for month in run["timeline"]],
        **({"core": [quoted(wording.issue(name).rstrip(":")) for name in run["core"]]} if "core" in run else {}),
    }


def public_sentences(story: Plain, issues: Plain | None = None) -> dict[int, list[str]]:
    """Return the sentences of each decided month, without numbers, prices and what only the drafters have learnt.

    Events are left out: pages show them when they happen. With `issues` of the case, terms are in its words.
    """
    timeline = [{**month, "events": []} for month in story["timeline"]]
    run = {**story, "timeline": timeline}
    sentences = months(run if issues is None else in_words(run, issues), public=True)
    return dict(zip((month["month"] for month in timeline), sentences, strict=True))


class _CaseWords:
    """Issues and options in words; issues with the same words also show their ids."""

    def __init__(self, issues: Plain) -> None:
        self._issues = issues
        uses = Counter(issue["says"] for issue in issues.values())
        self._labels = {
            name: f"{issue['says']}:" if uses[issue["says"]] == 1 else f"{issue['says']} ({name}):"
            for name, issue in issues.items()
        }

    def issue(self, name: str) -> str:
        return self._labels[name]

    def text(self, package: Plain) -> dict[str, str]:
        return {self._labels[name]: option_in_words(self._issues[name], option) for name, option in package.items()}

    def changes(self, changed: Plain) -> dict[str, list[str]]:
        return {
            self._labels[name]: [option_in_words(self._issues[name], option) for option in pair]
            for name, pair in changed.items()
        }

    def answer(self, actor: Plain) -> dict[str, Any]:
        """Return an actor of an evaluation, or its answer in a month, with the terms of its yes in words."""
        yes_if = actor.get("yes_if")
        if not yes_if:
            return dict(actor)
        return {**actor, "yes_if": {**yes_if, "sets": [self.changes(terms) for terms in yes_if["sets"]]}}

    def month(self, month: Plain) -> dict[str, Any]:
        move = month["move"]
        if move:
            move = {**move, "changed": [self._labels[name] for name in move["changed"]]}
        answers = {name: self.answer(answer) for name, answer in month["reactions"].items()}
        return {**month, "move": move, "text": self.text(month["text"]), "reactions": answers}
