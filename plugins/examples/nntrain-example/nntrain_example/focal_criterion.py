"""A loss with less weight on easy samples."""

import numpy as np

from nntrain.nn import Array, Criterion

__all__ = ["FocalCriterion"]


class FocalCriterion(Criterion):
    """L = −Σ (1 − p)ᵞ ln p / N, p = softmax(x)[t];  γ = 0 gives the cross entropy.

    dx = (q − [t]) p w / N, where q = softmax(x) and w = (1 − p)ᵞ / p − γ (1 − p)ᵞ⁻¹ ln p.

    Shapes:
        x (N, C) scores, t (N,) labels 0..C-1
    Source: Lin and others, "Focal loss for dense object detection", 2017, section 3.2.
    """

    output_form = "logits"

    def __init__(self, gamma: float = 2.0) -> None:
        if gamma < 0:
            raise self.argument_error(f"expected a gamma of at least 0, got {gamma}")
        self.gamma = gamma

    def update_output(self, x: Array, t: Array) -> float:
        _, p = self.compute_probabilities(x, t)
        self.output = float(np.mean(-((1 - p) ** self.gamma) * np.log(p)))
        return self.output

    def update_grad_input(self, x: Array, t: Array) -> Array:
        q, p = self.compute_probabilities(x, t)
        rest = np.maximum(1 - p, np.finfo(p.dtype).tiny)
        w = rest**self.gamma - self.gamma * rest ** (self.gamma - 1) * np.log(p) * p
        dx = self.grad_input_of(x)
        np.copyto(dx, q)
        dx[np.arange(len(x)), t] -= 1
        return np.multiply(dx, (w / len(x))[:, None], out=dx)

    def compute_probabilities(self, x: Array, t: Array) -> tuple[Array, Array]:
        """Return softmax(x), and the probabilities of the labels, clipped above 0."""
        if x.ndim != 2 or len(t) != len(x):
            raise self.shape_error("scores (N, C) and N labels", x)
        z = np.exp(x - x.max(axis=1, keepdims=True))
        q = z / z.sum(axis=1, keepdims=True)
        return q, np.maximum(q[np.arange(len(x)), t], np.finfo(q.dtype).tiny)
