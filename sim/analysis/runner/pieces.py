"""Jobs of pieces that make tables: what an ensemble and a sweep have in common.

A table is a file of rows. A piece is some consecutive rows, computed by itself, in this process or another; it contains
everything it needs. Pieces can therefore be stored as they come, and a job that was stopped resumes with those that are
missing.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from typing import Any, Protocol, TypeAlias, TypeVar

from numpy.typing import NDArray

from sim.analysis.runner.executors import WorkerPool, in_order

Rows: TypeAlias = Mapping[str, NDArray[Any]]
"""Column to (row,)."""
Progress: TypeAlias = Callable[[int, int], None]
LIBRARIES = ("mesa", "numpy", "scipy")
"""Mesa calls the steps, NumPy draws the worlds and adds up, and SciPy makes normal numbers and designs."""


class Piece(Protocol):
    """Some consecutive rows of a table."""

    @property
    def table(self) -> str:
        """The name of the table."""

    @property
    def number(self) -> int:
        """Its number among the pieces of the table, from 0."""

    @property
    def start(self) -> int:
        """Its first row in the table."""

    @property
    def count(self) -> int:
        """The number of its rows, at least 1."""


@dataclass(frozen=True)
class ResultTable:
    """The contents of a final file.

    Parameters
    ----------
    rows : the number of rows
    group : rows per row group of the file; every piece lies in one row group
    words : column of codes to the meanings of its codes, in their order
    about : plain data that describes the table
    """

    rows: int
    group: int
    words: Mapping[str, Sequence[Any]]
    about: Mapping[str, Any]


PieceT = TypeVar("PieceT", bound=Piece)
PieceT_co = TypeVar("PieceT_co", bound=Piece, covariant=True)


class Job(Protocol[PieceT_co]):
    """Something to compute, and what distinguishes it from any other job.

    Attributes
    ----------
    kind : a word for it, such as ``ensemble``
    format : the format of its tables
    sizes : name to number, such as the seed, on which the bytes of the tables depend besides the inputs
    inputs : kind to name to digest of everything that the tables are made from
    tables : name to table
    pieces : all pieces, table after table, in the order of the rows
    """

    @property
    def kind(self) -> str: ...
    @property
    def format(self) -> str: ...
    @property
    def sizes(self) -> Mapping[str, int | None]: ...
    @property
    def inputs(self) -> Mapping[str, Mapping[str, str]]: ...
    @property
    def tables(self) -> Mapping[str, ResultTable]: ...
    @property
    def pieces(self) -> Iterable[PieceT_co]: ...


class RowStore(Protocol):
    """Where rows are stored, so that a job can be resumed.

    `sim.analysis.runner.result_store.ResultStore` is one; it needs pyarrow.
    """

    def has(self, piece: Piece) -> bool: ...
    def keep(self, piece: Piece, rows: Rows) -> None: ...
    def read(self, piece: Piece) -> Rows: ...
    def finish(self, name: str) -> None: ...
    def close(self) -> None: ...
    def release(self) -> None: ...


def versions(program: str) -> Mapping[str, str]:
    """Return the versions that, besides the files and the seed, determine a result to the last bit.

    They are those of this program, of the libraries, and of Python, whose bug-fix releases change no result.
    """
    python = ".".join(platform.python_version_tuple()[:2])
    return {"parley": program, "python": python, **{name: version(name) for name in LIBRARIES}}


def digest(data: object) -> str:
    """Return a hash of plain data."""
    return sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()


def run_job(
    job: Job[PieceT],
    compute: Callable[[PieceT], Rows],
    by: WorkerPool,
    *,
    store: RowStore | None = None,
    progress: Progress | None = None,
) -> Generator[tuple[PieceT, Rows], None, None]:
    """Yield every piece with its rows, in order: read if they are stored, otherwise computed and stored.

    `compute` is a module-level function, so that another process can import it. `progress` is called with the number of
    rows done and the total. Raises UsageError if the store cannot be written, or workers keep dying.
    """
    try:
        yield from _played(job, compute, by, store, progress)
    finally:
        if store is not None:
            store.release()


def _played(
    job: Job[PieceT],
    compute: Callable[[PieceT], Rows],
    by: WorkerPool,
    store: RowStore | None,
    progress: Progress | None,
) -> Generator[tuple[PieceT, Rows], None, None]:
    """Yield every piece with its rows, as `run_job` does; the store is not released."""
    stored = set() if store is None else {(piece.table, piece.number) for piece in job.pieces if store.has(piece)}

    def is_missing(piece: Piece) -> bool:
        return (piece.table, piece.number) not in stored

    total = sum(table.rows for table in job.tables.values())
    done = sum(piece.count for piece in job.pieces if not is_missing(piece))
    tick = progress or (lambda done, total: None)
    tick(done, total)
    with closing(in_order(by, compute, filter(is_missing, job.pieces))) as results:
        for piece in job.pieces:
            if store is not None and not is_missing(piece):
                yield piece, store.read(piece)
            else:
                rows = next(results)
                if store is not None:
                    store.keep(piece, rows)
                done += piece.count
                tick(done, total)
                yield piece, rows
            if store is not None and piece.start + piece.count == job.tables[piece.table].rows:
                store.finish(piece.table)
    if store is not None:
        store.close()
