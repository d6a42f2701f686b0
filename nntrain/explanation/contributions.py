"""Contributions to the predictions of rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from nntrain.compute.array import Array, IntArray


@dataclass(frozen=True)
class Contributions:
    """prediction = baseline + Σ values + residual, for each row.

    ``outputs``: the names of all probabilities and numbers that may be explained.

    Shapes:
        values (N, columns), for images (N, ...) without names; chosen (N,): the position of the explained output;
        prediction, residual (N,); baseline (N,): the prediction for the mean training row; is_exact (N,): whether the
        residual is within the tolerance
    """

    names: Sequence[str]
    values: Array
    outputs: Sequence[str]
    chosen: IntArray
    prediction: Array
    baseline: Array
    residual: Array
    is_exact: Array

    @classmethod
    def join(cls, blocks: Sequence[Self]) -> Self:
        """Return the rows of one or more blocks."""
        rows = ("values", "chosen", "prediction", "baseline", "residual", "is_exact")
        joined = {name: np.concatenate([getattr(block, name) for block in blocks]) for name in rows}
        return cls(names=blocks[0].names, outputs=blocks[0].outputs, **joined)
