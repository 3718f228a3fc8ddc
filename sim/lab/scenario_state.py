"""A scenario in the lab: as loaded from its file, and with the changes of a link."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias, cast

from sim import case_paths
from sim.analysis.counterfactuals.parameters import Parameter, parameters_of
from sim.analysis.judging.judged_text import AskedMonth, judge_text
from sim.analysis.judging.package_rows import judged
from sim.analysis.judging.proposals import ProposalTable
from sim.analysis.sensitivity.one_at_a_time import ALL
from sim.case.changes import changeable_numbers
from sim.case.models import Case, Package, Scenario
from sim.case.packages import constraint_findings, fill_proposal
from sim.case.reading.yaml_documents import read_document
from sim.engine.measures import DURABILITY
from sim.engine.outcome_space import OutcomeSpace
from sim.errors import CaseError, Problem, UsageError, did_you_mean, quoted
from sim.lab.link_state import TERM, LinkState
from sim.lab.term_repairs import barred_options, completed, repaired
from sim.negotiation.scenario_loader import load_scenario, scenario_builder

Plain: TypeAlias = Mapping[str, Any]
LINK = "link"
"""Name that stands for the file in problems with a link."""
VIEW_SETTINGS = ("actor", "of", "across", "month", "effect", "lever", "pinned")
"""Whose reasons are shown; whose acceptance, and along which measure; the month in which the text is judged; whom the
numbers move in the tornado; along which number the response curves run; and the state, as in a link, with which the
present one is compared."""
LEAST, END = "least", "end"
"""The acceptance of the least willing actor whose consent a proposal needs; the month in which the talks end."""
FIRST = "first"
"""Whom the numbers move in the tornado at first: the first actor that blocks."""
EXPLAINED_MOST = 10
"""Unknown names in a link that are explained one by one, each with the name that is most like it."""
PINNED_BASE = "base"
"""The pinned state if it is the scenario as in its file, which has no changes to list."""


@dataclass(frozen=True)
class ModifiedScenario:
    """A scenario with changes.

    Parameters
    ----------
    scenario : has the changed numbers; its proposal is the text on the table if that text is possible
    package : the chosen terms, possible or not
    broken : the constraints that they break, in words
    mended : the nearest possible terms, if there is only one way to repair the text
    barred : issue to the options that are impossible together with the other terms
    followed : the terms that were changed because of the one that was just chosen, as issue to option
    """

    scenario: Scenario
    package: Package
    broken: tuple[str, ...]
    mended: Package | None
    barred: Mapping[str, list[Any]]
    followed: Mapping[str, Any]

    @property
    def case(self) -> Case:
        """The case with the changed numbers."""
        return self.scenario.case


class LoadedScenario:
    """A scenario and the bundled proposals of its case.

    Parameters
    ----------
    path : its file
    name : its id in the catalogue

    Attributes
    ----------
    base : the scenario as in its file
    sisters : the scenarios in its case folder, itself included, in the order of their names
    left_out : files in that folder that are not valid scenarios
    numbers : all numbers of the case that can be changed, by path
    case_name : name or path with which a saved file can refer to the case from anywhere

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
        self.sisters, self.left_out = _scenarios_of_case(folder, path, self.base)
        self.numbers: Mapping[str, Parameter] = parameters_of(self.base)
        self._builder = scenario_builder(self.base.source)
        self._answered: dict[AskedMonth, Plain] = {}
        self._pinned: tuple[str, ModifiedScenario] | None = None
        bundled = folder.resolve().parent == case_paths.bundled().resolve()
        self.case_name = folder.resolve().name if bundled else folder.resolve().as_posix()

    def with_changes(self, state: LinkState, chosen: Mapping[str, Any] | None = None) -> ModifiedScenario:
        """Return the scenario with the changes of a link.

        Parameters
        ----------
        chosen : the issue that was just chosen, to its option before; what has to change with it is changed

        Raises
        ------
        CaseError
            if a number, an issue or an option is not valid; says which and why
        """
        self._check_names(state)
        try:
            scenario = self._builder.build(state.numbers)
        except CaseError as error:
            raise CaseError(replace(problem, file=LINK, line=0, column=0) for problem in error.problems) from None
        case = scenario.case
        package, _, mistakes = fill_proposal(case, {**self.base.proposal, **state.terms})
        if mistakes:
            raise CaseError(
                Problem(LINK, 0, 0, ".".join(map(str, ("proposal", *mistake.path))), mistake.message)
                for mistake in mistakes
            )
        broken = tuple(problem.message for problem in constraint_findings(case, package))
        space, whole = OutcomeSpace(case), None
        for issue, old in (chosen or {}).items():
            if broken and issue in case.issues and old in case.issues[issue].options:
                whole = completed(space, package, issue, old)
        followed = {} if whole is None else {name: new for name, new in whole.items() if new != package[name]}
        if whole is not None:
            package, broken = whole, ()
        return ModifiedScenario(
            scenario=scenario if broken else replace(scenario, proposal=package),
            package=package,
            broken=broken,
            mended=repaired(space, package) if broken else None,
            barred=barred_options(space, package),
            followed=followed,
        )

    def _check_names(self, state: LinkState) -> None:
        """Raise `UsageError` if a link has many unknown names; a few are explained one by one, which takes longer."""
        issues = self.base.case.issues
        unknown = [name for name in state.numbers if not any(part in self._changeable for part in _beginnings(name))]
        unknown += [f"{TERM}{name}" for name in state.terms if name not in issues]
        if len(unknown) > EXPLAINED_MOST:
            raise UsageError(
                f"The link has {len(unknown)} names that this case does not have, such as {quoted(unknown[0])}. It may "
                "be for another scenario, or for another version of this one."
            )

    @cached_property
    def _changeable(self) -> Container[str]:
        return changeable_numbers(self.base.case, cast(Plain, self.base.source["case"]))

    @cached_property
    def proposals(self) -> ProposalTable:
        """The bundled proposals, each to be judged in its own scenario's world."""
        return ProposalTable(self.sisters)

    def answered(self, month: AskedMonth) -> Plain:
        """Return every actor's answer to the scenario as in its file, as a row of `judged`."""
        if month not in self._answered:
            context = judge_text(self.base, None, month, "opening").context
            [self._answered[month]] = judged(context, [self.base.proposal])
        return self._answered[month]

    def pinned(self, looked_at: Mapping[str, str]) -> ModifiedScenario | None:
        """Return the state with which the present one is compared; None if there is none.

        Parameters
        ----------
        looked_at : as of `LoadedScenario.looked_at`

        Raises
        ------
        ParleyError
            if it is not valid, as for a link
        """
        state, kept = looked_at["pinned"], self._pinned
        if not state:
            return None
        if kept is None or kept[0] != state:
            self._pinned = kept = state, self.with_changes(LinkState.parse("" if state == PINNED_BASE else state))
        return kept[1]

    @property
    def months(self) -> int:
        """How many months the talks can last."""
        return self.base.protocol.months

    def is_unchanged(self, modified: ModifiedScenario) -> bool:
        """Return whether nothing differs from the scenario as in its file."""
        return modified.package == self.base.proposal and modified.scenario.source == self.base.source

    def changed_numbers(self, modified: ModifiedScenario) -> int:
        """Return how many numbers differ from the scenario as in its file."""
        before, after = self.base.changes, modified.scenario.changes
        return sum(before.get(path) != after.get(path) for path in before.keys() | after.keys())

    def looked_at(self, state: LinkState) -> dict[str, str]:
        """Return what is shown, as in `VIEW_SETTINGS`; what is left open is empty, except the measure.

        Raises
        ------
        UsageError
            if an actor, a measure, a number or a setting is unknown
        """
        case = self.base.case
        choices = {
            "actor": list(case.actors),
            "of": [LEAST, *case.actors],
            "across": across(case),
            "month": [*map(str, range(1, self.months + 1)), END],
            "effect": [FIRST, ALL, *case.actors],
            "lever": list(self.numbers),
        }
        for name, value in state.looked_at.items():
            if name not in VIEW_SETTINGS:
                raise UsageError(f"show.{name}: unknown setting. Choose from {', '.join(VIEW_SETTINGS)}.")
            if name in choices and value not in choices[name]:
                hint = did_you_mean(value, choices[name])
                listed = "" if name == "lever" else f" Choose from {', '.join(choices[name])}."
                raise UsageError(f"show.{name}: unknown value '{value[:40]}'.{listed}{hint}")
        deters = case.durability.deterrence if case.durability else ""
        first = {"actor": "", "of": "", "across": deters or next(iter(case.measures), ""), "month": ""}
        first |= {"effect": FIRST, "lever": "", "pinned": ""}
        return {**first, **state.looked_at}


