"""After the class: what happened at every table, what it was worth, and what was left.

Everything is computed from finished (or stopped) runs, as plain data. `debrief` takes a few tenths of a second a table
of twelve months. What takes longer is computed apart, so that a face can let it run beside and keep it, and is then
handed in: `sim.game.debrief.rule_benchmark.sample` (many worlds) and `sim.game.debrief.joint_gains.anywhere` (all
possible packages).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sim.analysis.counterfactuals.flip import flip
from sim.analysis.outcomes.enumeration import Progress
from sim.analysis.subject import head
from sim.case.models import Case, Scenario
from sim.engine.outcome_space import OutcomeSpace
from sim.errors import UsageError
from sim.game.debrief.joint_gains import Holdings, near, offered
from sim.game.debrief.missed_deal import last_in_reach
from sim.game.debrief.people_vs_rules import beside_understudies
from sim.game.debrief.refusals_explained import refusals
from sim.game.debrief.rule_benchmark import RuleBenchmark, among
from sim.game.debrief.table_results import TableResult
from sim.game.debrief.table_tradeoff import plane
from sim.negotiation.evaluation import number as rounded
from sim.negotiation.moves import Phase
from sim.negotiation.protocols import protocol_of
from sim.negotiation.protocols.base import sponsors_of
from sim.negotiation.record.move_data import protocol_json

FORMAT = "parley.debrief/2"
MONTH = (
    "month",
    "events",
    "move",
    "learnt",
    "text",
    "changed",
    "tabled_by",
    "asked",
    "context",
    "measures",
    "agreed",
    "blocked_by",
    "unmet",
    "decision",
)


def debrief(
    scenario: Scenario,
    tables: Sequence[TableResult],
    *,
    drawn: RuleBenchmark | None = None,
    anywhere: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Look back on the tables of a game.

    Parameters
    ----------
    scenario : that the game began with
    tables : at least one, each with a name of its own
    drawn : many worlds of the scenario, to place the tables among (`sim.game.debrief.rule_benchmark.sample`)
    anywhere : gains left among all packages, by table (`sim.game.debrief.joint_gains.anywhere`)
    progress : called after each table with how many are done, and how many there are

    Returns
    -------
    plain data (`docs/reference/json.md`)

    Raises
    ------
    UsageError
        if there is no table, or two have one name
    """
    names = [played.name for played in tables]
    if not names:
        raise UsageError("no table has been played, so there is nothing to discuss.")
    if len(set(names)) < len(names):
        raise UsageError(f"two tables have the same name ({', '.join(names)}).")
    told = []
    for done, played in enumerate(tables, 1):
        told.append(_table(played, (anywhere or {}).get(played.name)))
        if progress is not None:
            progress(done, len(tables))
    case = scenario.case
    return {
        "format": FORMAT,
        **head(scenario),
        "protocol": protocol_json(protocol_of(scenario)),
        "sponsors": list(sponsors_of(scenario)),
        "core": list(scenario.core),
        "opening": dict(tables[0].first),
        "issues": _issues(case),
        "actors": {name: {"name": actor.name, "role": actor.role} for name, actor in case.actors.items()},
        "context": {name: indicator.says for name, indicator in case.context.items()},
        "tables": told,
        "side_by_side": [_row(one) for one in told],
        "plane": plane(scenario, tables),
        "worlds": None if drawn is None else among(drawn, tables),
        "claims": _claims(case, told),
    }


def _table(played: TableResult, anywhere: Any) -> dict[str, Any]:
    story = played.story()
    final = story["final"]
    return {
        "name": played.name,
        "outcome": played.outcome,
        "months": played.months,
        "opening": dict(played.first),
        "final": final["package"],
        "changed": _changed(played.first, final["package"]),
        "blocked_by": final["blocked_by"],
        "unmet": final["unmet"],
        "durability": final["durability"],
        "horizon": final["horizon"],
        "measures": final["measures"],
        "people": {name: list(played.people.get(name, ())) for name in played.case.actors},
        "played_by_people": sorted({name for month in played.run.months for name in month.understudies}),
        "timeline": [_month(month, played) for month in story["timeline"]],
        "walk_away": _walk_away(played, story),
        "in_reach": last_in_reach(played),
        "noes": refusals(story),
        "understudies": beside_understudies(played),
        "gains": {"negotiable": near(played), "all": anywhere},
        "flip": _flip(played),
        "settlement": _settlement(played),
    }


