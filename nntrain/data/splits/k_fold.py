"""Cross-validation: every row is once among the test rows."""

from __future__ import annotations

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.splits.shuffled_rows import ShuffledRows
from nntrain.data.splits.split_indices import SplitIndices, find_rows, split_randomly
from nntrain.errors import DataError

__all__ = ["split_k_fold"]


def split_k_fold(
    rows: int, *, folds: int, fold: int, validation: float, seed: int, labels: Array | None
) -> SplitIndices:
    """The parts of fold ``fold``, from 1: its rows are for the test, a share of the others for validation.

    The rows are shuffled, the same for every fold, and dealt out to the folds in turn; with ``labels`` (rows,) class
    by class, so that each fold has them in proportion. DataError for too few rows, or a class of one row.
    """
    if rows < folds:
        raise DataError(f"expected at least a row for each of {folds} folds, got {rows}")
    order = ShuffledRows(rows, seed, "folds", labels)
    sizes = order.sizes
    if min(sizes) < 2:
        raise DataError(
            f"expected two rows or more of each class for folds, got {sizes.count(1)} classes of one row; "
            "leave these rows out, or set data.stratify=false"
        )
    fold_of = np.empty(rows, np.uint16)
    dealt = np.cumsum([0, *sizes])
    for row, group, place in order.iterate_positions():
        fold_of[row] = (dealt[group] + place) % folds
    # With many rows, their numbers take the most memory.
    del order
    others = find_rows(fold_of != fold - 1, 1)
    inner = split_randomly(
        len(others), validation=validation, test=0.0, seed=seed, labels=None if labels is None else labels[others]
    )
    few = 0 if labels is None else sum(size < folds for size in sizes)
    notes = (
        [f"{few:,} classes have fewer rows than {folds} folds: not every fold has a test row of each"] if few else []
    )
    test = find_rows(fold_of, fold - 1)
    return SplitIndices(others[inner.train], others[inner.validation], test, notes=[*notes, *inner.notes])
