"""Tables that were played on paper: reads what a class has written down as runs, for the debrief."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sim.case.models import Scenario
from sim.case.packages import package as whole
from sim.engine.outcome_space import OutcomeSpace
from sim.engine.verdict_rules import Verdict
from sim.engine.worlds import Central
from sim.errors import CaseError, UsageError, did_you_mean, quoted
from sim.game.debrief.table_results import TableResult
from sim.negotiation.answers.evaluation import Evaluation
from sim.negotiation.answers.evaluation_context import evaluate
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
"""The verdict of a refusal on paper, by the verdict of the rules: a red line only where the rules would name one."""


def read_paper_tables(scenario: Scenario, written: object, file: str) -> list[TableResult]:
    """Read the results of paper tables.

    Each table is judged as of the beginning of the talks. Rules vote for seats without a vote. Raises
    `UsageError`, which says what is wrong in the data, at which table, and how to fix it.

    Parameters
    ----------
    written : plain data: ``tables``, a list of ``name``, ``package`` (issue to option; other issues stay as first
        tabled), ``votes`` (actor to ``accept``, ``reject`` or ``rules``, which is the same as no vote), and
        ``sends``, for seats that accept (actor to resource to amount or ``rules``)
    file : where it comes from, for messages
    """
    tables = written.get("tables") if isinstance(written, Mapping) else None
    if not isinstance(tables, list) or not tables:
        raise UsageError(f"{file}: expected a list 'tables', each with {', '.join(KEYS)}; found {quoted(tables)}.")
    results = [_table(scenario, table, f"{file}: table {number}") for number, table in enumerate(tables, 1)]
    names = [result.name for result in results]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise UsageError(f"{file}: two tables are named '{twice}'. Give each table its own name.")
    return results


def blank_form(scenario: Scenario, tables: int) -> dict[str, Any]:
    """Return what a class fills in: every table with the text as first tabled, and no votes of people yet."""
    terms = {name: scenario.proposal[name] for name in protocol_of(scenario).negotiable}
    votes = dict.fromkeys(scenario.case.actors, RULES)
    sends = {
        name: dict.fromkeys(actor.capacities, RULES) for name, actor in scenario.case.actors.items() if actor.capacities
    }
    shared = {"package": terms, "votes": votes, **({"sends": sends} if sends else {})}
    return {"tables": [{"name": f"Table {number}", **shared} for number in range(1, tables + 1)]}


def _table(scenario: Scenario, written: object, where: str) -> TableResult:
    if not isinstance(written, Mapping):
        raise UsageError(f"{where}: expected a table with {', '.join(KEYS)}; found {quoted(written)}.")
    for key in written:
        if key not in KEYS:
            raise UsageError(f"{where}: unknown key '{key}'. A table has {', '.join(KEYS)}.{did_you_mean(key, KEYS)}")
    name = written.get("name")
    if not isinstance(name, str) or not name.strip():
        raise UsageError(f"{where}: expected a name, such as name: Table 1; found {quoted(name)}.")
    votes = _votes(scenario, written.get("votes", {}), where)
    text = _package(scenario, written.get("package", {}), where)
    on_paper = _on_paper(scenario, text)
    evaluation = evaluate(
        scenario.case, Central(), OutcomeSpace(scenario.case).encode(text)[None], month=1, events=on_paper.events
    )
    model = DeliberationModel(on_paper, seats=votes)
    sends = _sends(model, written.get("sends", {}), votes, where)
    while model.running and not model.months:
        for actor in sorted(model.waiting):
            verdict: VerdictWord = "accept" if votes[actor] else _refusal(evaluation, actor)
            model.give(actor, Move(verdict=verdict, pledge=sends.get(actor, {})))
        model.advance()
    return TableResult(name, model.result, opening=scenario.proposal)


def _refusal(evaluation: Evaluation, actor: str) -> VerdictWord:
    return REFUSALS[Verdict(int(evaluation.one().responses.answers[actor].verdict[0, 0]))]


def _on_paper(scenario: Scenario, text: Mapping[str, Any]) -> Scenario:
    """The scenario with the last text on the table, for a single month.

    There are no turns: a text on paper is nobody's own offer, which its proposer would have to accept.
    """
    source: dict[str, Any] = dict(scenario.source)
    protocol = {key: value for key, value in dict(source.get("protocol") or {}).items() if key != "parties"}
    if protocol_of(scenario).takes_turns:
        protocol["name"] = SingleText.name
    events = [event for event in source.get("events") or [] if event["month"] == 1]
    return build_scenario({**source, "proposal": dict(text), "protocol": {**protocol, "months": 1}, "events": events})


def _package(scenario: Scenario, terms: object, where: str) -> Mapping[str, Any]:
    if not isinstance(terms, Mapping):
        raise UsageError(f"{where}: expected a package such as nato_path: open; found {quoted(terms)}.")
    try:
        return whole(scenario.case, {**scenario.proposal, **terms})[0]
    except CaseError as error:
        first = error.problems[0]
        raise UsageError(f"{where}: package {first.path}: {first.message}".replace(" : ", ": ")) from None


def _votes(scenario: Scenario, votes: object, where: str) -> dict[str, bool]:
    """Actor to whether it accepts, for those whose people have voted."""
    if not isinstance(votes, Mapping):
        raise UsageError(f"{where}: expected votes such as russia: {YES}; found {quoted(votes)}.")
    for actor, vote in votes.items():
        _check_actor(actor, list(scenario.case.actors), f"{where}: votes")
        if vote not in (YES, NO, RULES):
            raise UsageError(
                f"{where}: unknown vote {quoted(vote)} of {actor}. Choose from '{YES}', '{NO}' and '{RULES}'."
            )
    return {actor: vote == YES for actor, vote in votes.items() if vote != RULES}


def _check_actor(actor: object, known: Sequence[str], where: str) -> None:
    if actor not in known:
        hint = did_you_mean(str(actor), known)
        raise UsageError(f"{where}: unknown actor '{actor}'. Choose from {', '.join(known)}.{hint}")


def _sends(
    model: DeliberationModel, sends: object, votes: Mapping[str, bool], where: str
) -> dict[str, dict[str, float]]:
    """Actor to what it sends of each resource, for those whose people have decided so."""
    if not isinstance(sends, Mapping) or not all(isinstance(amounts, Mapping) for amounts in sends.values()):
        raise UsageError(f"{where}: expected sends as amounts by actor and resource; found {quoted(sends)}.")
    decided: dict[str, dict[str, float]] = {}
    for actor, amounts in sends.items():
        _check_actor(actor, list(model.negotiators), f"{where}: sends")
        capacities = model.negotiators[actor].parameters.capacities
        for resource, amount in amounts.items():
            if resource not in capacities:
                hint = did_you_mean(resource, list(capacities))
                raise UsageError(f"{where}: {actor} has no '{resource}' to send.{hint}")
            if amount == RULES:
                continue
            most = float(capacities[resource].max())
            if isinstance(amount, bool) or not isinstance(amount, int | float) or not 0 <= amount <= most:
                raise UsageError(
                    f"{where}: {actor} can send 0 to {most:g} {resource}, or '{RULES}'; found {quoted(amount)}."
                )
            if not votes.get(actor, False):
                raise UsageError(f"{where}: {actor} can send {resource} only if it votes '{YES}'.")
            decided.setdefault(actor, {})[resource] = float(amount)
    return decided
