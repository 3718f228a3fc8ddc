"""What a caller may pass to the model, in the forms that Mesa's users know."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from numbers import Real
from typing import Any

from sim.arguments import whole_number
from sim.engine.worlds import SEEDS
from sim.errors import UsageError, did_you_mean
from sim.negotiation.agents import Negotiator


def seed_or_generator(seed: Any, rng: Any) -> Any:
    """Return what was given by either name: a number as a seed, and anything else as it is."""
    if seed is not None and rng is not None:
        raise UsageError("'seed' and 'rng' are two names of one argument; give only one of them.")
    given = rng if seed is None else seed
    is_number = isinstance(given, Real)
    return whole_number(given, "seed", 0, SEEDS - 1) if is_number else given


def merged_changes(changes: Mapping[str, object] | None, numbers: Mapping[str, object]) -> dict[str, object]:
    """Return changes that were given together and one by one."""
    if not isinstance(changes, Mapping | None):
        raise UsageError("'changes' must map dotted paths to values; batch_run takes a list of such mappings.")
    if twice := (changes or {}).keys() & numbers.keys():
        raise UsageError(f"{', '.join(sorted(twice))}: given twice, among 'changes' and by itself. Keep only one.")
    return {**(changes or {}), **numbers}


def agent_classes(
    given: type[Negotiator] | Mapping[str, type[Negotiator]] | None, actors: Collection[str]
) -> dict[str, type[Negotiator]]:
    """Return actor to the class of its agent."""
    classes = given if isinstance(given, Mapping) else dict.fromkeys(actors, given or Negotiator)
    for name in classes:
        if name not in actors:
            hint = did_you_mean(name, list(actors)) or f" Choose from {', '.join(actors)}."
            raise UsageError(f"agent_class: the case has no actor '{name}'.{hint}")
    return {name: classes.get(name, Negotiator) for name in actors}
