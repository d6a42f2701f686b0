"""Sets whose scores are poor estimates: of a few rows, or of one number far from all others."""

from collections.abc import Iterator

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.dataset import Dataset
from nntrain.data.dataset_splits import DatasetSplits
from nntrain.data.targets.number_target import NumberTarget

# Sets with fewer rows are reported.
MIN_ROWS = 5

# A row with a larger share of the squared distances from the mean, of at least that many rows, is reported.
MAX_SHARE, MIN_SHARING_ROWS = 0.5, 10

# Targets to process at once.
BLOCK_ROWS = 2**16


def find_doubtful_sets(splits: DatasetSplits) -> Iterator[str]:
    """Yield a warning for each set with few rows, and for each number that the errors of a set depend on alone."""
    for name, dataset in splits.datasets.items():
        if dataset.rows < MIN_ROWS:
            rows = f"{dataset.rows} row{'s' * (dataset.rows != 1)}"
            yield f"the {name} set has {rows}, too few for reliable scores; use more rows, or --folds"
    target = splits.preprocessor.target
    if isinstance(target, NumberTarget):
        for name, dataset in splits.datasets.items():
            for label, value in find_extreme_numbers(dataset, target):
                yield (
                    f"target {label!r}: {value:g} in the {name} set is so far from the others that the errors depend "
                    "on this row alone; correct or remove it"
                )


def find_extreme_numbers(dataset: Dataset, target: NumberTarget) -> Iterator[tuple[str, float]]:
    """Yield the labels and numbers with most of the squared distances from the mean of the training rows."""
    if dataset.rows < MIN_SHARING_ROWS:
        return
    total = np.zeros(len(target.labels))
    extreme = np.zeros(len(target.labels))
    for t in iterate_targets(dataset):
        rows = t.reshape(len(t), -1).astype(np.float64)
        total += np.square(rows).sum(axis=0)
        largest = rows[np.abs(rows).argmax(axis=0), range(rows.shape[1])]
        extreme = np.where(np.abs(largest) > np.abs(extreme), largest, extreme)
    numbers = target.decode(extreme[None])[0]
    for label, number, value, scale in zip(target.labels, numbers, extreme, total, strict=True):
        if value**2 > MAX_SHARE * scale:
            yield label, float(number)


def iterate_targets(dataset: Dataset) -> Iterator[Array]:
    """Iterate over the targets of a set in blocks of rows."""
    assert dataset.targets is not None
    for start in range(0, dataset.rows, BLOCK_ROWS):
        yield dataset.targets[start : start + BLOCK_ROWS]
