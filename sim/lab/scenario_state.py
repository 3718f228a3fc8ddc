"""A scenario that is looked into: its case, the proposals beside it, and what becomes of it under changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias

from sim import case_paths
from sim.analysis.counterfactuals.parameters import Parameter, movables
from sim.analysis.judging.proposals import judged
from sim.analysis.judging.verdicts import context_of
from sim.case.models import Case, Package, Scenario
from sim.case.packages import filled, impossible, package
from sim.case.reading.yaml_documents import read_document
from sim.engine.measures import DURABILITY
from sim.engine.outcome_space import OutcomeSpace
from sim.engine.worlds import Central
from sim.errors import CaseError, Problem, UsageError, did_you_mean
from sim.lab.link_state import LinkState
from sim.negotiation.scenario_loader import build_scenario, load_scenario

Plain: TypeAlias = Mapping[str, Any]
LINK = "link"
"""The file that problems with what a link says are said to be in."""
LOOKS = ("actor", "of", "across")
ASKED, LEAST = "asked", "least"
"""Whose acceptance is looked at, unless it is one actor's: of all whose consent every proposal needs, side by side; or
of the least willing of those whose consent a proposal needs."""


@dataclass(frozen=True)
class ModifiedScenario:
    """A scenario as it stands under changes.

    Parameters
    ----------
    scenario : with the changed numbers; its proposal is the text on the table, where that is possible
    package : the terms that were chosen, possible or not
    broken : the constraints that they break, in words
    mended : the nearest possible terms, if the constraints leave one way
    barred : issue to the options that are impossible beside the other terms
    """

    scenario: Scenario
    package: Package
    broken: tuple[str, ...]
    mended: Package | None
    barred: Mapping[str, list[Any]]

    @property
    def case(self) -> Case:
        """With the changed numbers."""
        return self.scenario.case


class LoadedScenario:
    """A scenario and the bundled proposals of its case.

    Parameters
    ----------
    path : its file
    name : by which pages call it

    Attributes
    ----------
    base : the scenario as its files say
    sisters : the scenarios of its case folder, in the order of their names, itself among them
    left_out : the files of that folder that make no scenario
    numbers : all numbers of the case, as things that may be moved
    case_name : by which a file that is saved anywhere finds the case again

    Raises
    ------
    CaseError
        with every mistake in its files
    """

    def __init__(self, path: Path, name: str) -> None:
        self.name, self.base = name, load_scenario(path)
        folder = path.parent / str(read_document(_root(path)).data["case"])
        if not case_paths.is_case(folder):
            folder = case_paths.bundled_case(self.base.case.id) or folder
        folder = folder if folder.is_dir() else folder.parent
        self.sisters, self.left_out = _sisters(folder, path, self.base)
        self.numbers: Mapping[str, Parameter] = movables(self.base)
        bundled = folder.resolve().parent == case_paths.bundled().resolve()
        self.case_name = folder.resolve().name if bundled else folder.resolve().as_posix()

    def with_changes(self, state: LinkState) -> ModifiedScenario:
        """The scenario under what a state changes.

        Raises
        ------
        CaseError
            if a number, an issue or an option makes no sense; says which, and why
        """
        try:
            scenario = build_scenario(self.base.source, state.numbers)
        except CaseError as error:
            raise CaseError(replace(one, file=LINK, line=0, column=0) for one in error.problems) from None
        case = scenario.case
        whole, _, unfit = filled(case, {**self.base.proposal, **state.terms})
        if unfit:
            raise CaseError(
                Problem(LINK, 0, 0, ".".join(map(str, ("proposal", *one.path))), one.message) for one in unfit
            )
        broken = tuple(one.message for one in impossible(case, whole))
        space = OutcomeSpace(case)
        return ModifiedScenario(
            scenario=scenario if broken else replace(scenario, proposal=whole),
            package=whole,
            broken=broken,
            mended=_mended(space, whole) if broken else None,
            barred=_barred(space, whole),
        )

    @cached_property
    def answered(self) -> Plain:
        """Everybody's answer to the scenario as its file says, as a row of `sim.analysis.judging.proposals.judged`."""
        return judged(context_of(self.base.case, Central()), [self.base.proposal])[0]

    def as_filed(self, modified: ModifiedScenario) -> bool:
        """Whether nothing differs from the scenario as its file says."""
        return modified.package == self.base.proposal and modified.scenario.source == self.base.source

    def moved(self, modified: ModifiedScenario) -> int:
        """How many numbers differ from the scenario as its file says."""
        was, changed = self.base.changes, modified.scenario.changes
        return sum(was.get(path) != changed.get(path) for path in was.keys() | changed.keys())

    def looked_at(self, state: LinkState) -> dict[str, str]:
        """Whose reasons, whose acceptance, along which measure.

        Raises
        ------
        UsageError
            if there is no such actor or measure, or nothing of that name can be looked at
        """
        case = self.base.case
        known = {"actor": list(case.actors), "of": [ASKED, LEAST, *case.actors], "across": across(case)}
        for name, value in state.looked_at.items():
            if name not in known:
                raise UsageError(f"show.{name}: there is nothing of that name to look at ({', '.join(LOOKS)}).")
            if value not in known[name]:
                hint = did_you_mean(value, known[name])
                raise UsageError(f"show.{name}: '{value[:40]}' is none of {', '.join(known[name])}.{hint}")
        deters = case.durability.deterrence if case.durability else ""
        first = {"actor": known["actor"][0], "of": ASKED, "across": deters or next(iter(case.measures), "")}
        return {**first, **state.looked_at}


def across(case: Case) -> list[str]:
    """The measures of a case, durability among them, along which proposals can be set."""
    return [*case.measures, *([DURABILITY] if case.durability else [])]


def possible_blockers(case: Case) -> dict[str, str]:
    """The actors by name, and the rules of consent in their words, which may block by themselves."""
    return {**{name: one.name for name, one in case.actors.items()}, **{one.rule: one.says for one in case.consent}}


def _root(path: Path) -> Path:
    """The file of a scenario's chain of `extends` that names the case; the last, as a rule."""
    data = read_document(path).data
    return path if "case" in data else _root(path.parent / str(data["extends"]))


def _sisters(folder: Path, path: Path, base: Scenario) -> tuple[list[Scenario], list[str]]:
    sisters, left_out = dict[Path, Scenario](), list[str]()
    for one in case_paths.scenarios(folder):
        try:
            sisters[one.resolve()] = load_scenario(one)
        except CaseError:
            left_out.append(one.name)
    return [one for one in {**sisters, path.resolve(): base}.values() if one.case.id == base.case.id], left_out


def _mended(space: OutcomeSpace, whole: Package) -> Package | None:
    [text] = space.mend(space.encode(whole)[None])
    try:
        return package(space.case, space.decode(text))[0]
    except CaseError:
        return None


def _barred(space: OutcomeSpace, whole: Package) -> dict[str, list[Any]]:
    """For each issue the options, other than the chosen one, that are impossible while the other terms stay."""
    here, barred = space.encode(whole), dict[str, list[Any]]()
    for at, (name, issue) in enumerate(space.case.issues.items()):
        texts = here[None].repeat(len(issue.options), axis=0)
        texts[:, at] = range(len(issue.options))
        there = space.possible(texts)
        barred[name] = [one for one, fits in zip(issue.options, there, strict=True) if not fits and one != whole[name]]
    return barred
