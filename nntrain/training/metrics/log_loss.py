"""The mean negative log-likelihood of the targets."""

import numpy as np

from nntrain.compute.array import Array
from nntrain.training.metrics.row_mean import RowMean


class LogLoss(RowMean):
    """−Σ ln p(t) / N, with p at least the ε of its type (1.2e-7 in float32); the mean over labels if there are several.

    It is computed from predicted probabilities for every criterion. With CrossEntropyCriterion it equals the loss,
    except for class weights and the ε.
    """

    name = "log_loss"
    tasks = ("classification", "multilabel")
    takes = "probabilities"
    higher_is_better = False

    def compute_terms(self, y: Array, t: Array) -> Array:
        p = np.where(t, y, 1 - y) if t.ndim == 2 else np.take_along_axis(y, t[:, None], axis=1)[:, 0]
        return -np.log(np.maximum(p.astype(np.float64), np.finfo(y.dtype).eps))
