"""Penalties for large weights."""

import numpy as np

from nntrain.compute.array import Array
from nntrain.compute.storage_location import get_storage_location, view_storage
from nntrain.nn.module import Module


class Regularizer:
    """P(w) = l1 · Σ |wᵢ| + l2 / 2 · Σ wᵢ²;  P'(w) = l1 · sign w + l2 · w, over the weights of a network.

    Weights are the parameters with at least two axes that are not named bias. Biases and the scales of normalization
    are excluded: pulling them to zero would only limit the network.
    """

    def __init__(self, model: Module, w: Array, l1: float, l2: float) -> None:
        self.l1 = l1
        self.l2 = l2
        self.weight_mask = np.zeros_like(w)
        for inner in model.list_modules():
            for name in inner.parameter_names:
                array = getattr(inner, name, None)
                if array is not None and array.ndim > 1 and name != "bias" and not inner.frozen:
                    view = get_storage_location(array)
                    view_storage(self.weight_mask, view.offset, view.shape, view.strides)[...] = 1
        self.weights, self.gradient = np.empty_like(w), np.empty_like(w)

    def add_gradient(self, w: Array, dw: Array) -> float:
        """dw ← dw + P'(w); returns P(w)."""
        np.multiply(w, self.weight_mask, out=self.weights)
        penalty = 0.0
        if self.l1:
            penalty += self.l1 * float(np.abs(self.weights, out=self.gradient).sum())
            np.sign(self.weights, out=self.gradient)
            np.multiply(self.gradient, self.l1, out=self.gradient)
            np.add(dw, self.gradient, out=dw)
        if self.l2:
            penalty += self.l2 / 2 * float(np.dot(self.weights, self.weights))
            np.multiply(self.weights, self.l2, out=self.gradient)
            np.add(dw, self.gradient, out=dw)
        return penalty
