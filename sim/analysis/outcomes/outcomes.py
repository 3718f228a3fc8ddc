"""The outcome space: what could be agreed at all, by whom, and which packages come nearest to agreement."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from sim.analysis.experiments.intervals import SHARE_DIGITS
from sim.analysis.judging.judged_text import describe_judged
from sim.analysis.outcomes.counting.counted_packages import CountedPackages, count_packages, counted_at_once
from sim.analysis.outcomes.enumeration import CHUNK, PACKAGES_MOST, Enumeration, Progress, enumerate_packages
from sim.analysis.outcomes.judged_packages import PackageDescriber
from sim.analysis.outcomes.outcomes_report import ActorAcceptance, AmongActors, OutcomesInWorlds, OutcomesReport
from sim.analysis.outcomes.streamed_frontier import Frontier, streamed_frontier
from sim.analysis.outcomes.tied_solutions import solutions
from sim.analysis.subject import Target, case_of, subject_of
from sim.arguments import whole_number
from sim.case.models import Case
from sim.engine.allocator import keep_at_hand
from sim.engine.drawn_parameters import DrawnParameters
from sim.engine.grouping import GroupedTexts
from sim.engine.outcome_space import OutcomeSpace, Texts
from sim.engine.responses import collect_responses
from sim.engine.rule_matrix import CompiledRules, Floats
from sim.engine.worlds import Streams, Worlds
from sim.errors import UsageError, did_you_mean
from sim.negotiation.context import in_worlds, start
from sim.negotiation.drafting.amendments import BLOCK, one_thread
from sim.negotiation.scenario_loader import TargetLike, as_target

FORMAT = "parley.outcomes/1"
TOP = 10
"""Default number of packages listed of each kind."""
IN_WORLDS = 1_000
"""Number of the best packages at central values that are also judged in many worlds."""
DRAWN = 4_096
"""Worlds drawn per block, so that memory does not grow with their number."""


def outcomes(
    target: TargetLike,
    among: Sequence[str] | None = None,
    *,
    worlds: int | None = None,
    seed: int = 0,
    top: int = TOP,
    enumeration: Enumeration | None = None,
    progress: Progress | None = None,
) -> OutcomesReport:
    """Judge every possible package at central values, as a take-it-or-leave-it proposal.

    If there are too many packages to judge each, they are counted, without a list of the nearest ones, a frontier and
    solutions. Raises UsageError if `among` names an unknown actor, or one twice, or if there are too many packages
    and they cannot be counted, or were to be judged in many worlds.

    Parameters
    ----------
    target : a case, or a scenario for its case with the scenario's changes, or the name or path of either; the
        scenario's proposal plays no part
    among : the actors for whom the frontier and the solutions are computed; None for those whose consent some
        possible package cannot do without
    worlds : how many worlds to draw, in which the best packages are judged too; None for central values alone
    seed : the seed of the worlds
    top : how many packages are listed of each kind
    enumeration : every package of this case, if they have been judged already
    progress : called with the steps done and the steps in all; first for packages, then for worlds
    """
    target, seed = as_target(target), whole_number(seed, "seed", 0)
    worlds, top = whole_number(worlds, "worlds"), whole_number(top, "top")
    case = case_of(target)
    if among is not None:
        _check(case, among)
    if enumeration is None and OutcomeSpace(case).count > PACKAGES_MOST:
        if worlds is not None:
            raise UsageError(
                f"the packages of case '{case.id}' are too many to list, so none can be judged in many worlds. "
                "Leave out --worlds to count them at central values."
            )
        return _counted(target, count_packages(case, progress), among, seed)
    enumeration = enumerate_packages(case, progress) if enumeration is None else enumeration
    chosen = tuple(among or enumeration.required_actors or case.actors)
    least, frontier = _least_and_frontier(enumeration, chosen)
    counts = counted_at_once(case)
    best = nearest(enumeration, least, max(top, IN_WORLDS))
    describe = PackageDescriber(case, enumeration)
    return {
        "format": FORMAT,
        "seed": seed,
        "worlds": worlds or 1,
        "nominal": worlds is None,
        **subject_of(target),
        "packages": len(enumeration.codes),
        "counted": False,
        "parts": [] if counts is None else counts.part_issues,
        "actors": _actors(case, enumeration, len(enumeration.codes), None if counts is None else counts.decisive),
        "agreed": int(enumeration.agreed.sum()),
        "among": list(chosen),
        "judged": describe_judged(target, what="every"),
        **_among_actors(describe, least, frontier, [name for name in case.actors if name in chosen], top),
        "nearest": describe(best[:top]),
        "in_worlds": None if worlds is None else _in_worlds(describe, best[:IN_WORLDS], worlds, seed, top, progress),
    }


def _counted(target: Target, counts: CountedPackages, among: Sequence[str] | None, seed: int) -> OutcomesReport:
    case = case_of(target)
    chosen = among or counts.required_actors or tuple(case.actors)
    return {
        "format": FORMAT,
        "seed": seed,
        "worlds": 1,
        "nominal": True,
        **subject_of(target),
        "packages": counts.packages,
        "counted": True,
        "parts": counts.part_issues,
        "actors": _actors(case, counts, counts.packages, counts.decisive),
        "agreed": counts.agreed,
        "among": list(chosen),
        "judged": describe_judged(target, what="every"),
        "acceptable": counts.accepted_by_all(chosen),
        "frontier": None,
        "solutions": {},
        "nearest": [],
        "in_worlds": None,
    }


def _least_and_frontier(enumeration: Enumeration, actors: Sequence[str]) -> tuple[Floats, Frontier]:
    """The surplus of the worst-off of some actors, (package,) float, and their frontier."""
    least, begin = np.empty(len(enumeration.codes)), 0

    def chunks() -> Iterator[Floats]:
        nonlocal begin
        for points in enumeration.surplus_blocks(actors):
            least[begin : begin + len(points)] = points.min(axis=1)
            begin += len(points)
            yield points

    return least, streamed_frontier(chunks(), enumeration.case, enumeration.codes)


def nearest(enumeration: Enumeration, least: Floats, count: int) -> NDArray[np.intp]:
    """Return the packages that are agreed, then those nearest to agreement, best first.

    Packages are sorted by the number of reasons against them that no points could win over (red lines without a price,
    and unmet rules that no actor withholds), then by the summed shortfall of their blockers, then by the number of
    blockers. All three are 0 for an agreed package. Ties are broken by the surplus of the worst-off of the given
    actors, `least` (package,) float, in points; then by the order of the options. Returns at most `count` indices into
    the enumeration.
    """
    chunks = (np.arange(begin, min(begin + CHUNK, len(least))) for begin in range(0, len(least), CHUNK))
    left = np.concatenate([_nearest(enumeration, least, chunk, count) for chunk in chunks])
    return _nearest(enumeration, least, np.sort(left), count)


def _nearest(enumeration: Enumeration, least: Floats, among: NDArray[np.intp], count: int) -> NDArray[np.intp]:
    """The nearest of some packages, whose indices are sorted."""
    keys = [key[among] for key in (enumeration.hopeless, enumeration.shortfall, enumeration.blockers)]
    keys.append(-least[among])
    selected: list[NDArray[np.intp]] = []
    tied, missing = np.arange(len(among)), min(count, len(among))
    for key in keys:
        values = key[tied]
        bound = np.partition(values, missing - 1)[missing - 1]
        selected.append(tied[values < bound])
        missing -= len(selected[-1])
        tied = tied[values == bound]
    best = np.concatenate([*selected, tied[:missing]])
    ordered: NDArray[np.intp] = among[best[np.lexsort([best, *(key[best] for key in reversed(keys))])]]
    return ordered


def _actors(
    case: Case, counts: Enumeration | CountedPackages, packages: int, decisive: Mapping[str, int] | None
) -> dict[str, ActorAcceptance]:
    return {
        name: {
            "name": actor.name,
            "accepts": counts.accepts[name],
            "share": round(counts.accepts[name] / packages, SHARE_DIGITS),
            "needed": name in counts.required_actors,
            "agreed_without": counts.agreed_without[name],
            "decisive": None if decisive is None else decisive[name],
        }
        for name, actor in case.actors.items()
    }


def _among_actors(
    describe: PackageDescriber, least: Floats, frontier: Frontier, chosen: Sequence[str], top: int
) -> AmongActors:
    """The frontier for some actors, and the solutions among the packages that none of them would refuse."""
    worst = frontier.points.min(axis=1)
    order = np.lexsort([frontier.first, -frontier.points.sum(axis=1), -worst])
    acceptable = frontier.only(worst >= 0)
    return {
        "acceptable": int((least >= 0).sum()),
        "frontier": {
            "points": len(frontier),
            "packages": int(frontier.counts.sum()),
            "acceptable_points": len(acceptable),
            "acceptable_packages": int(acceptable.counts.sum()),
            "best": describe(frontier.first[order[:top]]),
        },
        "solutions": solutions(describe, acceptable, chosen, top),
    }


def _in_worlds(
    describe: PackageDescriber, best: NDArray[np.intp], worlds: int, seed: int, top: int, progress: Progress | None
) -> OutcomesInWorlds:
    shares, any_share = _agreed_shares(describe.case, describe.texts(best), worlds, seed, progress)
    order = np.argsort(-shares, kind="stable")[:top]
    return {
        "judged": len(best),
        "any_agreed": round(any_share, SHARE_DIGITS),
        "best": [
            {**package, "agreed_share": round(float(share), SHARE_DIGITS)}
            for package, share in zip(describe(best[order]), shares[order], strict=True)
        ],
    }


def _agreed_shares(case: Case, texts: Texts, worlds: int, seed: int, progress: Progress | None) -> tuple[Floats, float]:
    """The share of worlds in which each package is agreed, (text,) float; and the share in which any of them is."""
    keep_at_hand()
    grouped, counts, any_agreed = GroupedTexts(case, CompiledRules(case).read(texts)), np.zeros(len(texts)), 0
    size = max(1, BLOCK // len(texts))
    with one_thread():
        for first in range(0, worlds, DRAWN):
            drawn = Worlds(case, Streams(seed, min(DRAWN, worlds - first), first))
            drawn_parameters, context = DrawnParameters.draw(drawn), start(drawn)
            for begin in range(0, drawn.count, size):
                rows = slice(begin, min(begin + size, drawn.count))
                selected = drawn_parameters.only(rows)
                situation = selected.situation(grouped, in_worlds(context, rows))
                agreed = collect_responses(
                    case, grouped.respondents(selected.actor_parameters), grouped, situation
                ).consent.agreed
                agreed = np.broadcast_to(agreed, (rows.stop - rows.start, len(texts)))
                counts += agreed.sum(axis=0)
                any_agreed += int(agreed.any(axis=1).sum())
                if progress is not None:
                    progress(first + rows.stop, worlds)
    return counts / worlds, any_agreed / worlds


def _check(case: Case, among: Sequence[str]) -> None:
    for name in among:
        if name not in case.actors:
            hint = did_you_mean(name, list(case.actors)) or f" Choose from {', '.join(case.actors)}."
            raise UsageError(f"'{name}' is not an actor of case '{case.id}'.{hint}")
    if twice := next((name for name in among if among.count(name) > 1), None):
        raise UsageError(f"'{twice}' is named twice among the actors. Name each actor once.")
