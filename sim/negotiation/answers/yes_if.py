"""Yes, if: the smallest sets of terms that would turn a refusal into acceptance (model, section 4).

A set is evaluated in the world and month of an evaluation, by everybody's rules. Everybody answers again, so that
contributors know who accepts the changed text.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.case.compiled_conditions import condition_holds
from sim.case.conditions import Option
from sim.engine.drawn_parameters import DrawnParameters
from sim.engine.outcome_space import OutcomeSpace, Texts
from sim.engine.responses import Answers, all_answers, first_answers
from sim.engine.rule_matrix import CompiledRules, RuleMatrix
from sim.engine.shared_columns import Bools, Indices
from sim.engine.terms import amendments
from sim.negotiation.answers.answer_data import YesIfResult
from sim.negotiation.answers.evaluation import Evaluation, number

TERMS_MOST = 3
"""The most terms in a set."""
SETS_MOST = 3
"""The most sets that are listed for one actor."""
TEXTS_MOST = 2**18
"""A size of sets is not tried if it may lead to more texts than this, so that an answer takes less than a second."""


def yes_if(
    evaluation: Evaluation, core: Collection[str] = (), actors: Collection[str] | None = None
) -> dict[str, YesIfResult | None]:
    """Find what would turn each refusal into acceptance.

    Parameters
    ----------
    evaluation : of one world and one text
    core : the issues that make the proposal what it is; no set touches them, not even by a repair
    actors : the actors whose refusals are turned; None for all

    Returns
    -------
    actor to None if it accepts the text (by its rules, or because a person does), otherwise to

    - ``sets`` : the best of the smallest sets, up to three, each as issue to [from, to], repairs included; first those
      that lose the fewest actors, then those with the smallest steps along the options, then by the order of the
      options
    - ``terms`` : the number of terms in each of them, or None if no set is enough
    - ``tried`` : the largest number of terms that was tried
    - ``line`` : if no set is enough, the first red line that is not for sale and that every set crosses, or None
    - ``short`` : with ``line``, how many points the text would be short of acceptance even without that line
    """
    return YesIf(evaluation.compiled_rules, core, actors).of(evaluation)


class YesIf:
    """Finds what would turn refusals into acceptance, for several evaluations in one world.

    The rules are not applied to the same text again, and nothing is computed again under the same circumstances.

    Parameters
    ----------
    rules : the compiled rules of the case
    core : the issues that no set touches
    actors : the actors whose refusals are turned; None for all
    """

    def __init__(self, rules: CompiledRules, core: Collection[str] = (), actors: Collection[str] | None = None) -> None:
        case = rules.case
        self._space, self._compiled_rules = OutcomeSpace(case), rules
        self._actors = list(case.actors if actors is None else actors)
        self._core = [index for index, name in enumerate(case.issues) if name in core]
        self._negotiable = tuple(name for name in case.issues if name not in core)
        self._nearby: _NearbyTexts | None = None
        self._known: dict[tuple[object, ...], dict[str, YesIfResult | None]] = {}

    def of(self, evaluation: Evaluation) -> dict[str, YesIfResult | None]:
        """Find what would turn each refusal in an evaluation into acceptance: see `yes_if`."""
        nearby, situation = self._around(evaluation.matrix.texts[0]), evaluation.situation
        answers = evaluation.responses.answers
        circumstances = (
            nearby.texts[0].tobytes(),
            *(float(level[0]) for level in situation.context.values()),
            *(float(parameters.aspiration(situation)[0, 0]) for parameters in evaluation.actor_parameters.values()),
            *(bool(answer.accepts[0, 0]) for answer in answers.values()),
        )
        if circumstances not in self._known:
            self._known[circumstances] = _YesIfSearch(evaluation, nearby, self._actors).result
        return self._known[circumstances]

    def _around(self, text: Texts) -> _NearbyTexts:
        """Find the texts to which sets of terms lead; those around the last text are kept."""
        if self._nearby is None or not np.array_equal(self._nearby.texts[0], text):
            space = self._space
            tried = _terms_tried(space, text, self._negotiable)
            texts, chosen = amendments(space, text, self._negotiable, tried)
            kept = (texts[:, self._core] == text[self._core]).all(axis=1)
            terms = (chosen[kept, None] >> np.arange(len(text)) & 1).sum(axis=1)
            texts = np.concatenate([text[None], texts[kept]])
            self._nearby = _NearbyTexts(space, self._compiled_rules, tried, texts, np.append(0, terms))
        return self._nearby


@dataclass(frozen=True, eq=False)
class _NearbyTexts:
    """The texts to which sets of terms lead.

    Parameters
    ----------
    space, compiled_rules : of the case
    tried : the largest number of terms in a set
    texts : (text, issue) uint8, first the current text, then the others by the order of the options
    terms : (text,) int, how many terms lead to each
    """

    space: OutcomeSpace
    compiled_rules: CompiledRules
    tried: int
    texts: Texts
    terms: Indices
    _matrices: dict[int, RuleMatrix] = field(default_factory=dict)

    @cached_property
    def steps(self) -> NDArray[np.int64]:
        """(text,) int, the distance of each from the current text, in steps along the options."""
        return np.asarray(np.abs(self.texts.astype(np.int64) - self.texts[0]).sum(axis=1))

    def reached_by(self, terms: int) -> Indices:
        """(text,) int, the texts that a given number of terms leads to."""
        return np.flatnonzero(self.terms == terms)

    def matrix(self, terms: int) -> RuleMatrix:
        """Return what the rules say of the texts that a given number of terms leads to."""
        if terms not in self._matrices:
            self._matrices[terms] = self.compiled_rules.read(self.texts[self.reached_by(terms)])
        return self._matrices[terms]

    def change(self, text: int) -> dict[str, list[Option]]:
        """Return every issue on which a text differs from the current one, as issue to [from, to]."""
        before, after = (self.space.decode(self.texts[index]) for index in (0, text))
        return {name: [before[name], after[name]] for name in before if before[name] != after[name]}


class _YesIfSearch:
    """The search for the sets of every actor that refuses in one evaluation.

    Attributes
    ----------
    result : see `yes_if`
    """

    def __init__(self, evaluation: Evaluation, nearby: _NearbyTexts, actors: Collection[str]) -> None:
        self._evaluation, self._nearby = evaluation, nearby
        self._current = self._answers(0)
        answers = evaluation.responses.answers
        self.result: dict[str, YesIfResult | None] = {}
        unsolved = []
        for name in actors:
            if answers[name].accepts[0, 0] or self._current[name].accepts[0, 0]:
                self.result[name] = None
                continue
            line = self._inescapable_line(name)
            self.result[name] = self._without_sets(name, line)
            if line is None:
                unsolved.append(name)
        for terms in range(1, nearby.tried + 1):
            if unsolved and len(nearby.reached_by(terms)):
                accepts, lost = self._accepts(terms)
                best = {name: self._best(terms, accepts[name], lost) for name in unsolved}
                self.result |= {name: self._with_sets(terms, texts) for name, texts in best.items() if len(texts)}
                unsolved = [name for name in unsolved if not len(best[name])]

    def _answers(self, terms: int) -> Answers:
        """Everybody's answers to the texts that a given number of terms leads to."""
        evaluation, matrix = self._evaluation, self._nearby.matrix(terms)
        respondents, now = tuple(evaluation.actor_parameters.values()), evaluation.situation
        drawn_parameters = DrawnParameters(evaluation.case, respondents, evaluation.measure_parameters)
        situation = drawn_parameters.situation(matrix, now.context, now.month, now.months)
        return all_answers(respondents, matrix, situation, first_answers(respondents, matrix, situation))

    def _accepts(self, terms: int) -> tuple[Mapping[str, Bools], NDArray[np.int64]]:
        """Which texts each actor accepts, (text,) bool, and how many actors each text loses, (text,) int."""
        count = len(self._nearby.reached_by(terms))
        answers = self._answers(terms).items()
        accepts = {name: np.broadcast_to(answer.accepts, (1, count))[0] for name, answer in answers}
        lost = np.zeros(count, dtype=np.int64)
        for name, accepting in accepts.items():
            if self._current[name].accepts[0, 0]:
                lost += ~accepting
        return accepts, lost

    def _best(self, terms: int, accepts: Bools, lost: NDArray[np.int64]) -> Indices:
        """The best texts among those that one actor accepts."""
        accepted = np.flatnonzero(accepts)
        texts = self._nearby.reached_by(terms)[accepted]
        return texts[np.lexsort((texts, self._nearby.steps[texts], lost[accepted]))][:SETS_MOST]

    def _inescapable_line(self, name: str) -> str | None:
        """The first red line of an actor that is not for sale and that the current text and all others cross."""
        parameters, case = self._evaluation.actor_parameters[name], self._evaluation.case
        for index, line in enumerate(parameters.actor.red_lines):
            if parameters.nevers[0, index]:
                texts = self._nearby.texts
                if (
                    condition_holds(line.when, case.issues, texts[:1])[0]
                    and condition_holds(line.when, case.issues, texts).all()
                ):
                    return line.rule
        return None

    def _without_sets(self, name: str, line: str | None) -> YesIfResult:
        """The result if no set is enough."""
        current = self._current[name]
        short = float(current.aspiration[0, 0] - current.surplus[0, 0])  # the price `never` is not in the surplus
        return {
            "sets": [],
            "terms": None,
            "tried": self._nearby.tried,
            "line": line,
            "short": None if line is None else number(max(0.0, short)),
        }

    def _with_sets(self, terms: int, texts: Indices) -> YesIfResult:
        """The result with the best sets."""
        sets = [self._nearby.change(text) for text in texts.tolist()]
        return {"sets": sets, "terms": terms, "tried": self._nearby.tried, "line": None, "short": None}


def _terms_tried(space: OutcomeSpace, text: Texts, negotiable: tuple[str, ...]) -> int:
    """The largest number of terms to try: three, unless that may lead to more than about `TEXTS_MOST` texts."""
    one_term = amendments(space, text, negotiable, 1)[1]
    texts = [1] + [0] * TERMS_MOST  # the number of texts by the number of terms that lead to them
    for index, (name, issue) in enumerate(space.case.issues.items()):
        if name in negotiable:
            reached = max(len(issue.options) - 1, int((one_term == 1 << index).sum()))
            for terms in range(TERMS_MOST, 0, -1):
                texts[terms] += texts[terms - 1] * reached
    return max(terms for terms in range(1, TERMS_MOST + 1) if terms == 1 or sum(texts[1 : terms + 1]) <= TEXTS_MOST)
