"""The rows of arrays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

import numpy as np

from nntrain.data.array import Array
from nntrain.data.array_schema import ArraySchema, column_of, columns_of
from nntrain.data.data_options import DataOptions
from nntrain.data.dims import Dims, channels_first
from nntrain.data.hdf5_part import HDF5Part
from nntrain.data.hdf5_source import read_hdf5
from nntrain.data.located import located
from nntrain.data.part import Part
from nntrain.data.raw_column import RawColumn, different
from nntrain.data.row_weights import check_weights, encoded_weights
from nntrain.data.rows import Rows
from nntrain.data.schema import Schema
from nntrain.data.streaming.streamed_array import StreamedArray
from nntrain.data.task import task_of_array
from nntrain.errors import DataError

__all__ = ["ArrayRows", "choose"]


@dataclass(frozen=True)
class ArrayRows(Rows):
    """Inputs (n, ...) and targets (n,) or (n, k) of the file ``path``; images are (n, C, H, W) if dims were told.

    ``others``: further columns of the rows, by name.
    """

    path: str
    inputs: Array | StreamedArray
    targets: Array | None
    dims: Dims | None = None
    others: Mapping[str, RawColumn] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @classmethod
    def read(
        cls,
        path: Path,
        inputs: str | None,
        targets: str | None,
        dims: Dims | None,
        others: Sequence[str] = (),
    ) -> dict[str, Self]:
        """The parts of a file by name, as ``read_hdf5`` names them. ``dims`` are told by the file unless given."""
        return cls.of(path, read_hdf5(path, inputs=inputs, targets=targets, others=others).parts, dims)

    @classmethod
    def of(cls, path: Path, parts: Mapping[str, HDF5Part], dims: Dims | None) -> dict[str, Self]:
        """The parts of a file by name, with images in the order of axes that layers take."""
        rows = {}
        for name, part in parts.items():
            with located(str(path)):
                told = dims or part.dims
                images = isinstance(part.inputs, StreamedArray)
                inputs = part.inputs.ordered(told) if images else channels_first(part.inputs, told)
                rows[name] = cls(str(path), inputs, part.targets, told, part.others)
        return rows

    @property
    def count(self) -> int:
        return len(self.inputs)

    def take(self, index: Array) -> Self:
        if len(index) == self.count:
            return self
        targets = None if self.targets is None else self.targets[index]
        others = {name: column.take(index) for name, column in self.others.items()}
        return replace(self, inputs=self.inputs[index], targets=targets, others=others, notes=[])

    def fit(self, index: Array, options: DataOptions) -> ArraySchema:
        training = self.take(index)
        if options.weight is not None:
            check_weights(training.column(options.weight))
        with located(self.path):
            schema = ArraySchema.fit(
                training.inputs,
                training._answers(),
                task=options.task,
                options=options.of_target,
                dims=self.dims,
                weight=options.weight,
            )
        schema.give(options.dtype)
        return schema

    def labels(self, options: DataOptions, schema: Schema | ArraySchema | None) -> Array | None:
        with located(self.path):
            task, _ = task_of_array(
                column_of(self._answers()), self._answers().dtype, schema.target.task if schema else options.task
            )
            if task != "classification":
                return None
            (raw,) = columns_of(self._answers(), task)
        return different(raw.values)[1].reshape(-1)

    def column(self, name: str) -> RawColumn:
        if name not in self.others:
            raise DataError(f"{self.path}: no dataset {name!r} beside the inputs, with a value for each row")
        return self.others[name]

    def pieces(self, schema: Schema | ArraySchema) -> Iterator[Self]:
        if not isinstance(self.inputs, StreamedArray):
            yield self
            return
        begin = 0
        for chunk in self.inputs.chunks():
            yield replace(self.take(np.arange(begin, begin + len(chunk))), inputs=chunk)
            begin += len(chunk)

    def encode(self, schema: Schema | ArraySchema, *, need_targets: bool = True) -> Part:
        if not isinstance(schema, ArraySchema):
            raise DataError(f"{self.path}: arrays of an HDF5 file, but the network was trained on a table")
        assert not isinstance(self.inputs, StreamedArray), "rows on the disk are encoded piece by piece"
        with located(self.path):
            inputs = schema.encode_inputs(self.inputs)
            if not need_targets:
                return Part(inputs, None, self.count)
            weight = self.others.get(schema.weight or "")
            weights = None if weight is None else encoded_weights(weight)
            return Part(inputs, schema.encode_target(self._answers()), self.count, weights=weights)

    def _answers(self) -> Array:
        if self.targets is None:
            raise DataError("no targets beside the inputs; name their dataset with --targets")
        return self.targets


def choose(parts: Mapping[str, ArrayRows], wanted: str) -> ArrayRows:
    """The part that is ``wanted``, else the whole, else the only one. DataError if none of these is there."""
    for name in (wanted, "all"):
        if name in parts:
            return parts[name]
    if len(parts) == 1:
        return next(iter(parts.values()))
    first = next(iter(parts.values()))
    raise DataError(f"{first.path}: no group {wanted!r}; the groups are: {', '.join(parts)}")
