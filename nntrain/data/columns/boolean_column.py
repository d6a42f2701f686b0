"""Booleans."""

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.columns.column import Column
from nntrain.data.tables.raw_column import RawColumn, ValueKind, ValueStream


@dataclass
class BooleanColumn(Column):
    """y = 2x − 1: true is 1, false is −1, and missing is 0.

    If a value was missing in the training rows, a second input is 1 where x is missing, else 0.
    """

    kind: ClassVar[ValueKind] = "boolean"

    with_missing: bool

    @classmethod
    def fit(cls, raw: ValueStream) -> Self:
        cls.check(raw)
        return cls(raw.name, any(chunk.missing.any() for chunk in raw.iterate_chunks()))

    def encode(self, raw: RawColumn) -> Array:
        self.check(raw)
        missing = raw.missing
        signs = np.where(missing, 0, 2 * raw.values - 1)
        inputs = [signs, missing] if self.with_missing else [signs]
        return np.stack(inputs, axis=1).astype(np.float32)

    @property
    def names(self) -> list[str]:
        return [self.name, f"{self.name} (missing)"] if self.with_missing else [self.name]
