"""The step in plain NumPy with reused memory, to measure the overhead of modules."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from benchmarks.mlp.mlp import CLASSES, MLP, Array

__all__ = ["predictor", "step"]


class Layer:
    """Parameters and gradients as slices of w and dw; z = x Wᵀ + b, y = max(z, 0), and backward."""

    def __init__(self, weight: Array, bias: Array, w: Array, dw: Array, rows: int) -> None:
        (outputs, inputs), size = weight.shape, weight.size
        self.weight, self.bias = w[:size].reshape(outputs, inputs), w[size:]
        self.weight[...], self.bias[...] = weight, bias
        self.dweight, self.dbias = dw[:size].reshape(outputs, inputs), dw[size:]
        self.z, self.y, self.dz = (np.empty((rows, outputs), np.float32) for _ in range(3))
        self.dx = np.empty((rows, inputs), np.float32)

    def scores(self, x: Array) -> Array:
        """Return z."""
        np.matmul(x, self.weight.T, out=self.z)
        return np.add(self.z, self.bias, out=self.z)

    def rectified(self, x: Array) -> Array:
        """Return y."""
        return np.maximum(self.scores(x), 0, out=self.y)

    def gradients(self, x: Array, dz: Array, ones: Array) -> None:
        """Compute the gradients of the parameters."""
        np.matmul(dz.T, x, out=self.dweight)
        np.matmul(ones, dz, out=self.dbias)


def layers_of(mlp: MLP) -> tuple[list[Layer], Array, Array]:
    """Return the layers, w and dw."""
    sizes = [weight.size + bias.size for weight, bias in mlp.parameters()]
    w, dw = np.empty((2, sum(sizes)), np.float32)
    stops = np.cumsum(sizes)
    layers = [
        Layer(weight, bias, w[stop - size : stop], dw[stop - size : stop], mlp.batch)
        for (weight, bias), size, stop in zip(mlp.parameters(), sizes, stops, strict=True)
    ]
    return layers, w, dw


def step(mlp: MLP) -> Callable[[], float]:
    """Run forward, loss, backward and update; return the loss."""
    x, t = mlp.rows()
    n = mlp.batch
    (*hidden, last), w, dw = layers_of(mlp)
    ones, change = np.ones(n, np.float32), np.empty_like(w)
    largest, sums, picked = np.empty((3, n), np.float32)
    powers, dy = np.empty((CLASSES, n), np.float32), np.empty((n, CLASSES), np.float32)
    positions = np.arange(0, n * CLASSES, CLASSES) + t

    def loss_of(scores: Array) -> float:
        """Return the mean of log Σ exp z − z[t], with its gradient in dy."""
        np.copyto(powers, scores.T)
        np.maximum.reduce(powers, axis=0, out=largest)
        np.subtract(powers, largest, out=powers)
        np.exp(powers, out=powers)
        np.add.reduce(powers, axis=0, out=sums)
        scores.take(positions, out=picked, mode="clip")
        np.subtract(picked, largest, out=picked)
        np.log(sums, out=largest)
        np.subtract(largest, picked, out=picked)
        loss = float(np.add.reduce(picked)) / n
        np.divide(1 / n, sums, out=sums)
        np.multiply(powers.T, sums[:, None], out=dy)
        flat = dy.reshape(-1)
        flat.take(positions, out=picked, mode="clip")
        flat[positions] = np.subtract(picked, 1 / n, out=picked)
        return loss

    def made() -> float:
        inputs = [x]
        for layer in hidden:
            inputs.append(layer.rectified(inputs[-1]))
        loss = loss_of(last.scores(inputs[-1]))
        last.gradients(inputs[-1], dy, ones)
        np.matmul(dy, last.weight, out=last.dx)
        dx = last.dx
        for number in range(len(hidden) - 1, -1, -1):
            layer = hidden[number]
            np.greater(layer.z, 0, out=layer.dz)
            np.multiply(layer.dz, dx, out=layer.dz)
            layer.gradients(inputs[number], layer.dz, ones)
            if number:
                dx = np.matmul(layer.dz, layer.weight, out=layer.dx)
        np.multiply(dw, mlp.rate, out=change)
        np.subtract(w, change, out=w)
        return loss

    return made


def predictor(mlp: MLP) -> Callable[[], Array]:
    """Return the scores of the rows."""
    x, _ = mlp.rows()
    (*hidden, last), _, _ = layers_of(mlp)

    def scores() -> Array:
        y = x
        for layer in hidden:
            y = layer.rectified(y)
        return last.scores(y)

    return scores
