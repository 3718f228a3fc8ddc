"""Yes, if: the smallest sets of terms that would turn a refusal into acceptance (model, section 4).

A set is judged in the world and month of the sitting, by everybody's rules, and everybody answers again: contributors
know who accepts the changed text.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.case.compiled_conditions import condition_holds
from sim.engine.drawn_parameters import DrawnParameters
from sim.engine.outcome_space import OutcomeSpace, Texts
from sim.engine.responses import Answers, all_answers, first_answers
from sim.engine.rule_matrix import CompiledRules, RuleMatrix
from sim.engine.shared_columns import Bools, Indices
from sim.engine.terms import amendments
from sim.negotiation.evaluation import Evaluation, number

TERMS_MOST = 3
"""The most terms in a set."""
SETS_MOST = 3
"""The most sets that are named for one actor."""
TEXTS_MOST = 2**18
"""Sets of so many terms are not tried if they may lead to more texts than this; it keeps an answer below a second."""


def yes_if(
    evaluation: Evaluation, core: Collection[str] = (), actors: Collection[str] | None = None
) -> dict[str, dict[str, Any] | None]:
    """Find what would turn each refusal into acceptance.

    Parameters
    ----------
    evaluation : of one world on one text
    core : the issues that make the proposal what it is: no set touches them, not even by a repair
    actors : whose refusals; None for everybody's

    Returns
    -------
    actor to None if it accepts the text (by its rules or by what a person said), else to

    - ``sets`` : the best of the smallest sets, up to three, each as issue to [from, to], repairs included; first those
      that lose the fewest actors, then those of the smallest steps along the options, then by the order of the options
    - ``terms`` : how many terms these have, or None if no set is enough
    - ``tried`` : up to how many terms sets were tried
    - ``line`` : if no set is enough, the red line that is not for sale and that no set leaves, or None
    - ``short`` : with ``line``, the points that the text is short of acceptance even without it
    """
    return YesIf(evaluation.compiled_rules, core, actors).of(evaluation)


class YesIf:
    """Finds what would turn refusals into acceptance, for several sittings of one world.

    A text that stands is not read again, and a sitting under the same circumstances is not judged again.

    Parameters
    ----------
    rules : of the case
    core : the issues that no set touches
    actors : whose refusals; None for everybody's
    """

    def __init__(self, rules: CompiledRules, core: Collection[str] = (), actors: Collection[str] | None = None) -> None:
        case = rules.case
        self._space, self._compiled_rules = OutcomeSpace(case), rules
        self._actors = list(case.actors if actors is None else actors)
        self._core = [at for at, name in enumerate(case.issues) if name in core]
        self._negotiable = tuple(name for name in case.issues if name not in core)
        self._near: _NearbyTexts | None = None
        self._known: dict[tuple[object, ...], dict[str, dict[str, Any] | None]] = {}

    def of(self, evaluation: Evaluation) -> dict[str, dict[str, Any] | None]:
        """Find what would turn each refusal of a sitting into acceptance: see `yes_if`."""
        near, situation = self._around(evaluation.matrix.texts[0]), evaluation.situation
        answers = evaluation.responses.answers
        circumstances = (
            near.texts[0].tobytes(),
            *(float(level[0]) for level in situation.context.values()),
            *(float(parameters.aspiration(situation)[0, 0]) for parameters in evaluation.actor_parameters.values()),
            *(bool(answer.accepts[0, 0]) for answer in answers.values()),
        )
        if circumstances not in self._known:
            self._known[circumstances] = _YesIfSearch(evaluation, near, self._actors).found
        return self._known[circumstances]

    def _around(self, text: Texts) -> _NearbyTexts:
        """Find the texts to which sets of terms lead; those around the last text are kept."""
        if self._near is None or not np.array_equal(self._near.texts[0], text):
            space = self._space
            tried = _tried(space, text, self._negotiable)
            texts, chosen = amendments(space, text, self._negotiable, tried)
            kept = (texts[:, self._core] == text[self._core]).all(axis=1)
            terms = (chosen[kept, None] >> np.arange(len(text)) & 1).sum(axis=1)
            texts = np.concatenate([text[None], texts[kept]])
            self._near = _NearbyTexts(space, self._compiled_rules, tried, texts, np.append(0, terms))
        return self._near


@dataclass(frozen=True, eq=False)
class _NearbyTexts:
    """The texts to which sets of terms lead.

    Parameters
    ----------
    space, reader : of the case
    tried : up to how many terms the sets have
    texts : (text, issue) uint8, first the present text, then the others by the order of the options
    terms : (text,) int, how many terms lead to each
    """

    space: OutcomeSpace
    compiled_rules: CompiledRules
    tried: int
    texts: Texts
    terms: Indices
    _readings: dict[int, RuleMatrix] = field(default_factory=dict)

    @cached_property
    def steps(self) -> NDArray[np.int64]:
        """(text,) int, how far each is from the present text: steps along the options, summed."""
        return np.asarray(np.abs(self.texts.astype(np.int64) - self.texts[0]).sum(axis=1))

    def at(self, terms: int) -> Indices:
        """(text,) int, the texts that a given number of terms can reach."""
        return np.flatnonzero(self.terms == terms)

    def matrix(self, terms: int) -> RuleMatrix:
        """What the rules say of the texts that a given number of terms can reach."""
        if terms not in self._readings:
            self._readings[terms] = self.compiled_rules.read(self.texts[self.at(terms)])
        return self._readings[terms]

    def change(self, text: int) -> dict[str, list[Any]]:
        """Every issue on which a text differs from the present one, as issue to [from, to]."""
        here, there = (self.space.decode(self.texts[at]) for at in (0, text))
        return {name: [here[name], there[name]] for name in here if here[name] != there[name]}


class _YesIfSearch:
    """The search for the sets of every actor that refuses in one sitting.

    Attributes
    ----------
    found : see `yes_if`
    """

    def __init__(self, evaluation: Evaluation, near: _NearbyTexts, actors: Collection[str]) -> None:
        self._sitting, self._near = evaluation, near
        self._present = self._answers(0)
        told = evaluation.responses.answers
        self.found: dict[str, dict[str, Any] | None] = {}
        open_ = []
        for name in actors:
            if told[name].accepts[0, 0] or self._present[name].accepts[0, 0]:
                self.found[name] = None
                continue
            line = self._unmoved(name)
            self.found[name] = self._none(name, line)
            if line is None:
                open_.append(name)
        for terms in range(1, near.tried + 1):
            if open_ and len(near.at(terms)):
                accepts, lost = self._accepts(terms)
                found = {name: self._best(terms, accepts[name], lost) for name in open_}
                self.found |= {name: self._some(terms, best) for name, best in found.items() if len(best)}
                open_ = [name for name in open_ if not len(found[name])]

    def _answers(self, terms: int) -> Answers:
        """Let everybody answer the texts that a given number of terms can reach."""
        evaluation, matrix = self._sitting, self._near.matrix(terms)
        respondents = tuple(evaluation.actor_parameters.values())
        drawn_parameters, now = (
            DrawnParameters(evaluation.case, respondents, evaluation.measure_parameters),
            evaluation.situation,
        )
        situation = drawn_parameters.situation(matrix, now.context, now.month, now.months)
        return all_answers(respondents, matrix, situation, first_answers(respondents, matrix, situation))

    def _accepts(self, terms: int) -> tuple[Mapping[str, Bools], NDArray[np.int64]]:
        """Who accepts the texts that a number of terms can reach, and how many actors each text loses, by (text,)."""
        count = len(self._near.at(terms))
        answers = self._answers(terms).items()
        accepts = {name: np.broadcast_to(answer.accepts, (1, count))[0] for name, answer in answers}
        lost = np.zeros(count, dtype=np.int64)
        for name, accepting in accepts.items():
            if self._present[name].accepts[0, 0]:
                lost += ~accepting
        return accepts, lost

    def _best(self, terms: int, accepts: Bools, lost: NDArray[np.int64]) -> Indices:
        """The best texts among those that one actor accepts."""
        some = np.flatnonzero(accepts)
        texts = self._near.at(terms)[some]
        return texts[np.lexsort((texts, self._near.steps[texts], lost[some]))][:SETS_MOST]

    def _unmoved(self, name: str) -> str | None:
        """The first red line of an actor that is not for sale and that the present text and all others cross."""
        parameters, case = self._sitting.actor_parameters[name], self._sitting.case
        for at, line in enumerate(parameters.actor.red_lines):
            if parameters.nevers[0, at]:
                texts = self._near.texts
                if (
                    condition_holds(line.when, case.issues, texts[:1])[0]
                    and condition_holds(line.when, case.issues, texts).all()
                ):
                    return line.rule
        return None

    def _none(self, name: str, line: str | None) -> dict[str, Any]:
        """What is said if no set is enough."""
        present = self._present[name]
        short = float(present.aspiration[0, 0] - present.surplus[0, 0])  # the price `never` is not in the surplus
        return {
            "sets": [],
            "terms": None,
            "tried": self._near.tried,
            "line": line,
            "short": None if line is None else number(max(0.0, short)),
        }

    def _some(self, terms: int, texts: Indices) -> dict[str, Any]:
        """What is said of the best sets."""
        sets = [self._near.change(text) for text in texts.tolist()]
        return {"sets": sets, "terms": terms, "tried": self._near.tried, "line": None, "short": None}


def _tried(space: OutcomeSpace, text: Texts, negotiable: tuple[str, ...]) -> int:
    """Up to how many terms sets are tried: three, unless that may lead to more than about `TEXTS_MOST` texts."""
    one_term = amendments(space, text, negotiable, 1)[1]
    texts = [1] + [0] * TERMS_MOST  # to how many texts so many terms lead
    for at, (name, issue) in enumerate(space.case.issues.items()):
        if name in negotiable:
            reached = max(len(issue.options) - 1, int((one_term == 1 << at).sum()))
            for terms in range(TERMS_MOST, 0, -1):
                texts[terms] += texts[terms - 1] * reached
    return max(terms for terms in range(1, TERMS_MOST + 1) if terms == 1 or sum(texts[1 : terms + 1]) <= TEXTS_MOST)
