"""The base of losses that are the logarithm of a probability, with its sign turned."""

from __future__ import annotations

from abc import abstractmethod

from nntrain.nn.array import Array, Index
from nntrain.nn.class_criterion import ClassCriterion

__all__ = ["LikelihoodCriterion"]


class LikelihoodCriterion(ClassCriterion):
    """L = −Σ w_t x[t] / W;  dx[t] = −w_t / W, 0 elsewhere;  W = Σ w_t, or 1 unless size_average.

    A loss says how x is a ``batch`` (N, C, ...) of log-probabilities.
    """

    output_form = "log_probabilities"

    ignore_index: int | None = None

    _picks: tuple[Index, ...]
    _shares: Array | float

    @abstractmethod
    def batch(self, x: Array) -> Array:
        """x as (N, C, ...), a view."""

    def update_output(self, x: Array, t: Array | int) -> float:
        batch = self.batch(x)
        labels = self.labels(t, batch, self.ignore_index)
        counts = self.counted(labels)
        if counts is not None:
            labels = labels * counts
        self._picks, self._shares = self.picks(labels), self.shares(labels, counts)
        terms = batch[self._picks]
        if counts is not None:
            terms[~counts] = 0
        self.output = 0.0 - float((terms * self._shares).sum())
        return self.output

    def update_grad_input(self, x: Array, t: Array | int) -> Array:
        dx = self.grad_input_of(x)
        dx[...] = 0
        self.batch(dx)[self._picks] = -self._shares
        return dx

    def counted(self, labels: Index) -> Array | None:
        """Which samples count; None if all do."""
        if self.ignore_index is None:
            return None
        counts: Array = labels != self.ignore_index
        return None if counts.all() else counts

    def picks(self, labels: Index) -> tuple[Index, ...]:
        """The index of every label's own place in the batch."""
        ones = [1] * labels.ndim
        mesh = [self.numbers(size).reshape(-1, *ones[axis + 1 :]) for axis, size in enumerate(labels.shape)]
        return (mesh[0], labels, *mesh[1:])
