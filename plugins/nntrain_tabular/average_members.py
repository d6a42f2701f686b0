"""The average of the members of an ensemble, with a temperature."""

from typing import Literal

import numpy as np

from nntrain.nn import Array
from nntrain.nn.bases.calibrator import Calibrator
from nntrain.nn.functional import log_softmax
from nntrain_tabular.mean_probabilities import log_mean_softmax, log_mean_softmax_gradient

Average = Literal["probabilities", "values"]

# Halvings of the interval of temperatures, and its bounds.
BISECTIONS = 30
MIN_TEMPERATURE, MAX_TEMPERATURE = 0.05, 20.0


class AverageMembers(Calibrator):
    """In training, y = x with the rows first: ``MemberCriterion`` compares each member with the targets.

    In evaluation mode, for members i of M:
    average="values": y = 1/M Σ x_i;  dx_i = dy / M.
    average="probabilities": y = log q / T, q = s p, s = max(1 − ε / (C p), 1/101), p = 1/M Σ p_i, p_i = softmax(x_i):
    logits of the mean probabilities; dx_i = g_i − p_i Σ g_i, g_i = p_i / (M T p) ∘ dy, with / s where s > 1/101.
    ``calibrate`` fits T, and sets ε to label_smoothing, that of the criterion: a class of probability π has the target
    (1 − ε) π + ε/C, so that (p − ε/C) / (1 − ε) estimates π. Where p is hardly above ε/C, or below, s keeps q positive
    and in the order of p. Before, T = 1, ε = 0 and q = p.

    Shapes:
        x (M, N, C) → y (N, M, C) in training, (N, C) in evaluation mode
        temperature T (1,) and smoothing ε (1,), buffers: 1 and 0 until ``calibrate``, and always for values
    Errors: ArgumentError for another average, or unless 0 <= label_smoothing < 1; ShapeError unless x has three axes.
    Source: Gorishniy et al., "TabM", 2025, section 3.3; Guo et al., "On calibration of modern neural networks", 2017,
    section 4.2, for T.
    """

    buffer_names = ("temperature", "smoothing")
    member_criterion = "MemberCriterion"
    passes_memory = True

    # The smallest s, that of p = 1.01 ε/C.
    min_share = 1 / 101

    def __init__(self, average: Average = "probabilities", label_smoothing: float = 0.0) -> None:
        if average not in ("probabilities", "values"):
            raise self.argument_error(f"expected an average of 'probabilities' or 'values', got {average!r}")
        if not 0 <= label_smoothing < 1:
            raise self.argument_error(f"expected a label_smoothing from 0 to below 1, got {label_smoothing}")
        self.average, self.label_smoothing = average, label_smoothing
        if average == "probabilities":
            self.output_form = "logits"  # type: ignore[misc]
        self.temperature, self.smoothing = np.ones(1), np.zeros(1)

    def reset(self, stdv: float | None = None) -> None:
        self.temperature[...] = 1
        self.smoothing[...] = 0

    def update_output(self, x: Array) -> Array:
        if x.ndim != 3:
            raise self.shape_error("an input of shape (members, N, C)", x)
        if self.train:
            self.output = x.transpose(1, 0, 2)
            return self.output
        y = self.output_of(x.shape[1:], like=x)
        if self.average == "values":
            return np.mean(x, axis=0, out=y)
        log_mean = self.buffer("log_mean", y.shape, like=x)
        log_mean_softmax(x, *self.get_member_buffers(x), log_mean)
        if self.smoothing[0]:
            log_share = np.log(self.compute_share(log_mean, out=y), out=y)
            return np.divide(np.add(log_mean, log_share, out=y), self.temperature, out=y)
        return np.divide(log_mean, self.temperature, out=y)

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        if self.train:
            self.grad_input = dy.transpose(1, 0, 2)
            return self.grad_input
        dx = self.grad_input_of(x)
        if self.average == "values":
            return np.divide(dy, len(x), out=dx)
        log_p, scratch = self.get_member_buffers(x)
        log_mean = self.buffer("log_mean", dy.shape, like=x)
        dlog_mean = dy / self.temperature
        if self.smoothing[0]:
            share = self.compute_share(log_mean, out=np.empty_like(dy))
            dlog_mean /= np.where(share > self.min_share, share, 1)
        log_mean_softmax_gradient(log_p, log_mean, dlog_mean, scratch, dx)
        return dx

    def compute_share(self, log_p: Array, out: Array) -> Array:
        """out ← s for log p (N, C). Its exponents are at most 0, so that no p is too small."""
        np.subtract(np.log(self.smoothing / log_p.shape[1]), log_p, out=out)
        np.exp(np.minimum(out, 0, out=out), out=out)
        return np.maximum(np.subtract(1, out, out=out), self.min_share, out=out)

    def get_member_buffers(self, x: Array) -> tuple[Array, Array]:
        """Return the buffers of log p_i and of intermediate results."""
        return self.buffer("log_p", x.shape, like=x), self.buffer("scratch", x.shape, like=x)

    def calibrate(self, x: Array, t: Array, weights: Array | None = None) -> None:
        """ε ← label_smoothing;  T ← the temperature with the smallest log loss of log q / T plus (log T)² / 2N.

        The second term is a normal prior of log T: a few rows without an error would make T as small as possible.
        """
        if self.average == "values":
            return
        self.smoothing[...] = self.label_smoothing
        if self.label_smoothing:
            log_p, scratch = np.empty_like(x), np.empty_like(x)
            log_softmax(x, 1, log_p, scratch)
            x = log_p + np.log(self.compute_share(log_p, out=scratch))
        rows = len(x) if weights is None else weights.sum()
        low, high = np.log(1 / MAX_TEMPERATURE), np.log(1 / MIN_TEMPERATURE)
        for _ in range(BISECTIONS):
            middle = (low + high) / 2
            beta = np.exp(middle)
            if beta * compute_slope(x, t, weights, beta) + middle / rows < 0:
                low = middle
            else:
                high = middle
        self.temperature[...] = np.exp(-(low + high) / 2)

    def label(self) -> str:
        return f"{type(self).__name__}({self.average})"


def compute_slope(x: Array, t: Array, weights: Array | None, beta: float) -> float:
    """Return the derivative of the log loss of softmax(β x) with respect to β: the mean of Σ_c p_c x_c − x_t."""
    log_p, scratch = np.empty_like(x), np.empty_like(x)
    log_softmax(beta * x, 1, log_p, scratch)
    differences = (np.exp(log_p) * x).sum(axis=1) - x[np.arange(len(x)), t]
    return float(np.average(differences, weights=weights))
