"""A folder of results from which a run that was stopped can be resumed.

Each piece becomes a part file, which gets its name only when it is complete; so a part is either there or not. When
all parts of a table are there, its final file is put together from them in order, and only then are the parts deleted.
The bytes of the final file therefore do not depend on how often the run was stopped.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sim.analysis.runner import parquet
from sim.analysis.runner.pieces import Job, Piece, Rows, versions
from sim.atomic_write import DRAFT, atomic_file, is_draft_of, write_atomically
from sim.errors import UsageError

MANIFEST, PARTS = "manifest.json", "parts"
KINDS = {"scenarios": "scenario", "design": "design of"}
"""Kind of input to the words for it in an error."""


class ResultStore:
    """The tables of an ensemble or a sweep in a folder.

    Raises UsageError if the folder holds anything else or cannot be written; its files are left alone then.

    Parameters
    ----------
    folder : new or empty; to resume, a folder that holds part of the same job
    job : each table becomes a final file, each piece a part file
    program : version of this program
    resume : whether to continue a job that the folder already holds
    """

    def __init__(self, folder: Path, job: Job[Piece], *, program: str, resume: bool = False) -> None:
        self.folder, self._job, self._tables = folder, job, job.tables
        self._about = {"format": job.format, **job.sizes, "versions": {**versions(program), **parquet.VERSIONS}}
        manifest = {**self._about, **job.inputs}
        with self._writing():
            folder.mkdir(parents=True, exist_ok=True)
            present = _manifest(folder)
            if present is None:
                _check_new(folder, job.kind)
                write_atomically(folder / MANIFEST, json.dumps(manifest, indent=2) + "\n")
            elif present != manifest:
                differences = _differences(present, manifest, job)
                raise UsageError(f"{folder} holds another {job.kind} ({differences}); name another folder.")
            elif not resume:
                raise UsageError(f"{folder} already holds this {job.kind}; resume it, or name another folder.")
            (folder / PARTS).mkdir(exist_ok=True)

    @property
    def files(self) -> list[Path]:
        """The final files, one per table."""
        return [self.file(name) for name in self._tables]

    def file(self, table: str) -> Path:
        """Return the final file of a table, by its name."""
        return self.folder / f"{table}.parquet"

    def has(self, piece: Piece) -> bool:
        """Return whether a piece is stored."""
        return self.file(piece.table).exists() or self._part(piece).exists()

    def keep(self, piece: Piece, rows: Rows) -> None:
        """Store a piece. Raises UsageError if it cannot be written; pieces stored before are left alone."""
        with self._writing():
            write_atomically(self._part(piece), parquet.encode(rows, self._tables[piece.table].words))

    def read(self, piece: Piece) -> Rows:
        """Read a stored piece. Raises UsageError if the file is damaged."""
        table, file = self._tables[piece.table], self.file(piece.table)
        if file.exists():
            path, (group, first) = file, divmod(piece.start, table.group)
        else:
            path, group, first = self._part(piece), 0, 0
        try:
            rows = parquet.decode(path, table.words, group)
        except (OSError, ValueError, KeyError) as error:
            raise UsageError(f"{path} is damaged ({error}); remove it, and resume.") from None
        return {name: values[first : first + piece.count] for name, values in rows.items()}

    def finish(self, name: str) -> None:
        """Write the final file of a table whose pieces are all stored, and delete its parts.

        Raises UsageError if it cannot be written; the parts are left alone.
        """
        table = self._tables[name]
        parts = [self._part(piece) for piece in self._job.pieces if piece.table == name]
        with self._writing():
            if not self.file(name).exists():
                with atomic_file(self.file(name)) as stream:
                    parquet.assemble(parts, stream, {**self._about, **table.about}, table.group)
            for part in parts:
                part.unlink(missing_ok=True)

    def close(self) -> None:
        """Delete everything from the folder but the final files and the manifest."""
        with self._writing():
            for draft in (*self.folder.glob(f".*{DRAFT}"), *(self.folder / PARTS).glob(f".*{DRAFT}")):
                draft.unlink()
            (self.folder / PARTS).rmdir()

    def _part(self, piece: Piece) -> Path:
        return self.folder / PARTS / f"{piece.table}.{piece.number:07d}.parquet"

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except (FileExistsError, NotADirectoryError):
            raise UsageError(f"{self.folder}: a file is in the way; name a folder.") from None
        except OSError as error:
            started = (self.folder / MANIFEST).exists()
            remedy = "Finished pieces are kept. Fix this, and resume" if started else "Fix this, or name another folder"
            raise UsageError(f"{self.folder} cannot be written ({error.strerror or error}). {remedy}.") from None


def _manifest(folder: Path) -> dict[str, Any] | None:
    path = folder / MANIFEST
    if not path.exists():
        return None
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        manifest = None
    return manifest if isinstance(manifest, dict) else {}


def _check_new(folder: Path, kind: str) -> None:
    """Refuse a folder without a manifest unless it is empty, but for a manifest that was being written."""
    if not all(is_draft_of(path, MANIFEST) for path in folder.iterdir()):
        raise UsageError(f"{folder} is not empty and holds no {kind}; name a new or empty folder.")


def _differences(present: Mapping[str, Any], wanted: Mapping[str, Any], job: Job[Piece]) -> str:
    """Describe how two manifests differ; for another kind of job, only its format."""
    if present.get("format") != job.format:
        return f"format {_in_words(present.get('format'))}, not {job.format}"
    differences = []
    for key in job.sizes:
        if present.get(key) != wanted[key]:
            differences.append(f"{key} {_in_words(present.get(key))}, not {_in_words(wanted[key])}")
    for key in ("versions", *job.inputs):
        ours, theirs = wanted[key], present.get(key)
        theirs = theirs if isinstance(theirs, dict) else {}
        names = sorted(name for name in {*theirs, *ours} if theirs.get(name) != ours.get(name))
        if key == "versions":
            differences += [
                f"made with {name} {theirs.get(name, 'none')}, not {ours.get(name, 'none')}" for name in names
            ]
        elif names:
            differences.append(f"another {KINDS[key]} {' and '.join(names)}")
    return "; ".join(differences) or "with other entries in its manifest"


def _in_words(size: object) -> str:
    return "none" if size is None else str(size)
