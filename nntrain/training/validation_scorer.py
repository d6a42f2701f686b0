"""The score of a network on validation rows, and its calibration on the same outputs."""

from typing import Any

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.dataset import Dataset
from nntrain.nn.bases.calibrator import Calibrator
from nntrain.nn.network_ends import find_last_module
from nntrain.training.trained_network import TrainedNetwork

# Rows of the validation set that are enough for a calibrator, which has few numbers.
MAX_ROWS = 100_000


class ValidationScorer:
    """Scores a network on validation rows without calibration, and calibrates it if that epoch is the best so far.

    Epochs are compared by what they are trained for. The rows pass the network once for both.
    """

    def __init__(self, network: TrainedNetwork, dataset: Dataset) -> None:
        self.network, self.dataset = network, dataset
        self.metrics = network.create_metrics()
        self.calibrator = find_calibrator(network)
        # The logits of the first rows at the last score, in blocks.
        self.logits: list[Array] = []

    def score(self) -> dict[str, Any]:
        """Return the loss, with label smoothing, and the metrics."""
        if self.calibrator is None:
            return self.network.score(self.dataset, self.metrics, smooth=True)
        self.calibrator.reset()
        self.logits = []
        return self.network.score(self.dataset, self.metrics, smooth=True, observe=self.keep_logits)

    def keep_logits(self, start: int, y: Array) -> None:
        """Keep the outputs of rows from ``start`` on, up to MAX_ROWS."""
        if start < MAX_ROWS:
            self.logits.append(y[: MAX_ROWS - start].astype(np.float64))

    def calibrate(self) -> None:
        """Fit the last module, if it is a calibrator, to the outputs of the last score."""
        if self.calibrator is None:
            return
        logits, data = np.concatenate(self.logits), self.dataset
        assert data.targets is not None
        targets = self.network.task.to_metric_targets(data.targets[: len(logits)])
        weights = None if data.weights is None else np.asarray(data.weights[: len(logits)], np.float64)
        self.calibrator.calibrate(logits, targets, weights)


def find_calibrator(network: TrainedNetwork) -> Calibrator | None:
    """Return the last module of the network if it can be calibrated for classes."""
    last = find_last_module(network.model)
    return last if isinstance(last, Calibrator) and network.task.target.task == "classification" else None
