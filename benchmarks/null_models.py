"""Null models: what simpler rules for the next text reach in the same worlds (`docs/explanation/reviewers.md`).

    python benchmarks/null_models.py [FOLDER] [--worlds 200] [--seed 0] [--only NAME ...]

FOLDER holds scenarios; the default is all bundled ones. Take-it-or-leave-it scenarios have no drafts and are left out.
Every rule plays the same worlds, with the same actors, consent rules, issues, months and terms per amendment. Only the
choice of the next text differs:

- *ours*: the protocol that the scenario names;
- *ours, patient*: the same, but the text may stand until the last month (`protocol.patience`);
- *random among ours*: the tests, waiting and retreats of a single text, but a random draft among those that pass
  (where these are in two sets of candidates, the lot of the set with fewer blockers);
- *random*: any possible text within the allowed number of terms, with equal chances;
- *fewest blockers*: the text with the fewest blockers, if these are fewer than now; otherwise the text stands;
- *least shortfall*: the text on which the blockers together lack least, if that is less than now. Points of different
  actors are added up, which our rules never do. A red line that is known not to be for sale counts before any points.

All of them know what our drafters know: every number except whether a red line is for sale. The output is Markdown.
"""

from __future__ import annotations

import argparse
from abc import abstractmethod
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

import sim
from sim import case_paths
from sim.analysis.outcomes.zone import agreement_possible
from sim.case.models import Case, ProtocolSettings, Scenario
from sim.case.reading.source_map import Finding
from sim.engine.outcome_space import OutcomeSpace
from sim.engine.rule_matrix import Bools, Floats
from sim.engine.terms import amendments
from sim.engine.worlds import GivenValues, Streams
from sim.negotiation.drafting.admissibility import Candidates
from sim.negotiation.drafting.amendments import DraftSearch
from sim.negotiation.drafting.decision import KINDS, Decision, MoveKind
from sim.negotiation.drafting.gaps import crossed_lines
from sim.negotiation.memory import RedLines
from sim.negotiation.protocols import PROTOCOLS, Protocol
from sim.negotiation.protocols.single_text import SingleText
from sim.negotiation.record.history import Month, Outcome, Run
from sim.negotiation.run import play
from sim.negotiation.scenario_loader import as_scenario

REPEATS = 200
"""How often a random rule is played at central values."""
OURS, PATIENT = "ours", "ours, patient"


class AnySettings(SingleText):
    """A single text that may also have the settings of other protocols, which it ignores."""

    @classmethod
    def findings(cls, settings: ProtocolSettings, case: Case, actors: Collection[str]) -> Iterator[Finding]:
        """Find nothing: the scenario has been checked under its own protocol."""
        yield from ()

    def __init__(self, scenario: Scenario) -> None:
        super().__init__(scenario)
        self.generator = np.random.default_rng(0)


class RandomAmongOurs(AnySettings):
    """A single text whose drafters table any draft that passes the tests, with equal chances."""

    name = "random_among_ours"
    label = "Random among ours"
    summary = "Null model: a random admissible draft"

    def may_improve(self, drafts: Candidates) -> Bools:
        """(world, text) bool: one draft of those that pass."""
        return one_of(super().may_improve(drafts), self.generator)

    def may_retreat(self, drafts: Candidates) -> Bools:
        """(world, text) bool: one draft of those that pass."""
        return one_of(super().may_retreat(drafts), self.generator)


class Wandering(AnySettings):
    """Base of the null models without tests: a text is tabled if the rule picks one, otherwise the text stands."""

    def draft(self, drafting: DraftSearch) -> Decision:
        """Table what the rule picks; the talks end with an agreement or when the months run out."""
        everywhere = np.ones(len(drafting.current), dtype=bool)
        found = drafting.search([drafting.current], everywhere, self.pick, self.rank)
        return Decision.of({MoveKind.IMPROVE: found}, stands={MoveKind.STAND: ~found.found})

    @abstractmethod
    def pick(self, drafts: Candidates) -> Bools:
        """(world, text) bool: the texts that the rule finds equally good."""


class RandomText(AnySettings):
    """Any possible text within the allowed number of terms."""

    name = "random_text"
    label = "Random"
    summary = "Null model: any text within the allowed terms"

    def draft(self, drafting: DraftSearch) -> Decision:
        """Table one text of all in each world."""
        space, issues = OutcomeSpace(self.scenario.case), tuple(self.scenario.case.issues)
        around = [amendments(space, text, self.negotiable, self.terms)[0] for text in drafting.current]
        lots = [texts[self.generator.integers(len(texts))] for texts in around]
        return drafting.person_tables(np.stack(lots), issues)


