"""Numbers, scaled by their quartiles."""

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.columns.scaled_column import ScaledColumn
from nntrain.data.preprocessing.quantiles import compute_quantiles, sample_known
from nntrain.data.tables.column_statistics import ColumnStatistics
from nntrain.data.tables.raw_column import ValueKind, ValueStream

# |y| is below this.
BOUND = 3.0

# A larger |z| gives the same y in double precision, and its square would overflow at last.
MAX_SCALED = 1e9


@dataclass
class RobustNumberColumn(ScaledColumn):
    """y = z / √(1 + (z / 3)²), z = (x − median) / scale; 0 where x is missing.

    ``scale``: the distance of the quartiles. If they are equal, twice the median of |x − median| over the training rows
    that differ from the median; 1 if there are none.
    """

    kind: ClassVar[ValueKind] = "number"
    imputed = "the median"

    median: float
    scale: float

    @classmethod
    def fit(cls, raw: ValueStream) -> Self:
        cls.check(raw)
        statistics = ColumnStatistics.compute(raw)
        known = sample_known(raw, statistics.known_count)
        low, median, high = compute_quantiles(known, 5)[1:4].tolist()
        scale = high - low if high > low else compute_deviation(known, median)
        scale = min(scale, np.finfo(float).max)
        return cls(raw.name, statistics.missing_count > 0, median, scale)

    def transform(self, x: Array) -> Array:
        with np.errstate(over="ignore"):
            z: Array = x - self.median
            np.divide(z, self.scale, out=z)
        np.clip(z, -MAX_SCALED, MAX_SCALED, out=z)
        return np.divide(z, np.sqrt(1 + np.square(z / BOUND)), out=z)


def compute_deviation(x: Array, median: float) -> float:
    """Return twice the median of |x − median| where it is not 0; 1 if it is 0 everywhere."""
    # Halved, so that no difference overflows.
    halves = np.abs(x / 2 - median / 2)
    halves = halves[halves > 0]
    return 4 * float(compute_quantiles(halves, 3)[1]) if len(halves) else 1.0
