"""Scores of predictions, with one definition for all systems."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

__all__ = ["accuracy", "calibration_error", "geometric_mean", "log_loss", "r2", "score_classes", "score_numbers"]

Array = np.ndarray[Any, Any]

BINS = 15

# A smaller probability of the true class counts as this one: that of a class without training rows is 0.
LEAST = 1e-7


def score_classes(probabilities: Array, classes: Sequence[str], truth: Sequence[str]) -> dict[str, float]:
    """Return score, error, log loss and calibration error; probabilities (N, K) have one column per class.

    The error is 1 − accuracy.
    """
    columns = {name: index for index, name in enumerate(classes)}
    targets = np.array([columns.get(name, -1) for name in truth])
    correct = accuracy(probabilities, targets)
    return {
        "score": correct,
        "error": 1 - correct,
        "log_loss": log_loss(probabilities, targets),
        "calibration_error": calibration_error(probabilities, targets),
    }


def score_numbers(predicted: Array, truth: Array) -> dict[str, float]:
    """Return score and error: R² and 1 − R²."""
    found = r2(predicted, truth)
    return {"score": found, "error": 1 - found}


def accuracy(probabilities: Array, targets: Array) -> float:
    """Return the fraction of rows whose class has the highest probability; target −1: not among the classes."""
    return float(np.mean(probabilities.argmax(axis=1) == targets))


def log_loss(probabilities: Array, targets: Array) -> float:
    """Return − Σ log p(true class) / N, with p of at least 1e-7; target −1: p = 0."""
    of_truth = np.where(targets < 0, 0.0, probabilities[np.arange(len(targets)), targets])
    return float(-np.mean(np.log(np.maximum(of_truth, LEAST))))


def calibration_error(probabilities: Array, targets: Array) -> float:
    """Return Σ |Σ correct − Σ p| / N over 15 bins of equal width, of the highest probability p of each row."""
    top = probabilities.max(axis=1)
    gap = (probabilities.argmax(axis=1) == targets) - top
    bins = np.minimum((top * BINS).astype(int), BINS - 1)
    return float(np.abs(np.bincount(bins, weights=gap, minlength=BINS)).sum() / len(top))


def r2(predicted: Array, truth: Array) -> float:
    """Return 1 − Σ (y − t)² / Σ (t − mean t)²."""
    return float(1 - np.sum((predicted - truth) ** 2) / np.sum((truth - truth.mean()) ** 2))


def geometric_mean(values: Sequence[float]) -> float:
    """Return exp(Σ log v / n)."""
    return math.exp(sum(map(math.log, values)) / len(values))
