"""The function that an optimizer minimizes in one step."""

import math

import numpy as np

from nntrain.compute.array import Array
from nntrain.config.train_config import TrainConfig
from nntrain.data.batch import Batch
from nntrain.errors import DivergenceError
from nntrain.nn.batch_axis import forward_batch
from nntrain.nn.lazy_zero_grad import LazyZeroGrad
from nntrain.training.metric_collection import MetricCollection
from nntrain.training.regularizer import Regularizer
from nntrain.training.replay import Replay
from nntrain.training.trained_network import TrainedNetwork


def clip_gradients(g: Array, value: float | None, norm: float | None) -> None:
    """Each element ← the nearest number in [−value, value];  then g ← g · min(1, norm / ‖g‖₂). None: no limit.

    In this order the result satisfies both limits. The norm is that of all parameters together.
    Source: Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural networks", 2013.
    """
    if value is not None:
        np.clip(g, -value, value, out=g)
    if norm is not None:
        length = float(np.linalg.norm(g))
        if length > norm:
            np.multiply(g, norm / length, out=g)


# The fraction of the only batch of a step.
SINGLE_BATCH = [1.0]


class Objective:
    """L(w) = Σ sₖ Lₖ(w) + P(w) over the batches k of a step, and its gradient, clipped.

    sₖ is the fraction of batch k in the step, so that L equals that of one large batch. An optimizer may evaluate L
    several times with changed w; the noise is the same each time. ``loss`` and the metrics are those of the first w,
    without the penalties P.
    """

    def __init__(
        self, network: TrainedNetwork, w: Array, dw: Array, settings: TrainConfig, is_repeatable: bool
    ) -> None:
        self.model, self.criterion, self.task = network.model, network.criterion, network.task
        self.w, self.dw = w, dw
        self.settings = settings
        self.lazy_zero_grad = LazyZeroGrad(network.model, dw)
        self.clip_value, self.clip_norm = settings.clip_value, settings.clip_norm
        self.is_clipping = self.clip_value is not None or self.clip_norm is not None
        self.regularizer = (
            Regularizer(network.model, w, settings.l1, settings.l2) if settings.l1 or settings.l2 else None
        )
        self.replay = Replay(network.model) if is_repeatable else None
        self.batches: list[Batch] = []
        self.batch_fractions = SINGLE_BATCH
        self.metrics: MetricCollection | None = None
        self.loss = math.nan

    def start_step(self, batches: list[Batch], metrics: MetricCollection) -> None:
        """Set the batches of the next step, and the metrics to update with them."""
        self.batches = batches
        self.batch_fractions = SINGLE_BATCH if len(batches) == 1 else self.compute_batch_fractions(batches)
        self.metrics = metrics
        if not self.model.train:
            self.model.training()
        if self.replay is not None:
            self.replay.record()

    def __call__(self, w: Array) -> tuple[float, Array]:
        """L(w) and its gradient, in memory that the next call overwrites. DivergenceError if L is not finite."""
        # The metrics are set until the first evaluation of a step.
        if self.metrics is None and self.replay is not None:
            self.replay.rewind()
        self.lazy_zero_grad.zero_grad()
        loss = 0.0
        for batch, fraction in zip(self.batches, self.batch_fractions, strict=True):
            loss += fraction * self.backpropagate(batch, fraction)
        self.lazy_zero_grad.zero_unset()
        if self.metrics is not None:
            self.loss, self.metrics = loss, None
        if self.regularizer is not None:
            loss += self.regularizer.add_gradient(self.w, self.dw)
        if self.is_clipping:
            self.clip()
        return loss, self.dw

    def clip(self) -> None:
        """Clip dw."""
        clip_gradients(self.dw, self.clip_value, self.clip_norm)

    def backpropagate(self, batch: Batch, fraction: float) -> float:
        """Add the gradient of one batch times ``fraction`` to dw, and return its loss."""
        x, t, weights = batch
        y = forward_batch(self.model, x, len(t))
        criterion_targets = self.task.to_criterion_targets(t)
        if weights is not self.criterion.row_weights:
            self.criterion.set_row_weights(weights)
        loss = self.criterion.forward(y, criterion_targets)
        if self.metrics is not None:
            if not math.isfinite(loss):
                raise DivergenceError(f"the loss is {loss}")
            self.metrics.update(loss, y, t, weights)
        self.model.backward(x, self.criterion.backward(y, criterion_targets), fraction)
        return loss

    def compute_batch_fractions(self, batches: list[Batch]) -> list[float]:
        """Return the fraction of each batch in the loss of the step: its weight in a mean, 1 in a sum."""
        if getattr(self.criterion, "size_average", True) is False:
            return [1.0] * len(batches)
        weights = []
        for batch in batches:
            self.criterion.set_row_weights(batch.weights)
            weights.append(self.criterion.sum_weights(self.task.to_criterion_targets(batch.targets)))
        return [weight / (sum(weights) or 1) for weight in weights]
