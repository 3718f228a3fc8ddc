"""The result of one table, finished or stopped: its run, who sat where, and what was said beside the moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from sim.case.models import Case, Package
from sim.engine.outcome_space import OutcomeSpace, Texts
from sim.engine.rule_matrix import Floats
from sim.engine.voting.needed_actors import required_actors
from sim.errors import UsageError
from sim.game.session.renegotiation import SettlementView, settlement_view
from sim.game.session.session import Session
from sim.game.session.table import GameTable
from sim.negotiation.answers.evaluation import Evaluation
from sim.negotiation.answers.evaluation_context import evaluate
from sim.negotiation.protocols import protocol_of
from sim.negotiation.record.history import Outcome, Run
from sim.negotiation.record.summary import summarise

TEXTS_MOST = 65_536
"""The most negotiable texts that are judged while somebody waits; more are left to `all_gains`."""


@dataclass(frozen=True)
class TableResult:
    """A table after the game, or while it is being stopped.

    Parameters
    ----------
    people : actor to the pseudonyms of everybody who has sat in its chair
    notes : what was said in public beside the moves, in order: ``month``, ``by``, ``kind``, ``text``,
        and ``terms``, which are suggested changes
    opening : the text that was tabled first; None takes the first text of the run
    settlement : the result of a vote after the talks, if there was one
    mediators : the pseudonyms of those who have drafted from the mediator's seat
    by_agent : month and actor to why the rules answered although people sat there: ``time``, ``next`` or ``agent``
    """

    name: str
    run: Run
    people: Mapping[str, Sequence[str]] = field(default_factory=dict)
    notes: Sequence[Mapping[str, Any]] = ()
    opening: Package | None = None
    settlement: SettlementView | None = None
    by_agent: Mapping[tuple[int, str], str] = field(default_factory=dict)
    mediators: Sequence[str] = ()

    def __post_init__(self) -> None:
        if len(self.run.outcome) != 1:
            raise UsageError(f"{self.name}: a table plays one world, not {len(self.run.outcome):,}.")
        if not self.run.months:
            raise UsageError(f"{self.name}: there is nothing to discuss before the first month is decided.")

    @property
    def case(self) -> Case:
        return self.run.scenario.case

    @property
    def months(self) -> int:
        """The number of decided months."""
        return len(self.run.months)

    @property
    def last(self) -> Evaluation:
        """The last decided text, with everybody's answer."""
        return self.run.months[-1].evaluation.one()

    @cached_property
    def ending(self) -> Evaluation:
        """What the table ended with: the last decided text, or the one that all seats accepted in its place."""
        if not self.improved or self.settlement is None:
            return self.last
        text = OutcomeSpace(self.case).encode(self.settlement["text"])[None]
        return judge(self.run, text, self.months).one()

    @property
    def improved(self) -> bool:
        """Whether all seats accepted another text after the talks."""
        return self.settlement is not None and bool(self.settlement["accepted"])

    @property
    def text(self) -> Texts:
        """(issue,) uint8, the text that the table ended with."""
        text: Texts = self.ending.matrix.texts[0]
        return text

    @property
    def first(self) -> Package:
        """The text that was tabled first."""
        return self.opening or OutcomeSpace(self.case).decode(self.run.months[0].evaluation.matrix.texts[0])

    @property
    def outcome(self) -> str:
        """The outcome as a word; ``open`` if the talks were stopped."""
        return Outcome.AGREED.word if self.improved else Outcome(int(self.run.outcome[0])).word

    @property
    def agreed(self) -> bool:
        return self.improved or bool(self.run.outcome[0] == Outcome.AGREED)

    def story(self) -> dict[str, Any]:
        """Return the summary of the run (`sim.negotiation.record.summary`); if stopped, up to its last month."""
        run = self.run
        if run.outcome[0] == Outcome.OPEN:
            ended = np.full_like(run.ended, self.months)
            run = replace(run, outcome=np.full_like(run.outcome, Outcome.EXPIRED), ended=ended)
        summary = {**summarise(run), "outcome": self.outcome}
        if self.improved:
            summary["final"] = {**self.ending.describe(), "agreed": True, "blocked_by": [], "unmet": []}
        return summary


