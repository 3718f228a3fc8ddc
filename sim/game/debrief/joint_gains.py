"""Gains left on the table: the packages that are better for all whose consent it takes (Raiffa 1982, chapter 11).

A deal is compared with every package, those who signed it keeping it as what they have: each of them consents to
nothing that is worth less to it than the deal. Where there is no deal, what each has is its reservation value, and a
package that all would accept is what was left. The same packages are what a mediator would offer after the signing,
each party free to keep the deal: post-settlement settlement (Raiffa 1985).

References
----------
Raiffa, H. (1982). *The Art and Science of Negotiation*. Harvard University Press.

Raiffa, H. (1985). Post-settlement settlements. *Negotiation Journal* 1, 9-12.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from sim.analysis.outcomes.enumeration import Progress, heard
from sim.case.models import Case, ConsentRule, Package
from sim.engine.consent import ConsentAnswer, consent, required_actors
from sim.engine.outcome_space import OutcomeSpace, Texts
from sim.engine.responses import Responses
from sim.engine.rule_matrix import Bools, Floats, RuleMatrix
from sim.engine.verdict_rules import Assessment
from sim.game.debrief.table_results import TableResult, judge, negotiable
from sim.negotiation.evaluation import number

NEVER = "never"
OFFERS = 5
"""So many of the better packages are listed, unless told otherwise."""


@dataclass(frozen=True)
class Holdings:
    """What every actor has after the talks, in the order of the case.

    Parameters
    ----------
    surplus : (actor,) float, points above its reservation value: of the deal, or 0 without one
    signed : (actor,) bool, who was asked for its consent to the deal and gave it; nobody without a deal
    never : (actor,) bool, who signed across a red line that its rules never sell
    sending : actor to resource to float, points, <= 0, the surplus with which it sends: below 0 where it sends for the
        deal although its rules would not
    """

    surplus: Floats
    signed: Bools
    never: Bools
    sending: Mapping[str, Mapping[str, float]]

    @classmethod
    def after(cls, played: TableResult) -> Holdings:
        """What the actors have after a table has ended."""
        case, last = played.case, played.last
        if not played.agreed:
            nobody = np.zeros(len(case.actors), dtype=bool)
            return cls(np.zeros(len(case.actors)), nobody, nobody, {})
        answers = last.responses.answers
        applying = [rule for rule, applies in zip(case.consent, last.matrix.consent, strict=True) if applies.any()]
        asked = {name for rule in applying for name in members(rule)}
        return cls(
            surplus=np.array([answers[name].surplus[0, 0] for name in case.actors]),
            signed=np.array([name in asked and bool(answers[name].accepts[0, 0]) for name in case.actors]),
            never=np.array([bool(answers[name].never[0, 0]) for name in case.actors]),
            sending={name: _least_to_send(answer) for name, answer in answers.items()},
        )


def _least_to_send(answer: Assessment) -> dict[str, float]:
    """Resource to the surplus with which an actor sends: that of the deal, if it sends for less than its rules ask."""
    return {
        of: min(0.0, float(points[0, 0])) if answer.sends(of)[0, 0] else 0.0 for of, points in answer.sending.items()
    }


@dataclass(frozen=True)
class JointGains:
    """Packages that are better for all concerned.

    Parameters
    ----------
    judged : how many packages were looked at
    count : how many are better
    for_all : how many of these are worse for nobody at all, concerned or not
    most : float, points, that even the one who gains least of those concerned gains by the best of them
    texts : (offer, issue) uint8, some of them
    keys : (offer, 3) float: whether it is worse for nobody, the least gain of those concerned, and the sum of theirs;
        the larger the better
    """

    judged: int
    count: int
    for_all: int
    most: float
    texts: Texts
    keys: Floats

    @classmethod
    def of(cls, parts: Sequence[JointGains], most: int) -> JointGains:
        """Several finds as one, of which the best are kept; of equals, the first."""
        texts, keys = np.concatenate([one.texts for one in parts]), np.concatenate([one.keys for one in parts])
        order = np.lexsort(-keys.T[::-1])[:most]
        judged, count, for_all = (sum(getattr(one, name) for one in parts) for name in ("judged", "count", "for_all"))
        return cls(judged, count, for_all, max(one.most for one in parts), texts[order], keys[order])


@dataclass(frozen=True)
class _DealKeeper:
    """The vote of one who has a deal already: for what is no worse.

    Parameters
    ----------
    accepts : (1, text) bool
    answer : what its rules say
    least : resource to the surplus with which it sends
    """

    accepts: Bools
    answer: Assessment
    least: Mapping[str, float]

    @property
    def refuses(self) -> Bools:
        """(1, text) bool."""
        return ~self.accepts

    def sends(self, resource: str) -> Bools:
        """(1, text) bool, whether it votes for the text, and its rules would send, or it loses no more than now."""
        if resource not in self.answer.sending:
            return self.accepts
        return np.asarray(self.accepts & self.answer.by_text(self.answer.sending[resource] >= self.least[resource]))


def members(rule: ConsentRule) -> tuple[str, ...]:
    """Everybody whom a consent rule asks."""
    quorum, pledged = rule.quorum.of if rule.quorum else (), rule.pledges.from_ if rule.pledges else ()
    return (*rule.needs, *rule.veto, *quorum, *pledged)


def better(case: Case, matrix: RuleMatrix, responses: Responses, held: Holdings) -> JointGains:
    """Find the texts that are better for all concerned.

    Concerned are those who signed the deal, and those without whom the text could not be agreed.

    Parameters
    ----------
    reading, hearing : of some texts in one world, take it or leave it
    """
    shape = (1, len(matrix.texts))
    gains = np.empty((len(case.actors), shape[1]))
    votes: dict[str, ConsentAnswer] = dict(responses.answers)
    for which, (name, answer) in enumerate((name, responses.answers[name]) for name in case.actors):
        lost = np.broadcast_to(answer.never & ~held.never[which], shape)[0]
        surplus = np.broadcast_to(answer.surplus, shape)[0]
        gains[which] = np.where(lost, -np.inf, surplus - held.surplus[which])
        if held.signed[which]:
            votes[name] = _DealKeeper(gains[[which]] >= 0, answer, held.sending[name])
    fine = np.broadcast_to(consent(case, matrix, votes, responses.pledged).agreed, shape)[0]
    signed = gains[held.signed]
    if len(signed):
        fine = fine & (signed >= 0).all(axis=0) & (signed > 0).any(axis=0)
    concerned = _concerned(case, matrix, responses, held)
    at = np.flatnonzero(fine)
    mine, least = concerned[:, at], np.where(concerned, gains, np.inf)[:, at].min(axis=0, initial=np.inf)
    everybody = (gains[:, at] >= 0).all(axis=0)
    keys = np.stack([everybody, least, np.where(mine, gains[:, at], 0).sum(axis=0)], axis=1)
    return JointGains(len(fine), len(at), int(everybody.sum()), float(least.max(initial=0)), matrix.texts[at], keys)


def _concerned(case: Case, matrix: RuleMatrix, responses: Responses, held: Holdings) -> Bools:
    """(actor, text) bool."""
    asked = required_actors(case, matrix, responses.pledged)
    each = [np.broadcast_to(asked[name], (1, len(matrix.texts)))[0] for name in case.actors]
    return np.stack(each) | held.signed[:, None]


def near(played: TableResult, most: int = OFFERS) -> dict[str, Any] | None:
    """Gains left among the texts that the protocol left open; None if they are too many to wait for.

    Returns
    -------
    plain data (`docs/reference/json.md`)
    """
    texts = negotiable(played.run)
    if texts is None:
        return None
    evaluation = judge(played.run, texts, played.months)
    found = better(played.case, evaluation.matrix, evaluation.responses, Holdings.after(played))
    return _described(played, JointGains.of([found], most))


def anywhere(tables: Sequence[TableResult], most: int = OFFERS, progress: Progress | None = None) -> dict[str, Any]:
    """Gains left among all possible packages, of every table by its name.

    It takes about as long as `outcomes` for each month and world in which tables ended: a face lets it run beside.

    Parameters
    ----------
    progress : called with how many packages are done, and how many there are, over all walks

    Returns
    -------
    table to plain data, as of `near`
    """
    groups: list[list[TableResult]] = []
    for played in tables:
        same = next((group for group in groups if _moment(group[0]) == _moment(played)), None)
        if same is None:
            groups.append([played])
        else:
            same.append(played)
    found: dict[str, Any] = {}
    for at, group in enumerate(groups):
        found |= _walked(group, most, partial(_tick, progress, at, len(groups)))
    return {played.name: found[played.name] for played in tables}


def _moment(played: TableResult) -> tuple[object, ...]:
    """What a walk depends on."""
    return played.run.scenario.source, played.run.uniforms, played.months


def _tick(progress: Progress | None, walk: int, walks: int, done: int, total: int) -> None:
    """Tell the progress of one of several walks as that of all."""
    if progress is not None:
        progress(walk * total + done, walks * total)


def _walked(group: Sequence[TableResult], most: int, progress: Progress) -> dict[str, Any]:
    """One walk over all packages, for the tables that ended in the same world and month."""
    run = group[0].run
    case, space = run.scenario.case, OutcomeSpace(run.scenario.case)
    held = [Holdings.after(played) for played in group]
    found: list[list[JointGains]] = [[] for _ in group]
    for codes, matrix, responses in heard(case, space, run.uniforms, group[0].months, run.scenario.events):
        for at, one in enumerate(held):
            found[at] = [JointGains.of([*found[at], better(case, matrix, responses, one)], most)]
        progress(int(codes[-1]) + 1, space.count)
    return {played.name: _described(played, one) for played, [one] in zip(group, found, strict=True)}


def offered(played: TableResult, package: Package) -> dict[str, Any]:
    """What everybody would have of a package beside what it has now, and who would take it.

    Returns
    -------
    plain data (`docs/reference/json.md`)
    """
    text = OutcomeSpace(played.case).encode(package)[None]
    return _offers(played, text)[0]


def _described(played: TableResult, found: JointGains) -> dict[str, Any]:
    offers = _offers(played, found.texts)
    return {
        "judged": found.judged,
        "better": found.count,
        "better_for_all": found.for_all,
        "on_frontier": played.agreed and not found.count,
        "distance": number(found.most),
        "offers": offers,
    }


def _offers(played: TableResult, texts: Texts) -> list[dict[str, Any]]:
    if not len(texts):
        return []
    case, held, space = played.case, Holdings.after(played), OutcomeSpace(played.case)
    evaluation = judge(played.run, texts, played.months)
    found = better(case, evaluation.matrix, evaluation.responses, held)
    fine = {bytes(text) for text in found.texts}
    concerned = _concerned(case, evaluation.matrix, evaluation.responses, held)
    had = space.decode(played.text)
    listed = []
    for which, text in enumerate(texts):
        answers = evaluation.one(text=which).responses.answers
        surplus = {name: float(answers[name].surplus[0, 0]) for name in case.actors}
        never = {name: bool(answers[name].never[0, 0]) and not held.never[at] for at, name in enumerate(case.actors)}
        gains = {name: surplus[name] - held.surplus[at] for at, name in enumerate(case.actors)}
        package = space.decode(text)
        listed.append(
            {
                "package": package,
                "change": {name: [had[name], option] for name, option in package.items() if option != had[name]},
                "concerned": [name for at, name in enumerate(case.actors) if concerned[at, which]],
                "gains": {name: NEVER if never[name] else number(gains[name]) for name in case.actors},
                "worse_for": [name for name in case.actors if never[name] or gains[name] < 0],
                "accepted": bytes(text) in fine,
            }
        )
    return listed
