"""Terms that do not go together: what has to change with a chosen term, and which options a text rules out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from sim.case.models import Package
from sim.case.packages import package
from sim.engine.outcome_space import OutcomeSpace
from sim.engine.terms import amendments
from sim.errors import CaseError


def repaired(space: OutcomeSpace, chosen: Package) -> Package | None:
    """Return the nearest possible package, if there is only one way to repair an impossible one."""
    [text] = space.repair_forced(space.encode(chosen)[None])
    try:
        return package(space.case, space.decode(text))[0]
    except CaseError:
        return None


def completed(space: OutcomeSpace, chosen: Package, issue: str, old: Any) -> Package | None:
    """Return the nearest possible package with one chosen option, from a text that was possible before the choice.

    Parameters
    ----------
    chosen : the package with the new option
    issue, old : the issue that was chosen, and its option before

    Returns
    -------
    None if the text was not possible before, or no repair keeps the choice
    """
    before, after = space.encode({**chosen, issue: old}), space.encode(chosen)
    if not space.possible(before[None])[0]:
        return None
    column = list(space.case.issues).index(issue)
    texts, _ = amendments(space, before, (issue,), 1)
    texts = texts[texts[:, column] == after[column]]
    if not len(texts):
        return None
    steps = np.abs(texts.astype(np.int64) - after).sum(axis=1)
    return space.decode(texts[int(np.argmin(steps))])


def barred_options(space: OutcomeSpace, chosen: Package) -> dict[str, list[Any]]:
    """Return for each issue the options, except the chosen one, that are impossible while the other terms stay."""
    codes, barred = space.encode(chosen), dict[str, list[Any]]()
    for column, (name, issue) in enumerate(space.case.issues.items()):
        texts = codes[None].repeat(len(issue.options), axis=0)
        texts[:, column] = range(len(issue.options))
        possible = zip(issue.options, space.possible(texts), strict=True)
        barred[name] = [option for option, fits in possible if not fits and option != chosen[name]]
    return barred


def chosen_terms(space: OutcomeSpace, change: Mapping[str, list[Any]], changed: Package) -> dict[str, Any]:
    """Return the terms of a change that the constraints do not bring about by themselves, as issue to option.

    Parameters
    ----------
    change : issue to [from, to]
    changed : the whole package after the change
    """
    target, kept = space.encode(changed), dict[str, Any]()
    for name, (old, new) in change.items():
        without = space.encode({**changed, name: old})
        if (space.repair_forced(without[None])[0] != target).any():
            kept[name] = new
    return kept or {name: new for name, (_, new) in change.items()}
