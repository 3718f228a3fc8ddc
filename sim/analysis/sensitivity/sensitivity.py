"""Which uncertain numbers an answer depends on: Sobol indices of groups and of single numbers, after a screening."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypedDict

import numpy as np

from sim.analysis.experiments.intervals import CONFIDENCE, rounded
from sim.analysis.runner.executors import WorkerPool, crew
from sim.analysis.runner.pieces import Progress
from sim.analysis.sensitivity.model_outputs import model_output
from sim.analysis.sensitivity.morris import ElementaryEffects, elementary_effects
from sim.analysis.sensitivity.protocol_effects import ProtocolEffect, protocol_effects, replays
from sim.analysis.sensitivity.second_order import PairShare, pair_count, second_order
from sim.analysis.sensitivity.sobol import (
    RESAMPLES,
    SaltelliDesign,
    SaltelliOutputs,
    bootstrap,
    indices,
    play_both,
    play_mixed,
)
from sim.analysis.sensitivity.uncertain_inputs import (
    FAMILIES,
    InputGroup,
    UncertainInput,
    UncertainNumberData,
    check_uncertain,
    group_families,
    shock_columns,
    uncertain_numbers,
)
from sim.analysis.sensitivity.variance_shares import (
    Estimate,
    IndexEstimates,
    IndexReport,
    RankedGroup,
    RequestedIndices,
)
from sim.analysis.sensitivity.varying_outputs import varying_outputs
from sim.analysis.subject import Subject, subject_of
from sim.arguments import whole_number
from sim.case.distributions import written
from sim.case.models import Scenario
from sim.errors import UsageError
from sim.negotiation.scenario_loader import ScenarioLike, as_scenario

FORMAT = "parley.sensitivity/1"
BASE = 1_024
"""Default number of worlds in each of Saltelli's matrices: enough to separate what matters from what does not."""
BASE_MOST = 2**16
MANY = 50
"""Up to this many uncertain numbers, each gets indices; beyond it, only those that a screening selects."""
SINGLES = 20
"""Default number of numbers that a screening selects."""
TRAJECTORIES = 64
"""Default number of trajectories of the screening."""
WIDE = 0.25
"""A wider interval leaves open whether a group matters much or little."""


class ScreenedNumber(TypedDict):
    """The elementary effects of one number."""

    path: str
    mu: float
    mu_star: float
    sigma: float


class Screening(TypedDict):
    """Morris's screening: every number that has an effect, the largest first."""

    trajectories: int
    kept: int
    effects: list[ScreenedNumber]


class RankedNumber(RankedGroup, UncertainNumberData):
    """A single number with its indices."""

    kind: str
    written: str


class SetAside(IndexEstimates):
    """The numbers that the screening did not select, together."""

    numbers: int


class _OutputData(Subject):
    format: str
    of: str
    says: str
    binary: bool
    mean: float
    variance: float
    varies: bool
    varying: list[str]
    uncertain: int
    shocks: int
    actors: dict[str, str]
    confidence: float
    resamples: int
    seed: int
    base: int
    protocol: list[ProtocolEffect]
    together: list[list[str]]


class SensitivityReport(_OutputData):
    """The result of `sensitivity` (`docs/reference/json.md`)."""

    worlds: int
    screening: Screening | None
    groups: dict[str, list[RankedGroup]]
    interactions: dict[str, Estimate | None]
    unsupported: IndexEstimates | None
    numbers: list[RankedNumber]
    set_aside: SetAside | None
    pairs: list[PairShare] | None
    wide: bool


def sensitivity(
    scenario: ScenarioLike,
    of: str = "agreed",
    *,
    base: int = BASE,
    seed: int = 0,
    singles: int = SINGLES,
    trajectories: int = TRAJECTORIES,
    pairs: int = 0,
    by: WorkerPool | None = None,
    progress: Progress | None = None,
) -> SensitivityReport:
    """Divide the variance of an answer over the worlds among the uncertain numbers; the same for all workers.

    Raises UsageError if there is no such answer, nothing is uncertain, or a size is out of bounds.

    Parameters
    ----------
    scenario : a scenario, its bundled name, or the path of its file
    of : the answer (`sim.analysis.sensitivity.model_outputs.model_output`)
    base : worlds in each of Saltelli's matrices, a power of two. As many again are played for every group and every
        single number, and twice as many for every other value of a setting of the protocol
    seed : the seed of the worlds
    singles : how many numbers get indices of their own if there are more than `MANY`
    trajectories : trajectories of the screening that selects them
    pairs : how many of the numbers that matter most are also examined two by two; as many worlds as in a matrix are
        played for every pair
    by : the workers that play; None plays in this process
    progress : called with the number of worlds done and the approximate total
    """
    scenario, seed = as_scenario(scenario), whole_number(seed, "seed", 0)
    base, singles, trajectories = _checked(base, singles, trajectories)
    pairs = whole_number(pairs, "pairs", 0)
    output, by = model_output(scenario, of), by or crew(1)
    numbers, luck = uncertain_numbers(scenario), shock_columns(scenario) if output.played else ()
    check_uncertain(scenario, numbers, luck)
    tick = _counter(progress, cost(scenario, of, base, singles, trajectories, pairs))
    design = SaltelliDesign.draw([*numbers, *luck], base, seed)
    a, b = play_both(output, design, by, tick)
    both = np.concatenate([a, b])
    about: _OutputData = {
        "format": FORMAT,
        **subject_of(scenario),
        "of": output.name,
        "says": output.in_words(scenario),
        "binary": output.binary,
        "mean": rounded(both.mean()),
        "variance": rounded(both.var()),
        "varies": bool(both.min() < both.max()),
        "varying": [] if both.min() < both.max() else varying_outputs(scenario, seed),
        "uncertain": len(numbers),
        "shocks": len(luck),
        "actors": {name: actor.name for name, actor in scenario.case.actors.items()},
        "confidence": CONFIDENCE,
        "resamples": RESAMPLES,
        "seed": seed,
        "base": base,
        "protocol": protocol_effects(scenario, output, design, both, by, tick),
        "together": [list(group.numbers) for group in scenario.case.correlated],
    }
    played = 2 * base * (1 + replays(scenario, output))
    if a.min() == a.max() == b.min() == b.max():
        return _without_variance(about, played, pairs)
    screened, kept = None, list(numbers)
    if len(numbers) > MANY:
        screened = elementary_effects(output, list(numbers), luck, trajectories, seed, by, tick)
        kept = _kept(list(numbers), screened, singles)
    families = group_families(numbers, luck)
    requested = RequestedIndices(families, numbers, kept)
    mixed = play_mixed(output, design, requested.distinct, by, tick)
    outputs = SaltelliOutputs(a, b, mixed)
    report = IndexReport(requested, indices(outputs), bootstrap(outputs, seed))
    unsupported, set_aside = requested.unsupported, requested.set_aside
    single = report.ranked(requested.single)
    examined = [InputGroup(group["name"], frozenset([group["name"]])) for group in single[:pairs]]
    shares = second_order(output, design, outputs, requested.distinct, examined, seed, by, tick)
    played += mixed.size + pair_count(len(examined)) * base
    return {
        **about,
        "worlds": played + (trajectories * (len(numbers) + 1) if screened else 0),
        "screening": None if screened is None else _screening(list(numbers), screened, kept, trajectories),
        "groups": {family: report.ranked(groups) for family, groups in families.items()},
        "interactions": {family: report.interactions(groups) for family, groups in families.items()},
        "unsupported": report.indices(unsupported) if unsupported.columns else None,
        "numbers": [_ranked_number(group, numbers[group["name"]]) for group in single],
        "set_aside": {**report.indices(set_aside), "numbers": len(set_aside.columns)} if set_aside.columns else None,
        "pairs": shares if pairs else None,
        "wide": report.widest(families["support"]) > WIDE,
    }


