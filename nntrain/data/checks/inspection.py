"""The data of a run as they are before training: columns, parts, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.checks.column_facts import ColumnFacts
from nntrain.data.checks.duplicate_rows import DuplicateRows, find_duplicate_rows
from nntrain.data.dataset import Dataset
from nntrain.data.dataset_splits import DatasetSplits
from nntrain.data.file_state import check_unchanged
from nntrain.data.loading import load_data
from nntrain.data.options.data_options import DataOptions
from nntrain.data.raw_splits import RawSplits, get_row_indices, split_rows
from nntrain.data.readers.memory_reader import MemoryReader
from nntrain.data.streaming.disk_reader import DiskReader
from nntrain.data.streaming.memory_budget import get_memory_limit, is_streamed
from nntrain.data.targets.class_target import ClassTarget
from nntrain.data.targets.number_target import NumberTarget
from nntrain.data.targets.target import Target
from nntrain.files.temporary_folders import create_temporary_folder

__all__ = ["Inspection", "inspect_data"]

# A class that has this many times fewer rows than another is told.
MAX_IMBALANCE = 10

# Targets that are looked at together.
BLOCK_ROWS = 2**16

STATISTIC_NAMES = ("mean", "deviation", "least", "most")

Balance = dict[str, dict[str, float]]


@dataclass(frozen=True)
class Inspection:
    """``balance``: the rows of each class in each part; of a regression mean, deviation, least and most of each part.

    ``repeats`` count rows from 0 in their part. ``problems``: what may make the scores worth nothing, and what to do.
    """

    splits: DatasetSplits
    columns: list[ColumnFacts]
    balance: Balance
    repeats: list[DuplicateRows]
    problems: list[str]


def inspect_data(options: DataOptions, seed: int) -> Inspection:
    """Load the data of a run and look at them. DataError as from ``load``."""
    with check_unchanged(*options.paths), ExitStack() as open_files:
        raw = None if is_streamed(options) else RawSplits.read(options, seed, None, MemoryReader())
        reported: list[str] = []
        prepared = load_data(options, seed, raw=raw, report=reported.append)
        prepared.notes[:0] = reported
        if raw is None:
            groups = open_disk_reader(options, open_files).read_groups(options, None)
            whole, split = groups["train"], split_rows(groups, options, seed, None)
        else:
            whole, split = raw.whole, raw.split
        columns = whole.describe_columns(split.train, prepared.preprocessor, options)
        cuts = get_row_indices(whole, split)
    parts = prepared.datasets
    same = find_duplicate_rows(parts)
    balance = compute_balance(prepared.preprocessor.target, parts)
    problems = [
        *(fact.giveaway for fact in columns if fact.giveaway),
        *(found.format_warning(cuts) for found in same),
    ]
    if isinstance(prepared.preprocessor.target, ClassTarget):
        problems += find_imbalance(balance)
    return Inspection(prepared, columns, balance, same, problems)


def open_disk_reader(options: DataOptions, open_files: ExitStack) -> DiskReader:
    """Return a reader of the file in chunks, as for training."""
    folder = open_files.enter_context(create_temporary_folder())
    return DiskReader(folder, get_memory_limit(options), open_files)


def compute_balance(target: Target, datasets: Mapping[str, Dataset]) -> Balance:
    """What the targets of each part are."""
    if not isinstance(target, NumberTarget):
        counts = {name: count_labels(part, len(target.labels)) for name, part in datasets.items()}
        return {
            label: {name: int(count[code]) for name, count in counts.items()}
            for code, label in enumerate(target.labels)
        }
    figures = {name: compute_statistics(part, target) for name, part in datasets.items()}
    size = len(target.mean)
    return {
        what if size == 1 else f"{label} {what}": {name: float(found[what][index]) for name, found in figures.items()}
        for index, label in enumerate(target.labels)
        for what in STATISTIC_NAMES
    }


def iterate_targets(dataset: Dataset) -> Iterator[Array]:
    """The targets of a part, some rows at a time."""
    assert dataset.targets is not None
    for start in range(0, dataset.rows, BLOCK_ROWS):
        yield dataset.targets[start : start + BLOCK_ROWS]


def count_labels(dataset: Dataset, labels: int) -> Array:
    """The rows of each class, or of each label."""
    return np.sum(
        [sum_rows(t) if t.ndim > 1 else np.bincount(t, minlength=labels) for t in iterate_targets(dataset)], axis=0
    )


def sum_rows(t: Array) -> Array:
    """Σ t over the rows."""
    return t.sum(axis=0, dtype=np.float64)


def compute_statistics(dataset: Dataset, target: NumberTarget) -> dict[str, Array]:
    """What the k numbers of a part are, in the units of the file: an array (k,) of each figure."""
    total, squares = np.zeros(len(target.mean)), np.zeros(len(target.mean))
    # Far from 0, squares of the differences from the first row keep the digits that squares would lose.
    first = target.decode(next(iterate_targets(dataset))[:1])[0]
    least, most = np.full(len(total), np.inf), np.full(len(total), -np.inf)
    for t in iterate_targets(dataset):
        x = target.decode(t) - first
        total += sum_rows(x)
        squares += sum_rows(np.square(x))
        least, most = np.minimum(least, x.min(axis=0)), np.maximum(most, x.max(axis=0))
    mean = total / dataset.rows
    deviation = np.sqrt(np.maximum(squares / dataset.rows - mean**2, 0))
    return {"mean": mean + first, "least": least + first, "most": most + first, "deviation": deviation}


def find_imbalance(balance: Balance) -> list[str]:
    """What to say of classes that a part lacks, and of rare ones."""
    told = [
        f"class {label!r} has no row in the {part} part: its scores say nothing of it; give more rows of the class"
        for label, counts in balance.items()
        for part, count in counts.items()
        if not count
    ]
    sizes = {label: counts["train"] for label, counts in balance.items()}
    rare, common = min(sizes, key=sizes.__getitem__), max(sizes, key=sizes.__getitem__)
    if sizes[rare] * MAX_IMBALANCE <= sizes[common]:
        told.append(
            f"class {rare!r} has {sizes[rare]:,} of the training rows and {common!r} {sizes[common]:,}: always "
            f"guessing the second scores an accuracy of {sizes[common] / sum(sizes.values()):.1%}"
        )
    return told
