"""The rows of the arrays of an HDF5 file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.array_stream import ArrayStream, MemoryArray
from nntrain.data.dataset import Dataset
from nntrain.data.dims import Dims
from nntrain.data.error_location import add_location
from nntrain.data.options.data_options import DataOptions
from nntrain.data.preprocessing.array_preprocessor import ArrayPreprocessor, build_target_column, build_target_columns
from nntrain.data.preprocessing.preprocessor import Preprocessor
from nntrain.data.raw_dataset import RawDataset
from nntrain.data.tables.raw_column import RawColumn, find_distinct
from nntrain.data.targets.sample_weights import check_sample_weights, encode_sample_weights
from nntrain.data.targets.task_inference import resolve_array_task
from nntrain.errors import DataError


@dataclass(frozen=True)
class RawArrayDataset(RawDataset):
    """Inputs (n, d, ...) and targets (n,) or (n, k) of the file ``path``; with ``dims``, images (n, C, H, W).

    ``others``: further columns of the rows by their requested names, as far as they exist.
    """

    path: str
    inputs: ArrayStream
    targets: Array | None
    dims: Dims | None = None
    others: Mapping[str, RawColumn] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.inputs)

    def take(self, index: Array) -> Self:
        if len(index) == self.count:
            return self
        targets = None if self.targets is None else self.targets[index]
        others = {name: column.take(index) for name, column in self.others.items()}
        return replace(self, inputs=self.inputs[index], targets=targets, others=others, notes=[])

    def fit(self, index: Array, options: DataOptions) -> ArrayPreprocessor:
        training = self.take(index)
        if options.sample_weight is not None:
            check_sample_weights(training.get_column(options.sample_weight))
        with add_location(self.path):
            return ArrayPreprocessor.fit(training.inputs, training._get_targets(), options, self.dims)

    def get_stratify_labels(self, options: DataOptions, preprocessor: Preprocessor | None) -> Array | None:
        with add_location(self.path):
            task, _ = resolve_array_task(
                build_target_column(self._get_targets()),
                self._get_targets().dtype,
                preprocessor.target.task if preprocessor else options.task,
            )
            if task != "classification":
                return None
            (raw,) = build_target_columns(self._get_targets(), task)
        return find_distinct(raw.values)[1].reshape(-1)

    def get_column(self, name: str) -> RawColumn:
        if name not in self.others:
            raise DataError(f"{self.path}: no dataset {name!r} next to the inputs with a value for each row")
        return self.others[name]

    def iterate_chunks(self, preprocessor: Preprocessor) -> Iterator[Self]:
        begin = 0
        for chunk in self.inputs.iterate_chunks():
            yield replace(self.take(np.arange(begin, begin + len(chunk))), inputs=MemoryArray(chunk))
            begin += len(chunk)

    def encode(self, preprocessor: Preprocessor, *, need_targets: bool = True) -> Dataset:
        if not isinstance(preprocessor, ArrayPreprocessor):
            raise DataError(f"{self.path}: expected a table, as in training, got arrays of an HDF5 file")
        (chunk,) = self.inputs.iterate_chunks()
        with add_location(self.path):
            inputs = preprocessor.encode_inputs(chunk)
            if not need_targets:
                return Dataset(inputs, None, self.count)
            weight = self.others.get(preprocessor.weight or "")
            weights = None if weight is None else encode_sample_weights(weight)
            return Dataset(inputs, preprocessor.encode_target(self._get_targets()), self.count, weights=weights)

    def _get_targets(self) -> Array:
        if self.targets is None:
            raise DataError("no targets next to the inputs; name their dataset with --targets")
        return self.targets


def select_split(splits: Mapping[str, RawArrayDataset], requested: str) -> RawArrayDataset:
    """Return the ``requested`` group, else the ungrouped rows, else the only group. DataError otherwise."""
    for name in (requested, "all"):
        if name in splits:
            return splits[name]
    if len(splits) == 1:
        return next(iter(splits.values()))
    first = next(iter(splits.values()))
    raise DataError(f"{first.path}: no group {requested!r}; the groups are: {', '.join(splits)}")
