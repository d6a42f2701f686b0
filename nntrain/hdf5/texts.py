"""Texts of a dataset, which may lie anywhere in the file, and all of them at one place; and what may be one."""

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

__all__ = ["check_texts", "decode_utf8", "escape_bytes", "has_texts", "read_fields", "read_rows", "read_texts"]

# Bytes of a text that a message shows.
MAX_SHOWN = 40


def decode_utf8(value: bytes, what: str, problem: ErrorFactory) -> str:
    """Return the text of ``value``. The error, with its bytes in escapes, if it is not UTF-8."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        raise problem(f"{what} is not UTF-8: {escape_bytes(value)}; write it as UTF-8") from None


def escape_bytes(value: bytes) -> str:
    """The first bytes of a text, those that are not ASCII in escapes."""
    return repr(value[:MAX_SHOWN])[1:] + ("..." if len(value) > MAX_SHOWN else "")


# Rows that are read at once, at least and at most, and the bytes for those whose length is known.
MIN_ROWS, MAX_ROWS, CHUNK_BYTES = 16, 2**12, 2**24

# Bytes of the place of a text in a dict.
DICT_ENTRY_BYTES = 100


def read_texts(
    dataset: h5py.Dataset, problem: ErrorFactory, begin: int = 0, end: int | None = None, budget: Budget | None = None
) -> Any:
    """The texts (n,), also of (n, 1), from ``begin`` to before ``end`` as objects. The error if they are not UTF-8.

    Texts of any length are kept by reference, so a small file may declare more than any memory holds: their bytes are
    charged to ``budget``, and each different one as the object that it becomes. Without one they have their own.
    """
    end = len(dataset) if end is None else min(end, len(dataset))
    budget = budget or Budget.of(dataset, problem)
    texts = np.empty(max(end - begin, 0), object)
    known: dict[bytes, str] = {}
    with translate_errors(problem):
        for start, rows in read_rows(dataset, begin, end):
            values = rows.reshape(-1).tolist()
            if has_texts(dataset.dtype):
                budget.charge(sum(map(len, values)), f"the texts of {dataset.name}")
            texts[start - begin : start - begin + len(values)] = [
                decode_text(value, known, dataset.name, budget, problem) for value in values
            ]
    return texts


def decode_text(value: bytes, known: dict[bytes, str], where: str, budget: Budget, problem: ErrorFactory) -> str:
    """A text, the same object for the same bytes."""
    text = known.get(value)
    if text is None:
        text = known[value] = decode_utf8(value, f"{where}: a text in it", problem)
        budget.charge(DICT_ENTRY_BYTES + sys.getsizeof(value) + sys.getsizeof(text), f"the texts of {where}")
    return text


def read_fields(dataset: h5py.Dataset, begin: int, end: int, budget: Budget) -> Any:
    """Rows of fields, the texts by reference in them as bytes, each different one once."""
    if not has_texts(dataset.dtype):
        return dataset[begin:end]
    rows = np.empty(end - begin, dataset.dtype)
    known: dict[bytes, bytes] = {}
    for start, piece in read_rows(dataset, begin, end):
        for name in filter(lambda name: has_texts(piece.dtype[name]), piece.dtype.names):
            texts = piece[name].reshape(-1).tolist()
            budget.charge(sum(map(len, texts)), "its texts")
            budget.charge(
                sum(DICT_ENTRY_BYTES + sys.getsizeof(text) for text in set(texts) - known.keys()), "its texts"
            )
            piece[name].flat = [known.setdefault(text, text) for text in texts]
        rows[start - begin : start - begin + len(piece)] = piece
    return rows


def read_rows(dataset: h5py.Dataset, begin: int = 0, end: int | None = None) -> Iterator[tuple[int, Any]]:
    """The rows from ``begin`` to before ``end``, of which some are in memory at once, with the place of the first."""
    end = len(dataset) if end is None else end
    step = get_row_step(dataset)
    for start in range(begin, end, step):
        yield start, dataset[start : min(start + step, end)]


def get_row_step(dataset: h5py.Dataset) -> int:
    """How many rows are read at once: where texts are kept by reference, each may be as long as the file.

    That so many can be read was tried before, where files are.
    """
    budget = Budget.of(dataset, DataError)
    row = int(np.prod(dataset.shape[1:])) * max(dataset.dtype.itemsize, 1)
    most = min(max(CHUNK_BYTES // max(row, 1), 1), MAX_ROWS)
    if not has_texts(dataset.dtype) or IS_SANDBOXED:
        return most
    return int(np.clip(budget.whole // max(budget.size, 1), MIN_ROWS, most))


def has_texts(dtype: Any) -> bool:
    """Whether there are texts by reference in a type."""
    return bool(dtype.hasobject)


def check_texts(texts: Iterable[str | None], where: str) -> None:
    """DataError for a text that HDF5 would cut off: one with a NUL character in it."""
    for text in texts:
        if text is not None and "\0" in text:
            raise DataError(
                f"{where}: HDF5 keeps no text with a NUL character, got {text[:20]!r}; take it out of the data"
            )
