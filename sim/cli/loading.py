"""Loads the cases and scenarios that a user names; the loader is imported only when there is something to load."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
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
"""The parts that ``--set`` changes in a scenario and not in its case."""


def scenario(name: str, changes: Mapping[str, Any]) -> Scenario:
    """Load a scenario by path or bundled name, with the changes of ``--set``.

    Raises
    ------
    UsageError
        if there is none, or it is a case
    CaseError
        with every mistake in its files
    """
    path = case_paths.find(name)
    if case_paths.is_case(path):
        stems = ", ".join(file.stem for file in case_paths.scenarios(path if path.is_dir() else path.parent))
        raise UsageError(f"'{name}' is a case. Name one of its scenarios: {stems}.")
    if path.is_dir():
        raise UsageError(f"'{name}' is a folder. Name a scenario file.")
    from sim.negotiation.scenario_loader import load_scenario

    return load_scenario(path, changes)


def in_language(scenario: Scenario, name: str, language: str) -> Scenario:
    """Return a scenario, loaded by its name, in the words of a language, as far as its case is translated."""
    from sim.case.translation import read_translation, translated
    from sim.negotiation.scenario_loader import build_scenario

    folder = case_paths.find(name).parent
    folder = folder if case_paths.is_case(folder) else case_paths.bundled_case(scenario.case.id) or folder
    translation = read_translation(folder, language)
    return scenario if translation is None else build_scenario(translated(scenario.source, translation))


def either(name: str, changes: Mapping[str, Any]) -> Case | Scenario:
    """Load a case or a scenario, whichever the name means, with the changes of ``--set``.

    Raises
    ------
    UsageError
        if there is none, or the changes are of a part that only a scenario has
    CaseError
        with every mistake in its files
    """
    path = case_paths.find(name)
    if not case_paths.is_case(path):
        return scenario(name, changes)
    if asked := next((key for key in changes if key.partition(".")[0] in SCENARIOS_OWN), None):
        raise UsageError(
            f"--set {asked}: '{name}' is a case, and a case has no {asked.partition('.')[0]}. Name a scenario."
        )
    from sim.case.loader import load_case

    return load_case(path, changes)


def case(name: str) -> Case:
    """Load a case by path or bundled name.

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
    """Load the scenarios that files and folders name, in that order, each once; report the mistakes of all at once."""
    paths = dict.fromkeys(path for name in names for path in _scenario_files(case_paths.find(name), name))
    from sim.case.reading.case_files import case_files
    from sim.negotiation.scenario_loader import load_scenario

    read_case = cache(case_files)
    loaded, problems = _try_each(paths, lambda path: load_scenario(path, changes, read_case=read_case))
    if problems:
        raise CaseError(problems)
    return loaded


def beside(name: str, scenario: Scenario, changes: Mapping[str, Any]) -> list[Scenario]:
    """Load the scenarios of the same case in the folder that a name means, or is in, without those with mistakes.

    Parameters
    ----------
    changes : the changes of ``--set``, of which those of the case apply to these scenarios, too
    """
    path = case_paths.find(name)
    in_case = {key: value for key, value in changes.items() if key.partition(".")[0] not in SCENARIOS_OWN}
    from sim.case.reading.case_files import case_files
    from sim.negotiation.scenario_loader import load_scenario

    read_case = cache(case_files)
    paths = case_paths.scenarios(path if path.is_dir() else path.parent)
    loaded, _ = _try_each(paths, lambda path: load_scenario(path, in_case, read_case=read_case))
    return [other for other in loaded if other.case.id == scenario.case.id]


def check(names: Sequence[str]) -> tuple[int, dict[Path, Scenario], list[Problem]]:
    """Load everything that the names cover.

    Returns
    -------
    the number of cases and scenarios; the scenarios without mistakes, by file; all mistakes, sorted by place
    """
    from sim.case.models import Scenario
    from sim.case.reading.case_files import case_files
    from sim.negotiation.scenario_loader import load

    read_case = cache(case_files)

    paths = dict.fromkeys(path for name in names for path in _everything(case_paths.find(name), name))
    loaded, problems = _try_each(paths, lambda path: (path, load(path, read_case=read_case)))
    return len(paths), {path: scenario for path, scenario in loaded if isinstance(scenario, Scenario)}, problems


def store(folder: Path, work: Job[Piece], *, resume: bool, force: bool) -> ResultStore:
    """Return the folder of ``--out`` as the store for the rows of an ensemble or a sweep.

    Parameters
    ----------
    resume : whether to continue the run that the folder holds
    force : whether to discard a run that the folder holds

    Raises
    ------
    UsageError
        if it cannot hold them, or pyarrow is not installed
    """
    try:
        from sim.analysis.runner.folder_lock import FolderLock
        from sim.analysis.runner.manifest import MANIFEST
        from sim.analysis.runner.result_store import PARTS, ResultStore
    except ModuleNotFoundError as error:
        if error.name != "pyarrow":
            raise
        raise missing("--out", "pyarrow", "analysis") from None
    if force and not resume and (folder / MANIFEST).exists():
        FolderLock(folder).release()  # it refuses while another run writes there
        shutil.rmtree(folder / PARTS, ignore_errors=True)
        for old in [folder / MANIFEST, *folder.glob("*.parquet")]:
            old.unlink()
    opened = ResultStore(folder, work, program=VERSION, resume=resume)
    for damage in opened.damaged:
        output.errors().print(damage, soft_wrap=True)
    return opened


@contextmanager
def resumable(folder: Path | None) -> Iterator[None]:
    """On Ctrl-C, say how to resume work whose rows are kept in a folder."""
    try:
        yield
    except KeyboardInterrupt:
        kept = f"Interrupted. Finished work is saved in {folder}. To continue, repeat the command with --resume."
        raise KeyboardInterrupt(*([kept] if folder else [])) from None


@contextmanager
def crew(workers: int | None, dask: str | None) -> Iterator[WorkerPool]:
    """Yield the workers: this process, processes of this machine, or a cluster.

    Raises
    ------
    UsageError
        if the cluster cannot be reached, or Dask is not installed
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
    if files := case_paths.scenarios(path if path.is_dir() else path.parent):
        return files
    raise UsageError(f"There are no scenarios in '{name}'.")


def _everything(path: Path, name: str) -> list[Path]:
    if path.is_file():
        return [case_paths.case_or_scenario(path)]
    if files := [*case_paths.cases(path), *case_paths.scenarios(path)]:
        return files
    raise UsageError(f"There are no cases or scenarios in '{name}'.")
