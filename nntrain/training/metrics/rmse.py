"""The root of the mean squared error."""

from __future__ import annotations

import numpy as np

from nntrain.training.metrics.mse import MSE

__all__ = ["RMSE"]


class RMSE(MSE):
    """√(Σ (y − t)² / N), in the units of the target; the mean over its columns, each under its own root."""

    name = "rmse"

    def compute(self) -> float:
        return float(np.sqrt(self.compute_means()).mean())
