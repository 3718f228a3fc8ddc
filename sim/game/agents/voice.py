"""The voice of the agents of one table: what each said about each text, computed when a page first shows it.

What is said follows from the texts, the public answers, the context and central values. The numbers of the world that
is played count only through the answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache, partial

from sim.engine.drawn_parameters import DrawnParameters
from sim.engine.verdict_rules import Assessment, Verdict
from sim.engine.worlds import Central, Worlds
from sim.game.agents.reasons import HeardText, reasons
from sim.game.agents.sentences import Spoken, speak
from sim.game.agents.stated_conditions import condition
from sim.negotiation.model import DeliberationModel
from sim.negotiation.protocols import Protocol
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

    def text(self, central: DrawnParameters) -> HeardText:
        """The text of the month with its answers, and everything else at central values."""
        model, decided = self.model, self.decided
        texts = model.text[:1] if decided is None else decided.evaluation.matrix.texts[:1]
        context = model.context if decided is None else decided.evaluation.situation.context
        default = model.space.encode(model.script.case.default)[None]
        matrix, status_quo = model.compiled_rules.read(texts), model.compiled_rules.read(default)
        return HeardText(
            model.script.case,
            {parameters.name: parameters for parameters in central.actor_parameters},
            matrix,
            central.situation(matrix, context, self.number, model.protocol.months),
            central.situation(status_quo, context, self.number, model.protocol.months).measures,
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
    t : the words of the sentences
    states_conditions : whether a refusal also names one condition under which it would be a yes
    """

    def __init__(self, t: Strings, states_conditions: bool) -> None:
        self._t, self._states_conditions = t, states_conditions
        self._central: DrawnParameters | None = None
        self._kept: dict[Answered, tuple[Assessment, Spoken | None, Spoken]] = {}

    def said(self, model: DeliberationModel, by_agent: Callable[[int, str], bool]) -> dict[Answered, str]:
        """Return what agents said of each text up to now; `by_agent` says whether an agent answered in a month."""
        if self._central is None:
            self._central = DrawnParameters.draw(Worlds(model.script.case, Central()))
        words: dict[Answered, str] = {}
        last: dict[str, Spoken] = {}
        for month in _months(model):
            names = [name for name in month.answers if by_agent(month.number, name)]
            heard = cache(partial(month.text, self._central))
            last = {name: self._once(month, name, last.get(name), heard) for name in names}
            words |= {(month.number, name): spoken.words for name, spoken in last.items()}
        return words

    def _with_condition(
        self, spoken: Spoken, month: Month, protocol: Protocol, name: str, before: Spoken | None
    ) -> Spoken:
        """Add the condition under which a refusal would be a yes, if there is one."""
        terms = condition(self._t, month.evaluation.one(), protocol, name)
        if not terms:
            return spoken
        turn = "again" if before is not None and before.condition == terms else "first"
        stated = self._t(f"class.agent.condition.{turn}", terms=terms)
        return replace(spoken, words=f"{spoken.words} {stated}", condition=terms)

    def _once(self, month: _AnsweredMonth, name: str, before: Spoken | None, heard: Callable[[], HeardText]) -> Spoken:
        """Return what an agent says, which is computed again only if the answer or what it said before has changed."""
        answer, kept = month.answers[name], self._kept.get((month.number, name))
        if kept is not None and kept[0] is answer and kept[1] is before:
            return kept[2]
        verdict = Verdict(int(answer.verdict[0, 0])).word
        spoken = speak(self._t, name, month.number, verdict, reasons(heard(), name), before)
        if self._states_conditions and month.decided is not None and verdict != "accept":
            spoken = self._with_condition(spoken, month.decided, month.model.protocol, name, before)
        self._kept[month.number, name] = (answer, before, spoken)
        return spoken
