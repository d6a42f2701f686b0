"""Columns of a file that are written next to predictions for its rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from nntrain.data.options.file_options import FileOptions
from nntrain.data.options.read_options import ReadOptions
from nntrain.data.parsing.column_names import normalize_name
from nntrain.data.readers.csv.csv_scan import CsvScan
from nntrain.data.readers.data_file import DataFile
from nntrain.data.readers.table_reader import open_scan, read_table
from nntrain.data.streaming.passthrough_rows import PassthroughRows
from nntrain.data.tables.table_stream import find_column
from nntrain.data.writers.passthrough_column import PassthroughColumn, infer_text_type
from nntrain.data.writers.row_writer import ColumnBlock
from nntrain.errors import DataError


def read_passthrough_columns(
    path: Path, names: Sequence[str], options: FileOptions | None = None
) -> dict[str, PassthroughColumn]:
    """Read the texts and values of these columns. DataError for a column that does not exist."""
    names = resolve_passthrough_names(path, names, options)
    if not names:
        return {}
    scan = open_scan(DataFile.open(path), options or FileOptions())
    arrays = scan.select([f"CAST({scan.columns[name]} AS VARCHAR)" for name in names])
    texts = {name: np.ma.asarray(values).tolist() for name, values in zip(names, arrays, strict=True)}
    if not isinstance(scan, CsvScan):
        return {name: PassthroughColumn.from_stored(values, scan.types[name]) for name, values in texts.items()}
    try:
        columns = read_table(path, ReadOptions(options or FileOptions()), only=names).columns
    except DataError:
        # Ambiguous columns stay text.
        return {name: PassthroughColumn.from_stored(values, "VARCHAR") for name, values in texts.items()}
    return {
        name: PassthroughColumn.from_texts(values, columns[name], infer_text_type([(values, columns[name])]))
        for name, values in texts.items()
    }


def resolve_passthrough_names(path: Path, names: Sequence[str], options: FileOptions | None = None) -> list[str]:
    """Normalize column names. DataError for a column that does not exist."""
    if not names:
        return []
    file = DataFile.open(path)
    if file.has_arrays():
        raise DataError(f"{path}: the arrays of an HDF5 file have no columns to keep")
    scan = open_scan(file, options or FileOptions())
    names = [normalize_name(name) for name in names]
    for name in names:
        find_column(str(path), scan.columns, name)
    return names


def prepend_columns(
    kept: Mapping[str, PassthroughColumn] | PassthroughRows, blocks: Iterable[ColumnBlock]
) -> Iterator[ColumnBlock]:
    """Yield the blocks with the kept columns before their own."""
    start = 0
    for block in blocks:
        rows = slice(start, start + len(next(iter(block.values()))))
        cells = (
            kept[rows] if isinstance(kept, PassthroughRows) else {name: values[rows] for name, values in kept.items()}
        )
        yield {**cells, **rename_columns(block, cells)}
        start = rows.stop


def rename_columns(block: ColumnBlock, kept: Collection[str]) -> ColumnBlock:
    """Rename the columns of a block that have the name of a kept one to ``predicted NAME``."""
    return {f"predicted {name}" if name in kept else name: values for name, values in block.items()}
