"""Numbers, standardized."""

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.columns.column import Column
from nntrain.data.preprocessing.moments import compute_moments
from nntrain.data.tables.column_statistics import ColumnStatistics
from nntrain.data.tables.raw_column import RawColumn, ValueKind, ValueStream

# A value further from the mean than this, in standard deviations, and than every training value is clipped: the network
# was not trained there, and one misplaced decimal point would outweigh all other inputs. Training values never change.
MAX_DEVIATIONS = 10.0


@dataclass
class NumberColumn(Column):
    """y = (x − mean) / std, clipped to [low, high]; 0 where x is missing.

    If a value was missing in the training rows, a second input is 1 where x is missing, else 0.
    """

    kind: ClassVar[ValueKind] = "number"

    mean: float
    std: float
    low: float
    high: float
    with_missing: bool

    @classmethod
    def fit(cls, raw: ValueStream) -> Self:
        cls.check(raw)
        statistics = ColumnStatistics.compute(raw)
        mean, std = map(float, compute_moments(lambda: (chunk.known for chunk in raw.iterate_chunks())))
        low = min(-MAX_DEVIATIONS, (statistics.min - mean) / std)
        high = max(MAX_DEVIATIONS, (statistics.max - mean) / std)
        return cls(raw.name, mean, std, low, high, statistics.missing_count > 0)

    def encode(self, raw: RawColumn) -> Array:
        self.check(raw)
        missing = raw.missing
        scaled = raw.values - self.mean
        np.divide(scaled, self.std, out=scaled)
        np.clip(scaled, self.low, self.high, out=scaled)
        if missing.any():
            scaled[missing] = 0
        inputs = np.empty((len(scaled), 1 + self.with_missing), self.dtype)
        inputs[:, 0] = scaled
        if self.with_missing:
            inputs[:, 1] = missing
        return inputs

    @property
    def names(self) -> list[str]:
        return [self.name, f"{self.name} (missing)"] if self.with_missing else [self.name]
