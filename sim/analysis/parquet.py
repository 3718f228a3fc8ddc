"""Rows of worlds as tables of Apache Parquet: the only import of pyarrow, which is an optional extra.

Codes are written as their words (`agreed`, `holding_out`, the option of an issue), so that a reader can do without this
program; rows that are read back have their codes again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sim.analysis.rows import Rows, vocabulary
from sim.case.shapes import Case

VERSION: str = pa.__version__
SETTINGS: dict[str, Any] = {"compression": "zstd", "version": "2.6", "write_statistics": True}
"""How files are written, in words of pyarrow's `ParquetWriter`; what is left out has its default."""
PLAIN = {"months": pa.int16()}
ABOUT = b"parley"
"""The key of a file's metadata that holds, in JSON, of what it is."""


def encode(case: Case, rows: Rows) -> bytes:
    """Rows as a Parquet file of one row group."""
    stream = BytesIO()
    pq.write_table(_table(case, rows), stream, row_group_size=len(rows["world"]), **SETTINGS)
    return stream.getvalue()


def assemble(parts: Iterable[Path], stream: BinaryIO, about: Mapping[str, Any]) -> None:
    """Write one Parquet file from others, in their order: one row group each, so that never more than one is in memory.

    Parameters
    ----------
    parts : files as `encode` makes them, at least one, all of one case
    about : plain data, kept in the metadata of the file
    """
    writer: Any = None
    for part in parts:
        table = pq.read_table(part)
        if writer is None:
            schema = table.schema.with_metadata({ABOUT: json.dumps(about, sort_keys=True).encode()})
            writer = pq.ParquetWriter(stream, schema, **SETTINGS)
        writer.write_table(table.cast(writer.schema), row_group_size=len(table))
    writer.close()


def decode(case: Case, file: Path, group: int = 0) -> Rows:
    """Read the rows of one row group.

    Raises
    ------
    OSError, ValueError
        if the file cannot be read, or is no such table
    """
    table = pq.ParquetFile(file).read_row_group(group)
    words = vocabulary(case)
    return {
        name: _codes(table[name], words[name]) if name in words else table[name].to_numpy()
        for name in table.column_names
    }


def _table(case: Case, rows: Rows) -> Any:
    words = vocabulary(case)
    columns = {
        name: _written(words[name]).take(pa.array(values)) if name in words else pa.array(values, PLAIN.get(name))
        for name, values in rows.items()
    }
    return pa.table(columns)


def _codes(column: Any, words: list[Any]) -> Any:
    return pc.index_in(column, value_set=_written(words)).to_numpy().astype(np.uint8)


def _written(words: list[Any]) -> Any:
    """The words of a column as an array of one type: numbers, or text if any of them is text."""
    return pa.array([str(word) for word in words] if any(isinstance(word, str) for word in words) else words)
