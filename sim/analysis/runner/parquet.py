"""Rows of worlds as Apache Parquet tables: the only import of pyarrow, which is an optional extra.

Codes are written as their meanings (`agreed`, `holding_out`, the option of an issue), so that other programs can read
the tables; rows that are read back have their codes again.
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
"""The version that determines the bytes of a file, besides those in `sim.analysis.runner.pieces.versions`."""
SETTINGS: dict[str, Any] = {
    "compression": "zstd",
    "version": "2.6",
    "write_statistics": True,
    "write_page_checksum": True,
}
"""Options of pyarrow's `ParquetWriter`; all others have their defaults."""
PLAIN = {"months": pa.int16()}
ABOUT = b"parley"
"""The metadata key under which a file describes itself, in JSON."""
Words: TypeAlias = Mapping[str, Sequence[Any]]
"""Column of codes to the meanings of its codes, in their order."""


def encode(rows: Rows, words: Words) -> bytes:
    """Return rows as a Parquet file of one row group."""
    stream, table = BytesIO(), _table(rows, words)
    pq.write_table(table, stream, row_group_size=len(table), **SETTINGS)
    return stream.getvalue()


def assemble(parts: Iterable[Path], stream: BinaryIO, about: Mapping[str, Any], group: int) -> None:
    """Write one Parquet file from others, in their order, with at most one of its row groups in memory.

    The parts are files made by `encode`, at least one, all of the same table; none belongs to two row groups of `group`
    rows. `about` is plain data for the metadata of the file.
    """
    writer: Any = None
    waiting: list[Any] = []
    for part in parts:
        table = pq.read_table(part, page_checksum_verification=True)
        if writer is None:
            schema = table.schema.with_metadata({ABOUT: json.dumps(about, sort_keys=True).encode()})
            writer = pq.ParquetWriter(stream, schema, **SETTINGS)
        waiting.append(table.cast(writer.schema))
        if sum(map(len, waiting)) >= group:
            _write(writer, waiting)
    _write(writer, waiting)
    writer.close()


def _write(writer: Any, waiting: list[Any]) -> None:
    """Write tables as one row group, and clear the list."""
    if waiting:
        table = pa.concat_tables(waiting).combine_chunks()
        writer.write_table(table, row_group_size=len(table))
        waiting.clear()


def decode(file: Path, words: Words, group: int, count: int) -> Rows:
    """Read the rows of one row group.

    Raises OSError or ValueError if the file is not such a table: damaged, with less than `count` rows in the group, or
    without a column that `words` names.
    """
    with pq.ParquetFile(file, page_checksum_verification=True) as source:
        if missing := [name for name in words if name not in source.schema_arrow.names]:
            raise ValueError(f"the column '{missing[0]}' is missing")
        if group >= source.num_row_groups or source.metadata.row_group(group).num_rows < count:
            raise ValueError("rows are missing")
        table = source.read_row_group(group)
    return {
        name: _codes(table[name], words[name]) if name in words else table[name].to_numpy()
        for name in table.column_names
    }


def _table(rows: Rows, words: Words) -> Any:
    columns = {
        name: _word_array(words[name]).take(pa.array(values))
        if name in words
        else pa.array(values, PLAIN.get(name), from_pandas=True)  # NaN becomes a missing value
        for name, values in rows.items()
    }
    return pa.table(columns)


def _codes(column: Any, words: Sequence[Any]) -> Any:
    return pc.index_in(column, value_set=_word_array(words)).to_numpy().astype(np.uint8)


def _word_array(words: Sequence[Any]) -> Any:
    """Return the words of a column as an array of one type: numbers, or text if any word is text."""
    return pa.array([str(word) for word in words] if any(isinstance(word, str) for word in words) else words)
