"""The products of a convolution in which every plane of x meets one kernel and makes one plane of y; stride 1."""

from __future__ import annotations

import math
from functools import cache

import numpy as np

from nntrain.nn.array import Array, Shape
from nntrain.nn.storage import view
from nntrain.nn.windows import Windows
from nntrain_convolution.runs import Runs, Scratch, runs_of

__all__ = ["Planewise", "planewise_of"]


class Planewise:
    """y[c] = b[c] + Σ W[c, u] x[c, · + u]: planes scaled and summed, without a copy of every window.

    For each tap v of the last axis one einsum sums over the taps of the other axes, whose runs lie a row apart; that
    is a chain of multiply-adds. Over all taps at once einsum would take the shortest axis as its innermost loop.
    """

    def __init__(self, runs: Runs, windows: Windows) -> None:
        self.runs = runs
        self.outer = windows.kernel[:-1]
        # How far apart the runs of neighbouring taps are, axis by axis.
        self.steps = tuple(d * math.prod(runs.image[axis + 1 :]) for axis, d in enumerate(windows.dilation))
        letters = "uvw"[: len(self.outer)]
        self.sum = f"cn{letters}m,c{letters}->cnm"

    def weights(self, W: Array, scratch: Scratch) -> Array:
        """W (C, 1, 1, *kernel) as (C, *kernel)."""
        return W.reshape(len(W), *W.shape[3:])

    def kernels(self, weights: Array, W: Array) -> None:
        """W ← weights: the way back."""
        np.copyto(W, weights.reshape(W.shape))

    def correlate(self, x: Array, W: Array, b: Array, y: Array, samples: range, scratch: Scratch) -> None:
        """y ← b + W ⋆ x for some samples, W from ``weights``."""
        runs = self.runs
        for block, pieces in runs.blocks(samples, 3 * len(W) * x.itemsize):
            images = runs.images(x[block], scratch)
            for rows in pieces:
                places = runs.places(1, rows)
                shape = (len(W), len(x[block]), places)
                total, term = scratch("flat", shape, x), scratch("term", shape, x)
                first = rows.start * (places // (rows.stop - rows.start))
                for v in range(W.shape[-1]):
                    taps = view(
                        images,
                        first + v * self.steps[-1],
                        (*shape[:2], *self.outer, places),
                        (shape[1] * runs.length, runs.length, *self.steps[:-1], 1),
                    )
                    np.einsum(self.sum, taps, W[..., v], out=term if v else total)
                    if v:
                        np.add(total, term, out=total)
                part = y[block][:, :, rows]
                result = runs.inside(total.reshape(len(W), -1), len(part))
                np.add(result, b.reshape(-1, *(1,) * (part.ndim - 2)), out=part)

    def gradient(self, x: Array, dy: Array, W: Array, samples: range, scratch: Scratch) -> Array:
        """dW of some samples, in the form of ``weights``, as W is."""
        runs = self.runs
        total = scratch("total", W.shape, dy)
        total[...] = 0
        taps = total.reshape(len(W), -1)
        for block, pieces in runs.blocks(samples, 3 * len(W) * x.itemsize):
            images = runs.images(x[block], scratch)
            for rows in pieces:
                part = dy[block][:, :, rows]
                flat = scratch("flat", (len(W), runs.places(len(part), rows)), dy)
                runs.spread(part, flat)
                dots = scratch("dots", (len(W), len(part)), dy)
                for tap, run in enumerate(runs.runs(images, x[block], rows)):
                    np.vecdot(run, flat.reshape(run.shape), out=dots)
                    taps[:, tap] += np.sum(dots, axis=1)
        return total


@cache
def planewise_of(windows: Windows, counts: Shape) -> Planewise:
    """The method for that many windows."""
    return Planewise(runs_of(windows, counts, "wide"), windows)
