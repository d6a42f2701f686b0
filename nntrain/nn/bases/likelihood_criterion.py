"""The base of negative log-likelihood losses."""

from abc import abstractmethod

from nntrain.compute.array import Array, IntArray
from nntrain.nn.bases.class_criterion import ClassCriterion


class LikelihoodCriterion(ClassCriterion):
    """L = −Σ w_t x[t] / W;  dx[t] = −w_t / W, 0 elsewhere;  W = Σ w_t, or 1 unless size_average.

    A subclass implements ``to_batch``: x as log-probabilities (N, C, ...).
    """

    output_form = "log_probabilities"

    ignore_index: int | None = None

    _picks: tuple[IntArray, ...]
    _shares: Array | float

    @abstractmethod
    def to_batch(self, x: Array) -> Array:
        """Return x as (N, C, ...), a view."""

    def update_output(self, x: Array, t: Array | int) -> float:
        batch = self.to_batch(x)
        labels = self.to_labels(t, batch, self.ignore_index)
        counts = self.get_sample_mask(labels)
        if counts is not None:
            labels = labels * counts
        self._picks, self._shares = self.get_label_index(labels), self.normalize_sample_weights(labels, counts)
        terms = batch[self._picks]
        if counts is not None:
            terms[~counts] = 0
        self.output = 0.0 - float((terms * self._shares).sum())
        return self.output

    def update_grad_input(self, x: Array, t: Array | int) -> Array:
        dx = self.zero_grad_input_of(x)
        self.to_batch(dx)[self._picks] = -self._shares
        return dx

    def get_sample_mask(self, labels: IntArray) -> Array | None:
        """Return the mask of samples that are not ignored; None if there are none to ignore."""
        if self.ignore_index is None:
            return None
        counts: Array = labels != self.ignore_index
        return None if counts.all() else counts

    def get_label_index(self, labels: IntArray) -> tuple[IntArray, ...]:
        """Return the index of each label's element in the batch."""
        ones = [1] * labels.ndim
        mesh = [self.arange(size).reshape(-1, *ones[axis + 1 :]) for axis, size in enumerate(labels.shape)]
        return (mesh[0], labels, *mesh[1:])
