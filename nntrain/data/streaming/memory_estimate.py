"""How many bytes of memory the rows of a file take when they are loaded whole: known before they are.

The size of a file tells nothing: a compressed one may have a thousand times as many bytes, and a Parquet file a million
equal rows in one byte. What counts are cells, which are counted, and the bytes of texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import gettempdir
from typing import TYPE_CHECKING

from nntrain.data.memory_size import MIN_MEMORY
from nntrain.data.options.file_options import FileOptions
from nntrain.data.readers.data_file import DataFile
from nntrain.data.readers.scan import Scan
from nntrain.data.readers.scan_columns import get_value_kind
from nntrain.data.readers.table_reader import open_scan
from nntrain.data.streaming.text_memory_estimate import estimate_text_memory, iterate_unpacked
from nntrain.errors import DataError
from nntrain.hdf5.object_checks import check_dataset, iterate_objects
from nntrain.hdf5.opening import open_hdf5_file

if TYPE_CHECKING:
    import h5py

__all__ = ["BYTES_PER_ROW", "count_array_rows", "estimate_dataset_memory", "measure_expanded_texts"]

# Bytes that a cell takes at the peak of reading, encoding and splitting, and that each byte of its text adds.
NUMBER_CELL_BYTES, TEXT_CELL_BYTES, BYTES_PER_TEXT_BYTE = 50, 300, 3

# The same for arrays: for each byte of them, each number, and each number of those with one a row, such as targets.
BYTES_PER_ARRAY_BYTE, BYTES_PER_ARRAY_NUMBER, BYTES_PER_ROW = 6, 4, 40

# A cell of a workbook that is filled, and one that is not but lies between others.
FILLED_CELL_BYTES, EMPTY_CELL_BYTES = 400, 60

# A shared string of a workbook, without its bytes.
SHARED_STRING_BYTES = 72

# A cell of a workbook, the reference in one, and a shared string: as the reader does, under any prefix.
CELL_PATTERN = re.compile(rb"<(?:[\w.-]+:)?c[\s/>]")
REFERENCE_PATTERN = re.compile(rb"""<(?:[\w.-]+:)?c\s[^>]*?r=["']([A-Z]{1,3})([0-9]{1,7})["']""")
STRING_PATTERN = re.compile(rb"<(?:[\w.-]+:)?si[\s/>]")

# What texts may unpack to: bytes for each of the file, the limit of deflate, and for each cell.
MAX_RATIO, MAX_SHORT_TEXT = 1032, 1000

# Kinds of numbers.
NUMBER_KINDS = "biuf"

# What has been counted, and up to where, by file.
cached_estimates: dict[tuple[Path, int, int], tuple[float, float]] = {}


def estimate_dataset_memory(path: Path, enough: float) -> float:
    """About how many bytes the rows of a file take; ``enough`` or more once it is that many."""
    facts = path.stat()
    key = (path.absolute(), facts.st_mtime_ns, facts.st_size)
    found, limit = cached_estimates.get(key, (0.0, -1.0))
    # Counting ended at the limit: what is above it is known to be that much and no more.
    if limit < enough and found >= limit:
        found = estimate_by_format(path, enough)
        cached_estimates[key] = (found, enough)
    return found


def estimate_by_format(path: Path, enough: float) -> float:
    """``estimate_dataset_memory``, by what the file is."""
    file = DataFile.open(path)
    if file.format == "converted" or file.has_arrays():
        return estimate_arrays(path)
    if file.format in ("parquet", "hdf5", "feather"):
        return estimate_columns(path, enough)
    if file.format == "workbook":
        return estimate_workbook(path, enough)
    return estimate_text_memory(path, enough)


def estimate_columns(path: Path, enough: float) -> float:
    """From the number of rows and the types of the columns; texts are read for their lengths if that decides.

    What takes more memory to be told than a run has does not fit, and a file that cannot be read says why later.
    """
    try:
        scan = open_scan(DataFile.open(path), FileOptions()).limit_memory(MIN_MEMORY, Path(gettempdir()))
        texts = find_text_columns(scan)
        (rows,) = scan.select(["count(*)"])
        total = float(rows[0]) * (len(texts) * TEXT_CELL_BYTES + (len(scan.columns) - len(texts)) * NUMBER_CELL_BYTES)
        if texts and total < enough:
            total += BYTES_PER_TEXT_BYTE * count_text_bytes(scan, texts)
    except DataError:
        return enough + 1
    return total


def count_text_bytes(scan: Scan, texts: list[str]) -> float:
    """The bytes of all values of columns of text, which may be many more than those that are stored."""
    return sum(float(values[0] or 0) for values in scan.select([f"sum(strlen({text}::VARCHAR))" for text in texts]))


def measure_expanded_texts(path: Path) -> float:
    """The bytes that the texts of a Parquet or Feather file unpack to, where they are too many for such a file; else 0.

    A dictionary has a text once for all rows, each of which is then read with all of it.
    """
    try:
        scan = open_scan(DataFile.open(path), FileOptions()).limit_memory(MIN_MEMORY, Path(gettempdir()))
        texts = find_text_columns(scan)
        if not texts:
            return 0
        (rows,) = scan.select(["count(*)"])
        total = count_text_bytes(scan, texts)
    except DataError:
        return 0
    return total if total > max(MAX_RATIO * path.stat().st_size, MAX_SHORT_TEXT * float(rows[0]) * len(texts)) else 0


def find_text_columns(scan: Scan) -> list[str]:
    """The columns of texts, or of other values that are read as texts."""
    return [scan.columns[name] for name, type_ in scan.types.items() if get_value_kind(type_) in (None, "text")]


def estimate_arrays(path: Path) -> float:
    """From the shapes and the types of all datasets; a file that cannot be read says why later."""
    total = float(BYTES_PER_TEXT_BYTE * path.stat().st_size)
    for dataset in iterate_datasets(path):
        width = dataset.dtype.itemsize
        cell = (
            BYTES_PER_ARRAY_NUMBER + BYTES_PER_ARRAY_BYTE * width
            if dataset.dtype.kind in NUMBER_KINDS
            else TEXT_CELL_BYTES + BYTES_PER_TEXT_BYTE * width
        )
        total += float(dataset.size or 0) * (cell + (BYTES_PER_ROW if dataset.ndim == 1 else 0))
    return total


def count_array_rows(path: Path) -> int:
    """The rows of the longest dataset of one value a row, as targets are; 0 if there is none."""
    return max((len(dataset) for dataset in iterate_datasets(path) if dataset.ndim == 1), default=0)


def iterate_datasets(path: Path) -> Iterator[h5py.Dataset]:
    """The datasets of an HDF5 file that can be read, as far as it can: whoever reads others refuses them."""
    with suppress(DataError), open_hdf5_file(path, DataError) as file:
        for _, item in iterate_objects(file, DataError, foreign=True):
            with suppress(DataError):
                if hasattr(item, "shape"):
                    check_dataset(item, DataError, fields=True)
                    yield item


def estimate_workbook(path: Path, enough: float) -> float:
    """From the shared strings and the cells of all sheets, of which a reader keeps also empty ones between others."""
    filled, between, last = 0.0, 0.0, b""
    rows = columns = 0
    for block in iterate_unpacked(path):
        text = last + block
        filled += BYTES_PER_TEXT_BYTE * len(block)
        filled += FILLED_CELL_BYTES * len(CELL_PATTERN.findall(block)) + SHARED_STRING_BYTES * len(
            STRING_PATTERN.findall(block)
        )
        for column, row in REFERENCE_PATTERN.findall(text):
            rows, columns = max(rows, int(row)), max(columns, parse_column_letters(column))
        between = float(rows) * columns * EMPTY_CELL_BYTES
        if filled + between > enough:
            break
        # A cell may be cut by the end of the block.
        last = text[-64:].rpartition(b"<c ")[2]
        last = b"<c " + last if b"<c " in text[-64:] else b""
    return filled + between


def parse_column_letters(column: bytes) -> int:
    """The number of a column that a workbook calls A, Z, AA."""
    number = 0
    for letter in column:
        number = number * 26 + letter - ord("A") + 1
    return number
