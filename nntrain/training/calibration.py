"""Calibration: the last layer is fitted to the validation rows."""

import numpy as np

from nntrain.data.dataset import Dataset
from nntrain.nn.bases.calibrator import Calibrator
from nntrain.nn.network_ends import find_last_module
from nntrain.training.trained_network import TrainedNetwork, slice_rows

# Rows of the validation set that are enough for a calibrator, which has few numbers.
MAX_ROWS = 100_000


def find_calibrator(network: TrainedNetwork) -> Calibrator | None:
    """Return the last module of the network if it can be calibrated for classes."""
    last = find_last_module(network.model)
    return last if isinstance(last, Calibrator) and network.task.target.task == "classification" else None


def calibrate(network: TrainedNetwork, calibrator: Calibrator, dataset: Dataset) -> None:
    """Fit the calibrator of a network to the first rows of a dataset."""
    assert dataset.targets is not None
    calibrator.reset()
    outputs = network.iterate_outputs(slice_rows(dataset.inputs, 0, MAX_ROWS))
    logits = np.concatenate([y.astype(np.float64) for y in outputs])
    targets = network.task.to_metric_targets(dataset.targets[:MAX_ROWS])
    weights = None if dataset.weights is None else np.asarray(dataset.weights[:MAX_ROWS], np.float64)
    calibrator.calibrate(logits, targets, weights)
