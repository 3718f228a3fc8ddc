"""Every possible package of a case, judged at central values as a take-it-or-leave-it proposal.

Packages are read and judged in blocks, by the same rules as a single text on the table. For each package the result
keeps every actor's surplus and how far the package is from agreement.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.case.models import Case, Event
from sim.engine.allocator import keep_at_hand
from sim.engine.drawn_parameters import ActorParameters, DrawnParameters
from sim.engine.fixed_point import to_points
from sim.engine.outcome_space import OutcomeSpace, Texts
from sim.engine.responses import (
    Answers,
    Responses,
    all_answers,
    apply_consent_rules,
    collect_responses,
    first_answers,
)
from sim.engine.rule_matrix import Bools, CompiledRules, Floats, RuleMatrix, RuleSource
from sim.engine.rule_tables import RuleBlock, RuleTables
from sim.engine.voting.consent import agreed_without
from sim.engine.voting.needed_actors import required_actors
from sim.engine.worlds import Central, Uniforms, Worlds
from sim.errors import UsageError
from sim.negotiation.context import at_month, start
from sim.negotiation.drafting.amendments import one_thread

BLOCK = 65_536
"""Packages judged per block, sized to fit the processor's cache."""
PACKAGES_MOST = 2**24
"""The most packages, possible or not, that are enumerated: some ten seconds for a few actors, and less than 1 GB."""
SECONDS, BYTES = 1.2e-7, 45
"""What a package takes for each actor, and for the consent rules once more; and what it takes in memory."""
KEPT_MOST = 2**25
"""The most surpluses that are kept, a quarter of a gigabyte; more are computed again when they are needed."""
CHUNK = 2**20
"""Packages compared at once."""
CHUNK_NUMBERS = 2**22
"""Surpluses compared at once, if they have to be computed again."""
CENTRAL = Central()
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Enumeration:
    """The judgement of every possible package, in the order of the codes.

    Parameters
    ----------
    case : whose packages these are
    codes : (package,) int, the code of each package in `OutcomeSpace`
    agreed : (package,) bool, whether it is in the zone of possible agreement
    blockers : (package,) uint8, the number of blocking actors, and of unmet consent rules that no actor withholds
    hopeless : (package,) uint8, how many of these no points could win over: blockers whose red line has no price, and
        unmet rules that no actor withholds
    shortfall : (package,) float, points, >= 0, what the blockers lack to accept, or to send what they are asked for,
        summed
    accepts : actor to int, how many packages it accepts
    agreed_without : actor to int, how many packages would be agreed if its refusal did not count
    required_actors : the actors without whose consent some possible package cannot be agreed, in the order of the case
    kept : (package, actor) float, the surpluses; None if there are too many to keep, so that they are computed again
    """

    case: Case
    codes: NDArray[np.int64]
    agreed: Bools
    blockers: NDArray[np.uint8]
    hopeless: NDArray[np.uint8]
    shortfall: Floats
    accepts: Mapping[str, int]
    agreed_without: Mapping[str, int]
    required_actors: tuple[str, ...]
    kept: Floats | None

    @property
    def surplus(self) -> Floats:
        """(package, actor) float, points, actors in the order of the case.

        It is ``-inf`` where the package crosses a red line of the actor that has no price.
        """
        return self.surplus_of(list(self.case.actors)) if self.kept is None else self.kept

    def surplus_of(self, actors: Collection[str]) -> Floats:
        """Return (package, actor) float, the surpluses of some actors, in the order of the case."""
        return np.concatenate(list(self.surplus_blocks(actors)))

    def surplus_blocks(self, actors: Collection[str]) -> Iterator[Floats]:
        """Yield the surpluses (package, actor) of some actors, in the order of the case, some packages at a time."""
        if self.kept is None:
            yield from _joined(self._computed([name for name in self.case.actors if name in actors]))
        else:
            chosen = np.array([name in actors for name in self.case.actors])
            for first in range(0, len(self.kept), CHUNK):
                part = self.kept[first : first + CHUNK]
                yield part if chosen.all() else part[:, chosen]

    def _computed(self, actors: Sequence[str]) -> Iterator[Floats]:
        for block, _, answers in _answered(self.case, OutcomeSpace(self.case)):
            yield _margins(answers, actors, len(block.codes))


