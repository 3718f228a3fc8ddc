"""Two states of a scenario side by side: A, which was pinned, and B, the present one; and in what they differ."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sim.analysis.judging.judged_text import AskedMonth, judge_text
from sim.engine.verdict_rules import Verdict
from sim.engine.worlds import Streams
from sim.lab.answers import SEED, WORLDS
from sim.lab.panels.levers import in_words, label
from sim.lab.scenario_state import LoadedScenario, ModifiedScenario, possible_blockers
from sim.report import wording
from sim.report.option_labels import option_in_words
from sim.report.wording import VERDICTS
from sim.web.templating import number

Plain = dict[str, Any]


@dataclass(frozen=True)
class JudgedState:
    """A state, and every actor's answer to its text.

    Parameters
    ----------
    modified : the scenario in this state
    judged : the text as `Evaluation.describe` describes it; None if its terms cannot be combined
    shares : actor to the share of worlds in which it accepts the text
    agreed_share : the share of worlds in which everybody whose consent is needed does
    """

    modified: ModifiedScenario
    judged: Mapping[str, Any] | None
    shares: Mapping[str, float]
    agreed_share: float

    @classmethod
    def of(cls, modified: ModifiedScenario, month: AskedMonth = None) -> JudgedState:
        """Judge a state at central values and in the worlds of the lab.

        Parameters
        ----------
        month : of the talks, in which the text is judged, as in `judge_text`
        """
        if modified.broken:
            return cls(modified, None, {}, 0)
        text = judge_text(modified.scenario, None, month, "opening")
        drawn = text.in_worlds(Streams(SEED, WORLDS))
        shares = {name: drawn.shares(name)[Verdict.ACCEPT.word] for name in modified.case.actors}
        return cls(modified, text.evaluation.describe(), shares, drawn.agreed_share)


def comparison_panel(loaded: LoadedScenario, first: JudgedState, second: JudgedState) -> Plain:
    """Return two states side by side as the page shows them."""
    actors = loaded.base.case.actors
    return {
        "states": [_summary(first), _summary(second)],
        "actors": [{"name": actor.name, **_side_by_side(first, second, name)} for name, actor in actors.items()],
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
        "share": wording.per_cent(state.agreed_share),
    }


def _side_by_side(first: JudgedState, second: JudgedState, name: str) -> Plain:
    """Return one actor's answers in both states, and by how many points its surplus differs."""
    one, other = (state.judged and state.judged["actors"][name] for state in (first, second))
    difference = other["surplus"] - one["surplus"] if one and other else None
    return {
        "answers": [
            _answer(one, first.shares[name]) if one else None,
            _answer(other, second.shares[name]) if other else None,
        ],
        "difference": None if difference is None else number(difference, True) if round(difference, 1) else "0",
        "turned": one and other and one["verdict"] != other["verdict"],
    }


def _answer(answer: Mapping[str, Any], share: float) -> Plain:
    look = VERDICTS[answer["verdict"]]
    return {
        "mark": look.mark,
        "words": look.words,
        "surplus": number(answer["surplus"], True),
        "never": answer["never"],
        "share": wording.per_cent(share),
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
