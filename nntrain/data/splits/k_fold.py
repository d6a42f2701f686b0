"""Cross-validation: every row is a test row of one fold."""

from __future__ import annotations

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.splits.shuffled_rows import ShuffledRows
from nntrain.data.splits.split_indices import SplitIndices, find_rows, split_randomly
from nntrain.errors import DataError


def split_k_fold(
    rows: int, *, folds: int, fold: int, validation: float, seed: int, labels: Array | None
) -> SplitIndices:
    """Return the sets of fold ``fold``, from 1: its rows are the test set, and a fraction of the others validates.

    The rows are shuffled in the same way for every fold and assigned to the folds in turn; with ``labels`` (rows,)
    class by class, so each fold has the classes in proportion. DataError for too few rows, or a class with one row.
    """
    if rows < folds:
        raise DataError(f"expected at least {folds} rows, one per fold, got {rows}")
    order = ShuffledRows(rows, seed, "folds", labels)
    sizes = order.sizes
    if min(sizes) < 2:
        raise DataError(
            f"expected at least two rows of each class for folds, got {sizes.count(1)} with one row; "
            "remove these rows, or use --set data.stratify=false"
        )
    fold_numbers = np.empty(rows, np.uint16)
    first_positions = np.cumsum([0, *sizes])
    for row, group, position in order.iterate_positions():
        fold_numbers[row] = (first_positions[group] + position) % folds
    # With many rows, the row numbers take the most memory.
    del order
    others = find_rows(fold_numbers != fold - 1, 1)
    inner = split_randomly(
        len(others), validation=validation, test=0.0, seed=seed, labels=None if labels is None else labels[others]
    )
    few = 0 if labels is None else sum(size < folds for size in sizes)
    notes = [f"{few:,} classes have fewer than {folds} rows: some folds have no test row of them"] if few else []
    test = find_rows(fold_numbers, fold - 1)
    return SplitIndices(others[inner.train], others[inner.validation], test, notes=[*notes, *inner.notes])
