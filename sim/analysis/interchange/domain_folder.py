"""The files of a domain in a folder: which of them hold its issues and its parties' utilities, and which do not.

A folder may hold several versions of a domain. A profile belongs to the domain whose file name has the longest
beginning in common with its own, then the longest end; if two domains tie, it belongs to both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import TypeVar

from sim.case.checks.validation import OPTIONS_MOST
from sim.case.reading.source_text import file_error
from sim.errors import UsageError, did_you_mean

FileT = TypeVar("FileT")
BY_NAME, BY_INDEX = "name", "index"


@dataclass(frozen=True)
class ReadingChoices:
    """What a user decides where the files of a domain leave a choice.

    Parameters
    ----------
    profiles : names of the files of utilities to read, with or without their ending; empty for those of the domain
    steps : how many values a range that is too long to list, or of real numbers, gets; None refuses such a range
    by : whether the issues of a profile of Genius are matched with the domain's by ``name`` or by ``index``
    """

    profiles: Sequence[str] = ()
    steps: int | None = None
    by: str = BY_NAME

    def __post_init__(self) -> None:
        if self.steps is not None and not 2 <= self.steps <= OPTIONS_MOST:
            raise UsageError(f"--steps {self.steps}: a range gets from 2 to {OPTIONS_MOST} values.")
        if self.by not in (BY_NAME, BY_INDEX):
            raise UsageError(f"--by {self.by}: issues are matched by {BY_NAME} or by {BY_INDEX}.")


def files_in(path: Path, endings: Sequence[str]) -> tuple[list[Path], list[str]]:
    """Return the regular files with these endings in a domain's folder, and notes on what is not a regular file.

    `path` is the folder, or a file in it, which must be a regular file.
    """
    folder = path if path.is_dir() else path.parent
    named = sorted(file for file in folder.iterdir() if file.suffix in endings and not file.name.startswith("."))
    if path in named and not path.is_file():
        raise file_error(path.as_posix(), "this is not a regular file, so it is not read.")
    files = [file for file in named if file.is_file()]
    return files, [f"{file.as_posix()} is not a regular file" for file in named if not file.is_file()]


def choose_files(
    path: Path,
    domains: Sequence[FileT],
    profiles: Sequence[FileT],
    choices: ReadingChoices,
    *,
    name_of: Callable[[FileT], str],
    marks: tuple[str, str],
) -> tuple[FileT, list[FileT], list[str]]:
    """Return the file of issues, the files of its utilities, and notes on the profiles that are not read.

    Raises CaseError unless one domain is named or alone, with files of utilities, and UsageError if a profile that is
    named is not there. `marks` say by what the two kinds of files are known.
    """
    named = [domain for domain in domains if path.is_dir() or name_of(domain) == path.as_posix()]
    if len(named) != 1:
        count = f"{len(named)} files" if named else "no file"
        hint = f" Name one of them: {', '.join(name_of(domain) for domain in named)}." if named else ""
        raise file_error(path.as_posix(), f"{count} with issues ({marks[0]}) in this folder.{hint}")
    if not profiles:
        raise file_error(path.as_posix(), f"the folder of the domain has no file with utilities ({marks[1]}).")
    [domain] = named
    if choices.profiles:
        return domain, _named(profiles, choices.profiles, name_of), []
    chosen, notes = [], []
    for profile in profiles:
        owners = _owners(name_of(profile), [name_of(one) for one in domains])
        if name_of(domain) in owners:
            chosen.append(profile)
        else:
            notes.append(f"{name_of(profile)} belongs to {' and '.join(owners)}, by its name (--profile chooses it)")
    if not chosen:
        others = ", ".join(Path(name_of(profile)).name for profile in profiles)
        message = f"by their names, all profiles belong to other domains. Choose with --profile from {others}."
        raise file_error(name_of(domain), message)
    return domain, chosen, notes


def _named(profiles: Sequence[FileT], wanted: Sequence[str], name_of: Callable[[FileT], str]) -> list[FileT]:
    """The profiles that a user names, in that order."""
    by_name = {Path(name_of(profile)).stem: profile for profile in profiles}
    by_name |= {Path(name_of(profile)).name: profile for profile in profiles}
    found = []
    for name in (Path(one).name for one in wanted):
        if name not in by_name:
            files = [Path(name_of(profile)).name for profile in profiles]
            hint = did_you_mean(name, files) or f" Choose from {', '.join(files)}."
            raise UsageError(f"--profile {name}: the folder has no such file of utilities.{hint}")
        if by_name[name] in found:
            raise UsageError(f"--profile {name}: this file is named twice. Name each file once.")
        found.append(by_name[name])
    return found


def _owners(profile: str, domains: Sequence[str]) -> list[str]:
    """The domains that a profile belongs to, by the names of the files."""
    stem = Path(profile).stem.lower()

    def likeness(domain: str) -> tuple[int, int]:
        other = Path(domain).stem.lower()
        return _in_common(stem, other), _in_common(stem[::-1], other[::-1])

    best = max(map(likeness, domains))
    return [domain for domain in domains if likeness(domain) == best]


def _in_common(one: str, other: str) -> int:
    """The length of the beginning that two words have in common."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def joined(notes: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """Return notes one after the other, each once."""
    return tuple(dict.fromkeys(note for some in notes for note in some))
