"""Finds cases and scenarios: in a folder of the user's, and among those that come with the package.

A folder with a `case.yaml` is a case. Every other YAML file in it is a scenario, except its `claims.yaml` and the
files in which coders coded its claims.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from sim.errors import UsageError, did_you_mean

CASE = "case.yaml"
CLAIMS = "claims.yaml"
ACTORS = "actors"
TRANSLATIONS = "translations"
SUFFIXES = (".yaml", ".yml")
HERE = Path(__file__).parent
CODING = re.compile(rb"^claims\s*:", re.MULTILINE)
"""Matches the top-level key that every file of codings has and no scenario has."""
STARTER = HERE / "starter"
"""Folder of the commented case that `parley new` copies."""


def bundled() -> Path:
    """Return the folder of the bundled cases: inside the package once installed, beside it in a checkout."""
    inside = HERE / "scenarios"
    return inside if inside.is_dir() else HERE.parent / "scenarios"


def is_case(path: Path) -> bool:
    """Whether a path is a case: a folder with a `case.yaml`, or that file."""
    return path.name == CASE or check_path(path / CASE, Path.is_file)


def check_path(path: Path, test: Callable[[Path], bool]) -> bool:
    """Whether a path passes a test such as `Path.is_file`; False if the path is invalid or may not be read."""
    try:
        return test(path)
    except (OSError, ValueError):
        return False


def cases(folder: Path) -> list[Path]:
    """Return the case folders at or below a folder, sorted."""
    return sorted(file.parent for file in folder.rglob(CASE) if not _hidden(file, folder))


def scenarios(folder: Path) -> list[Path]:
    """Return the scenario files at or below a folder, sorted, without the parts of a case and files of codings."""
    files = (file for file in folder.rglob("*") if file.suffix in SUFFIXES and file.is_file())
    return sorted(
        file
        for file in files
        if case_or_scenario(file) == file and not (_hidden(file, folder) or is_part(file) or _is_coding(file))
    )


def _hidden(path: Path, folder: Path) -> bool:
    """Whether a path below a folder is hidden, like an editor's backup copies."""
    return any(part.startswith(".") for part in path.relative_to(folder).parts)


def is_part(path: Path) -> bool:
    """Whether the name of a file or of its folder makes it a part of a case, with any ending (.yml, .yaml.txt)."""
    return path.parent.name in (ACTORS, TRANSLATIONS) or proper_name(path.name).lower() in (CASE, CLAIMS)


def proper_name(name: str) -> str:
    """Return the name of a case file with the ending that it must have.

    >>> proper_name("north.yml"), proper_name("north.yaml.txt"), proper_name("notes.txt")
    ('north.yaml', 'north.yaml', 'notes.txt')
    """
    return re.sub(r"\.ya?ml(\.txt)?$", ".yaml", name, flags=re.IGNORECASE)


def _is_coding(path: Path) -> bool:
    try:
        return CODING.search(path.read_bytes()) is not None
    except OSError:  # the loader will report it
        return False


def find(name: str) -> Path:
    """Return the file or folder that a user means.

    Parameters
    ----------
    name : a path, or the name of a bundled case or scenario: ``european_force``, ``ukraine_2025/european_force``

    Raises
    ------
    UsageError
        if it is neither; suggests the most similar name
    """
    if (path := existing(name)) is not None:
        return path
    with_ending = [name + suffix for suffix in SUFFIXES if Path(name + suffix).is_file()]
    hint = f" Did you mean '{with_ending[0]}'?" if with_ending else did_you_mean(name, known_names(name))
    if Path(name).suffix in SUFFIXES:
        raise UsageError(f"There is no file '{name}'.{hint}")
    raise UsageError(f"There is no file, folder, or bundled case or scenario named '{name}'.{hint}")


def existing(name: str) -> Path | None:
    """Return the file or folder that a user means, as `find` does; None if there is none."""
    path = Path(name)
    return path if path.exists() else dict(_bundled_names()).get(name)


def known_names(name: str) -> list[str]:
    """Return every name that may be meant: YAML files and cases in the same folder, then the bundled ones."""
    folder = Path(name).parent
    siblings = sorted(folder.iterdir()) if check_path(folder, Path.is_dir) else []
    beside = [str(path) for path in siblings if path.suffix in SUFFIXES or is_case(path)]
    return [*beside, *dict(_bundled_names())]


def bundled_case(name: str) -> Path | None:
    """Return the folder of a bundled case; None if no bundled case has that name."""
    return next((folder for folder in cases(bundled()) if folder.name == name), None)


def name_of(path: Path) -> str:
    """Return what to type for a scenario or case: its bundled name, or its path."""
    root = bundled()
    return path.relative_to(root).with_suffix("").as_posix() if path.is_relative_to(root) else str(path)


def _bundled_names() -> Iterator[tuple[str, Path]]:
    """Yield every name of every bundled case and scenario; a bare name that two cases share means the first."""
    root = bundled()
    paths = [*scenarios(root), *cases(root)]
    for path in reversed(paths):
        yield path.stem, path
    for path in paths:
        yield path.relative_to(root).with_suffix("").as_posix(), path


def case_or_scenario(path: Path) -> Path:
    """Return the case folder that a file is part of; the file itself if it is a scenario."""
    folder = path.parent.parent if path.parent.name == ACTORS else path.parent
    part = path.name in (CASE, CLAIMS) or path.parent.name == ACTORS
    return folder if part and (folder / CASE).is_file() else path
