"""Tables that were played on paper: from what a class has written down to runs, so that they can be discussed alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.case.models import Scenario
from sim.case.packages import package as whole
from sim.engine.outcome_space import OutcomeSpace
from sim.engine.verdict_rules import Verdict
from sim.engine.worlds import Central
from sim.errors import CaseError, UsageError, did_you_mean, quoted
from sim.game.debrief.table_results import TableResult
from sim.negotiation.evaluation import Evaluation, evaluate
from sim.negotiation.model import DeliberationModel
from sim.negotiation.moves import Move, VerdictWord
from sim.negotiation.protocols import protocol_of
from sim.negotiation.protocols.single_text import SingleText
from sim.negotiation.scenario_loader import build_scenario

YES, NO, RULES = "accept", "reject", "rules"
KEYS = ("name", "package", "votes", "sends")
REFUSALS: dict[Verdict, VerdictWord] = {
    Verdict.RED_LINE: "red_line",
    Verdict.WORSE_THAN_NO_DEAL: "worse_than_no_deal",
    Verdict.HOLDING_OUT: "worse_than_no_deal",
    Verdict.ACCEPT: "worse_than_no_deal",
}
"""On paper a no is a no; it is told as a red line where the rules of the seat would have named one."""


def paper(scenario: Scenario, written: object, file: str) -> list[TableResult]:
    """Read the results of paper tables.

    Each table is judged as everybody stood when the talks began; a seat without a vote votes by its rules.

    Parameters
    ----------
    written : plain data: ``tables``, a list of ``name``, ``package`` (issue to option; the rest stays as first tabled)
        and ``votes`` (actor to ``accept`` or ``reject``;
        ``rules`` is as good as no vote); if a seat that accepts has decided what it sends, ``sends`` (actor to resource
        to amount, or to ``rules``, which is as good as none)
    file : where it comes from, for messages

    Raises
    ------
    UsageError
        which says what is wrong with which table, and how to mend it
    """
    tables = written.get("tables") if isinstance(written, Mapping) else None
    if not isinstance(tables, list) or not tables:
        raise UsageError(f"{file}: a list 'tables' belongs here, each with {', '.join(KEYS)}; found {quoted(tables)}.")
    found = [_table(scenario, one, f"{file}: table {at}") for at, one in enumerate(tables, 1)]
    names = [one.name for one in found]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise UsageError(f"{file}: two tables are called '{twice}'; give each a name of its own.")
    return found


def blank(scenario: Scenario, tables: int) -> dict[str, Any]:
    """What a class fills in: every table with the text as first tabled, and no votes of people yet."""
    terms = {name: scenario.proposal[name] for name in protocol_of(scenario).negotiable}
    votes = dict.fromkeys(scenario.case.actors, RULES)
    sends = {
        name: dict.fromkeys(actor.capacities, RULES) for name, actor in scenario.case.actors.items() if actor.capacities
    }
    shared = {"package": terms, "votes": votes, **({"sends": sends} if sends else {})}
    return {"tables": [{"name": f"Table {at}", **shared} for at in range(1, tables + 1)]}


def _table(scenario: Scenario, one: object, where: str) -> TableResult:
    if not isinstance(one, Mapping):
        raise UsageError(f"{where}: a table has {', '.join(KEYS)}; found {quoted(one)}.")
    for key in one:
        if key not in KEYS:
            raise UsageError(f"{where}: '{key}' is no key of a table ({', '.join(KEYS)}).{did_you_mean(key, KEYS)}")
    name = one.get("name")
    if not isinstance(name, str) or not name.strip():
        raise UsageError(f"{where}: its name is missing, such as name: Table 1; found {quoted(name)}.")
    votes = _votes(scenario, one.get("votes", {}), where)
    text = _package(scenario, one.get("package", {}), where)
    on_paper = _on_paper(scenario, text)
    evaluation = evaluate(
        scenario.case, Central(), OutcomeSpace(scenario.case).encode(text)[None], month=1, events=on_paper.events
    )
    model = DeliberationModel(on_paper, seats=votes)
    sends = _sends(model, one.get("sends", {}), votes, where)
    while model.running and not model.months:
        for actor in sorted(model.waiting):
            verdict: VerdictWord = "accept" if votes[actor] else _refusal(evaluation, actor)
            model.give(actor, Move(verdict=verdict, pledge=sends.get(actor, {})))
        model.advance()
    return TableResult(name, model.result, opening=scenario.proposal)


def _refusal(evaluation: Evaluation, actor: str) -> VerdictWord:
    return REFUSALS[Verdict(int(evaluation.one().responses.answers[actor].verdict[0, 0]))]


def _on_paper(scenario: Scenario, text: Mapping[str, Any]) -> Scenario:
    """The scenario with the last text on the table, for one month, which is the last.

    A text on paper is nobody's own offer, which its proposer would accept: there are no turns.
    """
    source: dict[str, Any] = dict(scenario.source)
    protocol = {key: value for key, value in dict(source.get("protocol") or {}).items() if key != "parties"}
    if protocol_of(scenario).takes_turns:
        protocol["name"] = SingleText.name
    events = [event for event in source.get("events") or [] if event["month"] == 1]
    return build_scenario({**source, "proposal": dict(text), "protocol": {**protocol, "months": 1}, "events": events})


def _package(scenario: Scenario, terms: object, where: str) -> Mapping[str, Any]:
    if not isinstance(terms, Mapping):
        raise UsageError(
            f"{where}: its package is issues with options, such as nato_path: open; found {quoted(terms)}."
        )
    try:
        return whole(scenario.case, {**scenario.proposal, **terms})[0]
    except CaseError as error:
        first = error.problems[0]
        raise UsageError(f"{where}: package {first.path}: {first.message}".replace(" : ", ": ")) from None


def _votes(scenario: Scenario, votes: object, where: str) -> dict[str, bool]:
    """Actor to whether it accepts, of those whose people have voted."""
    if not isinstance(votes, Mapping):
        raise UsageError(f"{where}: its votes are actors with '{YES}' or '{NO}'; found {quoted(votes)}.")
    known, found = list(scenario.case.actors), {}
    for actor, vote in votes.items():
        if actor not in known:
            raise UsageError(f"{where}: '{actor}' has no vote ({', '.join(known)}).{did_you_mean(actor, known)}")
        if vote not in (YES, NO, RULES):
            raise UsageError(f"{where}: {actor} votes '{YES}', '{NO}' or by its '{RULES}', not {quoted(vote)}.")
        if vote != RULES:
            found[actor] = vote == YES
    return found


def _sends(
    model: DeliberationModel, sends: object, votes: Mapping[str, bool], where: str
) -> dict[str, dict[str, float]]:
    """Actor to what it sends of each resource, of those whose people have decided so."""
    if not isinstance(sends, Mapping) or not all(isinstance(one, Mapping) for one in sends.values()):
        raise UsageError(f"{where}: what it sends is actors with resources and amounts; found {quoted(sends)}.")
    found: dict[str, dict[str, float]] = {}
    for actor, amounts in sends.items():
        if actor not in model.negotiators:
            known = list(model.negotiators)
            raise UsageError(f"{where}: '{actor}' sends nothing ({', '.join(known)}).{did_you_mean(actor, known)}")
        capacities = model.negotiators[actor].parameters.capacities
        for resource, amount in amounts.items():
            if resource not in capacities:
                hint = did_you_mean(resource, list(capacities))
                raise UsageError(f"{where}: {actor} has no {resource} to send.{hint}")
            if amount == RULES:
                continue
            most = float(capacities[resource].max())
            if isinstance(amount, bool) or not isinstance(amount, int | float) or not 0 <= amount <= most:
                raise UsageError(
                    f"{where}: {actor} can send 0 to {most:g} {resource}, or by its '{RULES}', not {quoted(amount)}."
                )
            if not votes.get(actor, False):
                raise UsageError(f"{where}: {actor} sends {resource} only to a text for which it votes '{YES}'.")
            found.setdefault(actor, {})[resource] = float(amount)
    return found