def check_base(base: int) -> int:
    """Return the size of a base sample; refuse one that Sobol points do not fill evenly.

    Raises UsageError if it is not a power of two within bounds.
    """
    base = whole_number(base, "base", 0)
    if base < 2 or base > BASE_MOST or base & (base - 1):
        near = min(2 ** max(1, round(np.log2(max(base, 2)))), BASE_MOST)
        raise UsageError(
            f"A base sample of {base:,} worlds: it must be a power of two from 2 to {BASE_MOST:,}, such as {near:,}."
        )
    return base


def _checked(base: int, singles: int, trajectories: int) -> tuple[int, int, int]:
    return check_base(base), whole_number(singles, "singles"), whole_number(trajectories, "trajectories", 2)


def cost(scenario: Scenario, of: str, base: int, singles: int, trajectories: int, pairs: int = 0) -> int:
    """Return how many worlds `sensitivity` plays at most: fewer if the answer never varies or some groups are the same.

    Raises UsageError as `sensitivity`.
    """
    base, singles, trajectories = _checked(base, singles, trajectories)
    output, numbers = model_output(scenario, of), uncertain_numbers(scenario)
    luck = shock_columns(scenario) if output.played else ()
    many = len(numbers) > MANY
    kept = list(numbers)[:singles] if many else list(numbers)
    groups = len(RequestedIndices(group_families(numbers, luck), numbers, kept).distinct)
    settings = 2 * replays(scenario, output)
    groups += pair_count(min(pairs, len(kept)))
    return (2 + groups + settings) * base + (trajectories * (len(numbers) + 1) if many else 0)


def _without_variance(about: _OutputData, played: int, pairs: int) -> SensitivityReport:
    return {
        **about,
        "worlds": played,
        "groups": {family: [] for family in FAMILIES},
        "interactions": dict.fromkeys(FAMILIES),
        "screening": None,
        "unsupported": None,
        "numbers": [],
        "set_aside": None,
        "pairs": [] if pairs else None,
        "wide": False,
    }


def _kept(paths: Sequence[str], screened: ElementaryEffects, singles: int) -> list[str]:
    """Return the numbers with the largest mean absolute effects above 0, in the order of the files."""
    order = np.argsort(-screened.mu_star, kind="stable")[:singles]
    return [paths[index] for index in sorted(order.tolist()) if screened.mu_star[index] > 0]


def _screening(paths: Sequence[str], screened: ElementaryEffects, kept: Sequence[str], trajectories: int) -> Screening:
    rows: list[ScreenedNumber] = [
        {
            "path": paths[index],
            "mu": rounded(screened.mu[index]),
            "mu_star": rounded(screened.mu_star[index]),
            "sigma": rounded(screened.sigma[index]),
        }
        for index in np.argsort(-screened.mu_star, kind="stable").tolist()
        if screened.mu_star[index] > 0
    ]
    return {"trajectories": trajectories, "kept": len(kept), "effects": rows}


def _ranked_number(group: RankedGroup, uncertain: UncertainInput) -> RankedNumber:
    number = uncertain.number
    return {
        **group,
        "what": uncertain.what,
        "says": number.says,
        "owner": uncertain.owner,
        "kind": uncertain.kind,
        "support": uncertain.support,
        "written": written(number.written),
        "source": list(number.source),
        "assumption": number.assumption,
        "note": number.note,
    }


def _counter(progress: Progress | None, total: int) -> Callable[[int], None]:
    """Return a function that adds up finished worlds and reports them."""
    done = 0

    def tick(worlds: int) -> None:
        nonlocal done
        done += worlds
        if progress is not None:
            progress(done, total)

    return tick
