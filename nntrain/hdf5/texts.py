"""Texts of a dataset, which may lie anywhere in the file, and all of them at one place; and what may be one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from nntrain.errors import DataError
from nntrain.hdf5.opened import Problem, damaged

if TYPE_CHECKING:
    import h5py

__all__ = ["check_texts", "read_texts"]

# Bytes for the texts that are read at once, were each as long as the file.
MEMORY = 2**30

# Texts that are read at once, at least and at most.
FEWEST, MOST = 16, 2**16


def read_texts(dataset: h5py.Dataset, problem: Problem, begin: int = 0, end: int | None = None) -> Any:
    """The texts (n,), also of (n, 1), from ``begin`` to before ``end`` as objects. The error if they are not UTF-8.

    Texts of any length are kept by reference, so a small file may declare more than any memory holds: together they
    are refused to be longer than the file.
    """
    size = dataset.file.id.get_filesize()
    step = int(np.clip(MEMORY // max(size, 1), FEWEST, MOST))
    end = len(dataset) if end is None else min(end, len(dataset))
    texts = np.empty(max(end - begin, 0), object)
    length = 0
    with damaged(problem):
        for start in range(begin, end, step):
            piece = dataset.asstr("utf-8")[start : min(start + step, end)].reshape(-1)
            texts[start - begin : start - begin + len(piece)] = piece
            length += sum(map(len, piece))
            if length > size:
                raise problem(f"{dataset.name}: declares texts of more letters than the file has bytes")
    return texts


def check_texts(texts: Iterable[str | None], where: str) -> None:
    """DataError for a text that HDF5 would cut off: one with a NUL character in it."""
    for text in texts:
        if text is not None and "\0" in text:
            raise DataError(
                f"{where}: HDF5 keeps no text with a NUL character, got {text[:20]!r}; take it out of the data"
            )
