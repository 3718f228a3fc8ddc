"""Warnings about consent rules: packages that need nobody's consent, and votes that never matter."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.case.compiled_conditions import condition_holds
from sim.case.consent_rules.demands import ConsentDemand
from sim.case.models import Case, Package
from sim.engine.outcome_space import OutcomeSpace, Texts, scope
from sim.engine.rule_matrix import Bools

BLOCK = 65_536
"""Packages that are read at once, sized to fit the processor's cache."""
CODES_MOST = 2**22
"""The most packages, possible or not, that are looked at: at most a few seconds."""


def consent_warnings(case: Case) -> Iterator[str]:
    """Yield what is suspicious about the consent rules of a case, as sentences."""
    package = unasked_package(case)
    if package is not None:
        terms = ", ".join(f"{name}: {option}" for name, option in package.items() if option != case.default[name])
        example = f"{{{terms}}}, with the defaults otherwise" if terms else "the default on every issue"
        yield (
            f"some possible packages need nobody's consent, so they are agreed even if everybody refuses; for example "
            f"{example}. Add a rule to consent in case.yaml that applies to them, such as one without 'when'."
        )
    for rule in case.consent:
        for quorum in (part.quorum for part in rule.nested() if part.quorum is not None):
            if len(quorum.tally.matters) < len(quorum.of):
                idle = [case.actors[name].name for name in quorum.of if name not in quorum.tally.matters]
                yield (
                    f"in the consent rule '{rule.rule}', the votes of {' and '.join(idle)} never make a difference, "
                    "however the others vote. Check the votes and the quorum in case.yaml."
                )


def unasked_package(case: Case) -> Package | None:
    """Return a possible package for which the consent rules ask nobody; None if there is none.

    Only the issues on which consent rules depend, and those tied to them by constraints, differ from the defaults.
    """
    if any(not rule.when and not rule.pledges_asked for rule in case.consent):
        return None
    space, seen = OutcomeSpace(case), 0
    for codes, texts in space.blocks(BLOCK, space.encode(case.default), _deciding_issues(case)):
        if len(texts):
            unasked = ~np.logical_or.reduce([
                condition_holds(rule.when, case.issues, texts, case.actors) & _asks(case, rule, texts)
                for rule in case.consent
            ])  # fmt: skip
            if unasked.any():
                return space.decode(texts[int(unasked.argmax())])
        seen += len(codes)
        if seen > CODES_MOST:
            break
    return None


def _deciding_issues(case: Case) -> tuple[int, ...]:
    """The indices of the issues on which consent rules depend, and of those that constraints tie to them."""
    indices = {name: index for index, name in enumerate(case.issues)}
    deciding = {index for rule in case.consent for index in scope(case, rule.when)}
    deciding |= {indices[pledges.cover] for rule in case.consent for pledges in rule.pledges_asked}
    tied = [{*scope(case, rule.when), *scope(case, rule.then)} for rule in case.constraints]
    for _ in tied:  # one constraint may lead to another
        for issues in tied:
            if issues & deciding:
                deciding |= issues
    return tuple(sorted(deciding))


def _asks(case: Case, demand: ConsentDemand, texts: Texts) -> Bools:
    """Return (text,) bool, where a demand is not met if everybody refuses and sends nothing."""
    asks = np.full(len(texts), bool(demand.needs or demand.veto or demand.quorum))
    if demand.pledges:
        amounts = np.array(case.issues[demand.pledges.cover].options, dtype=np.float64)
        asks |= amounts[texts[:, list(case.issues).index(demand.pledges.cover)]] > 0
    for part in demand.all_:
        asks |= _asks(case, part, texts)
    if demand.any_:
        asks |= np.logical_and.reduce([_asks(case, part, texts) for part in demand.any_])
    return asks
