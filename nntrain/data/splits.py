"""Which rows train, which choose, which judge."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import numpy as np

from nntrain.data.array import Array
from nntrain.data.row_type import row_type
from nntrain.data.shuffled import Shuffled
from nntrain.data.split_notes import fraction_notes, rare_notes
from nntrain.data.value_stream import ValueStream
from nntrain.errors import DataError

__all__ = ["Splits", "known", "parts_of", "places", "split"]

# A class with fewer rows cannot be in all three parts; its rows are for training.
LEAST_ROWS = 3

# Rows that are looked at together.
AT_ONCE = 2**20


@dataclass(frozen=True)
class Splits:
    """Row numbers of each part, ascending, and sentences for the user."""

    train: Array
    validation: Array
    test: Array
    notes: list[str] = field(default_factory=list)


def split(rows: int, *, validation: float, test: float, seed: int, labels: Array | None) -> Splits:
    """Draw shares of ``rows`` for validation and test, the same for the same seed.

    With ``labels`` (rows,) every class is split on its own: each part has it in proportion, give or take one row,
    and at least once if there are three rows of it. A part that gets another share for that has a note. DataError if a
    part would be empty, or no class has three rows.
    """
    order = Shuffled(rows, seed, "split", labels)
    sizes = order.sizes
    if validation + test > 0 and len(sizes) > 2 and max(sizes) < LEAST_ROWS:
        told = f"the target has {len(sizes)} different values in {rows} rows, none of them {LEAST_ROWS} times"
        raise DataError(f"{told}: no class can be in all parts; predict another column, or --set data.stratify=false")
    wanted = (quotas(sizes, share, stratified=labels is not None) for share in (validation, test))
    limits = np.array([cuts(size, first, second) for size, first, second in zip(sizes, *wanted, strict=True)])
    part_of = parts_in(order, rows, limits)
    # With many rows, it is half of the memory that a split takes.
    del order
    rare = sum(size < LEAST_ROWS for size in sizes) if labels is not None and validation + test > 0 else 0
    found = parts_of(
        part_of,
        validation=validation,
        test=test,
        more=f"each of {len(sizes) - rare} classes has at least one row there; to split without regard to classes: "
        "--set data.stratify=false",
        less="the rows of small classes are for training",
    )
    return replace(found, notes=[*found.notes, *rare_notes(rare, LEAST_ROWS)])


def parts_in(order: Shuffled, rows: int, limits: Array) -> Array:
    """The part (0, 1, 2) of each row, from where ``limits`` (groups, 2) cut the rows of each group in their order."""
    part_of = np.zeros(rows, np.uint8)
    for row, group, place in order.places():
        middle, last = limits[group].T
        part_of[row] = (place >= middle).astype(np.uint8) + (place >= last)
    return part_of


def parts_of(
    part_of: Array, *, validation: float, test: float, keyed: str = "", more: str = "", less: str = ""
) -> Splits:
    """The rows of each part, from the part (0, 1, 2) of each row. DataError if one that has a share would be empty.

    ``keyed`` says what keeps rows together; ``more`` and ``less`` why a part has another share than it should.
    """
    train, *others = (places(part_of, part) for part in range(3))
    rows = f"{len(part_of):,} row{'s' * (len(part_of) != 1)}{keyed}"
    check(rows, {"train": (train, 1.0), "validation": (others[0], validation), "test": (others[1], test)})
    sets = {"validation": (len(others[0]), validation), "test": (len(others[1]), test)}
    return Splits(train, others[0], others[1], fraction_notes(len(part_of), sets, more, less))


def places(part_of: Array, part: int) -> Array:
    """The rows of a part, ascending. Found piece by piece, since numpy gives 8 bytes a row."""
    starts = range(0, len(part_of), AT_ONCE)
    count = sum(int(np.count_nonzero(part_of[begin : begin + AT_ONCE] == part)) for begin in starts)
    found = np.empty(count, row_type(len(part_of)))
    done = 0
    for begin in starts:
        piece = np.flatnonzero(part_of[begin : begin + AT_ONCE] == part)
        found[done : done + len(piece)] = piece + begin
        done += len(piece)
    return found


def known(column: ValueStream) -> ValueStream:
    """The column by which rows are split. DataError if it has no value in some of them."""
    missing = sum(int(chunk.missing.sum()) for chunk in column.chunks())
    if missing:
        raise DataError(
            f"split_column {column.name!r}: expected a value in every row, got none in {missing}; "
            "fill it in, or take these rows out"
        )
    return column


def quotas(sizes: list[int], share: float, *, stratified: bool) -> list[int]:
    """Rows of each group for one part: its share, rounded so that the sum is the share of all."""
    counts, owed = [], 0.5
    for size in sizes:
        exact = size * share
        count = min(max(math.floor(exact + owed), math.floor(exact)), math.ceil(exact))
        owed += exact - count
        counts.append(bounded(count, size, share, stratified=stratified))
    return counts


def bounded(count: int, size: int, share: float, *, stratified: bool) -> int:
    """At least one row of what has a share; none of a class so small that training needs all of it."""
    if share == 0 or (stratified and size < LEAST_ROWS):
        return 0
    return max(count, 1)


def cuts(size: int, first: int, second: int) -> list[int]:
    """Where to cut ``size`` rows so that ``first`` and then ``second`` come last, and one is left for training."""
    first = max(min(first, size - 1 - (second > 0)), 0)
    second = max(min(second, size - 1 - first), 0)
    return [size - first - second, size - second]


def check(rows: str, parts: dict[str, tuple[Array, float]]) -> None:
    """DataError for a part that should have rows and has none."""
    for name, (index, share) in parts.items():
        if share > 0 and not len(index):
            advice = "give more rows, or leave a part out: --set data.validation=0 or --set data.test=0"
            raise DataError(f"no row is left for the {name} part of {rows}; {advice}")
