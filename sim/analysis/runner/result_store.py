"""A folder of results from which a run that was stopped can be resumed.

Each piece becomes a part file, which gets its name only when it is complete; so a part is either there or not. Its name
contains the SHA-256 of its bytes. When all parts of a table are there, its final file is put together from them in
order, its SHA-256 and theirs go to the manifest, and only then are the parts deleted. The bytes of the final file
therefore do not depend on how often the run was stopped, and no damaged byte is ever read as data: a piece whose
checksum differs is named and played again. A lock lets only one run at a time write to the folder.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import file_digest, sha256
from pathlib import Path

from sim.analysis.runner import parquet
from sim.analysis.runner.folder_lock import LOCK, FolderLock
from sim.analysis.runner.manifest import (
    MANIFEST,
    FileSums,
    check_manifest,
    read_manifest,
    sums_in,
    write_manifest,
)
from sim.analysis.runner.pieces import Job, Piece, Rows, versions
from sim.atomic_write import DRAFT, atomic_file, is_draft_of, write_atomically
from sim.errors import UsageError

PARTS = "parts"


class ResultStore:
    """The tables of an ensemble or a sweep in a folder.

    Raises UsageError if the folder holds anything else, another run is writing to it, or it cannot be written; its
    files are left alone then.

    Parameters
    ----------
    folder : new or empty; to resume, a folder that holds part of the same job
    job : each table becomes a final file, each piece a part file
    program : version of this program
    resume : whether to continue a job that the folder already holds

    Attributes
    ----------
    damaged : what was found damaged, in words; it is played again
    """

    def __init__(self, folder: Path, job: Job[Piece], *, program: str, resume: bool = False) -> None:
        self.folder, self.damaged, self._job, self._tables = folder, list[str](), job, job.tables
        self._about = {"format": job.format, **job.sizes, "versions": {**versions(program), **parquet.VERSIONS}}
        self._made_from = {**self._about, **job.inputs}
        self._sums = dict[str, FileSums]()
        self._parts = dict[tuple[str, int], Path]()
        with self._writing():
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = FolderLock(folder)
            try:
                self._open(resume=resume)
            except BaseException:
                self._lock.release()
                raise

    def _open(self, *, resume: bool) -> None:
        """Check what the folder holds, and note which pieces are sound."""
        present = read_manifest(self.folder)
        if present is None:
            _check_new(self.folder, self._job.kind)
            write_manifest(self.folder, self._made_from, {})
        else:
            check_manifest(self.folder, present, self._made_from, self._job)
            if not resume:
                raise UsageError(
                    f"{self.folder} already holds this {self._job.kind}; resume it, or name another folder."
                )
            self._sums = {name: one for name, one in sums_in(present).items() if name in self._tables}
        (self.folder / PARTS).mkdir(exist_ok=True)
        self._find_parts()
        for name in self._tables:
            self._check_final(name)

    @property
    def files(self) -> list[Path]:
        """The final files, one per table."""
        return [self.file(name) for name in self._tables]

    def file(self, table: str) -> Path:
        """Return the final file of a table, by its name."""
        return self.folder / f"{table}.parquet"

    def has(self, piece: Piece) -> bool:
        """Return whether a piece is stored."""
        return piece.table in self._sums or (piece.table, piece.number) in self._parts

    def keep(self, piece: Piece, rows: Rows) -> None:
        """Store a piece. Raises UsageError if it cannot be written; pieces stored before are left alone."""
        content = parquet.encode(rows, self._tables[piece.table].words)
        path = self._part(piece, sha256(content).hexdigest())
        with self._writing():
            write_atomically(path, content)
        self._parts[piece.table, piece.number] = path

    def read(self, piece: Piece) -> Rows:
        """Read a stored piece. Raises UsageError if it is damaged, or is not a piece of this table."""
        path = self._parts.get((piece.table, piece.number), self.file(piece.table))
        try:
            return self._rows(piece)
        except (OSError, ValueError, KeyError) as error:
            raise UsageError(f"{path} is damaged ({error}). Resume, and the damaged part is played again.") from None

    def finish(self, name: str) -> None:
        """Write the final file of a table whose pieces are all stored, and delete its parts.

        Raises UsageError if it cannot be written; the parts are left alone.
        """
        table = self._tables[name]
        with self._writing():
            if name not in self._sums:
                parts = [self._parts[name, piece.number] for piece in self._job.pieces if piece.table == name]
                with atomic_file(self.file(name)) as stream:
                    parquet.assemble(parts, stream, {**self._about, **table.about}, table.group)
                self._sums[name] = FileSums(_sum_of(self.file(name)), tuple(map(_sum_in_name, parts)))
                write_manifest(self.folder, self._made_from, dict(sorted(self._sums.items())))
            for part in (self.folder / PARTS).glob(f"{name}.*.parquet"):
                part.unlink(missing_ok=True)
            self._parts = {key: part for key, part in self._parts.items() if key[0] != name}

    def close(self) -> None:
        """Delete everything from the folder but the final files and the manifest."""
        with self._writing():
            for draft in (*self.folder.glob(f".*{DRAFT}"), *(self.folder / PARTS).glob(f".*{DRAFT}")):
                draft.unlink()
            (self.folder / PARTS).rmdir()

    def release(self) -> None:
        """Let other runs write to the folder."""
        self._lock.release()

    # -- what is sound -------------------------------------------------------------------------------------------------

    def _find_parts(self) -> None:
        """Note the parts that are sound, and remove the others."""
        pieces = {(piece.table, piece.number): piece for piece in self._job.pieces}
        for path in sorted((self.folder / PARTS).glob("*.parquet")):
            table, number, *_ = path.name.rsplit(".", 3)
            piece = pieces.get((table, int(number))) if number.isdecimal() else None
            if piece is not None and path.is_file() and path == self._part(piece, _sum_of(path)):
                self._parts[table, piece.number] = path
            else:
                self.damaged.append(f"{path} is damaged; {piece or 'this part'} will be played again.")
                path.unlink()

    def _check_final(self, name: str) -> None:
        """Take a final file only if it is sound; save its sound pieces if it is damaged."""
        file, sums = self.file(name), self._sums.get(name)
        if sums is not None and file.is_file() and _sum_of(file) == sums.sha256:
            return
        if sums is not None:
            pieces = [piece for piece in self._job.pieces if piece.table == name]
            for piece, expected in zip(pieces, sums.pieces, strict=False):
                self._save(piece, expected)
            lost = [str(piece) for piece in pieces if (name, piece.number) not in self._parts]
            again = f"{' and '.join(lost)} will be played again" if lost else "its pieces are sound"
            self.damaged.append(f"{file} is damaged or missing; {again}.")
            del self._sums[name]
        file.unlink(missing_ok=True)

    def _save(self, piece: Piece, expected: str) -> None:
        """Store a piece of a damaged final file as a part, if it is what was stored once."""
        try:
            rows = self._rows(piece)
            if sha256(parquet.encode(rows, self._tables[piece.table].words)).hexdigest() == expected:
                self.keep(piece, rows)
        except Exception:  # whatever a library makes of a damaged file, its piece is lost
            return

    def _rows(self, piece: Piece) -> Rows:
        table, part = self._tables[piece.table], self._parts.get((piece.table, piece.number))
        if part is None:
            group, first = divmod(piece.start, table.group)
            rows = parquet.decode(self.file(piece.table), table.words, group, first + piece.count)
            return {name: values[first : first + piece.count] for name, values in rows.items()}
        if _sum_of(part) != _sum_in_name(part):
            raise ValueError("its SHA-256 differs from that in its name")
        return parquet.decode(part, table.words, 0, piece.count)

    def _part(self, piece: Piece, checksum: str) -> Path:
        return self.folder / PARTS / f"{piece.table}.{piece.number:07d}.{checksum}.parquet"

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


def _sum_of(path: Path) -> str:
    with path.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()


def _sum_in_name(part: Path) -> str:
    return part.name.rsplit(".", 2)[1]


def _check_new(folder: Path, kind: str) -> None:
    """Refuse a folder without a manifest unless it is empty, but for a manifest that was being written."""
    if not all(path.name == LOCK or is_draft_of(path, MANIFEST) for path in folder.iterdir()):
        raise UsageError(f"{folder} is not empty and holds no {kind}; name a new or empty folder.")
