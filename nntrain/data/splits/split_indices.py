"""Which rows train, which choose, which judge."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.splits.shuffled_rows import ShuffledRows, get_row_dtype
from nntrain.data.tables.value_stream import ValueStream
from nntrain.errors import DataError

__all__ = [
    "SplitIndices",
    "build_fraction_notes",
    "build_rare_class_notes",
    "build_split_indices",
    "check_split_column",
    "find_rows",
    "split_randomly",
]

# A set may differ from its fraction by a row, and by this fraction of itself, without a word.
MAX_DEVIATION = 0.01


def build_fraction_notes(rows: int, sets: Mapping[str, tuple[int, float]], more: str, less: str = "") -> list[str]:
    """A note for each set, by name with its rows and its fraction, that has more or fewer rows than that.

    ``more``, ``less``: why.
    """
    return [
        f"the {name} set has {count:,} of {rows:,} rows, {count / rows:.1%}, where data.{name} = {fraction:g} asks for "
        f"{fraction:.1%}: {more if count > fraction * rows else less or more}"
        for name, (count, fraction) in sets.items()
        if fraction > 0 and abs(count - fraction * rows) > max(1, MAX_DEVIATION * fraction * rows)
    ]


def build_rare_class_notes(classes: int, min_rows: int) -> list[str]:
    """A note of the classes that have fewer than ``least`` rows, if there are any."""
    if not classes:
        return []
    what = f"{classes:,} {'class has' if classes == 1 else 'classes have'} fewer than {min_rows} rows"
    return [
        f"{what}, which are all for training: no score of the other sets tells of {'it' if classes == 1 else 'them'}"
    ]


# A class with fewer rows cannot be in all three parts; its rows are for training.
MIN_ROWS = 3

# Rows that are looked at together.
MAX_BLOCK_ROWS = 2**20


@dataclass(frozen=True)
class SplitIndices:
    """Row numbers of each part, ascending, and sentences for the user."""

    train: Array
    validation: Array
    test: Array
    notes: list[str] = field(default_factory=list)

    @property
    def by_name(self) -> dict[str, Array]:
        """The row numbers by the name of the set."""
        return {"train": self.train, "validation": self.validation, "test": self.test}


def split_randomly(rows: int, *, validation: float, test: float, seed: int, labels: Array | None) -> SplitIndices:
    """Draw shares of ``rows`` for validation and test, the same for the same seed.

    With ``labels`` (rows,) every class is split on its own: each part has it in proportion, give or take one row,
    and at least once if there are three rows of it. A part that gets another share for that has a note. DataError if a
    part would be empty, or no class has three rows.
    """
    order = ShuffledRows(rows, seed, "split", labels)
    sizes = order.sizes
    if validation + test > 0 and len(sizes) > 2 and max(sizes) < MIN_ROWS:
        told = f"the target has {len(sizes)} different values in {rows} rows, none of them {MIN_ROWS} times"
        raise DataError(f"{told}: no class can be in all parts; predict another column, or --set data.stratify=false")
    wanted = (allocate_rows(sizes, share, stratified=labels is not None) for share in (validation, test))
    limits = np.array(
        [compute_cut_points(size, first, second) for size, first, second in zip(sizes, *wanted, strict=True)]
    )
    part_of = assign_splits(order, rows, limits)
    # With many rows, it is half of the memory that a split takes.
    del order
    rare = sum(size < MIN_ROWS for size in sizes) if labels is not None and validation + test > 0 else 0
    found = build_split_indices(
        part_of,
        validation=validation,
        test=test,
        more=f"each of {len(sizes) - rare} classes has at least one row there; to split without regard to classes: "
        "--set data.stratify=false",
        less="the rows of small classes are for training",
    )
    return replace(found, notes=[*found.notes, *build_rare_class_notes(rare, MIN_ROWS)])


def assign_splits(order: ShuffledRows, rows: int, limits: Array) -> Array:
    """The part (0, 1, 2) of each row, from where ``limits`` (groups, 2) cut the rows of each group in their order."""
    part_of = np.zeros(rows, np.uint8)
    for row, group, place in order.iterate_positions():
        middle, last = limits[group].T
        part_of[row] = (place >= middle).astype(np.uint8) + (place >= last)
    return part_of


def build_split_indices(
    part_of: Array, *, validation: float, test: float, keyed: str = "", more: str = "", less: str = ""
) -> SplitIndices:
    """The rows of each part, from the part (0, 1, 2) of each row. DataError if one that has a share would be empty.

    ``keyed`` says what keeps rows together; ``more`` and ``less`` why a part has another share than it should.
    """
    train, *others = (find_rows(part_of, part) for part in range(3))
    rows = f"{len(part_of):,} row{'s' * (len(part_of) != 1)}{keyed}"
    for name, index, share in (("train", train, 1.0), ("validation", others[0], validation), ("test", others[1], test)):
        if share > 0 and not len(index):
            advice = "give more rows, or leave a part out: --set data.validation=0 or --set data.test=0"
            raise DataError(f"no row is left for the {name} part of {rows}; {advice}")
    sets = {"validation": (len(others[0]), validation), "test": (len(others[1]), test)}
    return SplitIndices(train, others[0], others[1], build_fraction_notes(len(part_of), sets, more, less))


def find_rows(part_of: Array, part: int) -> Array:
    """The rows of a part, ascending. Found piece by piece, since numpy gives 8 bytes a row."""
    starts = range(0, len(part_of), MAX_BLOCK_ROWS)
    count = sum(int(np.count_nonzero(part_of[begin : begin + MAX_BLOCK_ROWS] == part)) for begin in starts)
    found = np.empty(count, get_row_dtype(len(part_of)))
    done = 0
    for begin in starts:
        piece = np.flatnonzero(part_of[begin : begin + MAX_BLOCK_ROWS] == part)
        found[done : done + len(piece)] = piece + begin
        done += len(piece)
    return found


def check_split_column(column: ValueStream) -> ValueStream:
    """The column by which rows are split. DataError if it has no value in some of them."""
    missing = sum(int(chunk.missing.sum()) for chunk in column.iterate_chunks())
    if missing:
        raise DataError(
            f"split_column {column.name!r}: expected a value in every row, got none in {missing}; "
            "fill it in, or take these rows out"
        )
    return column


def allocate_rows(sizes: list[int], fraction: float, *, stratified: bool) -> list[int]:
    """Rows of each group for one part: its share, rounded so that the sum is the share of all."""
    counts, owed = [], 0.5
    for size in sizes:
        exact = size * fraction
        count = min(max(math.floor(exact + owed), math.floor(exact)), math.ceil(exact))
        owed += exact - count
        counts.append(0 if fraction == 0 or (stratified and size < MIN_ROWS) else max(count, 1))
    return counts


def compute_cut_points(size: int, first: int, second: int) -> list[int]:
    """Where to cut ``size`` rows so that ``first`` and then ``second`` come last, and one is left for training."""
    first = max(min(first, size - 1 - (second > 0)), 0)
    second = max(min(second, size - 1 - first), 0)
    return [size - first - second, size - second]
