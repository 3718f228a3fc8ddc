"""Evaluates texts without talks: all that their evaluation depends on, built once and passed down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sim.case.models import Case, Event
from sim.engine.drawn_parameters import DrawnParameters
from sim.engine.outcome_space import Texts
from sim.engine.responses import collect_responses
from sim.engine.rule_matrix import CompiledRules
from sim.engine.worlds import Uniforms, Worlds
from sim.negotiation.answers.evaluation import Evaluation
from sim.negotiation.context import Context, at_month, start


@dataclass(frozen=True)
class EvaluationContext:
    """All that the evaluation of a text depends on beside the text, built once and passed down.

    Parameters
    ----------
    compiled_rules : the rules of the case
    drawn_parameters : everybody's numbers in some worlds
    context : the indicators in those worlds, in the month
    month, months : the month of the talks whose aspirations hold; None for take it or leave it
    """

    compiled_rules: CompiledRules
    drawn_parameters: DrawnParameters
    context: Context
    month: int | None = None
    months: int = 1

    @classmethod
    def draw(
        cls,
        rules: Case | CompiledRules,
        uniforms: Uniforms,
        *,
        month: int | None = None,
        months: int = 1,
        events: Sequence[Event] = (),
    ) -> EvaluationContext:
        """Draw everybody's numbers and the context of a month.

        Parameters
        ----------
        rules : of the case; compiled here unless they are already
        month, months : the month of the talks whose context and aspirations hold; None for take it or leave it at the
            start
        events : what sets the context until then
        """
        compiled_rules = rules if isinstance(rules, CompiledRules) else CompiledRules(rules)
        worlds = Worlds(compiled_rules.case, uniforms)
        context = start(worlds) if month is None else at_month(worlds, tuple(events), month)
        return cls(compiled_rules, DrawnParameters.draw(worlds), context, month, months)

    @property
    def case(self) -> Case:
        """The case whose actors answer."""
        return self.compiled_rules.case

    def evaluate(self, texts: Texts) -> Evaluation:
        """Let everybody answer some texts, (text, issue) uint8, without talks."""
        matrix, drawn = self.compiled_rules.read(texts), self.drawn_parameters
        situation = drawn.situation(matrix, self.context, self.month, self.months)
        responses = collect_responses(self.case, drawn.actor_parameters, matrix, situation)
        actor_parameters = {parameters.name: parameters for parameters in drawn.actor_parameters}
        return Evaluation(self.compiled_rules, actor_parameters, matrix, situation, responses, drawn.measure_parameters)


def evaluate(
    case: Case,
    uniforms: Uniforms,
    texts: Texts,
    *,
    month: int | None = None,
    months: int = 1,
    events: Sequence[Event] = (),
) -> Evaluation:
    """Let everybody answer some texts, (text, issue) uint8, in a context that serves these alone."""
    return EvaluationContext.draw(case, uniforms, month=month, months=months, events=events).evaluate(texts)
