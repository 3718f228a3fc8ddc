"""After the class: what happened at every table, what it was worth, and what gains were left.

Everything is computed from finished (or stopped) runs. What takes longer than a few tenths of a second per table is
passed in, so that callers can compute it in the background and keep it: many worlds
(`sim.game.debrief.rule_benchmark.play_benchmark`) and gains among all packages
(`sim.game.debrief.joint_gains.all_gains`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypedDict

from sim.analysis.outcomes.enumeration import Progress
from sim.analysis.subject import Subject, subject_of
from sim.case.models import Case, Scenario
from sim.errors import UsageError
from sim.game.debrief.joint_gains import GainsLeft, Holdings, compare_offer, negotiable_gains
from sim.game.debrief.mediation import Mediation, mediation
from sim.game.debrief.missed_deal import MissedDeal, last_deal_in_reach, smallest_flip
from sim.game.debrief.people_vs_rules import PeopleVsRules, compare_with_rules
from sim.game.debrief.refusals_explained import Refusal, refusals
from sim.game.debrief.rule_benchmark import BenchmarkComparison, RuleBenchmark, place_tables
from sim.game.debrief.table_results import TableResult
from sim.game.debrief.table_tradeoff import TableTradeoff, tradeoff
from sim.game.session.draft_editing import changed_terms
from sim.game.session.public_record import issue_words
from sim.negotiation.answers.evaluation import number as rounded
from sim.negotiation.moves import Phase
from sim.negotiation.protocols import protocol_of
from sim.negotiation.protocols.base import sponsors_of
from sim.negotiation.record.move_data import protocol_json
from sim.negotiation.record.record_data import ProtocolData

FORMAT = "parley.debrief/2"
SHARES = ("open", "agreed_share")
"""The keys of a run's month that a debrief leaves out: they describe many worlds."""


class SeatResult(TypedDict):
    """One actor against its walk-away value: month by month, and at the end."""

    by_month: list[dict[str, Any]]
    got: float
    signed: bool
    across_never: bool
    """Whether it signed across a red line that has no price."""
    last_text: dict[str, Any]
    """The last text as the rules judge it, with its ledger."""


class SettlementResult(TypedDict):
    """The result of a vote after the talks, and what its text was worth compared with the outcome of the talks."""

    accepted: bool
    answers: dict[str, bool]
    package: dict[str, Any]
    change: dict[str, list[Any]]
    gains: dict[str, float | str]


class TableEnd(TypedDict):
    """How the talks at one table ended."""

    name: str
    outcome: str
    months: int
    final: dict[str, Any]
    changed: dict[str, list[Any]]
    blocked_by: list[str]
    durability: float | None


class TableDebrief(TableEnd):
    """One table of a debrief."""

    opening: dict[str, Any]
    unmet: list[dict[str, Any]]
    horizon: int | None
    measures: dict[str, float]
    people: dict[str, list[str]]
    played_by_people: list[str]
    timeline: list[dict[str, Any]]
    walk_away: dict[str, SeatResult]
    in_reach: MissedDeal | None
    noes: list[Refusal]
    understudies: PeopleVsRules
    gains: dict[str, GainsLeft | None]
    """Among the `negotiable` texts, and among `all` packages."""
    flip: dict[str, Any] | None
    settlement: SettlementResult | None
    mediation: Mediation | None


class TableRow(TableEnd):
    """One table in the comparison of tables."""

    got: dict[str, float]
    across_never: list[str]
    better: int | None
    distance: float | None
    in_reach: int | None
    answers: int
    answers_alike: int


class DebriefReport(Subject):
    """The debrief of a game (`docs/reference/json.md`)."""

    format: str
    protocol: ProtocolData
    sponsors: list[str]
    core: list[str]
    opening: dict[str, Any]
    issues: dict[str, Any]
    actors: dict[str, dict[str, str]]
    context: dict[str, str]
    tables: list[TableDebrief]
    side_by_side: list[TableRow]
    plane: TableTradeoff | None
    worlds: BenchmarkComparison | None
    claims: dict[str, Any]


def debrief(
    scenario: Scenario,
    tables: Sequence[TableResult],
    *,
    benchmark: RuleBenchmark | None = None,
    all_gains: Mapping[str, GainsLeft] | None = None,
    progress: Progress | None = None,
) -> DebriefReport:
    """Return the debrief of the tables of a game. Raises `UsageError` if there is no table, or two have one name.

    The tables are compared with the worlds of `benchmark`. `all_gains` are those left among all packages, by table.
    `progress` is called after each table with the number of tables done and in all.
    """
    names = [table.name for table in tables]
    if not names:
        raise UsageError("there is nothing to discuss: no table has been played.")
    if len(set(names)) < len(names):
        raise UsageError(f"two tables have the same name ({', '.join(names)}). Rename one.")
    described = []
    for done, table in enumerate(tables, 1):
        described.append(_table(table, (all_gains or {}).get(table.name)))
        if progress is not None:
            progress(done, len(tables))
    case = scenario.case
    return {
        "format": FORMAT,
        **subject_of(scenario),
        "protocol": protocol_json(protocol_of(scenario)),
        "sponsors": list(sponsors_of(scenario)),
        "core": list(scenario.core),
        "opening": dict(tables[0].first),
        "issues": issue_words(case),
        "actors": {name: {"name": actor.name, "role": actor.role} for name, actor in case.actors.items()},
        "context": {name: indicator.says for name, indicator in case.context.items()},
        "tables": described,
        "side_by_side": [_row(table) for table in described],
        "plane": tradeoff(scenario, tables),
        "worlds": None if benchmark is None else place_tables(benchmark, tables),
        "claims": _claims(case, described),
    }