def judge(run: Run, texts: Texts, month: int, *, holding_out: bool = False) -> Evaluation:
    """Let everybody's rules judge some texts, (text, issue) uint8, in the world of a table, with the context of a
    month.

    With `holding_out`, actors hold out for their aspirations of that month; otherwise texts are take it or leave it.
    """
    scenario = run.scenario
    # In the last month of the talks nobody holds out for more.
    months = protocol_of(scenario).months if holding_out else month
    return evaluate(scenario.case, run.uniforms, texts, month=month, months=max(month, months), events=scenario.events)


def least_surplus(evaluation: Evaluation) -> Floats:
    """(text,) float, points, in one world: the surplus of the worst-off of those whose consent each text needs."""
    shape, responses = (1, len(evaluation.matrix.texts)), evaluation.responses
    least = np.full(shape, np.inf)
    for name, asked in required_actors(evaluation.case, evaluation.matrix, responses.pledged).items():
        least = np.where(asked, np.minimum(least, responses.answers[name].surplus), least)
    return np.asarray(least[0])


def negotiable_texts(run: Run) -> Texts | None:
    """Return every text that the protocol leaves open, (text, issue) uint8, by code; None if there are too many."""
    case, space = run.scenario.case, OutcomeSpace(run.scenario.case)
    issues = protocol_of(run.scenario).negotiable
    sizes = [len(case.issues[name].options) for name in issues]
    if np.prod(sizes, dtype=np.float64) > TEXTS_MOST:
        return None
    first = run.months[0].evaluation.matrix.texts[0] if run.months else space.encode(run.scenario.proposal)
    texts = np.concatenate([first[None], space.neighbours(first, issues, len(issues))])
    ordered: Texts = texts[np.argsort(space.codes(texts))]
    return ordered


def tables_of(session: Session) -> list[TableResult]:
    """Return the tables of a session where a month was decided, with who sat there and what was said in public."""
    return [
        TableResult(
            name=session.strings("debrief.table_name", number=table.number),
            run=table.run,
            people=_people(session, table),
            notes=_notes(session, table),
            opening=session.scenario.proposal,
            settlement=settlement_view(table) if table.settlement and table.settlement.closed else None,
            by_agent={(given.month, given.actor): given.why for given in table.stood_in},
            mediators=tuple(table.mediated_by),
        )
        for table in session.tables
        if table.run.months
    ]


def _people(session: Session, table: GameTable) -> dict[str, list[str]]:
    """Actor to the names of those who have moved for it, and of those who sit in its chair now."""
    return {
        actor: list(dict.fromkeys([*table.players[actor], *(session.people[person].name for person in persons)]))
        for actor, persons in table.chairs.items()
    }


def _speaker(table: GameTable, actor: str) -> str:
    """The name of an actor, or of another voice, such as the mediator, as it is."""
    actors = table.scenario.case.actors
    return actors[actor].name if actor in actors else actor


def _notes(session: Session, table: GameTable) -> list[dict[str, Any]]:
    """Public statements and suggestions, in the order of the log."""
    statements = [*table.statements_of("say"), *table.statements_of("suggest")]
    notes = []
    for statement in sorted(statements, key=lambda statement: statement.entry.n):
        entry, data = statement.entry, statement.entry.data
        person = session.people.get(entry.by)
        notes.append(
            {
                "month": statement.month,
                "by": person.name if person else _speaker(table, statement.actor),
                "kind": entry.kind,
                "text": data["text"] if entry.kind == "say" else data["says"],
                "terms": dict(data.get("changes", {})),
            }
        )
    return notes