def enumerate_packages(case: Case, progress: Progress | None = None) -> Enumeration:
    """Judge every possible package.

    The context is the one before the first month. `progress` is called after each block with the packages done and the
    packages in all. Raises UsageError if there are too many packages to judge each.
    """
    space = OutcomeSpace(case)
    if space.count > PACKAGES_MOST:
        raise too_many(case)
    rows, kept = _Rows(space.count), _Rows(min(space.count, KEPT_MOST // len(case.actors)))
    accepts, without, needs = dict.fromkeys(case.actors, 0), dict.fromkeys(case.actors, 0), set[str]()
    for codes, matrix, responses in central_blocks(case, space):
        rows.add({"codes": codes, **_block_arrays(responses, len(codes))})
        if kept.enough:
            kept.add({"kept": _margins(responses.answers, list(case.actors), len(codes))})
        lifted = agreed_without(case, matrix, responses.answers, responses.pledged, responses.consent)
        for name, answer in responses.answers.items():
            accepts[name] += int(np.broadcast_to(answer.accepts, (1, len(codes))).sum())
            without[name] += int(lifted[name].sum())
        needs |= {name for name, asked in required_actors(case, matrix, responses.pledged).items() if asked.any()}
        if progress is not None:
            progress(int(codes[-1]) + 1, space.count)
    filled: dict[str, Any] = {"kept": None, **rows.filled(), **kept.filled()}
    required = tuple(name for name in case.actors if name in needs)
    return Enumeration(case, accepts=accepts, agreed_without=without, required_actors=required, **filled)


def too_many(case: Case, otherwise: str = "Leave out an issue, or some options.") -> UsageError:
    """Return the error that there are too many packages to judge each, with what else can be done."""
    count = OutcomeSpace(case).count
    return UsageError(
        f"case '{case.id}' has {count:,} packages; at most {PACKAGES_MOST:,} can be judged one by one. "
        f"All would take about {_estimate(count, len(case.actors))}. {otherwise}"
    )


class _Rows:
    """Arrays that are filled block by block; nothing is left of them if more rows come than they have room for.

    One allocation for all rows avoids a second copy; the system provides the memory page by page as it is filled.
    """

    def __init__(self, most: int) -> None:
        self._most, self._done, self._arrays = most, 0, dict[str, NDArray[Any]]()

    @property
    def enough(self) -> bool:
        """Whether all rows so far had room."""
        return self._done <= self._most

    def add(self, block: Mapping[str, NDArray[Any]]) -> None:
        """Add the rows of a block."""
        begin = self._done
        self._done += len(next(iter(block.values())))
        if not self.enough:
            self._arrays = {}
            return
        for name, part in block.items():
            if not begin:
                self._arrays[name] = np.empty((self._most, *part.shape[1:]), part.dtype)
            self._arrays[name][begin : self._done] = part

    def filled(self) -> dict[str, NDArray[Any]]:
        """Return the rows."""
        return {name: array[: self._done] for name, array in self._arrays.items()}


def _estimate(packages: int, actors: int) -> str:
    """Describe in words the time and the memory that judging these packages would take."""
    minutes, gigabytes = packages * (1 + actors) * SECONDS / 60, packages * BYTES / 1e9
    time = f"{minutes:,.0f} minutes" if minutes < 2 * 60 else f"{minutes / 60:,.0f} hours"
    return f"{time} and {gigabytes:,.0f} GB"


def central_blocks(case: Case, space: OutcomeSpace) -> Iterator[tuple[NDArray[np.int64], RuleSource, Responses]]:
    """Yield every possible package at central values, block by block: its code, its rules, and everybody's answer."""
    for block, respondents, answers in _answered(case, space):
        yield block.codes, block, apply_consent_rules(case, respondents, block, answers)


def _answered(case: Case, space: OutcomeSpace) -> Iterator[tuple[RuleBlock, Sequence[ActorParameters], Answers]]:
    """Yield every possible package at central values, block by block, and the actors with their answers."""
    keep_at_hand()
    worlds, tables = Worlds(case, CENTRAL), RuleTables(space)
    drawn_parameters, context = DrawnParameters.draw(worlds), start(worlds)
    respondents = drawn_parameters.actor_parameters
    with one_thread():
        for block in tables.blocks():
            if len(block.codes):
                situation = drawn_parameters.situation(block, context)
                reactions = first_answers(respondents, block, situation)
                yield block, respondents, all_answers(respondents, block, situation, reactions)


def judged_blocks(
    case: Case,
    space: OutcomeSpace,
    uniforms: Uniforms = CENTRAL,
    month: int | None = None,
    events: tuple[Event, ...] = (),
    text: Texts | None = None,
    moving: Collection[int] = (),
) -> Iterator[tuple[NDArray[np.int64], RuleMatrix, Responses]]:
    """Yield every possible package, block by block: its code, what the rules say about it, and everybody's answer.

    `uniforms` are those of one world. Without a month, the context is the one before the first. With a `text`, only the
    packages that differ from it on the issues `moving`, given by their indices.
    """
    keep_at_hand()
    worlds, compiled_rules = Worlds(case, uniforms), CompiledRules(case)
    drawn_parameters = DrawnParameters.draw(worlds)
    context = start(worlds) if month is None else at_month(worlds, events, month)
    with one_thread():
        for codes, texts in space.blocks(BLOCK, text, moving):
            if len(codes):
                matrix = compiled_rules.read(texts)
                situation = drawn_parameters.situation(matrix, context)
                yield codes, matrix, collect_responses(case, drawn_parameters.actor_parameters, matrix, situation)


def _joined(blocks: Iterator[Floats]) -> Iterator[Floats]:
    """Put small blocks together, up to `CHUNK_NUMBERS`."""
    waiting: list[Floats] = []
    for block in blocks:
        waiting.append(block)
        if sum(each.size for each in waiting) >= CHUNK_NUMBERS:
            yield np.concatenate(waiting)
            waiting = []
    if waiting:
        yield np.concatenate(waiting)


def _margins(answers: Answers, actors: Sequence[str], count: int) -> Floats:
    """The surpluses of some actors, (package, actor); minus infinity beyond a red line that has no price."""
    surplus = np.empty((count, len(actors)))
    for column, name in enumerate(actors):
        surplus[:, column] = answers[name].margin()[0]
    return surplus


def _block_arrays(responses: Responses, count: int) -> dict[str, NDArray[Any]]:
    answers, decision = responses.answers, responses.consent

    def row(array: NDArray[Any]) -> NDArray[Any]:
        return np.asarray(np.broadcast_to(array, (1, count))[0])

    hopeless, blockers = row(decision.stuck).copy(), row(decision.stuck).copy()
    shortfall = np.zeros(count)
    for name, blocks in decision.blockers.items():
        if blocks.any():
            blocking = row(blocks)
            blockers += blocking
            if answers[name].never.any():
                hopeless += blocking & row(answers[name].never)
            shortfall += blocking * row(np.maximum(answers[name].gap, 0))
    return {
        "agreed": row(decision.agreed),
        "blockers": blockers,
        "hopeless": hopeless,
        "shortfall": to_points(shortfall),
    }
