"""One condition of an agent in words: the first of its smallest sets of terms that would turn its no into a yes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sim.case.conditions import Option
from sim.case.models import Case
from sim.game.agents.reasons import DIGIT
from sim.negotiation.evaluation import Evaluation
from sim.negotiation.protocols import Protocol
from sim.negotiation.yes_if import yes_if
from sim.strings import Strings


def condition(t: Strings, evaluation: Evaluation, protocol: Protocol, name: str) -> str:
    """Return the sentence, or an empty text if no change of negotiable terms is enough or one has a digit in its words.

    The evaluation is of one text in one world. Numbers are said as more or less.
    """
    case = evaluation.case
    closed = [issue for issue in case.issues if issue not in protocol.negotiable]
    found = yes_if(evaluation, closed, [name])[name]
    if found is None or not found["sets"]:
        return ""
    terms = _terms(t, case, found["sets"][0])
    if any(DIGIT.search(term) for term in terms):
        return ""
    key = "one" if len(terms) == 1 else "several"
    return t(f"class.agent.condition.{key}", terms=t("class.agent.condition.and").join(terms))


def _terms(t: Strings, case: Case, changes: Mapping[str, Sequence[Option]]) -> list[str]:
    """The changed terms in words."""
    terms = []
    for name, (before, after) in changes.items():
        issue = case.issues[name]
        label = issue.labels.get(str(after)) or str(after).replace("_", " ")
        if isinstance(before, int | float) and isinstance(after, int | float):
            label = t(f"class.agent.condition.{'more' if after > before else 'less'}")
        terms.append(t("class.agent.condition.term", issue=f"{issue.says[0].lower()}{issue.says[1:]}", option=label))
    return terms
