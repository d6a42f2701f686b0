"""Training sample by sample, as in the classic Torch examples."""

from collections.abc import Callable, Sequence
from typing import Any

from nntrain.compute import random
from nntrain.compute.array import Value
from nntrain.nn.criterion import Criterion
from nntrain.nn.module import Module


class StochasticGradient:
    """w ← w − r ∂L/∂w after each sample;  r = learning_rate / (1 + k · learning_rate_decay) in pass k > 1.

    In the first pass r = learning_rate.

    The order of the samples is drawn once for all passes. ``hook_example(self, sample)`` is called after each sample,
    ``hook_iteration(self, pass, error)`` after each pass, counted from 1. Training stops after max_iteration passes,
    or never if that is 0 or less.
    Source: torch/nn, StochasticGradient.lua.
    """

    def __init__(self, module: Module, criterion: Criterion) -> None:
        self.module = module
        self.criterion = criterion
        self.learning_rate = 0.01
        self.learning_rate_decay = 0.0
        self.max_iteration = 25
        self.shuffle_indices = True
        self.verbose = True
        self.hook_example: Callable[[StochasticGradient, Any], object] | None = None
        self.hook_iteration: Callable[[StochasticGradient, int, float], object] | None = None

    def train(self, dataset: Sequence[tuple[Value, Value]]) -> float:
        """Train on pairs (x, t) and return the mean loss of the last pass."""
        order = random.initial_stream().permutation(len(dataset)) if self.shuffle_indices else range(len(dataset))
        rate = self.learning_rate
        iteration = 1
        while True:
            error = sum(self.train_sample(dataset[index], rate) for index in order) / len(dataset)
            if self.verbose:
                print(f"# current error = {error:g}")  # noqa: T201
            if self.hook_iteration is not None:
                self.hook_iteration(self, iteration, error)
            iteration += 1
            rate = self.learning_rate / (1 + iteration * self.learning_rate_decay)
            if 0 < self.max_iteration < iteration:
                return error

    def train_sample(self, sample: tuple[Value, Value], rate: float) -> float:
        """Take one step on one sample and return its loss."""
        x, t = sample
        y = self.module.forward(x)
        loss = self.criterion.forward(y, t)
        self.module.update_grad_input(x, self.criterion.update_grad_input(y, t))
        self.module.acc_update_grad_parameters(x, self.criterion.grad_input, rate)
        if self.hook_example is not None:
            self.hook_example(self, sample)
        return loss
