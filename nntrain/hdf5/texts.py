"""Read strings of a dataset, whose bytes may be anywhere in the file, also many at one offset."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from nntrain.errors import DataError
from nntrain.hdf5.budget import Budget
from nntrain.hdf5.error_factory import ErrorFactory, translate_errors
from nntrain.hdf5.sandbox import IS_SANDBOXED

if TYPE_CHECKING:
    import h5py

# Maximum bytes of a string in a message.
MAX_SHOWN = 40


def decode_utf8(value: bytes, what: str, problem: ErrorFactory) -> str:
    """Decode ``value``. The error, with its bytes as escapes, if it is not UTF-8."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        raise problem(f"{what} is not UTF-8: {escape_bytes(value)}; write it as UTF-8") from None


def escape_bytes(value: bytes) -> str:
    """Format the first bytes of a string, with escapes for those that are not ASCII."""
    return repr(value[:MAX_SHOWN])[1:] + ("..." if len(value) > MAX_SHOWN else "")


# Minimum and maximum rows to read at once, and bytes for rows of fixed length.
MIN_ROWS, MAX_ROWS, CHUNK_BYTES = 16, 2**12, 2**24

# Bytes of a string's entry in a dict.
DICT_ENTRY_BYTES = 100


def read_texts(
    dataset: h5py.Dataset, problem: ErrorFactory, begin: int = 0, end: int | None = None, budget: Budget | None = None
) -> Any:
    """Read the strings [begin, end) of shape (n,) or (n, 1) as objects (n,). The error if they are not UTF-8.

    Variable-length strings are stored by reference, so a small file may declare more than fits in memory: their bytes
    are charged to ``budget`` (default: a new one), and each distinct one as a Python object.
    """
    end = len(dataset) if end is None else min(end, len(dataset))
    budget = budget or Budget.of(dataset, problem)
    texts = np.empty(max(end - begin, 0), object)
    known: dict[bytes, str] = {}
    with translate_errors(problem):
        for start, rows in read_rows(dataset, begin, end):
            values = rows.reshape(-1).tolist()
            if has_texts(dataset.dtype):
                budget.charge(sum(map(len, values)), f"the strings of {dataset.name}")
            texts[start - begin : start - begin + len(values)] = [
                decode_text(value, known, dataset.name, budget, problem) for value in values
            ]
    return texts


def decode_text(value: bytes, known: dict[bytes, str], where: str, budget: Budget, problem: ErrorFactory) -> str:
    """Return a string, the same object for the same bytes."""
    text = known.get(value)
    if text is None:
        text = known[value] = decode_utf8(value, f"{where}: a string", problem)
        budget.charge(DICT_ENTRY_BYTES + sys.getsizeof(value) + sys.getsizeof(text), f"the strings of {where}")
    return text


def read_fields(dataset: h5py.Dataset, begin: int, end: int, budget: Budget) -> Any:
    """Read rows of fields, with their variable-length strings as bytes, each distinct one once."""
    if not has_texts(dataset.dtype):
        return dataset[begin:end]
    rows = np.empty(end - begin, dataset.dtype)
    known: dict[bytes, bytes] = {}
    for start, chunk in read_rows(dataset, begin, end):
        for name in filter(lambda name: has_texts(chunk.dtype[name]), chunk.dtype.names):
            texts = chunk[name].reshape(-1).tolist()
            budget.charge(sum(map(len, texts)), "its strings")
            budget.charge(
                sum(DICT_ENTRY_BYTES + sys.getsizeof(text) for text in set(texts) - known.keys()), "its strings"
            )
            chunk[name].flat = [known.setdefault(text, text) for text in texts]
        rows[start - begin : start - begin + len(chunk)] = chunk
    return rows


def read_rows(dataset: h5py.Dataset, begin: int = 0, end: int | None = None) -> Iterator[tuple[int, Any]]:
    """Yield the rows [begin, end) in chunks, each with the index of its first row."""
    end = len(dataset) if end is None else end
    step = get_row_step(dataset)
    for start in range(begin, end, step):
        yield start, dataset[start : min(start + step, end)]


def get_row_step(dataset: h5py.Dataset) -> int:
    """Return the number of rows to read at once; a variable-length string may be as long as the file.

    If files are read in a sandbox first, this has already shown that the chunks fit in memory.
    """
    budget = Budget.of(dataset, DataError)
    row = int(np.prod(dataset.shape[1:])) * max(dataset.dtype.itemsize, 1)
    maximum = min(max(CHUNK_BYTES // max(row, 1), 1), MAX_ROWS)
    if not has_texts(dataset.dtype) or IS_SANDBOXED:
        return maximum
    return int(np.clip(budget.whole // max(budget.size, 1), MIN_ROWS, maximum))


def has_texts(dtype: Any) -> bool:
    """Whether a type contains variable-length strings."""
    return bool(dtype.hasobject)


def check_texts(texts: Iterable[str | None], where: str) -> None:
    """DataError for a string with a NUL character, which HDF5 would truncate."""
    for text in texts:
        if text is not None and "\0" in text:
            raise DataError(
                f"{where}: expected strings without NUL characters, got {text[:20]!r}; remove them from the data"
            )