def _table(table: TableResult, all_gains: GainsLeft | None) -> TableDebrief:
    story = table.story()
    final = story["final"]
    return {
        "name": table.name,
        "outcome": table.outcome,
        "months": table.months,
        "opening": dict(table.first),
        "final": final["package"],
        "changed": changed_terms(table.first, final["package"]),
        "blocked_by": final["blocked_by"],
        "unmet": final["unmet"],
        "durability": final["durability"],
        "horizon": final["horizon"],
        "measures": final["measures"],
        "people": {name: list(table.people.get(name, ())) for name in table.case.actors},
        "played_by_people": sorted({name for month in table.run.months for name in month.understudies}),
        "timeline": [_month(month, table) for month in story["timeline"]],
        "walk_away": _walk_away(table, story),
        "in_reach": last_deal_in_reach(table),
        "noes": refusals(story),
        "understudies": compare_with_rules(table),
        "gains": {"negotiable": negotiable_gains(table), "all": all_gains},
        "flip": smallest_flip(table),
        "settlement": _settlement(table),
        "mediation": mediation(table),
    }


def _month(month: Mapping[str, Any], table: TableResult) -> dict[str, Any]:
    """A month of the run, with what was said beside the moves."""
    number = month["month"]
    reactions = {
        name: {
            **reaction,
            "understudy": reaction.get("understudy"),
            "said": _words(table, number, name),
            "by_agent": table.by_agent.get((number, name)),
        }
        for name, reaction in month["reactions"].items()
    }
    return {
        **{key: value for key, value in month.items() if key not in SHARES},
        "words": _words(table, number - 1, None),
        "reactions": reactions,
        "notes": [dict(note) for note in table.notes if note["month"] == number],
    }


def _words(table: TableResult, month: int, actor: str | None) -> str:
    """What an actor said with its answer in a month; without an actor, what the drafters said with their amendment."""
    moves = [given for given in table.run.moves if given.month == month]
    if actor is None:
        words = [given.move.says for given in moves if given.phase is Phase.AMENDMENT and given.move.amend]
    else:
        words = [given.move.says for given in moves if given.phase is not Phase.AMENDMENT and given.actor == actor]
    return " ".join(filter(None, words))


def _walk_away(table: TableResult, story: Mapping[str, Any]) -> dict[str, SeatResult]:
    held, final = Holdings.after(table), story["final"]["actors"]
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
            "got": rounded(held.surplus[index]),
            "signed": bool(held.signed[index]),
            "across_never": bool(held.signed[index] and held.never[index]),
            "last_text": actor,
        }
        for index, (name, actor) in enumerate(final.items())
    }


def _settlement(table: TableResult) -> SettlementResult | None:
    if table.settlement is None:
        return None
    offer = compare_offer(replace(table, settlement=None), table.settlement["text"])
    return {
        "accepted": bool(table.settlement["accepted"]),
        "answers": table.settlement["answers"],
        "package": offer["package"],
        "change": offer["change"],
        "gains": offer["gains"],
    }


def _row(table: TableDebrief) -> TableRow:
    gains, people = table["gains"]["all"] or table["gains"]["negotiable"], table["understudies"]
    return {
        "name": table["name"],
        "outcome": table["outcome"],
        "months": table["months"],
        "final": table["final"],
        "changed": table["changed"],
        "durability": table["durability"],
        "blocked_by": table["blocked_by"],
        "got": {name: seat["got"] for name, seat in table["walk_away"].items()},
        "across_never": [name for name, seat in table["walk_away"].items() if seat["across_never"]],
        "better": None if gains is None else gains["better"],
        "distance": None if gains is None else gains["distance"],
        "in_reach": None if table["in_reach"] is None else table["in_reach"]["month"],
        "answers": people["answers"],
        "answers_alike": people["answers_alike"],
    }


def _claims(case: Case, tables: Iterable[TableDebrief]) -> dict[str, Any]:
    """The claims behind all reasons in a debrief, in their own words."""
    used = {claim for table in tables for part in _sourced(table) for claim in part["sources"]}
    return {
        name: {"text": claim.text, "paragraph": claim.paragraph, "voice": claim.voice}
        for name, claim in case.claims.items()
        if name in used
    }


def _sourced(table: TableDebrief) -> Iterator[Mapping[str, Any]]:
    """The parts of a table that cite claims: ledger entries and unmet consent rules."""
    yield from table["unmet"]
    answers = [answer for month in table["timeline"] for answer in month["reactions"].values()]
    for answer in (*answers, *(seat["last_text"] for seat in table["walk_away"].values())):
        yield from answer["ledger"]
        for sent in answer["sends"].values():
            if sent["asked"]:
                yield from sent["ledger"]