class FewestBlockers(Wandering):
    """The text with the fewest blockers, if they are fewer than now."""

    name = "fewest_blockers"
    label = "Fewest blockers"
    summary = "Null model: greedy on the number of blockers"

    def pick(self, drafts: Candidates) -> Bools:
        """(world, text) bool: the texts with the fewest blockers."""
        return least(blocker_count(drafts), drafts.available, base_blockers(drafts))


class LeastShortfall(Wandering):
    """The text on which the blockers together lack least, if that is less than now."""

    name = "least_shortfall"
    label = "Least shortfall"
    summary = "Null model: greedy on the total shortfall"

    def pick(self, drafts: Candidates) -> Bools:
        """(world, text) bool: the texts with the least total shortfall."""
        total, now = drafts.consent.stuck * HOPELESS, np.zeros((len(drafts.base.texts), 1))
        worlds, texts = np.nonzero(np.ones_like(drafts.available))
        for name in drafts.case.actors:
            gap = np.where(drafts.base.blocks[name], drafts.base.gap[name], 0.0)
            now = now + np.where(np.isinf(gap), HOPELESS, gap)
            lacks = drafts.gap(name, worlds, texts).reshape(drafts.available.shape)
            total = total + np.where(np.isinf(lacks), HOPELESS, lacks)
        for stuck in drafts.base.stuck.values():
            now = now + stuck * HOPELESS
        return least(total, drafts.available, now)


HOPELESS = 1e6
"""What a closed line, or a rule that nobody could meet by giving way, adds to a shortfall: more than any points."""
NULLS: dict[str, type[Protocol]] = {
    "random among ours": RandomAmongOurs,
    "random": RandomText,
    "fewest blockers": FewestBlockers,
    "least shortfall": LeastShortfall,
}


def one_of(admissible: Bools, generator: np.random.Generator) -> Bools:
    """(world, text) bool: one of the admissible texts of each world, with equal chances."""
    lots = np.where(admissible, generator.random(admissible.shape), -1.0)
    return np.asarray(admissible & (lots == lots.max(axis=1, keepdims=True)))


def least(value: NDArray[Any], available: Bools, now: NDArray[Any]) -> Bools:
    """(world, text) bool: the available texts with the least value, if that is less than now."""
    value = np.where(available, value, np.inf)
    lowest = value.min(axis=1, keepdims=True)
    return np.asarray(available & (value == lowest) & (lowest < now))


def blocker_count(drafts: Candidates) -> NDArray[Any]:
    """(world, text) int: who is expected to block each text, and the rules that nobody withholds anything from."""
    return np.asarray(sum(blocks.astype(int) for blocks in drafts.consent.blockers.values()) + drafts.consent.stuck)


def base_blockers(drafts: Candidates) -> NDArray[Any]:
    """(world, 1) int: the same for the text on the table."""
    parts = [*drafts.base.blocks.values(), *drafts.base.stuck.values()]
    return np.asarray(sum(part.astype(int) for part in parts))


# -- what is counted -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Result:
    """What one rule reaches in one scenario.

    Parameters
    ----------
    central : share of the plays at central values that agree; rules without chance are played once
    month : when the play at central values ends; None for a rule with chance
    agreed : (world,) bool
    months : the mean month of the end
    surplus : (world,) float, points, the sponsor's on the last text
    moves, crossing, away : amendments; those that newly cross a known red line whose owner then blocks; those that
        bring no blocker a step closer or push one a step away
    """

    central: float
    month: int | None
    agreed: Bools
    months: float
    surplus: Floats
    moves: int
    crossing: int
    away: int


def measure(scenario: Scenario, rule: str, worlds: int, seed: int) -> Result:
    """Play one scenario by one rule."""
    chance = rule.startswith("random")
    played = scenario
    if rule == PATIENT:
        played = as_scenario(scenario, {"protocol.patience": scenario.protocol.months})
    elif rule != OURS:
        played = as_scenario(scenario, {"protocol.name": NULLS[rule].name})
    nominal = play(played, uniforms=GivenValues({}, REPEATS if chance else 1))
    run = play(played, worlds, seed)
    faults = [fault_counts(run, month) for month in run.months[1:]]
    moves, crossing, away = np.sum(faults, axis=0).tolist() if faults else (0, 0, 0)
    return Result(
        central=float((nominal.outcome == Outcome.AGREED).mean()),
        month=None if chance else int(nominal.ended[0]),
        agreed=run.outcome == Outcome.AGREED,
        months=float(run.ended.mean()),
        surplus=run.at_end(lambda month: month.evaluation.responses.answers[scenario.sponsor].surplus[:, 0]),
        moves=moves,
        crossing=crossing,
        away=away,
    )


