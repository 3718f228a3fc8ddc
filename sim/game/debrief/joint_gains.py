"""Joint gains left on the table: packages that are better for all whose consent is needed (Raiffa 1982, chapter 11).

A deal is compared with every package. Those who signed the deal can keep it, so they consent to nothing that is worth
less to them than the deal. Without a deal, each actor has its reservation value, and gains were left if some package
would be accepted by all. A mediator would offer the same packages after the signing, each party free to keep the deal:
a post-settlement settlement (Raiffa 1985).

References
----------
Raiffa, H. (1982). *The Art and Science of Negotiation*. Harvard University Press.

Raiffa, H. (1985). Post-settlement settlements. *Negotiation Journal* 1, 9-12.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypedDict

import numpy as np

from sim.analysis.outcomes.enumeration import Progress, judged_blocks
from sim.case.models import Case, Package
from sim.engine.outcome_space import OutcomeSpace, Texts
from sim.engine.responses import Responses
from sim.engine.rule_matrix import Bools, Floats, RuleMatrix
from sim.engine.verdict_rules import Assessment
from sim.engine.voting.consent import ConsentAnswer, consent
from sim.engine.voting.needed_actors import required_actors
from sim.game.debrief.table_results import TableResult, judge, negotiable_texts
from sim.game.session.draft_editing import changed_terms
from sim.negotiation.answers.evaluation import number

NEVER = "never"
OFFERS = 5
"""Default number of better packages that are listed."""


@dataclass(frozen=True)
class Holdings:
    """What every actor has after the talks, in the order of the case.

    Parameters
    ----------
    surplus : (actor,) float, points above its reservation value: of the deal, or 0 without one
    signed : (actor,) bool, whether its consent to the deal was asked for and given; False for all without a deal,
        True for all with a text that all seats accepted after the talks
    never : (actor,) bool, whether it signed across a red line that has no price by its rules
    sending : actor to resource to float, points, <= 0, the surplus at which it sends: below 0 where it sends for the
        deal although its rules would not
    """

    surplus: Floats
    signed: Bools
    never: Bools
    sending: Mapping[str, Mapping[str, float]]

    @classmethod
    def after(cls, table: TableResult) -> Holdings:
        """Return what the actors have after a table has ended."""
        case, last = table.case, table.ending
        if not table.agreed:
            nobody = np.zeros(len(case.actors), dtype=bool)
            return cls(np.zeros(len(case.actors)), nobody, nobody, {})
        answers = last.responses.answers
        applying = [rule for rule, applies in zip(case.consent, last.matrix.consent, strict=True) if applies.any()]
        asked = {name for rule in applying for name in rule.members}
        return cls(
            surplus=np.array([answers[name].surplus[0, 0] for name in case.actors]),
            signed=np.array(
                [table.improved or (name in asked and bool(answers[name].accepts[0, 0])) for name in case.actors]
            ),
            never=np.array([bool(answers[name].never[0, 0]) for name in case.actors]),
            sending={name: _least_to_send(answer) for name, answer in answers.items()},
        )


def _least_to_send(answer: Assessment) -> dict[str, float]:
    """Resource to the surplus at which an actor sends: that of the deal, if it sends for less than its rules ask."""
    return {
        resource: min(0.0, float(points[0, 0])) if answer.sends(resource)[0, 0] else 0.0
        for resource, points in answer.sending.items()
    }


@dataclass(frozen=True)
class JointGains:
    """Packages that are better for all concerned.

    Parameters
    ----------
    judged, count, for_all : number of packages that were judged, that are better, and that are worse for nobody at all
    most : float, points, the largest gain of the concerned actor who gains least
    texts : (offer, issue) uint8, some of the better packages
    keys : (offer, 3) float: whether it is worse for nobody, the least gain of those concerned, and the sum of their
        gains; larger is better
    """

    judged: int
    count: int
    for_all: int
    most: float
    texts: Texts
    keys: Floats

    @classmethod
    def of(cls, parts: Sequence[JointGains], most: int) -> JointGains:
        """Combine several results and keep the best `most` texts; the first of equals."""
        texts, keys = np.concatenate([part.texts for part in parts]), np.concatenate([part.keys for part in parts])
        order = np.lexsort(-keys.T[::-1])[:most]
        judged, count, for_all = (sum(getattr(part, name) for part in parts) for name in ("judged", "count", "for_all"))
        return cls(judged, count, for_all, max(part.most for part in parts), texts[order], keys[order])


@dataclass(frozen=True)
class _DealKeeper:
    """The vote, (1, text) bool, of an actor that already has a deal: it accepts what is no worse.

    `answer` is that of its rules; `least` maps each resource to the surplus at which it sends.
    """

    accepts: Bools
    answer: Assessment
    least: Mapping[str, float]

    @property
    def refuses(self) -> Bools:
        """(1, text) bool."""
        return ~self.accepts

    def sends(self, resource: str) -> Bools:
        """(1, text) bool, whether it accepts the text and its rules would send, or it loses no more than now."""
        if resource not in self.answer.sending:
            return self.accepts
        return np.asarray(self.accepts & self.answer.by_text(self.answer.sending[resource] >= self.least[resource]))


def better(case: Case, matrix: RuleMatrix, responses: Responses, held: Holdings) -> JointGains:
    """Find the texts, in one world and take it or leave it, that are better for all concerned.

    Concerned are those who signed the deal, and those without whom the text could not be agreed.
    """
    shape = (1, len(matrix.texts))
    gains = np.empty((len(case.actors), shape[1]))
    votes: dict[str, ConsentAnswer] = dict(responses.answers)
    for index, name in enumerate(case.actors):
        answer = responses.answers[name]
        crosses = np.broadcast_to(answer.never & ~held.never[index], shape)[0]
        surplus = np.broadcast_to(answer.surplus, shape)[0]
        gains[index] = np.where(crosses, -np.inf, surplus - held.surplus[index])
        if held.signed[index]:
            votes[name] = _DealKeeper(gains[[index]] >= 0, answer, held.sending[name])
    is_better = np.broadcast_to(consent(case, matrix, votes, responses.pledged).agreed, shape)[0]
    signed = gains[held.signed]
    if len(signed):
        is_better = is_better & (signed >= 0).all(axis=0) & (signed > 0).any(axis=0)
    texts = np.flatnonzero(is_better)
    concerned, gains = _concerned(case, matrix, responses, held)[:, texts], gains[:, texts]
    least = np.where(concerned, gains, np.inf).min(axis=0, initial=np.inf)
    everybody = (gains >= 0).all(axis=0)
    keys = np.stack([everybody, least, np.where(concerned, gains, 0).sum(axis=0)], axis=1)
    most = float(least.max(initial=0))
    return JointGains(shape[1], len(texts), int(everybody.sum()), most, matrix.texts[texts], keys)


def _concerned(case: Case, matrix: RuleMatrix, responses: Responses, held: Holdings) -> Bools:
    """(actor, text) bool."""
    asked = required_actors(case, matrix, responses.pledged)
    each = [np.broadcast_to(asked[name], (1, len(matrix.texts)))[0] for name in case.actors]
    return np.stack(each) | held.signed[:, None]


class Offer(TypedDict):
    """A package beside what everybody has now; a gain is ``never`` across a red line that has no price."""

    package: dict[str, Any]
    change: dict[str, list[Any]]
    concerned: list[str]
    gains: dict[str, float | str]
    worse_for: list[str]
    accepted: bool


class GainsLeft(TypedDict):
    """Gains left at a table (`docs/reference/json.md`, `tables[].gains`)."""

    judged: int
    better: int
    better_for_all: int
    on_frontier: bool
    distance: float
    offers: list[Offer]


def negotiable_gains(table: TableResult, most: int = OFFERS) -> GainsLeft | None:
    """Return the gains left among the texts that the protocol left open; None if there are too many texts."""
    texts = negotiable_texts(table.run)
    if texts is None:
        return None
    evaluation = judge(table.run, texts, table.months)
    gains = better(table.case, evaluation.matrix, evaluation.responses, Holdings.after(table))
    return _describe(table, JointGains.of([gains], most))


def all_gains(
    tables: Sequence[TableResult], most: int = OFFERS, progress: Progress | None = None
) -> dict[str, GainsLeft]:
    """Return the gains left among all possible packages, by the name of the table.

    This takes about as long as `outcomes` for each month and world in which tables ended, so callers run it in the
    background. `progress` is called with the number of packages done and in all, over all groups of tables.
    """
    groups: list[list[TableResult]] = []
    for table in tables:
        same = next((group for group in groups if _moment(group[0]) == _moment(table)), None)
        if same is None:
            groups.append([table])
        else:
            same.append(table)
    gains: dict[str, GainsLeft] = {}
    for index, group in enumerate(groups):
        gains |= _gains_of_group(group, most, partial(_report_progress, progress, index, len(groups)))
    return {table.name: gains[table.name] for table in tables}


def _moment(table: TableResult) -> tuple[object, ...]:
    """What the gains of a group depend on."""
    return table.run.scenario.source, table.run.uniforms, table.months


def _report_progress(progress: Progress | None, group: int, groups: int, done: int, total: int) -> None:
    """Report the progress of one group as that of all groups."""
    if progress is not None:
        progress(group * total + done, groups * total)


def _gains_of_group(group: Sequence[TableResult], most: int, progress: Progress) -> dict[str, GainsLeft]:
    """Judge all packages once, for the tables that ended in the same world and month."""
    run = group[0].run
    case, space = run.scenario.case, OutcomeSpace(run.scenario.case)
    holdings = [Holdings.after(table) for table in group]
    gains: list[list[JointGains]] = [[] for _ in group]
    for codes, matrix, responses in judged_blocks(case, space, run.uniforms, group[0].months, run.scenario.events):
        for index, held in enumerate(holdings):
            gains[index] = [JointGains.of([*gains[index], better(case, matrix, responses, held)], most)]
        progress(int(codes[-1]) + 1, space.count)
    return {table.name: _describe(table, total) for table, [total] in zip(group, gains, strict=True)}


def compare_offer(table: TableResult, package: Package) -> Offer:
    """Compare a package with what everybody has now, and say who would accept it."""
    text = OutcomeSpace(table.case).encode(package)[None]
    return _offers(table, text)[0]


def _describe(table: TableResult, gains: JointGains) -> GainsLeft:
    return {
        "judged": gains.judged,
        "better": gains.count,
        "better_for_all": gains.for_all,
        "on_frontier": table.agreed and not gains.count,
        "distance": number(gains.most),
        "offers": _offers(table, gains.texts),
    }


def _offers(table: TableResult, texts: Texts) -> list[Offer]:
    if not len(texts):
        return []
    case, held, space = table.case, Holdings.after(table), OutcomeSpace(table.case)
    evaluation = judge(table.run, texts, table.months)
    accepted = {bytes(text) for text in better(case, evaluation.matrix, evaluation.responses, held).texts}
    concerned = _concerned(case, evaluation.matrix, evaluation.responses, held)
    before = space.decode(table.text)
    offers: list[Offer] = []
    for row, text in enumerate(texts):
        answers = evaluation.one(text=row).responses.answers
        gains: dict[str, float | str] = {}
        worse_for = []
        for actor, name in enumerate(case.actors):
            never = bool(answers[name].never[0, 0]) and not held.never[actor]
            gain = float(answers[name].surplus[0, 0]) - held.surplus[actor]
            gains[name] = NEVER if never else number(gain)
            if never or gain < 0:
                worse_for.append(name)
        package = space.decode(text)
        offers.append(
            {
                "package": package,
                "change": changed_terms(before, package),
                "concerned": [name for actor, name in enumerate(case.actors) if concerned[actor, row]],
                "gains": gains,
                "worse_for": worse_for,
                "accepted": bytes(text) in accepted,
            }
        )
    return offers
