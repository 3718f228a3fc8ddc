"""The panel of the talks at central values, month by month: events, what changed in the text, and who came closer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sim.lab.scenario_state import ModifiedScenario
from sim.negotiation.record.summary import summarise
from sim.negotiation.run import play
from sim.report import wording
from sim.report.option_labels import option_in_words
from sim.report.story.ending import ended, lasting
from sim.report.story.months import months
from sim.report.wording import VERDICTS
from sim.web.templating import number

Plain = dict[str, Any]
LEAST = 0.05
"""The smallest change of a shortfall that is shown, points; smaller ones vanish when numbers are rounded."""


def talks_panel(modified: ModifiedScenario, progress: Callable[[int, int], None] | None = None) -> Plain:
    """Play the talks at central values and return them as the page shows them, one entry per month.

    The sentences are those of the command ``play``.

    Parameters
    ----------
    progress : called after every month; it may raise an error to stop the talks
    """
    run = summarise(play(modified.scenario, progress=progress))
    names = {name: actor.name for name, actor in modified.case.actors.items()}
    timeline = run["timeline"]
    return {
        "ended": ended(run),
        "lasting": list(lasting(run)),
        "agreed": run["outcome"] == "agreed",
        "names": names,
        "short": wording.short_names(names),
        "months": [
            {
                "month": month["month"],
                "events": month["events"],
                "sentences": sentences,
                "changes": list(_changes(modified, month["changed"])),
                "since": list(_changes(modified, wording.differences(timeline[0]["text"], month["text"]))),
                "moved": list(_moved(timeline[index - 1], month, names)) if index else [],
                "answers": {name: _answer(reaction) for name, reaction in month["reactions"].items()},
            }
            for index, (month, sentences) in enumerate(zip(timeline, months(run), strict=True))
        ],
    }


def _changes(modified: ModifiedScenario, changed: Mapping[str, Any]) -> Iterator[Plain]:
    """Yield changed terms in words: issue, old option and new option."""
    for name, (old, new) in changed.items():
        issue = modified.case.issues[name]
        words = {"unit": issue.unit, "labels": issue.labels}
        yield {"issue": issue.says, "old": option_in_words(words, old), "new": option_in_words(words, new)}


def _moved(before: Mapping[str, Any], now: Mapping[str, Any], names: Mapping[str, str]) -> Iterator[Plain]:
    """Yield the actors whose shortfall changed: who came closer to accepting, and who moved away."""
    for name, reaction in now["reactions"].items():
        was, is_ = before["reactions"][name]["gap"], reaction["gap"]
        if was is not None and is_ is not None and abs(is_ - was) >= LEAST:
            yield {"name": names[name], "was": number(was), "now": number(is_), "closer": is_ < was}


def _answer(reaction: Mapping[str, Any]) -> Plain:
    look = VERDICTS[reaction["verdict"]]
    return {
        "verdict": reaction["verdict"],
        "mark": look.mark,
        "words": look.words,
        "blocks": reaction["blocks"],
        "gap": None if reaction["gap"] is None else number(reaction["gap"]),
    }
