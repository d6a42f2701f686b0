"""The rows of the training, validation and test sets: random splits, and the folds of cross-validation."""

import math
from dataclasses import dataclass, field, replace

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.splits.shuffled_rows import ShuffledRows, get_row_dtype
from nntrain.errors import DataError

# A class with fewer rows cannot be in all three sets; all of its rows are training rows.
MIN_ROWS = 3

# Maximum number of rows to search at once.
MAX_BLOCK_ROWS = 2**20

# A set may differ from its fraction by one row, or by this fraction of itself, without a note.
MAX_DEVIATION = 0.01


@dataclass(frozen=True)
class SplitIndices:
    """Row numbers of each set, ascending, and notes for the user."""

    train: Array
    validation: Array
    test: Array
    notes: list[str] = field(default_factory=list)

    @property
    def by_name(self) -> dict[str, Array]:
        """The row numbers by name of the set."""
        return {"train": self.train, "validation": self.validation, "test": self.test}

    @property
    def outside_test(self) -> Array:
        """The training and validation rows, ascending."""
        return np.sort(np.concatenate([self.train, self.validation]))


def split_randomly(rows: int, *, validation: float, test: float, seed: int, labels: Array | None) -> SplitIndices:
    """Draw fractions of ``rows`` for validation and test, which depend only on the seed.

    With ``labels`` (rows,) every class is split separately: each set has it in proportion, plus or minus one row, and
    at least once if the class has three rows. A note is added if this changes the fraction of a set. DataError if a set
    would be empty, or no class has three rows.
    """
    order = ShuffledRows(rows, seed, "split", labels)
    sizes = order.sizes
    if validation + test > 0 and len(sizes) > 2 and max(sizes) < MIN_ROWS:
        raise DataError(
            f"the target has {len(sizes)} distinct values in {rows} rows, none of them {MIN_ROWS} times, so no class "
            "can be in all sets; predict another column"
        )
    counts = (allocate_rows(sizes, fraction, stratified=labels is not None) for fraction in (validation, test))
    cuts = np.array(
        [compute_cut_points(size, first, second) for size, first, second in zip(sizes, *counts, strict=True)]
    )
    set_numbers = np.zeros(rows, np.uint8)
    for row, group, position in order.iterate_positions():
        validation_start, test_start = cuts[group].T
        set_numbers[row] = (position >= validation_start).astype(np.uint8) + (position >= test_start)
    # With many rows, the order, of which the rows are a view, takes half of the memory of a split.
    del order, row
    rare = sum(size < MIN_ROWS for size in sizes) if labels is not None and validation + test > 0 else 0
    found = build_split_indices(
        set_numbers,
        validation=validation,
        test=test,
        more=f"it has at least one row of each of {len(sizes) - rare} classes; to ignore the classes: "
        "--set data.stratify=false",
        less="the rows of small classes are training rows",
    )
    if not rare:
        return found
    note = f"{rare:,} {'class has' if rare == 1 else 'classes have'} fewer than {MIN_ROWS} rows, which are all training"
    note += f" rows: the other scores do not cover {'it' if rare == 1 else 'them'}"
    return replace(found, notes=[*found.notes, note])


def split_k_fold(
    rows: int, *, folds: int, fold: int, validation: float, seed: int, labels: Array | None
) -> SplitIndices:
    """Return the sets of fold ``fold``, from 1: its rows are the test set, and a fraction of the others validates.

    The rows are shuffled in the same way for every fold and assigned to the folds in turn; with ``labels`` (rows,)
    class by class, so each fold has the classes in proportion. DataError for too few rows, or a class with one row.
    """
    if rows < folds:
        raise DataError(f"expected at least {folds} rows, one per fold, got {rows}")
    fold_numbers, sizes = assign_folds(rows, folds, seed, "folds", labels)
    if min(sizes) < 2:
        raise DataError(
            f"expected at least two rows of each class for folds, got {sizes.count(1)} with one row; "
            "remove these rows, or use --set data.stratify=false"
        )
    others = find_rows(fold_numbers != fold - 1, 1)
    inner = split_randomly(
        len(others), validation=validation, test=0.0, seed=seed, labels=None if labels is None else labels[others]
    )
    few = 0 if labels is None else sum(size < folds for size in sizes)
    notes = [f"{few:,} classes have fewer than {folds} rows: some folds have no test row of them"] if few else []
    test = find_rows(fold_numbers, fold - 1)
    return SplitIndices(others[inner.train], others[inner.validation], test, notes=[*notes, *inner.notes])


