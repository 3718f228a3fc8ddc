"""The packages of the bargaining solutions, with the packages that are as good.

Which of them is named first depends neither on the order of the options nor on that of the actors: packages that are
worth the same to all are the one with the fewest changes from the status quo, then the first by its options' names; of
different outcomes, `sim.analysis.outcomes.bargaining_solutions` says which comes first, the actors by their ids.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.analysis.outcomes.bargaining_solutions import SOLUTIONS
from sim.analysis.outcomes.judged_packages import JudgedPackage, PackageDescriber
from sim.analysis.outcomes.streamed_frontier import Frontier


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
    describe: PackageDescriber, frontier: Frontier, actors: Sequence[str], top: int
) -> dict[str, SolutionPackage | None]:
    """Return the package of each solution; None for each if there is no package to choose from.

    Parameters
    ----------
    frontier : the outcomes of the frontier that none of the actors would refuse. Each solution lies there, and so does
        each actor's ideal.
    actors : the ids of the actors, in the order of the columns
    top : how many other outcomes are listed at most
    """
    if not len(frontier):
        return dict.fromkeys(SOLUTIONS)
    by_id = frontier.points[:, np.argsort(actors)]
    found = dict[str, SolutionPackage | None]()
    for name, solve in SOLUTIONS.items():
        best = solve(by_id)
        first, *others = describe(frontier.named[best[: top + 1]])
        found[name] = {
            **first,
            "alike": int(frontier.counts[best[0]]),
            "tied": len(best),
            "tied_packages": int(frontier.counts[best].sum()),
            "others": others,
        }
    return found
