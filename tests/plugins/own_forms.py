"""A plugin of criterions whose outputs have different forms, and of modules that are subclasses of known ones."""

from __future__ import annotations

import numpy as np

from nntrain.hooks import hookimpl
from nntrain.nn import Array, Criterion, Module
from nntrain.nn.containers.parallel_table import ParallelTable
from nntrain.nn.containers.sequential import Sequential
from nntrain.nn.criterions.bce_criterion import BCECriterion
from nntrain.nn.criterions.class_nll_criterion import ClassNLLCriterion
from nntrain_activation.log_soft_max import LogSoftMax
from nntrain_activation.tanh import Tanh


class RenamedBCE(BCECriterion):
    """BCECriterion under another name."""


class RenamedNLL(ClassNLLCriterion):
    """ClassNLLCriterion under another name."""


class Undeclared(Criterion):
    """L = Σ (x − t)² / n, which says nothing of x."""

    def update_output(self, x: Array, t: Array) -> float:
        self.output = float(np.mean(np.square(x - np.reshape(t, x.shape))))
        return self.output

    def update_grad_input(self, x: Array, t: Array) -> Array:
        dx = self.grad_input_of(x)
        np.subtract(x, np.reshape(t, x.shape), out=dx)
        return np.multiply(dx, 2 / x.size, out=dx)


class Brier(Undeclared):
    """The same of the probability of the second of two classes."""

    output_form = "probabilities"
    is_pointwise = True


class ClassBrier(Criterion):
    """L = Σ (x − [t])² / N over probabilities (N, C)."""

    output_form = "probabilities"

    def update_output(self, x: Array, t: Array) -> float:
        self.output = float(np.square(x - np.eye(x.shape[1])[t.reshape(-1)]).sum() / len(x))
        return self.output

    def update_grad_input(self, x: Array, t: Array) -> Array:
        dx = self.grad_input_of(x)
        np.subtract(x, np.eye(x.shape[1], dtype=x.dtype)[t.reshape(-1)], out=dx)
        return np.multiply(dx, 2 / len(x), out=dx)


class Chain(Sequential):
    """Sequential under another name."""


class RenamedLogSoftMax(LogSoftMax):
    """LogSoftMax under another name."""


class Entrance(ParallelTable):
    """ParallelTable under another name."""


class DoubleTanh(Tanh):
    """y = 2 tanh x."""

    def value(self, x: Array, out: Array) -> None:
        super().value(x, out)
        np.multiply(out, 2, out=out)

    def derivative(self, x: Array, y: Array, out: Array) -> None:
        np.multiply(y, y, out=out)
        np.subtract(4, out, out=out)
        np.multiply(out, 0.5, out=out)


@hookimpl
def nntrain_criterions() -> tuple[type[Criterion], ...]:
    return RenamedBCE, RenamedNLL, Undeclared, Brier, ClassBrier


@hookimpl
def nntrain_modules() -> tuple[type[Module], ...]:
    return Chain, RenamedLogSoftMax, Entrance, DoubleTanh