def assign_folds(rows: int, folds: int, seed: int, name: str, labels: Array | None) -> tuple[Array, list[int]]:
    """Return the fold of each row, from 0, and the number of rows of each class.

    The rows are shuffled in an order that follows from ``seed`` and ``name``, and assigned to the folds in turn; with
    ``labels`` (rows,) class by class.
    """
    order = ShuffledRows(rows, seed, name, labels)
    fold_numbers = np.empty(rows, np.uint16)
    first_positions = np.cumsum([0, *order.sizes])
    for row, group, position in order.iterate_positions():
        fold_numbers[row] = (first_positions[group] + position) % folds
    return fold_numbers, order.sizes


def build_split_indices(
    set_numbers: Array, *, validation: float, test: float, keyed: str = "", more: str = "", less: str = ""
) -> SplitIndices:
    """Return the rows of each set, from the set (0, 1, 2) of each row. DataError for an empty set.

    ``keyed``: the keys that keep rows together. ``more``, ``less``: reasons for a set that is larger or smaller.
    """
    train, validation_rows, test_rows = (find_rows(set_numbers, number) for number in range(3))
    found, rows = SplitIndices(train, validation_rows, test_rows), len(set_numbers)
    notes = []
    for name, fraction in {"train": 1.0, "validation": validation, "test": test}.items():
        count = len(found.by_name[name])
        if fraction > 0 and not count:
            empty = f"the {name} set is empty after splitting {rows:,} row{'s' * (rows != 1)}{keyed}"
            used = {"validation": validation, "test": test}
            without = [f"--set data.{key}=0" for key, value in used.items() if value and not len(found.by_name[key])]
            raise DataError(f"{empty}; add rows, or use {' '.join(without) or 'smaller fractions'}")
        allowed = max(1, MAX_DEVIATION * fraction * rows)
        if name != "train" and fraction > 0 and abs(count - fraction * rows) > allowed:
            notes.append(
                f"the {name} set has {count:,} of {rows:,} rows ({count / rows:.1%}) instead of the {fraction:.1%} of "
                f"data.{name} = {fraction:g}: {more if count > fraction * rows else less or more}"
            )
    return replace(found, notes=notes)


def find_rows(set_numbers: Array, number: int) -> Array:
    """Return the rows of a set, ascending. In blocks, because numpy takes 8 bytes per row."""
    starts = range(0, len(set_numbers), MAX_BLOCK_ROWS)
    count = sum(int(np.count_nonzero(set_numbers[begin : begin + MAX_BLOCK_ROWS] == number)) for begin in starts)
    found = np.empty(count, get_row_dtype(len(set_numbers)))
    done = 0
    for begin in starts:
        rows = np.flatnonzero(set_numbers[begin : begin + MAX_BLOCK_ROWS] == number)
        found[done : done + len(rows)] = rows + begin
        done += len(rows)
    return found


def allocate_rows(sizes: list[int], fraction: float, *, stratified: bool) -> list[int]:
    """Return the rows of each group for a set: its fraction, rounded so that the sum is that fraction of all rows.

    At least one, but none of a class so small that all of its rows are training rows.
    """
    counts, owed = [], 0.5
    for size in sizes:
        exact = size * fraction
        count = min(max(math.floor(exact + owed), math.floor(exact)), math.ceil(exact))
        owed += exact - count
        counts.append(0 if fraction == 0 or (stratified and size < MIN_ROWS) else max(count, 1))
    return counts


def compute_cut_points(size: int, first: int, second: int) -> list[int]:
    """Return where to cut ``size`` rows so that ``first`` and ``second`` come last, and one is left for training."""
    first = max(min(first, size - 1 - (second > 0)), 0)
    second = max(min(second, size - 1 - first), 0)
    return [size - first - second, size - second]
