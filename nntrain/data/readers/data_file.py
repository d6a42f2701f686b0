"""A file of rows as it is now: its format and its first bytes, found once."""

from __future__ import annotations

import gzip
import io
import time
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, TypeAlias, TypeVar, cast

from nntrain.data.file_state import FileState
from nntrain.data.readers.hdf5.hdf5_layout import HDF5_SUFFIXES, contains_arrays, contains_table
from nntrain.data.readers.unsupported_files import GZIP_SIGNATURE, check_supported
from nntrain.data.readers.zip_archive import ZIP_SIGNATURE, list_members
from nntrain.data.streaming.table_file import TABLE_FORMAT
from nntrain.errors import DataError
from nntrain.files.file_kind import describe_file
from nntrain.hdf5.opening import HDF5_SIGNATURE, has_format
from nntrain.hooks.registry import get_registry

if TYPE_CHECKING:
    from nntrain.data.readers.file_reader import FileReader

T = TypeVar("T")

# ``converted``: a table that ``nntrain convert`` wrote. ``hdf5``: any other HDF5 file. ``plugin``: see ``find_reader``.
FileFormat: TypeAlias = Literal["csv", "json", "parquet", "feather", "workbook", "zip", "hdf5", "converted", "plugin"]

PARQUET_SIGNATURE, ARROW_SIGNATURE = b"PAR1", b"ARROW1"
BINARY_SIGNATURES = (PARQUET_SIGNATURE, ARROW_SIGNATURE, HDF5_SIGNATURE, ZIP_SIGNATURE)

# What an archive has in it that is a workbook of Excel.
WORKBOOK_MEMBER = "xl/workbook.xml"
CSV_SUFFIXES = (".csv", ".tsv", ".txt", ".tab", ".dat", ".data", ".gz", "")
JSON_SUFFIXES = (".json", ".jsonl", ".ndjson")

# Bytes by which the format is found, and those of a text file that are kept: a file of that size is not opened again.
SIGNATURE_SIZE, MAX_HEAD_SIZE = 512, 2**22

# Files that are remembered. One that was written just now, in nanoseconds, is not: its time may not change when it is
# written again.
MAX_FILES, MIN_AGE = 16, 20_000_000


@dataclass(frozen=True)
class DataFile:
    """The file at ``path`` in one state, and its first bytes."""

    path: Path
    state: FileState
    head: bytes = field(repr=False)
    format: FileFormat
    _results: dict[tuple[Hashable, ...], Any] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def open(cls, path: Path) -> DataFile:
        """Return the same object as long as the file does not change.

        DataError if there is no such file, if it is empty, or if its format is not supported.
        """
        kind = describe_file(path)
        if kind is not None:
            raise DataError(f"{path}: is {kind}; expected a file of rows")
        state = FileState.from_path(path) if path.exists() else None
        if state is None:
            raise DataError(f"{path}: no such file")
        if not state.size:
            raise DataError(f"{path}: the file is empty")
        is_new = 0 <= time.time_ns() - state.mtime_ns < MIN_AGE
        return read_head(path, state) if is_new else read_head_once(path, state)

    @property
    def is_compressed(self) -> bool:
        """Whether the file starts with the gzip signature, regardless of its name."""
        return self.head.startswith(GZIP_SIGNATURE)

    @contextmanager
    def open_binary(self) -> Iterator[BinaryIO]:
        """Open the file for reading its bytes, decompressed. A file of which all bytes are known is not opened."""
        is_complete = len(self.head) == self.state.size
        with (
            io.BytesIO(self.head) if is_complete else self.path.open("rb") as file,
            gzip.GzipFile(fileobj=file) if self.is_compressed else file as unpacked,
        ):
            yield cast(BinaryIO, unpacked)

    def has_arrays(self, inputs: str | None = None, others: Sequence[str] = ()) -> bool:
        """Whether the file is HDF5 and is read as arrays: its ``inputs`` are named or found, or it has no table.

        Inputs of one number a row are a column of a table if there are more columns than inputs, targets, and
        ``others``, the columns that are read with them. DataError for a file that cannot be opened.
        """
        return self.format == "hdf5" and (inputs is not None or self.once(contains_arrays, tuple(others)))

    @property
    def has_table(self) -> bool:
        """Whether the file is HDF5, not written by ``nntrain convert``, and has a table in it."""
        return self.format == "hdf5" and self.once(contains_table)

    def once(self, compute: Callable[..., T], *arguments: Hashable) -> T:
        """Return ``compute(file, *arguments)``, computed once."""
        key = (compute, *arguments)
        if key not in self._results:
            self._results[key] = compute(self, *arguments)
        return cast(T, self._results[key])


def read_head(path: Path, state: FileState) -> DataFile:
    """Open the file once, for its first bytes."""
    with path.open("rb") as file:
        head = file.read(SIGNATURE_SIZE)
        if not head.startswith(BINARY_SIGNATURES):
            head += file.read(MAX_HEAD_SIZE - SIGNATURE_SIZE)
    return DataFile(path, state, head, find_format(path, head))


read_head_once = lru_cache(MAX_FILES)(read_head)


def find_format(path: Path, head: bytes) -> FileFormat:
    """Find the format of a file by its first bytes, else by its name. DataError for one that is not supported."""
    if head.startswith(PARQUET_SIGNATURE):
        return "parquet"
    if head.startswith(HDF5_SIGNATURE) and has_format(path, TABLE_FORMAT):
        return "converted"
    if head.startswith(HDF5_SIGNATURE) or path.suffix.lower() in HDF5_SUFFIXES:
        return "hdf5"
    if head.startswith(ARROW_SIGNATURE):
        return "feather"
    check_supported(path, head)
    if head.startswith(ZIP_SIGNATURE):
        return "workbook" if WORKBOOK_MEMBER in list_members(path) else "zip"
    if path.suffix.lower() == ".parquet":
        raise DataError(
            f"{path}: not a Parquet file, or a corrupt one: it does not start with {PARQUET_SIGNATURE.decode()}"
        )
    if path.name.lower().removesuffix(".gz").endswith(JSON_SUFFIXES):
        return "json"
    return "csv" if path.suffix.lower() in CSV_SUFFIXES or find_reader(path) is None else "plugin"


def find_reader(path: Path) -> type[FileReader] | None:
    """Return the reader that a plugin provides for a file's suffix, if there is one."""
    entry = get_registry().find_by_suffix("source", path)
    return None if entry is None else entry.cls
