"""One scaled number per row: the base of number and boolean columns."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.columns.column import Column
from nntrain.data.tables.raw_column import RawColumn

# How numbers are scaled: ``NumberColumn``, ``RobustNumberColumn`` or ``QuantileNumberColumn``.
NumberScaling: TypeAlias = Literal["standard", "robust", "quantile"]


@dataclass
class ScaledColumn(Column):
    """y = f(x), the first input; 0 where x is missing.

    ``with_missing``: a value was missing in the training rows. Then a second input is 1 where x is missing, else 0.
    """

    with_missing: bool

    @abstractmethod
    def transform(self, x: Array) -> Array:
        """Return f(x), float64 (n,), in new memory; NaN or any other number where x is NaN."""

    def encode(self, raw: RawColumn) -> Array:
        self.check(raw)
        missing, y = raw.missing, self.transform(raw.values)
        self.unseen = 0 if self.with_missing else int(missing.sum())
        if missing.any():
            y[missing] = 0
        inputs = np.empty((len(y), self.width), self.dtype)
        inputs[:, 0] = y
        if self.with_missing:
            inputs[:, 1] = missing
        return inputs

    @property
    def names(self) -> list[str]:
        return [self.name, f"{self.name} (missing)"] if self.with_missing else [self.name]
