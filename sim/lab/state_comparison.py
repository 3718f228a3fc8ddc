"""Two states of a scenario side by side: A, which was pinned, and B, the present one; and in what they differ."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sim.analysis.judging.verdicts import verdicts
from sim.lab.levers import in_words, label
from sim.lab.scenario_state import LoadedScenario, ModifiedScenario, possible_blockers
from sim.report import wording
from sim.report.option_labels import option_in_words
from sim.report.wording import VERDICTS
from sim.web.templating import number

Plain = dict[str, Any]


@dataclass(frozen=True)
class JudgedState:
    """A state and every actor's answer to its text.

    Parameters
    ----------
    modified : the scenario in this state
    judged : as of `sim.analysis.judging.verdicts.verdicts`, in some worlds; None if its terms cannot be combined
    """

    modified: ModifiedScenario
    judged: Mapping[str, Any] | None

    @classmethod
    def of(cls, modified: ModifiedScenario, worlds: int, seed: int) -> JudgedState:
        """Judge a state at central values and in some worlds."""
        if modified.broken:
            return cls(modified, None)
        return cls(modified, verdicts(modified.scenario, worlds=worlds, seed=seed, conditions=False))


def comparison_panel(loaded: LoadedScenario, first: JudgedState, second: JudgedState) -> Plain:
    """Return two states side by side as the page shows them."""
    actors = loaded.base.case.actors
    return {
        "states": [_summary(first), _summary(second)],
        "actors": [
            {"name": actor.name, **_side_by_side(first.judged, second.judged, name)} for name, actor in actors.items()
        ],
        "terms": list(_terms(first.modified, second.modified)),
        "numbers": list(_numbers(loaded, first.modified, second.modified)),
    }


def _summary(state: JudgedState) -> Plain:
    if state.judged is None:
        return {"broken": True}
    return {
        "broken": False,
        "agreed": state.judged["agreed"],
        "who": wording.blockers(state.judged["blocked_by"], possible_blockers(state.modified.case)),
        "share": wording.per_cent(state.judged["agreed_share"]),
    }


def _side_by_side(first: Mapping[str, Any] | None, second: Mapping[str, Any] | None, name: str) -> Plain:
    """Return one actor's answers in both states, and by how many points its surplus differs."""
    answers = [None if judged is None else judged["actors"][name] for judged in (first, second)]
    one, other = answers
    difference = None if one is None or other is None else other["surplus"] - one["surplus"]
    return {
        "answers": [None if answer is None else _answer(answer) for answer in answers],
        "difference": None if difference is None else number(difference, True) if round(difference, 1) else "0",
        "turned": one is not None and other is not None and one["verdict"] != other["verdict"],
    }


def _answer(answer: Mapping[str, Any]) -> Plain:
    look = VERDICTS[answer["verdict"]]
    return {
        "mark": look.mark,
        "words": look.words,
        "surplus": number(answer["surplus"], True),
        "never": answer["never"],
        "share": wording.per_cent(answer["shares"]["accept"]),
    }


def _terms(first: ModifiedScenario, second: ModifiedScenario) -> Iterator[Plain]:
    """Yield the issues on which the texts differ."""
    for name, issue in second.case.issues.items():
        if first.package[name] != second.package[name]:
            words = {"unit": issue.unit, "labels": issue.labels}
            yield {
                "says": issue.says,
                "values": [option_in_words(words, state.package[name]) for state in (first, second)],
            }


def _numbers(loaded: LoadedScenario, first: ModifiedScenario, second: ModifiedScenario) -> Iterator[Plain]:
    """Yield the numbers whose central values differ, and by how much."""
    for path in loaded.numbers:
        one, other = (state.case.numbers[path].distribution.central for state in (first, second))
        if one != other:
            finite = math.isfinite(one) and math.isfinite(other)
            difference = in_words(other - one) if finite else ""
            yield {
                "says": label(loaded.base.case, path),
                "values": [in_words(one), in_words(other)],
                "difference": f"+{difference}" if finite and other > one else difference,
            }
