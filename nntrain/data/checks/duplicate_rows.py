"""Rows that occur in two sets, which inflates the scores."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.dataset import Dataset

# Rows to hash at once.
BLOCK_ROWS = 4096

# Up to this number of rows, two different rows have the same 64-bit hash with a probability of at most 1 in a million.
MAX_ROWS = 5_000_000


@dataclass(frozen=True)
class DuplicateRows:
    """``count`` rows of the set ``second`` are also in the set ``first``, e.g. ``second_row`` is ``first_row``.

    Rows are counted from 0 in their set.
    """

    first: str
    second: str
    count: int
    first_row: int
    second_row: int

    def format_warning(self, row_indices: Mapping[str, Array]) -> str:
        """Return the warning. ``row_indices``: the rows of the file in each set, if known."""
        example = f"row {self.second_row + 1} of {self.second} and row {self.first_row + 1} of {self.first}"
        first, second = row_indices.get(self.first), row_indices.get(self.second)
        if first is not None and second is not None and len(first) > self.first_row and len(second) > self.second_row:
            example = f"rows {second[self.second_row] + 1} and {first[self.first_row] + 1} of the file"
        noun, verb = ("row", "equals a row") if self.count == 1 else ("rows", "equal rows")
        return (
            f"{self.count:,} {noun} of the {self.second} set {verb} of the {self.first} set after encoding "
            f"({'' if self.count == 1 else 'e.g. '}{example}), which inflates the scores; if they are duplicates, "
            "remove them from the file or keep them in one set"
        )


def find_duplicate_rows(datasets: Mapping[str, Dataset]) -> list[DuplicateRows]:
    """Find rows with equal encoded inputs and targets in two sets; not in more than ``MAX_ROWS`` rows."""
    if sum(dataset.rows for dataset in datasets.values()) > MAX_ROWS:
        return []
    hashes = {name: hash_rows(dataset) for name, dataset in datasets.items()}
    duplicates = []
    for first, second in combinations(datasets, 2):
        rows = np.flatnonzero(np.isin(hashes[second], hashes[first]))
        if len(rows):
            first_row = int((hashes[first] == hashes[second][rows[0]]).argmax())
            duplicates.append(DuplicateRows(first, second, len(rows), first_row, int(rows[0])))
    return duplicates


def hash_rows(dataset: Dataset) -> Array:
    """Return Python's hash of the bytes of every row, int64 (n,): equal for equal rows, in one process."""
    inputs = dataset.inputs if isinstance(dataset.inputs, list) else [dataset.inputs]
    arrays = [*inputs, *([] if dataset.targets is None else [dataset.targets])]
    hashes = np.empty(dataset.rows, np.int64)
    for start in range(0, dataset.rows, BLOCK_ROWS):
        rows = np.concatenate([to_bytes(array[start : start + BLOCK_ROWS]) for array in arrays], axis=1)
        items = rows.view(f"V{rows.shape[1]}")[:, 0].tolist()
        hashes[start : start + BLOCK_ROWS] = np.fromiter(map(hash, items), np.int64, len(items))
    return hashes


def to_bytes(rows: Array) -> Array:
    """Return uint8 (n, bytes of a row), with −0 as 0."""
    flat = np.ascontiguousarray(rows.reshape(len(rows), -1))
    return (flat + 0 if flat.dtype.kind == "f" else flat).view(np.uint8)
