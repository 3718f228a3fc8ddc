"""The voice of the agents of one table: what each said about each text, computed when a page first shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from sim.engine.verdict_rules import Assessment, Verdict
from sim.game.agents.conditions import condition
from sim.game.agents.reasons import HeardText, reasons
from sim.game.agents.sentences import Spoken, speak
from sim.negotiation.model import DeliberationModel
from sim.negotiation.record.history import Month
from sim.strings import Strings

Answered = tuple[int, str]
"""A month, and the actor who answers its text."""


@dataclass(frozen=True, eq=False)
class _AnsweredMonth:
    """A month of some talks with its answers so far; `decided` is None before the decision."""

    model: DeliberationModel
    number: int
    decided: Month | None

    @property
    def answers(self) -> dict[str, Assessment]:
        return dict(self.model.answers if self.decided is None else self.decided.evaluation.responses.answers)

    @cached_property
    def text(self) -> HeardText:
        """The text of the month with its answers."""
        model, decided = self.model, self.decided
        if decided is None:
            texts, context = model.text[:1], model.context
        else:
            one = decided.evaluation.one()
            texts, context = one.matrix.texts, one.situation.context
        matrix, default = (
            model.compiled_rules.read(text) for text in (texts, model.space.encode(model.script.case.default)[None])
        )
        drawn, months = model.drawn_parameters, model.protocol.months
        return HeardText(
            model.script.case,
            {name: negotiator.all_parameters for name, negotiator in model.negotiators.items()},
            matrix,
            drawn.situation(matrix, context, self.number, months),
            drawn.situation(default, context, self.number, months).measures,
            self.answers,
            decided is not None,
        )


def _months(model: DeliberationModel) -> Iterator[_AnsweredMonth]:
    yield from (_AnsweredMonth(model, month.month, month) for month in model.months)
    if not model.months or model.months[-1].month < model.month:
        yield _AnsweredMonth(model, model.month, None)


class AgentVoice:
    """What the agents of one table say.

    Parameters
    ----------
    language : of the sentences
    states_conditions : whether a refusal also names one condition under which it would be a yes
    """

    def __init__(self, language: str, states_conditions: bool) -> None:
        self._t, self._states_conditions = Strings.load(language), states_conditions
        self._kept: dict[Answered, tuple[Assessment, Spoken | None, Spoken]] = {}

    def said(self, model: DeliberationModel, by_agent: Callable[[int, str], bool]) -> dict[Answered, str]:
        """Return what agents said of each text up to now; `by_agent` says whether an agent answered in a month."""
        words: dict[Answered, str] = {}
        last: dict[str, Spoken] = {}
        for month in _months(model):
            names = [name for name in month.answers if by_agent(month.number, name)]
            last = {name: self._once(month, name, last.get(name)) for name in names}
            words |= {(month.number, name): spoken.words for name, spoken in last.items()}
        return words

    def _once(self, month: _AnsweredMonth, name: str, before: Spoken | None) -> Spoken:
        """Return what an agent says, which is computed again only if the answer or what it said before has changed."""
        answer, kept = month.answers[name], self._kept.get((month.number, name))
        if kept is not None and kept[0] is answer and kept[1] is before:
            return kept[2]
        verdict = Verdict(int(answer.verdict[0, 0])).word
        spoken = speak(self._t, name, month.number, verdict, reasons(month.text, name), before)
        if self._states_conditions and month.decided is not None and verdict != "accept":
            stated = condition(self._t, month.decided.evaluation.one(), month.model.protocol, name)
            spoken = replace(spoken, words=f"{spoken.words} {stated}".strip())
        self._kept[month.number, name] = (answer, before, spoken)
        return spoken
