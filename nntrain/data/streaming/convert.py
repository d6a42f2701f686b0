"""A table as an HDF5 file that is trained on like the table itself."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from nntrain.data.data_options import DataOptions
from nntrain.data.hdf5_layout import SUFFIXES, holds_arrays
from nntrain.data.streaming.disk_source import disk_source
from nntrain.data.streaming.memory import memory_for
from nntrain.data.streaming.streamed_table import StreamedTable
from nntrain.data.streaming.table_file import is_table_file
from nntrain.data.streaming.write_table import write_table
from nntrain.data.table_rows import read_options
from nntrain.errors import ConfigError, DataError
from nntrain.files.temporary_folder import temporary_folder
from nntrain.files.whole_file import HIDDEN, whole_file
from nntrain.refusal import reason_of

__all__ = ["convert"]


def convert(options: DataOptions, out: Path) -> tuple[int, int]:
    """Write the typed columns of a table to ``out``, whole or not at all; give the numbers of rows and columns.

    ConfigError for a name that does not say HDF5. DataError for arrays, which are HDF5 already, for a target that is
    no column, and where the disk is full.
    """
    path = Path(options.path)
    if out.suffix.lower() not in SUFFIXES:
        raise ConfigError(f"{out}: expected the name of a file to write ending in {', '.join(SUFFIXES)}")
    if holds_arrays(path) or is_table_file(path):
        raise DataError(f"{path}: an HDF5 file already; expected a table, such as CSV, Parquet or JSON")
    try:
        with temporary_folder(out.parent, HIDDEN) as folder, ExitStack() as open_files:
            read = disk_source(folder, memory_for(options), open_files).table
            table = read(path, read_options(options))
            assert isinstance(table, StreamedTable)
            for name in (*options.target_names, *options.ignore, *options.columns):
                table.column(name)
            with whole_file(out) as new:
                write_table(new, table, options)
    except OSError as error:
        raise DataError(f"{out}: cannot be written: {reason_of(error)}") from error
    return table.rows, len(table.columns)
