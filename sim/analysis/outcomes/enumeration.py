"""Every possible package of a case, judged at central values, take it or leave it.

The packages are read and judged in blocks, each by the same rules as one text on a table; what is kept of a package is
what every actor has of it, and how far it is from agreement.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.case.models import Case, Event
from sim.engine.allocator import keep_at_hand
from sim.engine.consent import ConsentAnswer, consent, required_actors
from sim.engine.drawn_parameters import DrawnParameters
from sim.engine.outcome_space import OutcomeSpace
from sim.engine.responses import Responses, collect_responses
from sim.engine.rule_matrix import Bools, CompiledRules, Floats, RuleMatrix
from sim.engine.worlds import Central, Uniforms, Worlds
from sim.errors import UsageError
from sim.negotiation.context import at_month, start
from sim.negotiation.drafting.amendments import one_thread

BLOCK = 65_536
"""Packages that are judged at once: enough to fill the arithmetic, few enough to stay in the processor's memory."""
PACKAGES_MOST = 2**24
"""So many packages, possible or not, are walked at most: about half a minute and 2 GiB."""
CENTRAL = Central()
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Enumeration:
    """What came of every possible package, in the order of the codes.

    Parameters
    ----------
    codes : (package,) int, which package
    surplus : (package, actor) float, points, actors in the order of the case; ``-inf`` where the package crosses a red
        line of the actor that nothing buys off
    agreed : (package,) bool, whether it is in the zone of possible agreement
    blockers : (package,) uint8, how many actors, and rules that nobody in them withholds, stand in the way
    hopeless : (package,) uint8, how many of these no points could win: lines of blockers that are never sold, and rules
        that nobody in them withholds
    shortfall : (package,) float, points, >= 0, that the blockers lack, to accept or to send what they are asked for,
        summed
    lifted : actor to int, how many packages would be agreed if its refusal did not count
    required_actors : the actors whose consent some possible package cannot do without, in the order of the case
    """

    codes: NDArray[np.int64]
    surplus: Floats
    agreed: Bools
    blockers: NDArray[np.uint8]
    hopeless: NDArray[np.uint8]
    shortfall: Floats
    lifted: Mapping[str, int]
    required_actors: tuple[str, ...]


class _AlwaysAccepts:
    """The vote of one whose refusal does not count: for everything."""

    accepts: Bools = np.ones((1, 1), dtype=bool)
    refuses: Bools = np.zeros((1, 1), dtype=bool)

    def sends(self, resource: str) -> Bools:
        """(1, 1) bool, it withholds nothing; how much it sends is not for its vote to say."""
        return self.accepts


def walk(case: Case, progress: Progress | None = None) -> Enumeration:
    """Judge every possible package.

    Parameters
    ----------
    case : the case; its context is that before the first month
    progress : called after every block with how many packages are done, and how many there are

    Raises
    ------
    UsageError
        if there are too many packages to judge each
    """
    space = OutcomeSpace(case)
    if space.count > PACKAGES_MOST:
        raise UsageError(
            f"case '{case.id}' has {space.count:,} packages; at most {PACKAGES_MOST:,} can be judged one by one. "
            "Leave out an issue, or some options."
        )
    kept: dict[str, Any] = {}
    lifted, needs, done = dict.fromkeys(case.actors, 0), set[str](), 0
    for codes, matrix, responses in heard(case, space):
        part = {"codes": codes, **_kept(responses, len(codes))}
        # Room for all at once, which the system gives page by page as it is filled, spares a second copy.
        kept = kept or {name: np.empty((space.count, *one.shape[1:]), one.dtype) for name, one in part.items()}
        for name, one in part.items():
            kept[name][done : done + len(codes)] = one
        done += len(codes)
        for name in case.actors:
            lifted[name] += _agreed_without(case, matrix, responses, name)
        needs |= {name for name, asked in required_actors(case, matrix, responses.pledged).items() if asked.any()}
        if progress is not None:
            progress(int(codes[-1]) + 1, space.count)
    whole: dict[str, Any] = {name: one[:done] for name, one in kept.items()}
    return Enumeration(**whole, lifted=lifted, required_actors=tuple(name for name in case.actors if name in needs))


def heard(
    case: Case,
    space: OutcomeSpace,
    uniforms: Uniforms = CENTRAL,
    month: int | None = None,
    events: tuple[Event, ...] = (),
) -> Iterator[tuple[NDArray[np.int64], RuleMatrix, Responses]]:
    """Every possible package, block by block: its code, what the rules say of it, and everybody's answer to it.

    Parameters
    ----------
    uniforms : one world
    month : of the talks, whose context holds; None for that before the first month
    events : what sets the context until then
    """
    keep_at_hand()
    worlds, compiled_rules = Worlds(case, uniforms), CompiledRules(case)
    drawn_parameters, context = (
        DrawnParameters.draw(worlds),
        start(worlds) if month is None else at_month(worlds, events, month),
    )
    with one_thread():
        for codes, texts in space.blocks(BLOCK):
            if len(codes):
                matrix = compiled_rules.read(texts)
                yield (
                    codes,
                    matrix,
                    collect_responses(
                        case, drawn_parameters.actor_parameters, matrix, drawn_parameters.situation(matrix, context)
                    ),
                )


def _kept(responses: Responses, count: int) -> dict[str, NDArray[Any]]:
    """What is kept of a block: the arrays of a `Enumeration` by name."""
    answers, decided = responses.answers, responses.consent

    def row(array: NDArray[Any]) -> NDArray[Any]:
        return np.asarray(np.broadcast_to(array, (1, count))[0])

    blocking = {name: row(blocks) for name, blocks in decided.blockers.items() if blocks.any()}
    hopeless, blockers = row(decided.stuck).copy(), row(decided.stuck).copy()
    shortfall = np.zeros(count)
    for name, blocks in blocking.items():
        blockers += blocks
        hopeless += blocks & row(answers[name].never)
        shortfall += blocks * row(np.maximum(answers[name].gap, 0))
    surplus = np.empty((count, len(decided.blockers)))
    for at, name in enumerate(decided.blockers):
        surplus[:, at] = row(answers[name].margin())
    return {
        "surplus": surplus,
        "agreed": row(decided.agreed),
        "blockers": blockers,
        "hopeless": hopeless,
        "shortfall": shortfall,
    }


def _agreed_without(case: Case, matrix: RuleMatrix, responses: Responses, name: str) -> int:
    """How many texts would be agreed if an actor's refusal did not count.

    It counts as consenting wherever it is asked, and everybody else's answer stays; but it pledges nothing more than
    it sends now, since what it gives is not a veto.
    """
    if not responses.consent.blockers[name].any():
        return int(responses.consent.agreed.sum())
    votes: dict[str, ConsentAnswer] = {**responses.answers, name: _AlwaysAccepts()}
    sends = responses.answers[name].sends
    pledged = {
        of: {**given, name: given[name] * sends(of)} if name in given else given
        for of, given in responses.pledged.items()
    }
    return int(consent(case, matrix, votes, pledged).agreed.sum())
