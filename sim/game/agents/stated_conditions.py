"""One condition of an agent in words: the first of its smallest sets of terms that would turn its no into a yes."""

from __future__ import annotations

from sim.negotiation.answers.evaluation import Evaluation
from sim.negotiation.answers.yes_if import yes_if
from sim.negotiation.protocols import Protocol
from sim.strings import Strings


def condition(t: Strings, evaluation: Evaluation, protocol: Protocol, name: str) -> str:
    """Return the condition as clauses, which follow 'if'; empty if no change of negotiable terms is enough.

    The evaluation is of one text in one world. The clauses are those of the case (`clauses` of an issue), which hold no
    digit; options without one are left out.
    """
    issues = evaluation.case.issues
    closed = [issue for issue in issues if issue not in protocol.negotiable]
    found = yes_if(evaluation, closed, [name])[name]
    if found is None or not found["sets"]:
        return ""
    options = {issue: str(after) for issue, (_, after) in found["sets"][0].items()}
    clauses = [issues[issue].clauses.get(option, "") for issue, option in options.items()]
    clauses = [clause for clause in clauses if clause]
    listed = t("class.agent.condition.comma").join(clauses[:-1])
    return t("class.agent.condition.and").join(part for part in (listed, *clauses[-1:]) if part)
