"""The base of last layers that are fitted to validation rows, after training."""

from abc import abstractmethod

from nntrain.compute.array import Array
from nntrain.nn.module import Module


class Calibrator(Module):
    """y = x in training;  y = f(x) in evaluation, where f makes the probabilities of new rows agree with frequencies.

    A training run calls ``calibrate`` with validation rows at each best epoch, if the class is the last module. What it
    sets is in ``buffer_names``.
    """

    @abstractmethod
    def calibrate(self, x: Array, t: Array, weights: Array | None = None) -> None:
        """Fit f to logits x (N, C), classes t (N,) and sample weights (N,). ``reset`` makes f the identity again."""
