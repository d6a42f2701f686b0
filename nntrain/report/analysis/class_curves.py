"""Curves over the threshold of a probability, and its calibration."""

from dataclasses import dataclass

import numpy as np

from nntrain.compute.array import Array


@dataclass(frozen=True)
class ThresholdCurves:
    """For each threshold τ, descending: what p ≥ τ predicts. The first entry is for no positive prediction.

    Shapes:
        thresholds, true_positive_rate (recall), false_positive_rate, precision (n,)
    """

    thresholds: Array
    true_positive_rate: Array
    false_positive_rate: Array
    precision: Array

    def locate(self, threshold: float) -> int:
        """Return the position of a decision p > threshold."""
        return int((self.thresholds > threshold).sum()) - 1


def compute_threshold_curves(p: Array, is_positive: Array, weights: Array | None) -> ThresholdCurves | None:
    """Return the curves for probabilities p (N,) and truths (N,); None unless there are rows of both kinds.

    Source: Fawcett, "An introduction to ROC analysis", 2006, algorithm 1.
    """
    w = np.ones(len(p)) if weights is None else weights.astype(np.float64)
    order = np.argsort(-p, kind="stable")
    p, positive, w = p[order], is_positive[order].astype(bool), w[order]
    last_of_ties = np.flatnonzero(np.append(p[1:] != p[:-1], True))
    hits, alarms = np.cumsum(w * positive)[last_of_ties], np.cumsum(w * ~positive)[last_of_ties]
    if not (np.isfinite(p).all() and hits[-1] > 0 and alarms[-1] > 0):
        return None
    predicted = hits + alarms
    precision = np.divide(hits, predicted, out=np.ones_like(hits), where=predicted > 0)
    return ThresholdCurves(
        np.concatenate([[np.inf], p[last_of_ties]]),
        np.concatenate([[0.0], hits / hits[-1]]),
        np.concatenate([[0.0], alarms / alarms[-1]]),
        np.concatenate([[1.0], precision]),
    )


@dataclass(frozen=True)
class Calibration:
    """Groups of rows with similar probabilities: mean p, the fraction that is right, and the number of rows.

    ``mass``: the sums of their sample weights.
    """

    mean: Array
    fraction: Array
    rows: Array
    mass: Array


# Groups of a calibration.
MAX_GROUPS = 10


def compute_calibration(p: Array, is_right: Array, weights: Array | None) -> Calibration:
    """Return the calibration in groups of about equally many rows, ascending in p; equal p share a group.

    Source: Niculescu-Mizil and Caruana, "Predicting good probabilities with supervised learning", 2005.
    """
    w = np.ones(len(p)) if weights is None else weights.astype(np.float64)
    edges = np.unique(np.quantile(p, np.linspace(0, 1, MAX_GROUPS + 1)))
    groups = np.clip(np.searchsorted(edges, p, side="right") - 1, 0, max(len(edges) - 2, 0))
    rows, mass = np.bincount(groups), np.bincount(groups, w)
    kept = mass > 0
    sums = np.bincount(groups, w * p)[kept], np.bincount(groups, w * is_right)[kept]
    return Calibration(sums[0] / mass[kept], sums[1] / mass[kept], rows[kept], mass[kept])
