"""A folder of results that a killed run can go on with.

Every chunk is a part file, written under another name and renamed once it is whole, so that a part is there or it is
not. When a scenario has all its parts, its one file is made from them in their order, renamed likewise, and only then
do the parts go. So the bytes of the finished file do not tell how often the run was stopped.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import scipy

from sim.analysis import parquet
from sim.analysis.plan import Chunk, Plan
from sim.analysis.rows import Rows
from sim.case.shapes import Scenario
from sim.errors import UsageError

MANIFEST, PARTS = "manifest.json", "parts"
DRAFT = ".draft"
"""Ends the name of a file that is not whole; its writer's number stands before it, so that no two write the same."""
FORMAT = "parley.worlds/1"


class Store:
    """The results of one ensemble in a folder.

    Parameters
    ----------
    folder : new or empty; or, to resume, one that holds the same ensemble as far as it went
    plan : of the ensemble; a scenario is a finished file, and a chunk a part file and a row group of it
    program : version of this program
    resume : whether to go on

    Raises
    ------
    UsageError
        if the folder holds anything else, or cannot be written; nothing in it is touched then
    """

    def __init__(self, folder: Path, plan: Plan, *, program: str, resume: bool = False) -> None:
        self.folder, self._plan = folder, plan
        self._scenarios = {one.id: one for one in plan.scenarios}
        versions = {"parley": program, "numpy": np.__version__, "scipy": scipy.__version__, "pyarrow": parquet.VERSION}
        sizes = {"seed": plan.seed, "worlds": plan.worlds, "chunk": plan.chunk}
        self._about = {"format": FORMAT, **sizes, "versions": versions}
        manifest = {**self._about, "scenarios": {name: _digest(one) for name, one in self._scenarios.items()}}
        with self._writing():
            folder.mkdir(parents=True, exist_ok=True)
            found = _manifest(folder)
            if found is None:
                _refuse_strangers(folder)
                with _whole(folder / MANIFEST) as stream:
                    stream.write((json.dumps(manifest, indent=2) + "\n").encode())
            elif found != manifest:
                raise UsageError(f"{folder} holds another ensemble ({_unlike(found, manifest)}); name another folder.")
            elif not resume:
                raise UsageError(f"{folder} holds this ensemble already; resume it, or name another folder.")
            (folder / PARTS).mkdir(exist_ok=True)

    @property
    def files(self) -> list[Path]:
        """The finished files, one a scenario."""
        return [self.file(name) for name in self._scenarios]

    def file(self, scenario: str) -> Path:
        """The finished file of a scenario, by its id."""
        return self.folder / f"{scenario}.parquet"

    def has(self, chunk: Chunk) -> bool:
        """Whether a chunk is kept."""
        return self.file(chunk.scenario).exists() or self._part(chunk).exists()

    def keep(self, chunk: Chunk, rows: Rows) -> None:
        """Write a chunk.

        Raises
        ------
        UsageError
            if it cannot be written; what was kept before stays
        """
        with self._writing(), _whole(self._part(chunk)) as stream:
            stream.write(parquet.encode(self._scenarios[chunk.scenario].case, rows))

    def read(self, chunk: Chunk) -> Rows:
        """Read a chunk that is kept.

        Raises
        ------
        UsageError
            if the file is damaged
        """
        file = self.file(chunk.scenario)
        path, group = (file, chunk.number) if file.exists() else (self._part(chunk), 0)
        try:
            return parquet.decode(self._scenarios[chunk.scenario].case, path, group)
        except (OSError, ValueError, KeyError) as error:
            raise UsageError(f"{path} is damaged ({error}); remove it, and resume.") from None

    def finish(self, scenario: str) -> None:
        """Make the one file of a scenario whose chunks are all kept, and drop its parts.

        Raises
        ------
        UsageError
            if it cannot be written; the parts stay
        """
        parts = [self._part(chunk) for chunk in self._plan.chunks if chunk.scenario == scenario]
        about = {**self._about, "scenario": scenario, "digest": _digest(self._scenarios[scenario])}
        with self._writing():
            if not self.file(scenario).exists():
                with _whole(self.file(scenario)) as stream:
                    parquet.assemble(parts, stream, about)
            for part in parts:
                part.unlink(missing_ok=True)

    def close(self) -> None:
        """Leave nothing in the folder but the finished files and the manifest."""
        with self._writing():
            for draft in (*self.folder.glob(f"*{DRAFT}"), *(self.folder / PARTS).glob(f"*{DRAFT}")):
                draft.unlink()
            (self.folder / PARTS).rmdir()

    def _part(self, chunk: Chunk) -> Path:
        return self.folder / PARTS / f"{chunk.scenario}.{chunk.number:07d}.parquet"

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except (FileExistsError, NotADirectoryError):
            raise UsageError(f"{self.folder}: there is a file in the way; name a folder.") from None
        except OSError as error:
            raise UsageError(
                f"{self.folder}: cannot be written ({error.strerror or error}). What was finished is kept; "
                "mend that, and resume."
            ) from None


def _digest(scenario: Scenario) -> str:
    """What tells a scenario, its case and its changes from any other."""
    return sha256(json.dumps(scenario.source, sort_keys=True).encode()).hexdigest()


def _manifest(folder: Path) -> dict[str, Any] | None:
    path = folder / MANIFEST
    if not path.exists():
        return None
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        found = None
    return found if isinstance(found, dict) else {}


def _refuse_strangers(folder: Path) -> None:
    """A folder without a manifest is new: all that may be in it is a manifest that was being written."""
    if any(not (path.name.startswith(MANIFEST) and path.name.endswith(DRAFT)) for path in folder.iterdir()):
        raise UsageError(f"{folder} is not empty, and holds no ensemble; name a folder that is new or empty.")


def _unlike(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> str:
    """In what two manifests differ."""
    said = []
    for key in ("format", "seed", "worlds", "chunk"):
        if found.get(key) != wanted[key]:
            said.append(f"{key} {found.get(key)}, not {wanted[key]}")
    for key, one in (("versions", "version of"), ("scenarios", "scenario")):
        ours, theirs = wanted[key], found.get(key)
        theirs = theirs if isinstance(theirs, dict) else {}
        names = sorted(name for name in {*theirs, *ours} if theirs.get(name) != ours.get(name))
        said += [f"another {one} {' and '.join(names)}"] if names else []
    return "; ".join(said) or "with other entries in its manifest"


@contextmanager
def _whole(path: Path) -> Iterator[BinaryIO]:
    """A file that has its name only once it is whole, and on the disk."""
    draft = path.with_name(f"{path.name}.{os.getpid()}{DRAFT}")
    try:
        with draft.open("wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
