"""The encoded inputs that belong to a column."""

from dataclasses import dataclass

import numpy as np

from nntrain.compute.array import Array, IntArray, Value
from nntrain.data.columns.column import Column
from nntrain.data.columns.index_column import IndexColumn
from nntrain.data.columns.text_column import TextColumn
from nntrain.data.preprocessing.array_preprocessor import ArrayPreprocessor
from nntrain.data.preprocessing.preprocessor import Preprocessor
from nntrain.data.tables.raw_column import RawColumn


@dataclass(frozen=True)
class ColumnSpan:
    """A column and its place in the inputs: columns ``positions`` of the array ``index`` of a list; None: all of it.

    ``column``: its encoder; None for a feature of an HDF5 file, which has the mean ``mean`` and the standard deviation
    ``std``, and whose second position, if any, is 1 where it is missing.
    """

    name: str
    index: int
    positions: IntArray | None
    column: Column | None
    mean: float = 0.0
    std: float = 1.0

    def replace(self, inputs: Value, values: Array) -> Value:
        """Return a copy of the inputs in which the column has other encoded values, one for each row."""
        arrays = list(inputs) if isinstance(inputs, list) else [inputs]
        if self.positions is None:
            arrays[self.index] = values
        else:
            arrays[self.index] = arrays[self.index].copy()
            arrays[self.index][:, self.positions] = values
        return arrays if isinstance(inputs, list) else arrays[0]

    def get(self, inputs: Value) -> Array:
        """Return the encoded values of the column."""
        array: Array = inputs[self.index] if isinstance(inputs, list) else inputs
        return array if self.positions is None else array[:, self.positions]

    def encode(self, raw: RawColumn) -> Array:
        """Return the encoded values of known values of the column."""
        if self.column is not None:
            return self.column.encode(raw)
        assert self.positions is not None
        encoded = np.zeros((len(raw), len(self.positions)))
        encoded[:, 0] = (raw.values - self.mean) / self.std
        return encoded

    def decode(self, encoded: Array) -> RawColumn:
        """Return the numbers of encoded values of a feature; NaN where an indicator marks them as missing."""
        assert self.column is None
        numbers = encoded[:, 0] * np.float64(self.std) + self.mean
        if encoded.shape[1] > 1:
            numbers[encoded[:, 1] > 0] = np.nan
        return RawColumn(self.name, "number", numbers)


def find_column_spans(preprocessor: Preprocessor) -> list[ColumnSpan]:
    """Return the span of each input column, in their order; none for images, whose pixels have no names."""
    if isinstance(preprocessor, ArrayPreprocessor):
        return find_feature_spans(preprocessor)
    dense = [column for column in preprocessor.columns if not isinstance(column, IndexColumn | TextColumn)]
    indices = [column for column in preprocessor.columns if isinstance(column, IndexColumn)]
    # The order of ``TablePreprocessor.encode_inputs``: dense inputs, index columns, text columns.
    first = int(bool(dense))
    alone = [*indices, *preprocessor.get_text_columns()]
    spans = {column.name: ColumnSpan(column.name, first + k, None, column) for k, column in enumerate(alone)}
    begin = 0
    for column in dense:
        spans[column.name] = ColumnSpan(column.name, 0, np.arange(begin, begin + column.width), column)
        begin += column.width
    return [spans[column.name] for column in preprocessor.columns]


def find_feature_spans(preprocessor: ArrayPreprocessor) -> list[ColumnSpan]:
    """Return a span for each feature of rows (d,), with its indicator of missing numbers."""
    if len(preprocessor.shape) != 1:
        return []
    count = preprocessor.shape[0]
    flags = {feature: count + k for k, feature in enumerate(preprocessor.flagged)}
    means, stds = (np.broadcast_to(values, count) for values in (preprocessor.mean, preprocessor.std))
    return [
        ColumnSpan(
            f"inputs[{k}]",
            0,
            np.array([k, flags[k]] if k in flags else [k], np.intp),
            None,
            float(means[k]),
            float(stds[k]),
        )
        for k in range(count)
    ]
