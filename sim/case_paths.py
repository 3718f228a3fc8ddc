"""Where case files are: in a folder of the user's, and among those that come with the package.

A folder with a `case.yaml` is a case; every other YAML file in it is a scenario, but for its `claims.yaml`, and for
what coders wrote about its claims.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from sim.errors import UsageError, did_you_mean

CASE = "case.yaml"
CLAIMS = "claims.yaml"
ACTORS = "actors"
SUFFIXES = (".yaml", ".yml")
HERE = Path(__file__).parent
CODING = re.compile(rb"^claims\s*:", re.MULTILINE)
"""What a coder's file has at its margin, and a scenario never."""
STARTER = HERE / "starter"
"""The commented case that `new` copies."""


def bundled() -> Path:
    """The folder of the bundled cases: inside the package once installed, beside it in a checkout."""
    inside = HERE / "scenarios"
    return inside if inside.is_dir() else HERE.parent / "scenarios"


def is_case(path: Path) -> bool:
    """Whether a path is a case: its folder, or its `case.yaml`."""
    return path.name == CASE or (path / CASE).is_file()


def cases(folder: Path) -> list[Path]:
    """The case folders at or below a folder, sorted."""
    return sorted(found.parent for found in folder.rglob(CASE) if not _hidden(found, folder))


def scenarios(folder: Path) -> list[Path]:
    """The scenario files at or below a folder, sorted; the parts of a case and the files of coders are none."""
    written = (found for found in folder.rglob("*") if found.suffix in SUFFIXES and found.is_file())
    return sorted(
        found
        for found in written
        if case_or_scenario(found) == found and not (_hidden(found, folder) or is_part(found) or _is_coding(found))
    )


def _hidden(path: Path, folder: Path) -> bool:
    """Whether a path below a folder is hidden, as the copies are that an editor keeps."""
    return any(part.startswith(".") for part in path.relative_to(folder).parts)


def is_part(path: Path) -> bool:
    """Whether a file is by its name, or by that of its folder, a part of a case, however its ending is written."""
    return path.parent.name == ACTORS or proper_name(path.name).lower() in (CASE, CLAIMS)


def proper_name(name: str) -> str:
    """What the file of a case is called with the ending that belongs to it.

    >>> proper_name("north.yml"), proper_name("north.yaml.txt"), proper_name("notes.txt")
    ('north.yaml', 'north.yaml', 'notes.txt')
    """
    return re.sub(r"\.ya?ml(\.txt)?$", ".yaml", name, flags=re.IGNORECASE)


def _is_coding(path: Path) -> bool:
    try:
        return CODING.search(path.read_bytes()) is not None
    except OSError:  # whoever loads it says what is wrong with it
        return False


def find(name: str) -> Path:
    """The file or folder that a user means.

    Parameters
    ----------
    name : a path, or the name of a bundled case or scenario: ``european_force``, ``ukraine_2025/european_force``

    Raises
    ------
    UsageError
        if it is neither; names what comes nearest
    """
    path = Path(name)
    if path.exists():
        return path
    known = dict(_bundled_names())
    if name in known:
        return known[name]
    if path.suffix in SUFFIXES:
        raise UsageError(f"There is no file '{name}'.{did_you_mean(path.stem, list(known))}")
    raise UsageError(
        f"'{name}' is no file, no folder, and no bundled case or scenario.{did_you_mean(name, list(known))}"
    )


def bundled_case(name: str) -> Path | None:
    """The folder of a bundled case; None if there is none of that name."""
    return next((one for one in cases(bundled()) if one.name == name), None)


def name_of(path: Path) -> str:
    """What to type for a scenario or case: its bundled name, or its path."""
    root = bundled()
    return path.relative_to(root).with_suffix("").as_posix() if path.is_relative_to(root) else str(path)


def _bundled_names() -> Iterator[tuple[str, Path]]:
    """Every name of every bundled case and scenario; a bare name that two cases share means the first."""
    root = bundled()
    found = [*scenarios(root), *cases(root)]
    for path in reversed(found):
        yield path.stem, path
    for path in found:
        yield path.relative_to(root).with_suffix("").as_posix(), path


def case_or_scenario(path: Path) -> Path:
    """The case folder that a file is part of; the file itself if it is a scenario."""
    folder = path.parent.parent if path.parent.name == ACTORS else path.parent
    part = path.name in (CASE, CLAIMS) or path.parent.name == ACTORS
    return folder if part and (folder / CASE).is_file() else path