def _beginnings(name: str) -> Iterator[str]:
    """Yield a dotted path, and all that it begins with: the number, if the path leads into its distribution."""
    while name:
        yield name
        name = name.rpartition(".")[0]


def asked_month(month: str) -> AskedMonth:
    """Return the month of a link; empty stands for take it or leave it, as talks open."""
    return "end" if month == END else int(month) if month else None


def across(case: Case) -> list[str]:
    """Return the measures of a case, durability included, along which proposals can be ordered."""
    return [*case.measures, *([DURABILITY] if case.durability else [])]


def possible_blockers(case: Case) -> dict[str, str]:
    """Return the names of all who can block a text: the actors and the rules of consent, by id."""
    return {id_: actor.name for id_, actor in case.actors.items()} | {rule.rule: rule.says for rule in case.consent}


def _root(path: Path) -> Path:
    """Return the file in a scenario's chain of `extends` that names the case, usually the last one."""
    data = read_document(path).data
    return path if "case" in data else _root(path.parent / str(data["extends"]))


def _scenarios_of_case(folder: Path, path: Path, base: Scenario) -> tuple[list[Scenario], list[str]]:
    sisters, left_out = dict[Path, Scenario](), list[str]()
    for file in case_paths.scenarios(folder):
        try:
            sisters[file.resolve()] = load_scenario(file)
        except CaseError:
            left_out.append(file.name)
    scenarios = {**sisters, path.resolve(): base}.values()
    return [scenario for scenario in scenarios if scenario.case.id == base.case.id], left_out
