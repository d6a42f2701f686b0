"""What an optimizer lowers in one step."""

from __future__ import annotations

import math

from nntrain.compute.array import Array
from nntrain.config.train_config import TrainConfig
from nntrain.data.batch import Batch
from nntrain.errors import DivergenceError
from nntrain.nn.batch_axis import forward_batch
from nntrain.nn.lazy_zero_grad import LazyZeroGrad
from nntrain.training.clipping import clip
from nntrain.training.penalties import Penalties
from nntrain.training.replay import Replay
from nntrain.training.scoreboard import Scoreboard
from nntrain.training.trained_network import TrainedNetwork

__all__ = ["Objective"]

# The shares of a batch that is the only one of its step.
ALONE = [1.0]


class Objective:
    """L(w) = Σ sₖ Lₖ(w) + P(w) over the batches k of a step, and its gradient, clipped.

    sₖ is the share of batch k in the step, so that L is what one large batch would give. An optimizer may ask for
    L several times, having changed w: the noise is the same at all. ``loss``, and the scores that go to the board,
    are those of the first w, without the penalties P.
    """

    def __init__(self, network: TrainedNetwork, w: Array, dw: Array, settings: TrainConfig, repeats: bool) -> None:
        self.model, self.criterion, self.task = network.model, network.criterion, network.task
        self.w, self.dw = w, dw
        self.gradients = LazyZeroGrad(network.model, dw)
        self.clip_value, self.clip_norm = settings.clip_value, settings.clip_norm
        self.clips = self.clip_value is not None or self.clip_norm is not None
        self.penalties = Penalties(network.model, w, settings.l1, settings.l2) if settings.l1 or settings.l2 else None
        self.replay = Replay(network.model) if repeats else None
        self.batches: list[Batch] = []
        self.shares = ALONE
        self.board: Scoreboard | None = None
        self.loss = math.nan

    def begin(self, batches: list[Batch], board: Scoreboard) -> None:
        """Take the batches of the next step, and the board for their scores."""
        self.batches = batches
        self.shares = ALONE if len(batches) == 1 else self.shares_of(batches)
        self.board = board
        if not self.model.train:
            self.model.training()
        if self.replay is not None:
            self.replay.mark()

    def __call__(self, w: Array) -> tuple[float, Array]:
        """L(w) and its gradient, in memory that the next call overwrites. DivergenceError if the first is no number."""
        if self.board is None and self.replay is not None:
            self.replay.rewind()
        self.gradients.zero_grad()
        loss = 0.0
        for batch, share in zip(self.batches, self.shares, strict=True):
            loss += share * self.back_propagated(batch, share)
        self.gradients.zero_unwritten()
        if self.board is not None:
            self.loss, self.board = loss, None
        if self.penalties is not None:
            loss += self.penalties.add(self.w, self.dw)
        if self.clips:
            clip(self.dw, self.clip_value, self.clip_norm)
        return loss, self.dw

    def back_propagated(self, batch: Batch, share: float) -> float:
        """The loss of one batch; its gradient times ``share`` is added to dw."""
        x, t, weights = batch
        y = forward_batch(self.model, x, len(t))
        fitted = self.task.fitted(t)
        if weights is not self.criterion.row_weights:
            self.criterion.set_row_weights(weights)
        loss = self.criterion.forward(y, fitted)
        if self.board is not None:
            if not math.isfinite(loss):
                raise DivergenceError(f"the loss is {loss}")
            self.board.update(loss, y, t, weights)
        self.model.backward(x, self.criterion.backward(y, fitted), share)
        return loss

    def shares_of(self, batches: list[Batch]) -> list[float]:
        """What each batch counts for in the loss of all: in a mean, what its rows do; in a sum, 1."""
        if getattr(self.criterion, "size_average", True) is False:
            return [1.0] * len(batches)
        masses = [self.mass(batch) for batch in batches]
        return [mass / (sum(masses) or 1) for mass in masses]

    def mass(self, batch: Batch) -> float:
        """What the loss of a batch counts in a mean."""
        self.criterion.set_row_weights(batch.weights)
        return self.criterion.sum_weights(self.task.fitted(batch.targets))
