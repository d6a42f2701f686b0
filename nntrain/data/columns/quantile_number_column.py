"""Numbers, as ranks of a normal distribution."""

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any, ClassVar, Self

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.columns.scaled_column import ScaledColumn
from nntrain.data.preprocessing.quantiles import compute_quantiles, sample_known
from nntrain.data.tables.column_statistics import ColumnStatistics
from nntrain.data.tables.raw_column import ValueKind, ValueStream
from nntrain.errors import CheckpointError

# The maximum number of quantiles.
MAX_QUANTILES = 1000

# Ranks are at least this and at most 1 minus this, so |y| ≤ 5.2.
MIN_RANK = 1e-7


@dataclass
class QuantileNumberColumn(ScaledColumn):
    """y = the linear interpolation of the points (q, Φ⁻¹(r)); constant outside of them; 0 where x is missing.

    ``quantiles``: the distinct ones among up to 1,000 quantiles q of the training rows, from the minimum to the
    maximum. ``scores``: Φ⁻¹ of their ranks r, from 0 to 1; equal quantiles have their mean rank. Φ is the standard
    normal distribution function, and Φ⁻¹ is computed at the quantiles only.
    """

    kind: ClassVar[ValueKind] = "number"
    imputed = "the median"

    quantiles: list[float]
    scores: list[float]

    @classmethod
    def fit(cls, raw: ValueStream) -> Self:
        cls.check(raw)
        statistics = ColumnStatistics.compute(raw)
        known = sample_known(raw, statistics.known_count)
        count = int(np.clip(len(known), 2, MAX_QUANTILES))
        quantiles, first, ties = np.unique(compute_quantiles(known, count), return_index=True, return_counts=True)
        ranks = (first + (ties - 1) / 2) / (count - 1)
        invert = NormalDist().inv_cdf
        scores = [invert(rank) for rank in np.clip(ranks, MIN_RANK, 1 - MIN_RANK).tolist()]
        return cls(raw.name, statistics.missing_count > 0, quantiles.tolist(), scores)

    @classmethod
    def validate(cls, state: Mapping[str, Any]) -> dict[str, Any]:
        known = super().validate(state)
        quantiles, scores = (len(known[name]) for name in ("quantiles", "scores"))
        if not quantiles or quantiles != scores or not (np.diff(known["quantiles"]) > 0).all():
            raise CheckpointError(
                f"data: QuantileNumberColumn: expected ascending quantiles with a score each, got {quantiles} "
                f"quantiles and {scores} scores"
            )
        return known

    def transform(self, x: Array) -> Array:
        return np.interp(x, self.quantiles, self.scores)
