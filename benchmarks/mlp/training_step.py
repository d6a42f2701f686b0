"""The step of nntrain, as in a training run."""

from __future__ import annotations

from benchmarks.mlp.mlp import Array
from nntrain import nn
from nntrain.nn.lazy_zero_grad import LazyZeroGrad
from nntrain.nn.module import Module
from nntrain.optim import Optimizer

__all__ = ["TrainingStep"]


class TrainingStep:
    """Forward, loss, backward and update of a network on a given batch, for its parameters w and gradients dw."""

    def __init__(self, optimizer: Optimizer, model: Module, criterion: nn.Criterion, w: Array, dw: Array) -> None:
        self.optimizer = optimizer
        self.model = model
        self.criterion = criterion
        self.w, self.dw = w, dw
        self.gradients = LazyZeroGrad(model, dw)

    def __call__(self, x: Array, t: Array) -> float:
        """Return the loss before the update."""

        def loss_at(w: Array) -> tuple[float, Array]:
            self.gradients.zero_grad()
            y = self.model.forward(x)
            loss = self.criterion.forward(y, t)
            self.model.backward(x, self.criterion.backward(y, t))
            self.gradients.zero_unset()
            return loss, self.dw

        return self.optimizer.advance(loss_at, self.w)[0]
