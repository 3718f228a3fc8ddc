"""The smallest sets of voters that reach a number of votes: the minimal winning coalitions of a weighted vote."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate


def winning_sets(names: Sequence[str], votes: Mapping[str, int], need: int) -> Iterator[tuple[str, ...]]:
    """Yield every set of voters that has enough votes, and would not without any one of its members.

    Sets of voters with many votes come first, and among voters with as many votes those of the first names. Voters are
    added from the most votes to the fewest. So the last one added has the fewest, and a set that is enough only with it
    is minimal.

    >>> list(winning_sets(["a", "b", "c"], {"a": 1, "b": 2, "c": 1}, 3))
    [('b', 'a'), ('b', 'c')]
    """
    ordered = sorted(names, key=lambda name: -votes[name])
    left = [*accumulate((votes[name] for name in reversed(ordered)), initial=0)][::-1]

    def from_index(index: int, chosen: tuple[str, ...], lacking: int) -> Iterator[tuple[str, ...]]:
        if lacking <= 0:
            yield chosen
        elif left[index] >= lacking:
            name = ordered[index]
            yield from from_index(index + 1, (*chosen, name), lacking - votes[name])
            yield from from_index(index + 1, chosen, lacking)

    return from_index(0, (), need)
