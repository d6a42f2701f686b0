"""Estimate the bytes of memory that the rows of a file take once loaded.

The size of the file is not enough: compression may reduce it a thousandfold, and a Parquet file may store a million
equal rows in one byte. The estimate is based on the number of cells and the bytes of strings.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import gettempdir
from typing import TYPE_CHECKING
from zipfile import BadZipFile, ZipFile

from nntrain.data.memory_size import MIN_MEMORY
from nntrain.data.options.file_options import FileOptions
from nntrain.data.readers.data_file import DataFile
from nntrain.data.readers.scan import Scan
from nntrain.data.readers.scan_columns import get_value_kind
from nntrain.data.readers.table_reader import open_scan
from nntrain.data.readers.zip_archive import DirectoryFile
from nntrain.errors import DataError
from nntrain.hdf5.object_checks import NUMERIC_KINDS, check_dataset, iterate_objects
from nntrain.hdf5.opening import open_hdf5_file

if TYPE_CHECKING:
    import h5py

# Peak bytes per cell of reading, encoding and splitting, and per byte of its string.
NUMBER_CELL_BYTES, TEXT_CELL_BYTES, BYTES_PER_TEXT_BYTE = 50, 300, 3

# The same for cells of text files, and per byte of the file. Measured on three columns of a million rows with numbers,
# categories, times and free text, with few and with many distinct values.
TEXT_FILE_CELL_BYTES, BYTES_PER_TEXT_FILE_BYTE = 100, 8
DELIMITERS = (b",", b";", b"\t", b"|")

# Bytes to read at once, and the maximum number of such blocks of an uncompressed text file: the estimate is scaled.
BLOCK_SIZE, MAX_SAMPLED_BLOCKS = 2**20, 16

# The same for arrays: per byte, per number, and per row of arrays with one number per row, such as targets.
BYTES_PER_ARRAY_BYTE, BYTES_PER_ARRAY_NUMBER, BYTES_PER_ROW = 6, 4, 40

# A filled cell of a workbook, and an empty one between others.
FILLED_CELL_BYTES, EMPTY_CELL_BYTES = 400, 60

# A shared string of a workbook, without its bytes.
SHARED_STRING_BYTES = 72

# A cell of a workbook, the reference in it, and a shared string, with any prefix, as the reader accepts them.
CELL_PATTERN = re.compile(rb"<(?:[\w.-]+:)?c[\s/>]")
REFERENCE_PATTERN = re.compile(rb"""<(?:[\w.-]+:)?c\s[^>]*?r=["']([A-Z]{1,3})([0-9]{1,7})["']""")
STRING_PATTERN = re.compile(rb"<(?:[\w.-]+:)?si[\s/>]")

# Plausible bytes of unpacked strings: per byte of the file, the limit of deflate, and per cell.
MAX_RATIO, MAX_SHORT_TEXT = 1032, 1000

# Counts by file, each with the limit at which it stopped.
cached_estimates: dict[tuple[Path, int, int], tuple[float, float]] = {}


def estimate_dataset_memory(path: Path, enough: float) -> float:
    """Estimate the bytes of the rows of a file; counting stops at ``enough``."""
    facts = path.stat()
    key = (path.absolute(), facts.st_mtime_ns, facts.st_size)
    found, limit = cached_estimates.get(key, (0.0, -1.0))
    # A count that reached its limit is a lower bound.
    if limit < enough and found >= limit:
        found = estimate_by_format(path, enough)
        cached_estimates[key] = (found, enough)
    return found


def estimate_by_format(path: Path, enough: float) -> float:
    """Estimate the memory by the format of the file."""
    file = DataFile.open(path)
    if file.format == "converted" or file.has_arrays():
        return estimate_arrays(path)
    if file.format in ("parquet", "hdf5", "feather"):
        return estimate_columns(path, enough)
    if file.format == "workbook":
        return estimate_workbook(path, enough)
    return estimate_text_memory(path, enough)


def estimate_columns(path: Path, enough: float) -> float:
    """Estimate from the number of rows and the types of the columns; the lengths of strings are read if they matter.

    If counting takes too much memory, the rows do not fit. A file that cannot be read is an error later.
    """
    try:
        scan, texts, rows = scan_text_columns(path)
        total = rows * (len(texts) * TEXT_CELL_BYTES + (len(scan.columns) - len(texts)) * NUMBER_CELL_BYTES)
        if texts and total < enough:
            total += BYTES_PER_TEXT_BYTE * count_text_bytes(scan, texts)
    except DataError:
        return enough + 1
    return total


def count_text_bytes(scan: Scan, texts: list[str]) -> float:
    """Return the bytes of all values of string columns, which may be many more than the stored ones."""
    return sum(float(values[0] or 0) for values in scan.select([f"sum(strlen({text}::VARCHAR))" for text in texts]))


def measure_expanded_texts(path: Path) -> float:
    """Return the bytes of the unpacked strings of a Parquet or Feather file if they are implausibly many, else 0.

    A dictionary stores a string once for all rows, but each row is read with a copy.
    """
    try:
        scan, texts, rows = scan_text_columns(path)
        total = count_text_bytes(scan, texts)
    except DataError:
        return 0
    return total if total > max(MAX_RATIO * path.stat().st_size, MAX_SHORT_TEXT * rows * len(texts)) else 0


def scan_text_columns(path: Path) -> tuple[Scan, list[str], float]:
    """Return a scan with its columns of strings, or of other values that are read as strings, and its rows."""
    scan = open_scan(DataFile.open(path), FileOptions()).limit_memory(MIN_MEMORY, Path(gettempdir()))
    (rows,) = scan.select(["count(*)"])
    texts = [scan.columns[name] for name, type_ in scan.types.items() if get_value_kind(type_) in (None, "text")]
    return scan, texts, float(rows[0])


def estimate_arrays(path: Path) -> float:
    """Estimate from the shapes and the types of all datasets; a file that cannot be read is an error later."""
    total = float(BYTES_PER_TEXT_BYTE * path.stat().st_size)
    for dataset in iterate_datasets(path):
        width = dataset.dtype.itemsize
        cell = (
            BYTES_PER_ARRAY_NUMBER + BYTES_PER_ARRAY_BYTE * width
            if dataset.dtype.kind in NUMERIC_KINDS
            else TEXT_CELL_BYTES + BYTES_PER_TEXT_BYTE * width
        )
        total += float(dataset.size or 0) * (cell + (BYTES_PER_ROW if dataset.ndim == 1 else 0))
    return total


def count_array_rows(path: Path) -> int:
    """Return the rows of the longest dataset with one value per row, like targets; 0 if there is none."""
    return max((len(dataset) for dataset in iterate_datasets(path) if dataset.ndim == 1), default=0)


def iterate_datasets(path: Path) -> Iterator[h5py.Dataset]:
    """Iterate over the datasets of an HDF5 file that can be read; reading the others is an error later."""
    with suppress(DataError), open_hdf5_file(path, DataError) as file:
        for _, item in iterate_objects(file, DataError, foreign=True):
            with suppress(DataError):
                if hasattr(item, "shape"):
                    check_dataset(item, DataError, fields=True)
                    yield item


def estimate_workbook(path: Path, enough: float) -> float:
    """Estimate from the shared strings and the cells of all sheets, with the empty cells between others."""
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
        # The end of the block may cut a cell.
        last = text[-64:].rpartition(b"<c ")[2]
        last = b"<c " + last if b"<c " in text[-64:] else b""
    return filled + between


def parse_column_letters(column: bytes) -> int:
    """Return the number of a workbook column from its name, such as A, Z or AA."""
    number = 0
    for letter in column:
        number = number * 26 + letter - ord("A") + 1
    return number


def estimate_text_memory(path: Path, enough: float) -> float:
    """Estimate the bytes of memory of the rows of a CSV or JSON file; counting stops at ``enough``.

    A file that cannot be unpacked is counted up to the error, which is reported when it is read.
    """
    file = DataFile.open(path)
    size = file.state.size
    is_packed = file.is_compressed or file.format == "zip"
    if not is_packed and size > MAX_SAMPLED_BLOCKS * BLOCK_SIZE:
        sample = [estimate_block(block) for block in sample_blocks(path, size)]
        return sum(sample) * size / (len(sample) * BLOCK_SIZE)
    if not is_packed:
        with file.open_binary() as opened:
            return estimate_block(opened.read())
    total = 0.0
    for block in iterate_unpacked(path):
        total += estimate_block(block)
        if total > enough:
            break
    return total


def estimate_block(block: bytes) -> int:
    """Return the bytes of memory of the cells of a block of text; each cell ends with a delimiter or its line."""
    lines = max(block.count(b"\n"), block.count(b"\r"))
    delimiters = max(map(block.count, DELIMITERS))
    # If there are few other delimiters, spaces may be the delimiters.
    delimiters = delimiters if delimiters > lines // 2 else max(delimiters, block.count(b" "))
    return (lines + delimiters) * TEXT_FILE_CELL_BYTES + len(block) * BYTES_PER_TEXT_FILE_BYTE


def sample_blocks(path: Path, size: int) -> Iterator[bytes]:
    """Iterate over blocks of a file at equal distances from its start to its end."""
    with path.open("rb") as file:
        for number in range(MAX_SAMPLED_BLOCKS):
            file.seek((size - BLOCK_SIZE) * number // (MAX_SAMPLED_BLOCKS - 1))
            yield file.read(BLOCK_SIZE)


def iterate_unpacked(path: Path) -> Iterator[bytes]:
    """Iterate over the unpacked blocks of a gzip file, or of all files in an archive, up to the first error."""
    try:
        if (source := DataFile.open(path)).is_compressed:
            with source.open_binary() as file:
                while block := file.read(BLOCK_SIZE):
                    yield block
            return
        with DirectoryFile(path) as opened, ZipFile(opened) as archive:
            for item in archive.infolist():
                with archive.open(item) as file:
                    while block := file.read(BLOCK_SIZE):
                        yield block
    except (BadZipFile, NotImplementedError, OSError, EOFError, RuntimeError, ValueError, zlib.error):
        return