def _month(month: dict[str, Any], played: TableResult) -> dict[str, Any]:
    """A month as the run tells it, with what was said beside the moves."""
    number = month["month"]
    reactions = {
        name: {**reaction, "understudy": reaction.get("understudy"), "said": _words(played, number, name)}
        for name, reaction in month["reactions"].items()
    }
    return {
        **{key: month[key] for key in MONTH},
        "words": _words(played, number - 1, None),
        "reactions": reactions,
        "notes": [dict(note) for note in played.notes if note["month"] == number],
    }


def _words(played: TableResult, month: int, actor: str | None) -> str:
    """What an actor said with its answer in a month; without an actor, what the drafters said with their amendment."""
    drafting = actor is None
    said = [
        given.move.says
        for given in played.run.moves
        if given.month == month
        and (given.phase is Phase.AMENDMENT) == drafting
        and (given.move.amend if drafting else given.actor == actor)
    ]
    return " ".join(filter(None, said))


def _walk_away(played: TableResult, story: dict[str, Any]) -> dict[str, Any]:
    """Every seat against what no agreement was worth to it: month by month, and at the end, with its ledger."""
    held, final = Holdings.after(played), story["final"]["actors"]
    return {
        name: {
            "by_month": [
                {
                    "month": month["month"],
                    **{key: month["reactions"][name][key] for key in ("surplus", "aspiration", "reservation")},
                    "crosses_never": month["reactions"][name]["short"] == "never",
                }
                for month in story["timeline"]
            ],
            "got": rounded(held.surplus[at]),
            "signed": bool(held.signed[at]),
            "across_never": bool(held.signed[at] and held.never[at]),
            "last_text": actor,
        }
        for at, (name, actor) in enumerate(final.items())
    }


def _settlement(played: TableResult) -> dict[str, Any] | None:
    """What came of the round after the talks, and what the text was worth beside how they had ended."""
    if played.settlement is None:
        return None
    text, answers = played.settlement["text"], played.settlement["answers"]
    told = offered(played, text)
    return {
        "accepted": bool(played.settlement["accepted"]),
        "answers": dict(answers),
        **{key: told[key] for key in ("package", "change", "gains")},
    }


def _flip(played: TableResult) -> dict[str, Any] | None:
    """The smallest sets of changed terms with which a text that was not agreed would have been, at the start."""
    if played.agreed:
        return None
    found = flip(played.run.scenario, OutcomeSpace(played.case).decode(played.text), by="terms")
    return {key: found[key] for key in ("agreed", "most_terms", "terms", "flips")}


def _row(table: dict[str, Any]) -> dict[str, Any]:
    """One table in the comparison of tables."""
    gains, people = table["gains"]["all"] or table["gains"]["negotiable"], table["understudies"]
    return {
        **{key: table[key] for key in ("name", "outcome", "months", "final", "changed", "durability", "blocked_by")},
        "got": {name: one["got"] for name, one in table["walk_away"].items()},
        "across_never": [name for name, one in table["walk_away"].items() if one["across_never"]],
        "better": None if gains is None else gains["better"],
        "distance": None if gains is None else gains["distance"],
        "in_reach": None if table["in_reach"] is None else table["in_reach"]["month"],
        "answers": people["answers"],
        "answers_alike": people["answers_alike"],
    }


def _changed(first: Mapping[str, Any], last: Mapping[str, Any]) -> dict[str, list[Any]]:
    return {name: [first[name], option] for name, option in last.items() if option != first[name]}


def _issues(case: Case) -> dict[str, Any]:
    """What the issues and options are called in the case's own words."""
    return {
        name: {"says": issue.says, "unit": issue.unit, "options": list(issue.options), "labels": dict(issue.labels)}
        for name, issue in case.issues.items()
    }


def _claims(case: Case, tables: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The claims behind any reason that is told, in their own words."""
    answers = [answer for one in tables for month in one["timeline"] for answer in month["reactions"].values()]
    answers += [seat["last_text"] for one in tables for seat in one["walk_away"].values()]
    ledgers = [one["ledger"] for one in answers]
    ledgers += [one["ledger"] for answer in answers for one in answer["sends"].values() if one["asked"]]
    entries = [entry for one in ledgers for entry in one]
    used = {claim for entry in entries for claim in entry["sources"]}
    used |= {claim for one in tables for rule in one["unmet"] for claim in rule["sources"]}
    return {
        name: {"text": claim.text, "paragraph": claim.paragraph, "voice": claim.voice}
        for name, claim in case.claims.items()
        if name in used
    }
