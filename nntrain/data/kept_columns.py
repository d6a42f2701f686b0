"""Columns of a file that go along with what is made of its rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from nntrain.data.csv_scan import CsvScan
from nntrain.data.file_options import FileOptions
from nntrain.data.hdf5_layout import holds_arrays
from nntrain.data.kept_column import KeptColumn, type_of
from nntrain.data.names import clean
from nntrain.data.read_options import ReadOptions
from nntrain.data.row_file import Block
from nntrain.data.streaming.kept_rows import KeptRows
from nntrain.data.table import column_of
from nntrain.data.table_source import check_file, read_table, scan_of
from nntrain.errors import DataError

__all__ = ["beside", "kept_columns", "names_kept"]


def kept_columns(path: Path, names: Sequence[str], options: FileOptions | None = None) -> dict[str, KeptColumn]:
    """These columns: the texts of their cells, and the values. DataError for one that is not there."""
    names = names_kept(path, names, options)
    if not names:
        return {}
    scan = scan_of(path, options or FileOptions())
    arrays = scan.select([f"CAST({scan.columns[name]} AS VARCHAR)" for name in names])
    texts = {name: np.ma.asarray(values).tolist() for name, values in zip(names, arrays, strict=True)}
    if not isinstance(scan, CsvScan):
        return {name: KeptColumn.stored(values, scan.types[name]) for name, values in texts.items()}
    try:
        columns = read_table(path, ReadOptions(options or FileOptions()), only=names).columns
    except DataError:
        # What cannot be decided stays text.
        return {name: KeptColumn.stored(values, "VARCHAR") for name, values in texts.items()}
    return {
        name: KeptColumn.read(values, columns[name], type_of([(values, columns[name])]))
        for name, values in texts.items()
    }


def names_kept(path: Path, names: Sequence[str], options: FileOptions | None = None) -> list[str]:
    """The names of columns as they are read. DataError for one that is not there."""
    if not names:
        return []
    check_file(path)
    if holds_arrays(path):
        raise DataError(f"{path}: the arrays of an HDF5 file have no columns to keep")
    scan = scan_of(path, options or FileOptions())
    names = [clean(name) for name in names]
    for name in names:
        column_of(str(path), scan.columns, name)
    return names


def beside(kept: Mapping[str, KeptColumn] | KeptRows, blocks: Iterable[Block]) -> Iterator[Block]:
    """The blocks with the kept columns before their own."""
    start = 0
    for block in blocks:
        rows = slice(start, start + len(next(iter(block.values()))))
        cells = kept[rows] if isinstance(kept, KeptRows) else {name: values[rows] for name, values in kept.items()}
        yield {**cells, **renamed(block, cells)}
        start = rows.stop


def renamed(block: Block, kept: Collection[str]) -> Block:
    """The columns of a block; one whose name is taken is ``predicted NAME``."""
    return {f"predicted {name}" if name in kept else name: values for name, values in block.items()}
