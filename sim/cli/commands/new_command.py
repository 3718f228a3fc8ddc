"""Copies the commented starter case of `sim/starter` for the command `new`."""

from __future__ import annotations

import shutil
from pathlib import Path

from sim.case_paths import STARTER
from sim.errors import UsageError

FIRST = "first.yaml"


def copy(folder: Path) -> list[Path]:
    """Copy the starter case.

    Parameters
    ----------
    folder : a new or empty folder

    Returns
    -------
    the files written, sorted

    Raises
    ------
    UsageError
        if the folder is not empty, or cannot be written
    """
    check_empty(folder)
    try:
        shutil.copytree(STARTER, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__", "*.py"))
    except (OSError, shutil.Error) as error:
        reason = getattr(error, "strerror", None) or "see its permissions"
        raise UsageError(f"{folder} cannot be written ({reason}).") from None
    return sorted(path for path in folder.rglob("*") if path.is_file())


def check_empty(folder: Path) -> None:
    """Refuse a folder that is not empty.

    Raises
    ------
    UsageError
        if it is a file, is not empty, or cannot be read
    """
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise UsageError(f"{folder} is not empty. Name a new or empty folder.")
    except OSError as error:
        raise UsageError(f"{folder} cannot be read ({error.strerror}).") from None
