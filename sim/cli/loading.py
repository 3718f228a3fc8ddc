"""From what a user names to loaded cases and scenarios. The loader is imported where there is something to load."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from sim import case_paths
from sim.cli import output
from sim.cli.version import VERSION
from sim.errors import CaseError, Problem, UsageError, missing

if TYPE_CHECKING:
    from sim.analysis.runner.executors import WorkerPool
    from sim.analysis.runner.pieces import Job, Piece
    from sim.analysis.runner.result_store import ResultStore
    from sim.case.models import Case, Scenario


SCENARIOS_OWN = ("proposal", "protocol")
"""What ``--set`` changes of a scenario, not of its case."""


def scenario(name: str, changes: Mapping[str, Any]) -> Scenario:
    """A scenario by path or bundled name, changed as ``--set`` says.

    Raises
    ------
    UsageError
        if there is none, or it is a case
    CaseError
        with every mistake in its files
    """
    path = case_paths.find(name)
    if case_paths.is_case(path):
        stems = ", ".join(one.stem for one in case_paths.scenarios(path if path.is_dir() else path.parent))
        raise UsageError(f"'{name}' is a case. Name one of its scenarios: {stems}.")
    if path.is_dir():
        raise UsageError(f"'{name}' is a folder. Name a scenario file.")
    from sim.negotiation.scenario_loader import load_scenario

    return load_scenario(path, changes)


def either(name: str, changes: Mapping[str, Any]) -> Case | Scenario:
    """A case or a scenario, whichever the name stands for, changed as ``--set`` says.

    Raises
    ------
    UsageError
        if there is none; or if a case is to be changed where only a scenario has something
    CaseError
        with every mistake in its files
    """
    path = case_paths.find(name)
    if not case_paths.is_case(path):
        return scenario(name, changes)
    if asked := next((one for one in changes if one.partition(".")[0] in SCENARIOS_OWN), None):
        raise UsageError(
            f"--set {asked}: '{name}' is a case, and a case has no {asked.partition('.')[0]}. Name a scenario."
        )
    from sim.case.loader import load_case

    return load_case(path, changes)


def case(name: str) -> Case:
    """A case by path or bundled name.

    Raises
    ------
    UsageError
        if there is none, or it is something else
    CaseError
        with every mistake in its files
    """
    path = case_paths.find(name)
    if not case_paths.is_case(path):
        raise UsageError(f"'{name}' is not a case. Name a case folder or a bundled case.")
    from sim.case.loader import load_case

    return load_case(path)


def scenarios(names: Sequence[str], changes: Mapping[str, Any]) -> list[Scenario]:
    """All scenarios that files and folders name, in that order, each once; mistakes of all of them at once."""
    paths = dict.fromkeys(path for name in names for path in _scenario_files(case_paths.find(name), name))
    from sim.negotiation.scenario_loader import load_scenario

    loaded, problems = _try_each(paths, lambda path: load_scenario(path, changes))
    if problems:
        raise CaseError(problems)
    return loaded


def beside(name: str, one: Scenario, changes: Mapping[str, Any]) -> list[Scenario]:
    """The scenarios of one's case in the folder that a name stands for, or lies in; those with mistakes are left out.

    Parameters
    ----------
    changes : as ``--set`` says; what they change in the case holds for these, too, but not what they propose
    """
    path = case_paths.find(name)
    in_case = {key: value for key, value in changes.items() if key.partition(".")[0] not in SCENARIOS_OWN}
    from sim.negotiation.scenario_loader import load_scenario

    found = case_paths.scenarios(path if path.is_dir() else path.parent)
    loaded, _ = _try_each(found, lambda path: load_scenario(path, in_case))
    return [other for other in loaded if other.case.id == one.case.id]


def check(names: Sequence[str]) -> tuple[int, dict[Path, Scenario], list[Problem]]:
    """Load everything that the names cover.

    Returns
    -------
    how many cases and scenarios were read; the scenarios without a mistake, by file; every mistake, sorted by place
    """
    from sim.case.models import Scenario
    from sim.negotiation.scenario_loader import load

    paths = dict.fromkeys(path for name in names for path in _everything(case_paths.find(name), name))
    loaded, problems = _try_each(paths, lambda path: (path, load(path)))
    return len(paths), {path: one for path, one in loaded if isinstance(one, Scenario)}, problems


def store(folder: Path, work: Job[Piece], *, resume: bool) -> ResultStore:
    """The folder that ``--out`` names, for the rows of an ensemble or a sweep.

    Raises
    ------
    UsageError
        if it cannot take them, or pyarrow, which writes them, is not installed
    """
    try:
        from sim.analysis.runner.result_store import ResultStore
    except ModuleNotFoundError as error:
        if error.name != "pyarrow":
            raise
        raise missing("--out", "pyarrow", "analysis") from None
    opened = ResultStore(folder, work, program=VERSION, resume=resume)
    for damage in opened.damaged:
        output.errors().print(damage, soft_wrap=True)
    return opened


@contextmanager
def resumable(folder: Path | None) -> Iterator[None]:
    """Tell whoever interrupts the work how it goes on, if its rows are kept in a folder."""
    try:
        yield
    except KeyboardInterrupt:
        kept = f"Interrupted. Finished work is saved in {folder}. To continue, repeat the command with --resume."
        raise KeyboardInterrupt(*([kept] if folder else [])) from None


@contextmanager
def crew(workers: int | None, dask: str | None) -> Iterator[WorkerPool]:
    """Who does the work: this process, processes of this machine, or a cluster.

    Raises
    ------
    UsageError
        if the cluster cannot be reached, or Dask, which speaks to it, is not installed
    """
    if dask is None:
        from sim.analysis.runner.executors import crew as processes

        yield processes(workers or 1)
        return
    try:
        from sim.analysis.runner.dask_executor import LOCAL, on_dask
    except ModuleNotFoundError as error:
        if error.name not in ("dask", "distributed"):
            raise
        raise missing("--dask", "Dask", "dask") from None
    if workers is not None and dask != LOCAL:
        raise UsageError(f"--workers {workers}: the cluster at {dask} has its own workers. Leave out --workers.")
    with on_dask(dask, workers) as by:
        yield by


Loaded = TypeVar("Loaded")


def _try_each(paths: Iterable[Path], load: Callable[[Path], Loaded]) -> tuple[list[Loaded], list[Problem]]:
    loaded: list[Loaded] = []
    problems: set[Problem] = set()
    for path in paths:
        try:
            loaded.append(load(path))
        except CaseError as error:
            problems |= set(error.problems)
    return loaded, sorted(problems)


def _scenario_files(path: Path, name: str) -> list[Path]:
    if path.is_file() and not case_paths.is_case(path):
        return [path]
    if found := case_paths.scenarios(path if path.is_dir() else path.parent):
        return found
    raise UsageError(f"There are no scenarios in '{name}'.")


def _everything(path: Path, name: str) -> list[Path]:
    if path.is_file():
        return [case_paths.case_or_scenario(path)]
    if found := [*case_paths.cases(path), *case_paths.scenarios(path)]:
        return found
    raise UsageError(f"There are no cases or scenarios in '{name}'.")
