"""y = x with elements dropped at random."""

import numpy as np

from nntrain.compute.array import Array, Slice
from nntrain.nn.bases.slicewise_module import SliceTask, SlicewiseModule
from nntrain_noise.bernoulli_noise import BernoulliNoise


class Dropout(SlicewiseModule, BernoulliNoise):
    """y = x r, r = 0 with probability p, else 1 / (1 − p), for each element;  dx = dy r. In evaluation mode y = x.

    Shapes:
        any x → y of the same shape
    With v1, r is 0 or 1, and y = (1 − p) x in evaluation mode. With stochastic_inference, elements are also dropped
    in evaluation mode, where dx stays that of y = x. With inplace, y overwrites x and dx overwrites dy. ``setp``
    changes p.
    Errors: ArgumentError unless 0 ≤ p < 1.
    Source: torch/nn, Dropout.lua; Hinton et al., "Improving neural networks by preventing co-adaptation of
    feature detectors", 2012.
    """

    mutable_arguments = ("p", "inplace")

    def __init__(
        self, p: float = 0.5, v1: bool = False, inplace: bool = False, stochastic_inference: bool = False
    ) -> None:
        self.v1 = v1
        # With v1, outputs in evaluation mode depend on p.
        self.p_factor = None if v1 else 1.0
        self.inplace = inplace
        self.stochastic_inference = stochastic_inference
        self.setp(p)

    def setp(self, p: float) -> None:
        if not 0 <= p < 1:
            raise self.argument_error(f"expected 0 <= p < 1, got {p}")
        super().setp(p)

    def plan_output(self, x: Array) -> SliceTask:
        self.output = y = x if self.inplace else self.output_of(x.shape, like=x)
        p = self.current_p
        if p == 0 or not (self.train or self.stochastic_inference):
            return self._plan_pass(x, y)
        noise, draw_slice = self.plan_draw(x.shape, 1 if self.v1 else 1 / (1 - p), like=x)

        def compute(some: Slice) -> None:
            draw_slice(some)
            np.multiply(x[some], noise[some], out=y[some])

        return SliceTask(y, compute)

    def plan_grad_input(self, x: Array, dy: Array) -> SliceTask:
        self.grad_input = dx = dy if self.inplace else self.grad_input_of(x)
        if self.current_p == 0 or not self.train:
            return self._plan_pass(dy, dx)
        noise = self.get_noise(x.shape, like=x)
        return SliceTask(dx, lambda some: np.multiply(dy[some], noise[some], out=dx[some]))

    def _plan_pass(self, source: Array, out: Array) -> SliceTask:
        """out ← source without noise."""
        if self.v1 and self.p > 0:
            return SliceTask(out, lambda some: np.multiply(source[some], 1 - self.p, out=out[some]))
        if out is source:
            return SliceTask(out, lambda some: None)
        return SliceTask(out, lambda some: np.copyto(out[some], source[some]))
