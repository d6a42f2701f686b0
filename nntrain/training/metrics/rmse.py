"""The root of the mean squared error."""

import numpy as np

from nntrain.training.metrics.mse import MSE


class RMSE(MSE):
    """√(Σ (y − t)² / N) of each target column, in the units of the target; the mean over columns."""

    name = "rmse"

    def compute(self) -> float:
        return float(np.sqrt(self.compute_means()).mean())
