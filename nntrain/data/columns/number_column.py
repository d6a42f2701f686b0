"""Numbers, standardized."""

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.columns.scaled_column import ScaledColumn
from nntrain.data.preprocessing.moments import compute_moments
from nntrain.data.tables.column_statistics import ColumnStatistics
from nntrain.data.tables.raw_column import ValueKind, ValueStream

# A value further from the mean than this, in standard deviations, and than every training value is clipped: the network
# was not trained there, and one misplaced decimal point would outweigh all other inputs. Training values never change.
MAX_DEVIATIONS = 10.0


@dataclass
class NumberColumn(ScaledColumn):
    """y = (x − mean) / std, clipped to [low, high]; 0 where x is missing."""

    kind: ClassVar[ValueKind] = "number"
    imputed = "the mean"

    mean: float
    std: float
    low: float
    high: float

    @classmethod
    def fit(cls, raw: ValueStream) -> Self:
        cls.check(raw)
        statistics = ColumnStatistics.compute(raw)
        mean, std = map(float, compute_moments(lambda: (chunk.known for chunk in raw.iterate_chunks())))
        low = min(-MAX_DEVIATIONS, (statistics.min - mean) / std)
        high = max(MAX_DEVIATIONS, (statistics.max - mean) / std)
        return cls(raw.name, statistics.missing_count > 0, mean, std, low, high)

    def transform(self, x: Array) -> Array:
        y: Array = x - self.mean
        np.divide(y, self.std, out=y)
        return np.clip(y, self.low, self.high, out=y)