def fault_counts(run: Run, month: Month) -> tuple[int, int, int]:
    """Return the amendments that led to the texts of a month, and how many of them are open to two objections.

    Retreats, repeats and texts that stand are no amendments; neither is a text that did not change.
    """
    moves, step, lines = month.moves, run.scenario.protocol.step, RedLines(run.scenario.case)
    assert moves is not None
    amends = np.isin(moves.kind, [KINDS.index(MoveKind.IMPROVE), KINDS.index(MoveKind.OFFER)]) & moves.chosen.any(
        axis=1
    )
    owner = [list(run.scenario.case.actors).index(name) for name, _ in lines.listed]
    newly = crossed_lines(month.evaluation.matrix, lines) & moves.known & ~moves.crossed
    crossing = (newly & moves.blocks[:, owner]).any(axis=1)
    (before, after), (low, high) = moves.gap, moves.surplus
    endless = np.isinf(before) | np.isinf(after)
    with np.errstate(invalid="ignore"):
        closer = np.where(endless, high - low, before - after)
    freed = moves.blocked & ~moves.blocks
    nearer = ((moves.blocked & (closer >= step)) | freed).any(axis=1)
    for stuck in moves.stuck.values():
        nearer |= stuck
    farther = (moves.blocked & ~freed & (closer <= -step)).any(axis=1)
    return int(amends.sum()), int((amends & crossing).sum()), int((amends & (farther | ~nearer)).sum())


# -- tables ----------------------------------------------------------------------------------------------------------


def cell(result: Result) -> str:
    """How many worlds agree, and the play at central values: its month, or the share of plays."""
    if result.month is None:
        return f"{result.agreed.sum()} ({result.central:.0%})"
    return f"{result.agreed.sum()} ({f'month {result.month}' if result.central else 'no'})"


def summary_row(rule: str, results: Sequence[Result], ours: Sequence[Result], possible: Sequence[Bools]) -> str:
    """What a rule reaches in all scenarios together."""
    agreed = np.concatenate([result.agreed for result in results])
    zone = np.concatenate(possible)
    both = agreed & np.concatenate([result.agreed for result in ours])
    surplus, of_ours = (np.concatenate([result.surplus for result in group]) for group in (results, ours))
    moves = max(1, sum(result.moves for result in results))
    shares = [
        f"{sum(result.central for result in results):.1f} of {len(results)}".replace(".0 ", " "),
        f"{agreed.mean():.1%}",
        f"{(agreed & zone).sum() / zone.sum():.0%}",
        f"{np.mean([result.months for result in results]):.1f}",
        f"{float((surplus - of_ours)[both].mean()):+.1f}" if both.any() else "",
        f"{sum(result.crossing for result in results) / moves:.0%}",
        f"{sum(result.away for result in results) / moves:.0%}",
    ]
    return f"| {rule} | " + " | ".join(shares) + " |"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path, default=case_paths.bundled(), help="a folder with scenarios")
    parser.add_argument("--worlds", type=int, default=200, help="worlds of each scenario")
    parser.add_argument("--seed", type=int, default=0, help="of the worlds")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="these scenarios alone")
    arguments = parser.parse_args()
    cast("dict[str, type[Protocol]]", PROTOCOLS).update({one.name: one for one in NULLS.values()})
    rules = [OURS, PATIENT, *NULLS]
    found: dict[str, list[Result]] = {rule: [] for rule in rules}
    possible = []
    print(f"| scenario | possible | {' | '.join(rules)} |")
    print("| --- " * (len(rules) + 2) + "|")
    for path in case_paths.scenarios(arguments.folder):
        scenario = sim.load_scenario(path)
        if scenario.protocol.name == "one_shot" or (arguments.only and scenario.id not in arguments.only):
            continue
        possible.append(agreement_possible(scenario, Streams(arguments.seed, arguments.worlds)))
        for rule in rules:
            found[rule].append(measure(scenario, rule, arguments.worlds, arguments.seed))
        cells = " | ".join(cell(found[rule][-1]) for rule in rules)
        print(f"| `{scenario.id}` | {possible[-1].sum()} | {cells} |", flush=True)
    print("\n| rule | agreed at central values | agreed | of those possible | months | surplus | crossing | away |")
    print("| --- " * 8 + "|")
    for rule in rules:
        print(summary_row(rule, found[rule], found[OURS], possible))


if __name__ == "__main__":
    main()
