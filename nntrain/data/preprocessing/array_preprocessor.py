"""The preprocessor of the arrays of an HDF5 file."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.array_stream import ArrayStream, MemoryArray
from nntrain.data.dims import Dims
from nntrain.data.options.data_options import DataOptions, FloatType
from nntrain.data.preprocessing.moments import compute_moments
from nntrain.data.preprocessing.preprocessor import Preprocessor
from nntrain.data.tables.raw_column import RawColumn
from nntrain.data.targets.target import Target, TaskType
from nntrain.data.targets.target_types import fit_target, restore_target
from nntrain.data.targets.task_inference import decode_one_hot, resolve_array_task
from nntrain.errors import CheckpointError, DataError

MAX_PIXEL = 255.0


@dataclass(eq=False)
class ArrayPreprocessor(Preprocessor):
    """x = (inputs − mean) / std.

    uint8 is an image: mean 0, std 255. Each feature of other inputs (n, d) has its own mean and std; inputs of more
    axes have one for all. ``shape`` is that of one row.

    A missing number (NaN) becomes the mean, x = 0. ``flagged`` are the features of inputs (n, d) that were missing in
    some training row: each has an indicator input after the others, 1 where the number is missing.
    """

    reads_table = False

    state_type = "ArraySchema"

    shape: tuple[int, ...]
    dims: Dims | None = field()
    weight: str | None
    of_bytes: bool
    mean: Array
    std: Array
    flagged: list[int] = field(default_factory=list, kw_only=True)
    target: Target
    notes: list[str]
    dtype: FloatType = "float32"

    @classmethod
    def fit(
        cls, inputs: Array | ArrayStream, targets: Array, options: DataOptions | None = None, dims: Dims | None = None
    ) -> Self:
        """Fit on the training rows. DataError for targets that are not classes or numbers, or are all the same."""
        options = options or DataOptions("")
        task, notes = resolve_array_task(build_target_column(targets), targets.dtype, options.task)
        target = fit_target(build_target_columns(targets, task), task, options)
        inputs = inputs if isinstance(inputs, ArrayStream) else MemoryArray(inputs)
        missing = find_missing_features(inputs)
        if missing.all() and all(np.isnan(chunk).all() for chunk in inputs.iterate_chunks()):
            raise DataError("inputs: expected numbers, got NaN everywhere in the training rows")
        mean, std = compute_scaling(inputs, missing=bool(missing.any()))
        flagged = np.flatnonzero(missing).tolist() if len(inputs.shape) == 2 else []
        notes = [*notes, *target.build_notes(), *format_missing_note(missing, flagged)]
        weight, of_bytes = options.sample_weight, inputs.dtype == np.uint8
        fitted = (inputs.shape[1:], dims, weight, of_bytes, mean, std, target, notes)
        return cls(*fitted, options.dtype, flagged=flagged)

    def encode_inputs(self, inputs: Array) -> Array:
        """Scale the inputs and add the indicators. DataError for another shape or type than in training."""
        inputs = MemoryArray(inputs).values
        if inputs.shape[1:] != self.shape:
            raise DataError(f"inputs: expected rows of shape {self.shape} as in training, got {inputs.shape[1:]}")
        if (inputs.dtype == np.uint8) != self.of_bytes:
            expected = "uint8" if self.of_bytes else "numbers other than uint8"
            raise DataError(f"inputs: expected {expected} as in training, got {inputs.dtype}")
        scaled = np.empty(inputs.shape, self.dtype)
        np.subtract(inputs, self.mean, out=scaled, casting="same_kind")
        np.divide(scaled, self.std, out=scaled, casting="same_kind")
        if inputs.dtype.kind == "f":
            scaled[np.isnan(inputs)] = 0
        if not self.flagged:
            return scaled
        return np.concatenate([scaled, np.isnan(inputs[:, self.flagged])], axis=1, dtype=self.dtype)

    def encode_target(self, targets: Array) -> Array:
        """Return classes, int64 (n,), or numbers, floating (n, k). DataError for a class without a training row."""
        columns = build_target_columns(targets, self.target.task)
        if self.target.task == "multilabel" and len(columns) != len(self.target.names):
            raise DataError(f"targets: expected {len(self.target.names)} labels a row, got {len(columns)}")
        return self.target.encode(*columns)

    @classmethod
    def validate(cls, state: Mapping[str, Any]) -> dict[str, Any]:
        known = super().validate(state)
        sizes = (1, *known["shape"][-1:])
        if not (len(known["mean"]) == len(known["std"]) and len(known["mean"]) in sizes):
            means, stds = len(known["mean"]), len(known["std"])
            raise CheckpointError(f"data: ArraySchema: {means} means and {stds} std for rows of {known['shape']}")
        return known | {"shape": tuple(known["shape"]), "target": restore_target(known["target"])}


def build_target_column(targets: Array) -> RawColumn:
    """Return the targets (n,) or (n, k) as a column of numbers or strings; (n, 1) is (n,)."""
    if targets.ndim > 2:
        raise DataError(f"targets: expected the shape (n,) or (n, k), got {targets.shape}")
    squeezed = targets[:, 0] if targets.ndim == 2 and targets.shape[1] == 1 else targets
    if targets.dtype.kind == "O":
        return RawColumn("targets", "text", squeezed)
    return RawColumn("targets", "number", squeezed.astype(np.float64))


def build_target_columns(targets: Array, task: TaskType) -> list[RawColumn]:
    """Return the targets as one column, or for labels one each. Classes may be one-hot rows."""
    whole = build_target_column(targets)
    if task == "classification" and whole.values.ndim == 2:
        return [replace(whole, values=decode_one_hot(whole.values))]
    if task != "multilabel":
        return [whole]
    flags = whole.values.reshape(len(whole.values), -1)
    return [RawColumn(f"targets[{index}]", "number", flags[:, index]) for index in range(flags.shape[1])]


def find_missing_features(inputs: ArrayStream) -> Array:
    """Return which features are NaN in some row: bool, of the shape of a row."""
    if inputs.dtype.kind != "f":
        return np.zeros(inputs.shape[1:], bool)
    return np.logical_or.reduce([np.isnan(chunk).any(axis=0) for chunk in inputs.iterate_chunks()])


def format_missing_note(missing: Array, flagged: list[int]) -> list[str]:
    """Return the note about features that are NaN in some row."""
    if not missing.any():
        return []
    flags = ", and an indicator input marks them" if flagged else ""
    return [
        f"inputs: {missing.sum():,} of {missing.size:,} numbers of a row are missing (NaN) in some training rows: "
        f"they become the mean{flags}"
    ]


def compute_scaling(inputs: ArrayStream, *, missing: bool) -> tuple[Array, Array]:
    """Return mean and std, float64 (1,) or (d,), of the numbers that are not NaN; ``missing``: whether some are."""
    if inputs.dtype == np.uint8:
        return np.zeros(1), np.full(1, MAX_PIXEL)
    shape = (-1, inputs.shape[1] if len(inputs.shape) == 2 else 1)
    return compute_moments(lambda: (chunk.reshape(shape) for chunk in inputs.iterate_chunks()), skip_nan=missing)
