"""Rows that occur in two parts of the data: their scores are too good."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from itertools import combinations

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.dataset import Dataset

__all__ = ["DuplicateRows", "find_duplicate_rows"]

# Rows that are looked at together.
BLOCK_ROWS = 4096

# With so many rows in all, two different ones have the same digest of 64 bits in one case of a million, or fewer.
MAX_ROWS = 5_000_000


@dataclass(frozen=True)
class DuplicateRows:
    """``count`` rows of the part ``second`` are rows of the part ``first`` too, such as ``second_row``, ``first_row``.

    Rows are counted from 0 in their part.
    """

    first: str
    second: str
    count: int
    first_row: int
    second_row: int

    def format_warning(self, row_indices: Mapping[str, Array]) -> str:
        """The warning; ``row_indices``: the rows of the file that are in each part, as far as they are known."""
        example = f"row {self.second_row + 1} of it and row {self.first_row + 1} there"
        first, second = row_indices.get(self.first), row_indices.get(self.second)
        if first is not None and second is not None and len(first) > self.first_row and len(second) > self.second_row:
            example = f"rows {second[self.second_row] + 1} and {first[self.first_row] + 1} of the file"
        return (
            f"{self.count:,} {'row' if self.count == 1 else 'rows'} of the {self.second} part "
            f"{'is' if self.count == 1 else 'are'} the same to the network as in the {self.first} part ({example}), "
            "which inflates the scores; if they are duplicates, remove them from the file or keep them together in one "
            "part"
        )


def find_duplicate_rows(datasets: Mapping[str, Dataset]) -> list[DuplicateRows]:
    """The rows of every two parts that are the same to the network, inputs and targets; none of very many rows."""
    if sum(part.rows for part in datasets.values()) > MAX_ROWS:
        return []
    known = {name: hash_rows(part) for name, part in datasets.items()}
    found = []
    for first, second in combinations(datasets, 2):
        same = np.flatnonzero(np.isin(known[second], known[first]))
        if len(same):
            twin = int((known[first] == known[second][same[0]]).argmax())
            found.append(DuplicateRows(first, second, len(same), twin, int(same[0])))
    return found


def hash_rows(dataset: Dataset) -> Array:
    """A digest of every row, uint64 (n,)."""
    inputs = dataset.inputs if isinstance(dataset.inputs, list) else [dataset.inputs]
    arrays = [*inputs, *([] if dataset.targets is None else [dataset.targets])]
    found = np.empty(dataset.rows, np.uint64)
    for start in range(0, dataset.rows, BLOCK_ROWS):
        together = np.concatenate([to_bytes(array[start : start + BLOCK_ROWS]) for array in arrays], axis=1)
        joined = b"".join(blake2b(row, digest_size=8).digest() for row in together)
        found[start : start + BLOCK_ROWS] = np.frombuffer(joined, np.uint64)
    return found


def to_bytes(rows: Array) -> Array:
    """uint8 (n, bytes of a row). −0 and 0 are one number."""
    flat = np.ascontiguousarray(rows.reshape(len(rows), -1))
    return (flat + 0 if flat.dtype.kind == "f" else flat).view(np.uint8)
