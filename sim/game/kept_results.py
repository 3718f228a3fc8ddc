"""Keeps results that several readers ask for, by everything that they depend on."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

Result = TypeVar("Result")


@dataclass(frozen=True, eq=False)
class Itself:
    """Part of a key: an object that is equal only to itself. The key keeps it alive, so no other object gets its id."""

    thing: object

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Itself) and other.thing is self.thing

    def __hash__(self) -> int:
        return id(self.thing)


class KeptResults(Generic[Result]):
    """The `most` results that were asked for last; it is used by one thread at a time.

    A key names everything that its result depends on, so no result is ever out of date.

    >>> kept = KeptResults[str](most=1)
    >>> kept.get("a", lambda: "one"), kept.get("a", lambda: "two")
    ('one', 'one')
    >>> kept.get("b", lambda: "three"), kept.get("a", lambda: "four")
    ('three', 'four')
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._results: OrderedDict[Hashable, Result] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], Result]) -> Result:
        """Return the result with a key; it is made unless it is kept."""
        if key not in self._results:
            made = make()
            while len(self._results) >= self._most:
                self._results.popitem(last=False)
            self._results[key] = made
        self._results.move_to_end(key)
        return self._results[key]
