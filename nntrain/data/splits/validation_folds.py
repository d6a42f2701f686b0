"""Folds of the rows outside the test set, each the validation set of another network."""

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.options.data_options import DataOptions
from nntrain.data.splits.split_by_column import hash_column_to_uniform
from nntrain.data.splits.split_indices import SplitIndices, assign_folds
from nntrain.data.tables.raw_column import ValueStream
from nntrain.errors import DataError


def split_validation_folds(
    split: SplitIndices,
    options: DataOptions,
    seed: int,
    *,
    labels: Array | None = None,
    keys: ValueStream | None = None,
    test: float = 0.0,
) -> SplitIndices:
    """Return a split with the same test set, whose validation set is fold ``options.validation_fold``; default: 1.

    The folds are random, with ``labels`` (rows,) class by class; or by the hash of ``keys``, of which the fraction
    ``test`` is the test set. DataError for a fold without rows.
    """
    folds, fold = options.validation_folds, options.validation_fold or 1
    assert folds is not None
    others = split.outside_test
    # The other notes are about a validation set of another size.
    notes = [note for note in split.notes if note.startswith("the test set")]
    if keys is None:
        found = None if labels is None else labels[others]
        fold_numbers, sizes = assign_folds(len(others), folds, seed, "validation folds", found)
        few = 0 if labels is None else sum(size < folds for size in sizes)
        if few:
            noun = "class has" if few == 1 else "classes have"
            notes.append(f"{few:,} {noun} fewer than {folds} rows: some validation folds have no row of them")
    else:
        fold_numbers = assign_hash_folds(keys, others, folds, test)
    counts = np.bincount(fold_numbers, minlength=folds)
    if not counts.all():
        kept = "" if keys is None else f", with the same {keys.name!r} in one fold"
        raise DataError(
            f"data.validation_folds: expected rows for each of {folds} folds, got none for fold {counts.argmin() + 1} "
            f"after splitting {len(others):,} rows{kept}; use fewer folds"
        )
    is_validation = fold_numbers == fold - 1
    return SplitIndices(others[~is_validation], others[is_validation], split.test, notes)


def assign_hash_folds(keys: ValueStream, rows: Array, folds: int, test: float) -> Array:
    """Return the fold of each of some rows, from 0: ⌊folds (u − test) / (1 − test)⌋ for the hash u of its key."""
    u = hash_column_to_uniform(keys)[rows]
    return np.minimum(folds * (u - test) / (1 - test), folds - 1).astype(np.uint16)
