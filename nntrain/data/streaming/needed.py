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

from nntrain.data.byte_count import LEAST
from nntrain.data.feather import ARROW
from nntrain.data.file_options import FileOptions
from nntrain.data.hdf5_layout import holds_arrays, is_hdf5
from nntrain.data.scan import Scan
from nntrain.data.scan_columns import natural_kind
from nntrain.data.streaming.table_file import is_table_file
from nntrain.data.streaming.text_size import bytes_of_text, unpacked
from nntrain.data.table_source import begins, is_parquet, is_workbook, scan_of
from nntrain.errors import DataError
from nntrain.hdf5.guard import check_dataset, objects
from nntrain.hdf5.opened import opened

if TYPE_CHECKING:
    import h5py

__all__ = ["ROW", "needed", "rows_of_arrays", "texts_beyond"]

# Bytes that a cell takes at the peak of reading, encoding and splitting, and that each byte of its text adds.
NUMBER, TEXT, TIMES = 50, 300, 3

# The same for arrays: for each byte of them, each number, and each number of those with one a row, such as targets.
ARRAY_TIMES, ARRAY_NUMBER, ROW = 6, 4, 40

# A cell of a workbook that is filled, and one that is not but lies between others.
FILLED, BETWEEN = 400, 60

# A shared string of a workbook, without its bytes.
SHARED = 72

# A cell of a workbook, the reference in one, and a shared string: as the reader does, under any prefix.
CELL = re.compile(rb"<(?:[\w.-]+:)?c[\s/>]")
REFERENCE = re.compile(rb"""<(?:[\w.-]+:)?c\s[^>]*?r=["']([A-Z]{1,3})([0-9]{1,7})["']""")
STRING = re.compile(rb"<(?:[\w.-]+:)?si[\s/>]")

# What texts may unpack to: bytes for each of the file, the limit of deflate, and for each cell.
RATIO, SHORT = 1032, 1000

# Kinds of numbers.
NUMBERS = "biuf"

# What has been counted, and up to where, by file.
known: dict[tuple[Path, int, int], tuple[float, float]] = {}


def needed(path: Path, enough: float) -> float:
    """About how many bytes the rows of a file take; ``enough`` or more once it is that many."""
    facts = path.stat()
    key = (path.absolute(), facts.st_mtime_ns, facts.st_size)
    found, limit = known.get(key, (0.0, -1.0))
    # Counting ended at the limit: what is above it is known to be that much and no more.
    if limit < enough and found >= limit:
        found = counted(path, enough)
        known[key] = (found, enough)
    return found


def counted(path: Path, enough: float) -> float:
    """``needed``, by what the file is."""
    if is_table_file(path) or (is_hdf5(path) and holds_arrays(path)):
        return bytes_of_arrays(path)
    if is_parquet(path) or is_hdf5(path) or begins(path, ARROW):
        return bytes_of_columns(path, enough)
    if is_workbook(path):
        return bytes_of_workbook(path, enough)
    return bytes_of_text(path, enough)


def bytes_of_columns(path: Path, enough: float) -> float:
    """From the number of rows and the types of the columns; texts are read for their lengths if that decides.

    What takes more memory to be told than a run has does not fit, and a file that cannot be read says why later.
    """
    try:
        scan = scan_of(path, FileOptions()).within(LEAST, Path(gettempdir()))
        texts = texts_of(scan)
        (rows,) = scan.select(["count(*)"])
        total = float(rows[0]) * (len(texts) * TEXT + (len(scan.columns) - len(texts)) * NUMBER)
        if texts and total < enough:
            total += TIMES * letters(scan, texts)
    except DataError:
        return enough + 1
    return total


def letters(scan: Scan, texts: list[str]) -> float:
    """The bytes of all values of columns of text, which may be many more than those that are stored."""
    return sum(float(values[0] or 0) for values in scan.select([f"sum(strlen({text}::VARCHAR))" for text in texts]))


def texts_beyond(path: Path) -> float:
    """The bytes that the texts of a Parquet or Feather file unpack to, where they are too many for such a file; else 0.

    A dictionary has a text once for all rows, each of which is then read with all of it.
    """
    try:
        scan = scan_of(path, FileOptions()).within(LEAST, Path(gettempdir()))
        texts = texts_of(scan)
        if not texts:
            return 0
        (rows,) = scan.select(["count(*)"])
        total = letters(scan, texts)
    except DataError:
        return 0
    return total if total > max(RATIO * path.stat().st_size, SHORT * float(rows[0]) * len(texts)) else 0


def texts_of(scan: Scan) -> list[str]:
    """The columns of texts, or of other values that are read as texts."""
    return [scan.columns[name] for name, type_ in scan.types.items() if natural_kind(type_) in (None, "text")]


def bytes_of_arrays(path: Path) -> float:
    """From the shapes and the types of all datasets; a file that cannot be read says why later."""
    total = float(TIMES * path.stat().st_size)
    for dataset in datasets(path):
        width = dataset.dtype.itemsize
        cell = ARRAY_NUMBER + ARRAY_TIMES * width if dataset.dtype.kind in NUMBERS else TEXT + TIMES * width
        total += float(dataset.size or 0) * (cell + (ROW if dataset.ndim == 1 else 0))
    return total


def rows_of_arrays(path: Path) -> int:
    """The rows of the longest dataset of one value a row, as targets are; 0 if there is none."""
    return max((len(dataset) for dataset in datasets(path) if dataset.ndim == 1), default=0)


def datasets(path: Path) -> Iterator[h5py.Dataset]:
    """The datasets of an HDF5 file that can be read, as far as it can: whoever reads others refuses them."""
    with suppress(DataError), opened(path, DataError) as file:
        for _, item in objects(file, DataError, foreign=True):
            with suppress(DataError):
                if hasattr(item, "shape"):
                    check_dataset(item, DataError, fields=True)
                    yield item


def bytes_of_workbook(path: Path, enough: float) -> float:
    """From the shared strings and the cells of all sheets, of which a reader keeps also empty ones between others."""
    filled, between, last = 0.0, 0.0, b""
    rows = columns = 0
    for block in unpacked(path):
        text = last + block
        filled += TIMES * len(block)
        filled += FILLED * len(CELL.findall(block)) + SHARED * len(STRING.findall(block))
        for column, row in REFERENCE.findall(text):
            rows, columns = max(rows, int(row)), max(columns, number_of(column))
        between = float(rows) * columns * BETWEEN
        if filled + between > enough:
            break
        # A cell may be cut by the end of the block.
        last = text[-64:].rpartition(b"<c ")[2]
        last = b"<c " + last if b"<c " in text[-64:] else b""
    return filled + between


def number_of(column: bytes) -> int:
    """The number of a column that a workbook calls A, Z, AA."""
    number = 0
    for letter in column:
        number = number * 26 + letter - ord("A") + 1
    return number
