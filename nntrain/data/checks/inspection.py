"""The data of a run before training: columns, sets and problems."""

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.checks.column_facts import ColumnFacts, describe_arrays, describe_table
from nntrain.data.checks.doubtful_sets import find_doubtful_sets, iterate_targets
from nntrain.data.checks.duplicate_rows import DuplicateRows, find_duplicate_rows
from nntrain.data.dataset import Dataset
from nntrain.data.dataset_splits import DatasetSplits
from nntrain.data.file_state import check_unchanged
from nntrain.data.loading import load_data
from nntrain.data.options.data_options import DataOptions
from nntrain.data.raw_array_dataset import RawArrayDataset
from nntrain.data.raw_splits import RawSplits, get_row_indices, split_rows
from nntrain.data.raw_table_dataset import RawTableDataset
from nntrain.data.readers.data_reader import DataReader
from nntrain.data.streaming.disk_reader import DiskReader
from nntrain.data.streaming.memory_budget import get_memory_limit, is_streamed
from nntrain.data.targets.class_target import ClassTarget
from nntrain.data.targets.number_scale import NumberScale
from nntrain.data.targets.number_target import NumberTarget
from nntrain.data.targets.target import Target
from nntrain.files.temporary_folders import create_temporary_folder

# The minimum ratio of class sizes to warn about.
MAX_IMBALANCE = 10

STATISTIC_NAMES = ("mean", "std", "min", "max")

Balance = dict[str, dict[str, float]]


@dataclass(frozen=True)
class Inspection:
    """``balance``: the number of rows of each class in each set; of a regression mean, std, min and max in each set.

    ``problems``: reasons why the scores may be meaningless, each with a fix.
    """

    splits: DatasetSplits
    columns: list[ColumnFacts]
    balance: Balance
    repeats: list[DuplicateRows]
    problems: list[str]


def inspect_data(options: DataOptions, seed: int) -> Inspection:
    """Load and inspect the data of a run. DataError as from ``load_data``."""
    with check_unchanged(*options.paths), ExitStack() as open_files:
        raw = None if is_streamed(options) else RawSplits.read(options, seed, None, DataReader())
        notes: list[str] = []
        splits = load_data(options, seed, raw=raw, report=notes.append)
        splits.notes[:0] = notes
        if raw is None:
            folder = open_files.enter_context(create_temporary_folder())
            groups = DiskReader(folder, get_memory_limit(options), open_files).read_groups(options, None)
            whole, split = groups["train"], split_rows(groups, options, seed, None)
        else:
            whole, split = raw.whole, raw.split
        if isinstance(whole, RawTableDataset):
            columns = describe_table(whole.table, split.train, splits.preprocessor, options)
        else:
            assert isinstance(whole, RawArrayDataset)
            columns = describe_arrays(whole, splits.preprocessor.target)
        row_indices = get_row_indices(whole, split)
    target = splits.preprocessor.target
    repeats = find_duplicate_rows(splits.datasets)
    balance = compute_balance(target, splits.datasets)
    problems = [fact.leakage for fact in columns if fact.leakage]
    problems += [duplicate.format_warning(row_indices) for duplicate in repeats]
    problems += find_doubtful_sets(splits)
    if isinstance(target, ClassTarget):
        problems += find_imbalance(balance)
    return Inspection(splits, columns, balance, repeats, problems)


def compute_balance(target: Target, datasets: Mapping[str, Dataset]) -> Balance:
    """Summarize the targets of each set."""
    if not isinstance(target, NumberTarget):
        counts = {name: count_labels(dataset, len(target.labels)) for name, dataset in datasets.items()}
        return {
            label: {name: int(count[code]) for name, count in counts.items()}
            for code, label in enumerate(target.labels)
        }
    statistics = {name: compute_statistics(dataset, target) for name, dataset in datasets.items()}
    return {
        key if len(target.labels) == 1 else f"{label} {key}": {
            name: float(values[key][index]) for name, values in statistics.items()
        }
        for index, label in enumerate(target.labels)
        for key in STATISTIC_NAMES
    }


def count_labels(dataset: Dataset, labels: int) -> Array:
    """Count the rows of each class or label."""
    return np.sum(
        [t.sum(axis=0) if t.ndim > 1 else np.bincount(t, minlength=labels) for t in iterate_targets(dataset)], axis=0
    )


def compute_statistics(dataset: Dataset, target: NumberTarget) -> dict[str, Array]:
    """Return mean, std, min and max (k,) of the k numbers of a set, in the units of the file."""
    scale = NumberScale.fit(lambda: map(target.decode, iterate_targets(dataset)))
    assert scale is not None
    std = np.where(scale.low == scale.high, 0.0, scale.std)
    return {"mean": scale.mean, "std": std, "min": scale.low, "max": scale.high}


def find_imbalance(balance: Balance) -> list[str]:
    """Return warnings about classes without rows in a set, and about the rarest class."""
    problems = [
        f"class {label!r} has no row in the {name} set, so its scores do not cover it; add rows of this class"
        for label, counts in balance.items()
        for name, count in counts.items()
        if not count
    ]
    sizes = {label: counts["train"] for label, counts in balance.items()}
    rare, common = min(sizes, key=sizes.__getitem__), max(sizes, key=sizes.__getitem__)
    if sizes[rare] * MAX_IMBALANCE <= sizes[common]:
        rows = f"{sizes[rare]:,} training row{'s' * (sizes[rare] != 1)}"
        accuracy = sizes[common] / sum(sizes.values())
        problems.append(
            f"class {rare!r} has {rows} and {common!r} {sizes[common]:,}: always predicting {common!r} gives an "
            f"accuracy of {accuracy:.1%}"
        )
    return problems
