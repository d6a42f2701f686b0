"""Optimizers: vector in, vector out, one algorithm a file."""

from nntrain.optim.optimizer import Optimizer

__all__ = ["Optimizer"]
