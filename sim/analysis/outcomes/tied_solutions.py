"""The packages of the bargaining solutions, with the packages that are as good.

Which of them is named first depends neither on the order of the options nor on that of the actors: packages that are
worth the same to all are the one with the fewest changes from the status quo, then the first by its options' names; of
different outcomes, `sim.analysis.outcomes.bargaining_solutions` says which comes first, the actors by their ids.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.analysis.outcomes.bargaining_solutions import SOLUTIONS
from sim.analysis.outcomes.judged_packages import JudgedPackage, PackageDescriber
from sim.case.conditions import Option
from sim.engine.rule_matrix import Floats

Ints = NDArray[np.intp]
BLOCK = 2**18
"""Packages compared at once, so that memory does not grow with their number."""


class SolutionPackage(JudgedPackage):
    """The package of a bargaining solution, and those that are as good.

    `alike` packages, this one included, give the actors the same surpluses; `tied` different outcomes, this one
    included, share the best value, in `tied_packages` packages. `others` holds the first of the other outcomes.
    """

    alike: int
    tied: int
    tied_packages: int
    others: list[JudgedPackage]


def solutions(
    describe: PackageDescriber, surplus: Floats, frontier: tuple[Ints, Ints], actors: Sequence[str], top: int
) -> dict[str, SolutionPackage | None]:
    """Return the package of each solution; None for each if there is no package to choose from.

    Parameters
    ----------
    surplus : (package, actor) float, of the actors in question
    frontier : packages of the frontier that none of them would refuse, one per outcome, and how many give each outcome.
        Each solution lies there, and so does each actor's ideal.
    actors : the ids of the actors, in the order of the columns
    top : how many other outcomes are listed at most
    """
    points, counts = frontier
    if not len(points):
        return dict.fromkeys(SOLUTIONS)
    by_id = surplus[points][:, np.argsort(actors)]
    named = dict[int, int]()
    found = dict[str, SolutionPackage | None]()
    for name, solve in SOLUTIONS.items():
        best = solve(by_id)
        for at in best[: top + 1].tolist():
            named.setdefault(at, _representative(describe, surplus, int(points[at]), int(counts[at])))
        first, *others = describe(np.array([named[at] for at in best[: top + 1].tolist()]))
        found[name] = {
            **first,
            "alike": int(counts[best[0]]),
            "tied": len(best),
            "tied_packages": int(counts[best].sum()),
            "others": others,
        }
    return found


def _representative(describe: PackageDescriber, surplus: Floats, package: int, count: int) -> int:
    """Of the packages that are worth the same to all, the one to name."""
    if count == 1:
        return package
    alike = np.flatnonzero((surplus == surplus[package]).all(axis=1))
    blocks = np.array_split(alike, math.ceil(len(alike) / BLOCK))
    return _first(describe, np.array([_first(describe, block) for block in blocks]))


def _first(describe: PackageDescriber, packages: Ints) -> int:
    """The package with the fewest changes from the status quo, then the first by the names of its options."""
    issues, texts = describe.case.issues, describe.texts(packages)
    changes = (texts != [issue.options.index(issue.default) for issue in issues.values()]).sum(axis=1)
    left = changes == changes.min()
    for column in np.argsort(list(issues)):
        options = list(issues.values())[column].options
        place = {option: at for at, option in enumerate(sorted(options, key=_by_name))}
        places = np.array([place[option] for option in options])[texts[:, column]]
        left &= places == places[left].min()
    return int(packages[np.argmax(left)])


def _by_name(option: Option) -> tuple[bool, float, str]:
    """Numbers by size, then words by the alphabet."""
    return (True, 0.0, option) if isinstance(option, str) else (False, float(option), "")
