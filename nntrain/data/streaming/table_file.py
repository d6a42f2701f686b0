"""The typed columns of a table in an HDF5 file, as ``nntrain convert`` writes it.

A group for each column, with its ``name`` and ``kind`` as attributes, in the order of the table, holds
    number: ``values`` float64, NaN where missing;
    boolean: ``values`` int8, −1 where missing;
    time: ``values`` int64, microseconds since 1970, the least integer where missing;
    text: ``codes`` int32, −1 where missing, and the ``labels`` that they count; or, where there are very many,
        ``texts``, the empty one where missing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from nntrain.data.array import Array
from nntrain.data.column_options import ColumnOptions
from nntrain.data.data_options import DataOptions
from nntrain.data.raw_column import Kind, RawColumn
from nntrain.data.streaming.streamed_column import StreamedColumn
from nntrain.data.streaming.streamed_table import StreamedTable
from nntrain.data.table import Table
from nntrain.errors import DataError
from nntrain.hdf5.sink import Sink

if TYPE_CHECKING:
    import h5py

__all__ = ["TableFile", "is_table_file", "recorded", "write_table"]

FORMAT = "nntrain table"
VERSION = 1

# Values that are compressed together.
CHUNK = 2**16

# What a file says about how it is to be used, where a run says nothing.
RECORDED = ("target", "separator", "weight", "task", "ignore", "one_hot_limit")

SIGNATURE = b"\x89HDF\r\n\x1a\n"


class TableFile:
    """A table in an open file, of which blocks of rows are read."""

    def __init__(self, path: str, file: h5py.File, known: Mapping[str, str]) -> None:
        self.path = path
        self.known = known
        self.groups = {group.attrs["name"]: group for group in sorted(file["columns"].values(), key=number_of)}
        self.kinds = {name: self._kind(name) for name in self.groups}
        self.rows = int(file.attrs["rows"])

    @classmethod
    @contextmanager
    def opened(cls, path: Path, kinds: Mapping[str, str] | None = None) -> Iterator[TableFile]:
        """Open a file; ``kinds`` are what some columns are to be read as. DataError if it is damaged."""
        import h5py

        try:
            with h5py.File(path, "r") as file:
                if file.attrs["version"] > VERSION:
                    raise DataError(f"{path}: written by a newer nntrain; convert the data again, or update")
                yield cls(str(path), file, kinds or {})
        except (OSError, KeyError) as error:
            raise DataError(f"{path}: damaged ({str(error).splitlines()[0]}); convert the data again") from error

    def block(self, names: Sequence[str], begin: int, end: int) -> Table:
        """Some columns of the rows from ``begin`` to before ``end``."""
        columns = {}
        for name in names:
            group = self.groups[name]
            raw = RawColumn(name, group.attrs["kind"], values_of(group, begin, end))
            columns[name] = raw.as_text() if self.kinds[name] == "text" else raw
        return Table(self.path, columns, min(end, self.rows) - begin)

    def _kind(self, name: str) -> Kind:
        stored, wanted = self.groups[name].attrs["kind"], self.known.get(name)
        if wanted not in (None, stored, "text"):
            raise DataError(
                f"{self.path}: column {name!r} holds values of kind {stored}, expected {wanted}; "
                f"convert the data again with --set 'data.columns.{name}.type=\"{wanted}\"'"
            )
        return cast(Kind, wanted or stored)


def is_table_file(path: Path) -> bool:
    """Whether ``nntrain convert`` wrote the file."""
    if not path.is_file():
        return False
    with path.open("rb") as opened:
        if opened.read(len(SIGNATURE)) != SIGNATURE:
            return False
    import h5py

    try:
        with h5py.File(path, "r") as file:
            return bool(file.attrs.get("format") == FORMAT)
    except OSError:
        return False


def write_table(path: Path, table: StreamedTable, options: DataOptions) -> None:
    """Write a table, and what ``options`` say of it. Texts are kept by code, unless there are very many."""
    import h5py

    said = {name: value for name, value in asdict(options).items() if name in RECORDED}
    columns = {name: asdict(column) for name, column in options.columns.items()}
    with Sink(path) as sink, h5py.File(sink, "w") as file:
        file.attrs.update({"format": FORMAT, "version": VERSION, "rows": table.rows})
        file.attrs["options"] = json.dumps({**said, "columns": columns})
        for number, column in enumerate(table.columns.values()):
            group = file.create_group(f"columns/{number}")
            group.attrs.update({"name": column.name, "kind": column.kind})
            write_column(group, column, table.rows)


def write_column(group: h5py.Group, column: StreamedColumn, rows: int) -> None:
    """The values of one column, piece by piece."""
    import h5py

    name, dtype = {"number": ("values", "f8"), "boolean": ("values", "i1"), "time": ("values", "i8")}.get(
        column.kind, ("texts", h5py.string_dtype())
    )
    codes: dict[str | None, int] = {}
    if column.kind == "text" and (counts := column.counts()) is not None:
        name, dtype = "codes", "i4"
        labels = sorted(label for label in counts if label is not None)
        codes = {None: -1} | {label: code for code, label in enumerate(labels)}
        group.create_dataset("labels", data=labels, dtype=h5py.string_dtype())
    packing: dict[str, Any] = {"compression": "gzip", "compression_opts": 1, "shuffle": True}
    dataset = group.create_dataset(name, (rows,), dtype, chunks=(min(CHUNK, rows),), **packing)
    begin = 0
    for chunk in column.chunks():
        dataset[begin : begin + len(chunk.values)] = stored(chunk, codes)
        begin += len(chunk.values)


def stored(raw: RawColumn, codes: Mapping[str | None, int]) -> Array:
    """Values as the file keeps them."""
    if raw.kind == "boolean":
        return np.where(raw.missing, -1, raw.values)
    if raw.kind == "time":
        return raw.values.astype("M8[us]").astype(np.int64)
    if raw.kind == "text" and codes:
        return np.fromiter((codes[value] for value in raw.values), np.int32, len(raw.values))
    return np.array(["" if value is None else value for value in raw.values]) if raw.kind == "text" else raw.values


def values_of(group: h5py.Group, begin: int, end: int) -> Array:
    """Values as a ``RawColumn`` has them."""
    kind = group.attrs["kind"]
    if kind == "number":
        return group["values"][begin:end]
    if kind == "boolean":
        flags = group["values"][begin:end].astype(np.float64)
        return np.where(flags < 0, np.nan, flags)
    if kind == "time":
        return group["values"][begin:end].astype("M8[us]")
    if "codes" in group:
        labels = np.array([*group["labels"].asstr()[:], None], dtype=object)
        return labels[group["codes"][begin:end]]
    texts = group["texts"].asstr()[begin:end]
    return np.array([text or None for text in texts], dtype=object)


def recorded(options: DataOptions) -> DataOptions:
    """``options`` with what the file says of itself, where they say nothing. Other files say nothing."""
    path = Path(options.path)
    if not is_table_file(path):
        return options
    import h5py

    with h5py.File(path, "r") as file:
        told = json.loads(file.attrs["options"])
    silent = {name: getattr(options, name) == getattr(DataOptions, name) for name in RECORDED}
    said = {name: value for name, value in told.items() if silent.get(name)}
    if "ignore" in said:
        said["ignore"] = tuple(said["ignore"])
    columns = {name: ColumnOptions(**column) for name, column in told["columns"].items()}
    return replace(options, **said, columns={**columns, **options.columns})


def number_of(group: h5py.Group) -> int:
    return int(group.name.rpartition("/")[2])
