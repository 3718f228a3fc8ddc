"""Work in pieces that make tables: what an ensemble and a sweep have in common.

A table is a file of rows. A piece is a stretch of them, done by itself, here or in another process; it carries all that
it needs. So pieces can be kept as they come, and a run that was stopped goes on with those that are missing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Protocol, TypeAlias, TypeVar

from numpy.typing import NDArray

from sim.analysis.runner.executors import WorkerPool, in_order

Rows: TypeAlias = Mapping[str, NDArray[Any]]
"""Column to (row,)."""
Progress: TypeAlias = Callable[[int, int], None]


class Piece(Protocol):
    """Some rows of a table, in a row."""

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
        """How many rows it has, at least 1."""


@dataclass(frozen=True)
class ResultTable:
    """What a finished file holds.

    Parameters
    ----------
    rows : how many
    group : rows of a row group of the file; every piece lies in one of these
    words : column of codes to what its codes stand for, in the order of the codes
    about : plain data that says what the table is of
    """

    rows: int
    group: int
    words: Mapping[str, Sequence[Any]]
    about: Mapping[str, Any]


PieceT = TypeVar("PieceT", bound=Piece)
PieceT_co = TypeVar("PieceT_co", bound=Piece, covariant=True)


class Job(Protocol[PieceT_co]):
    """What is to be done, and what tells it from any other work.

    Attributes
    ----------
    what : a word for it, such as ``ensemble``
    format : of its tables
    sizes : name to number: what else the bytes of the tables depend on, such as the seed
    inputs : kind to name to digest: what the tables are made from
    tables : name to table
    pieces : all of them, table after table, in the order of the rows
    """

    @property
    def what(self) -> str: ...
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
    """Where rows are kept, so that a run can go on: `sim.analysis.runner.result_store.ResultStore`, which needs
    pyarrow.
    """

    def has(self, piece: Piece) -> bool: ...
    def keep(self, piece: Piece, rows: Rows) -> None: ...
    def read(self, piece: Piece) -> Rows: ...
    def finish(self, name: str) -> None: ...
    def close(self) -> None: ...


def digest(data: object) -> str:
    """What tells plain data from any other."""
    return sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()


def run_job(
    work: Job[PieceT],
    do: Callable[[PieceT], Rows],
    by: WorkerPool,
    *,
    store: RowStore | None = None,
    progress: Progress | None = None,
) -> Generator[tuple[PieceT, Rows], None, None]:
    """Yield every piece with its rows, in their order: read where they are kept; else done, and kept.

    Parameters
    ----------
    do : a function of a module, so that another process finds it
    by : who does it
    store : where the rows are kept
    progress : called with how many rows are done, and how many there are

    Raises
    ------
    UsageError
        if the store cannot be written, or workers keep dying
    """
    kept = set() if store is None else {(piece.table, piece.number) for piece in work.pieces if store.has(piece)}

    def is_missing(piece: Piece) -> bool:
        return (piece.table, piece.number) not in kept

    total = sum(table.rows for table in work.tables.values())
    done = sum(piece.count for piece in work.pieces if not is_missing(piece))
    tick = progress or (lambda done, total: None)
    tick(done, total)
    with closing(in_order(by, do, filter(is_missing, work.pieces))) as results:
        for piece in work.pieces:
            if store is not None and not is_missing(piece):
                yield piece, store.read(piece)
            else:
                rows = next(results)
                if store is not None:
                    store.keep(piece, rows)
                done += piece.count
                tick(done, total)
                yield piece, rows
            if store is not None and piece.start + piece.count == work.tables[piece.table].rows:
                store.finish(piece.table)
    if store is not None:
        store.close()
