"""Rows of worlds as tables of Apache Parquet: the only import of pyarrow, which is an optional extra.

Codes are written as their words (`agreed`, `holding_out`, the option of an issue), so that a reader can do without this
program; rows that are read back have their codes again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sim.analysis.runner.pieces import Rows

VERSIONS: Mapping[str, str] = {"pyarrow": pa.__version__}
"""What else decides on the bytes."""
SETTINGS: dict[str, Any] = {"compression": "zstd", "version": "2.6", "write_statistics": True}
"""How files are written, in words of pyarrow's `ParquetWriter`; what is left out has its default."""
PLAIN = {"months": pa.int16()}
ABOUT = b"parley"
"""The key of a file's metadata that holds, in JSON, of what it is."""
Words: TypeAlias = Mapping[str, Sequence[Any]]
"""Column of codes to what its codes stand for, in the order of the codes."""


def encode(rows: Rows, words: Words) -> bytes:
    """Rows as a Parquet file of one row group."""
    stream, table = BytesIO(), _table(rows, words)
    pq.write_table(table, stream, row_group_size=len(table), **SETTINGS)
    return stream.getvalue()


def assemble(parts: Iterable[Path], stream: BinaryIO, about: Mapping[str, Any], group: int) -> None:
    """Write one Parquet file from others, in their order, so that never more than one row group of it is in memory.

    Parameters
    ----------
    parts : files as `encode` makes them, at least one, all of one table
    about : plain data, kept in the metadata of the file
    group : rows of a row group; no part lies in two
    """
    writer: Any = None
    waiting: list[Any] = []
    for part in parts:
        table = pq.read_table(part)
        if writer is None:
            schema = table.schema.with_metadata({ABOUT: json.dumps(about, sort_keys=True).encode()})
            writer = pq.ParquetWriter(stream, schema, **SETTINGS)
        waiting.append(table.cast(writer.schema))
        if sum(map(len, waiting)) >= group:
            _write(writer, waiting)
    _write(writer, waiting)
    writer.close()


def _write(writer: Any, waiting: list[Any]) -> None:
    """Write tables as one row group, and forget them."""
    if waiting:
        table = pa.concat_tables(waiting).combine_chunks()
        writer.write_table(table, row_group_size=len(table))
        waiting.clear()


def decode(file: Path, words: Words, group: int = 0) -> Rows:
    """Read the rows of one row group.

    Raises
    ------
    OSError, ValueError
        if the file cannot be read, or is no such table
    """
    table = pq.ParquetFile(file).read_row_group(group)
    return {
        name: _codes(table[name], words[name]) if name in words else table[name].to_numpy()
        for name in table.column_names
    }


def _table(rows: Rows, words: Words) -> Any:
    columns = {
        name: _written(words[name]).take(pa.array(values))
        if name in words
        else pa.array(values, PLAIN.get(name), from_pandas=True)  # what is no number is missing
        for name, values in rows.items()
    }
    return pa.table(columns)


def _codes(column: Any, words: Sequence[Any]) -> Any:
    return pc.index_in(column, value_set=_written(words)).to_numpy().astype(np.uint8)


def _written(words: Sequence[Any]) -> Any:
    """The words of a column as an array of one type: numbers, or text if any of them is text."""
    return pa.array([str(word) for word in words] if any(isinstance(word, str) for word in words) else words)
