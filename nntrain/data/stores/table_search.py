"""Find the tables of an HDF5 file, and copy one to Parquet, which DuckDB reads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from nntrain.compute.array import Array
from nntrain.data.error_location import build_error_factory
from nntrain.data.readers.scan import Scan
from nntrain.data.readers.typed_scan import copy_blocks
from nntrain.data.stores.appendable_frame import AppendableFrame
from nntrain.data.stores.column_datasets import ColumnDatasets
from nntrain.data.stores.fixed_frame import FixedFrame
from nntrain.data.stores.pandas_attributes import read_pandas_text
from nntrain.data.stores.stored_table import StoredTable
from nntrain.data.stores.structured_array_table import StructuredArrayTable
from nntrain.hdf5.error_factory import ErrorFactory, translate_errors
from nntrain.hdf5.object_checks import iterate_objects
from nntrain.hdf5.opening import open_hdf5_file
from nntrain.hdf5.texts import escape_bytes

if TYPE_CHECKING:
    import h5py

    from nntrain.data.readers.data_file import DataFile

FRAME_TYPES = {"frame": FixedFrame, "frame_table": AppendableFrame}

# Maximum number of tables that a message lists.
MAX_LISTED = 10

# Maximum number of values and bytes in memory at once.
BLOCK_CELLS, BLOCK_BYTES = 2**22, 2**26


def copy_table(source: DataFile, name: str | None) -> Scan:
    """Scan a copy of the only table of an HDF5 file, or the one named ``name``. DataError if there is none."""
    problem = build_error_factory(source.path)
    with open_hdf5_file(source.path, problem) as file, translate_errors(problem):
        table = find_table(file, problem, name)
        if table is None:
            raise problem("has no table: expected a pandas DataFrame, rows with fields, or a dataset for each column")
        try:
            return copy_blocks(source.path, table.names, iterate_blocks(table), table.notes)
        except UnicodeDecodeError as error:
            raise problem(f"has a string that is not UTF-8: {escape_bytes(error.object)}; write it as UTF-8") from None


def iterate_blocks(table: StoredTable) -> Iterator[list[Array]]:
    """Yield all rows in blocks."""
    length = max(min(BLOCK_CELLS // max(len(table.names), 1), BLOCK_BYTES // max(table.row_bytes, 1)), 1)
    for begin in range(0, table.rows, length):
        yield table.block(begin, min(begin + length, table.rows))


def find_table(file: h5py.File, problem: ErrorFactory, name: str | None = None) -> StoredTable | None:
    """Return the only table of the file, or the one at the path ``name``; None if there is none.

    The error for several tables.
    """
    tables = find_tables(file, problem)
    if name is not None:
        chosen = {path: table for path, table in tables.items() if path.strip("/") == name.strip("/")}
        if not chosen:
            raise problem(f"has no table {name!r}; it has {format_paths(tables)}")
        tables = chosen
    if len(tables) > 1:
        raise problem(f"has {len(tables)} tables: {format_paths(tables)}; choose one with --set 'data.sheet=\"NAME\"'")
    return next((open_table(item, problem) for item in tables.values()), None)


def find_tables(file: h5py.File, problem: ErrorFactory) -> dict[str, Any]:
    """Return every table by its path.

    Tables are pandas DataFrames; else structured datasets; else groups that consist of several one-dimensional datasets
    of one length.
    """
    import h5py

    groups: dict[str, Any] = {"": file}
    members: dict[str, list[Any]] = defaultdict(list)
    for path, item in iterate_objects(file, problem):
        if isinstance(item, h5py.Group):
            groups[path] = item
        members[path.rpartition("/")[0]].append(item)
    frames = find_frames(groups, problem)
    rows = {item.name: item for inside in members.values() for item in inside if has_fields(item)}
    return frames or rows or {path: members[path] for path in groups if is_column_group(members[path])}


def open_table(item: Any, problem: ErrorFactory) -> StoredTable:
    """Open a group of pandas, a dataset whose rows have fields, or the datasets that are columns."""
    import h5py

    if isinstance(item, list):
        return ColumnDatasets(item, problem)
    if isinstance(item, h5py.Dataset):
        return StructuredArrayTable(item, problem)
    kind = read_pandas_text(item, "pandas_type", problem)
    if kind not in FRAME_TYPES:
        raise problem(f"{item.name}: a pandas {kind}; expected a DataFrame")
    return FRAME_TYPES[kind](item, problem)


def find_frames(groups: Mapping[str, Any], problem: ErrorFactory) -> dict[str, Any]:
    """Find the DataFrames: the outermost groups, since the categories of a column are a nested table."""
    found: dict[str, Any] = {}
    for path, group in sorted(groups.items()):
        if read_pandas_text(group, "pandas_type", problem) and not any(path.startswith(f"{outer}/") for outer in found):
            found[path] = group
    return found


def has_fields(item: Any) -> bool:
    """Whether an object is a structured dataset."""
    return getattr(item, "dtype", None) is not None and item.dtype.names is not None


def is_column_group(members: Sequence[Any]) -> bool:
    """Whether these are several one-dimensional datasets of one length."""
    shapes = {getattr(item, "shape", None) for item in members}
    return len(members) > 1 and len(shapes) == 1 and all(shape and len(shape) == 1 for shape in shapes)


def format_paths(tables: Mapping[str, Any]) -> str:
    """List the paths of tables."""
    more = f", and {len(tables) - MAX_LISTED} more" if len(tables) > MAX_LISTED else ""
    return ", ".join(repr(path.strip("/")) for path in list(tables)[:MAX_LISTED]) + more or "none"
