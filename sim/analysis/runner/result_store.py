"""A folder of results that a killed run can go on with.

Every chunk is a part file, written under another name and renamed once it is whole, so that a part is there or it is
not. When a table has all its parts, its one file is made from them in their order, renamed likewise, and only then
do the parts go. So the bytes of the finished file do not tell how often the run was stopped.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from sim.analysis.runner import parquet
from sim.analysis.runner.pieces import Job, Piece, Rows
from sim.analysis.runner.versions import versions
from sim.errors import UsageError

MANIFEST, PARTS = "manifest.json", "parts"
KINDS = {"scenarios": "scenario", "design": "design of"}
"""Kinds of inputs, in the words of an error."""
DRAFT = ".draft"
"""Ends the name of a file that is not whole; its writer's number stands before it, so that no two write the same."""


class ResultStore:
    """The tables of an ensemble or a sweep in a folder.

    Parameters
    ----------
    folder : new or empty; or, to resume, one that holds the same work as far as it went
    work : a table is a finished file, and a piece a part file
    program : version of this program
    resume : whether to go on

    Raises
    ------
    UsageError
        if the folder holds anything else, or cannot be written; nothing in it is touched then
    """

    def __init__(self, folder: Path, work: Job[Piece], *, program: str, resume: bool = False) -> None:
        self.folder, self._work, self._tables = folder, work, work.tables
        self._about = {"format": work.format, **work.sizes, "versions": {**versions(program), **parquet.VERSIONS}}
        manifest = {**self._about, **work.inputs}
        with self._writing():
            folder.mkdir(parents=True, exist_ok=True)
            found = _manifest(folder)
            if found is None:
                _refuse_strangers(folder, work.what)
                with _whole(folder / MANIFEST) as stream:
                    stream.write((json.dumps(manifest, indent=2) + "\n").encode())
            elif found != manifest:
                unlike = _unlike(found, manifest, work)
                raise UsageError(f"{folder} holds another {work.what} ({unlike}); name another folder.")
            elif not resume:
                raise UsageError(f"{folder} holds this {work.what} already; resume it, or name another folder.")
            (folder / PARTS).mkdir(exist_ok=True)

    @property
    def files(self) -> list[Path]:
        """The finished files, one a table."""
        return [self.file(name) for name in self._tables]

    def file(self, table: str) -> Path:
        """The finished file of a table, by its name."""
        return self.folder / f"{table}.parquet"

    def has(self, piece: Piece) -> bool:
        """Whether a piece is kept."""
        return self.file(piece.table).exists() or self._part(piece).exists()

    def keep(self, piece: Piece, rows: Rows) -> None:
        """Write a piece.

        Raises
        ------
        UsageError
            if it cannot be written; what was kept before stays
        """
        with self._writing(), _whole(self._part(piece)) as stream:
            stream.write(parquet.encode(rows, self._tables[piece.table].words))

    def read(self, piece: Piece) -> Rows:
        """Read a piece that is kept.

        Raises
        ------
        UsageError
            if the file is damaged
        """
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
        """Make the one file of a table whose pieces are all kept, and drop its parts.

        Raises
        ------
        UsageError
            if it cannot be written; the parts stay
        """
        table = self._tables[name]
        parts = [self._part(piece) for piece in self._work.pieces if piece.table == name]
        with self._writing():
            if not self.file(name).exists():
                with _whole(self.file(name)) as stream:
                    parquet.assemble(parts, stream, {**self._about, **table.about}, table.group)
            for part in parts:
                part.unlink(missing_ok=True)

    def close(self) -> None:
        """Leave nothing in the folder but the finished files and the manifest."""
        with self._writing():
            for draft in (*self.folder.glob(f"*{DRAFT}"), *(self.folder / PARTS).glob(f"*{DRAFT}")):
                draft.unlink()
            (self.folder / PARTS).rmdir()

    def _part(self, piece: Piece) -> Path:
        return self.folder / PARTS / f"{piece.table}.{piece.number:07d}.parquet"

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except (FileExistsError, NotADirectoryError):
            raise UsageError(f"{self.folder}: there is a file in the way; name a folder.") from None
        except OSError as error:
            begun = (self.folder / MANIFEST).exists()
            mend = "What was finished is kept; mend that, and resume" if begun else "Mend that, or name another folder"
            raise UsageError(f"{self.folder}: cannot be written ({error.strerror or error}). {mend}.") from None


def _manifest(folder: Path) -> dict[str, Any] | None:
    path = folder / MANIFEST
    if not path.exists():
        return None
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        found = None
    return found if isinstance(found, dict) else {}


def _refuse_strangers(folder: Path, what: str) -> None:
    """A folder without a manifest is new: all that may be in it is a manifest that was being written."""
    if any(not (path.name.startswith(MANIFEST) and path.name.endswith(DRAFT)) for path in folder.iterdir()):
        raise UsageError(f"{folder} is not empty, and holds no {what}; name a folder that is new or empty.")


def _unlike(found: Mapping[str, Any], wanted: Mapping[str, Any], work: Job[Piece]) -> str:
    """In what two manifests differ; of another kind of work, that alone."""
    if found.get("format") != work.format:
        return f"format {_said(found.get('format'))}, not {work.format}"
    said = []
    for key in work.sizes:
        if found.get(key) != wanted[key]:
            said.append(f"{key} {_said(found.get(key))}, not {_said(wanted[key])}")
    for key in ("versions", *work.inputs):
        ours, theirs = wanted[key], found.get(key)
        theirs = theirs if isinstance(theirs, dict) else {}
        names = sorted(name for name in {*theirs, *ours} if theirs.get(name) != ours.get(name))
        if key == "versions":
            said += [f"made with {name} {theirs.get(name, 'none')}, not {ours.get(name, 'none')}" for name in names]
        else:
            said += [f"another {KINDS[key]} {' and '.join(names)}"] if names else []
    return "; ".join(said) or "with other entries in its manifest"


def _said(size: object) -> str:
    return "none" if size is None else str(size)


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
