"""The mean of the losses of the members of an ensemble."""

import numpy as np

from nntrain.compute.array import is_array
from nntrain.nn import Array, Criterion
from nntrain.nn.output_form import OutputForm
from nntrain_tabular.mean_probabilities import log_mean_softmax


class MemberCriterion(Criterion):
    """L = 1/M Σ criterion(x_i, t) over the members i;  dx_i = 1/M of the criterion's dx for x_i.

    Each member learns the targets by itself: the loss of their average would let members rely on each other.
    For the output of ``AverageMembers`` in evaluation mode: L = criterion(x, t).

    Shapes:
        x (N, M, C), or (N, C) in evaluation mode; t (N,) or (N, C), as the criterion takes them
    Errors: ArgumentError for a criterion whose outputs are neither logits nor values; ShapeError if x has fewer than
    two axes.
    Source: Gorishniy et al., "TabM", 2025, section 3.3.
    """

    # The rows of all members and their targets in the last forward pass.
    _rows: tuple[Array, Array]

    def __init__(self, criterion: Criterion) -> None:
        self.criterion = criterion
        if criterion.output_form not in ("logits", "values"):
            raise self.argument_error(
                f"expected a criterion of logits or values, got {criterion.label()} of {criterion.output_form}"
            )

    @property
    def output_form(self) -> OutputForm:  # type: ignore[override]
        """The form of the criterion."""
        return self.criterion.output_form

    @property
    def has_row_weights(self) -> bool:  # type: ignore[override]
        """Whether rows can be weighted in the criterion."""
        return self.criterion.has_row_weights

    @property
    def keeps_targets(self) -> bool:  # type: ignore[override]
        """Whether the criterion keeps targets."""
        return self.criterion.keeps_targets

    @property
    def size_average(self) -> bool:
        """Whether the loss of the criterion is a mean over rows."""
        return bool(getattr(self.criterion, "size_average", True))

    @size_average.setter
    def size_average(self, average: bool) -> None:
        self.criterion.size_average = average  # type: ignore[attr-defined]

    def sum_weights(self, t: Array) -> float:
        self.criterion.set_row_weights(self.row_weights)
        return self.criterion.sum_weights(t)

    def update_output(self, x: Array, t: Array) -> float:
        self._rows = self.arrange_rows(x, t)  # kept for the gradient
        self.output = self.criterion.forward(*self._rows) / self.count_losses(x)
        return self.output

    def update_grad_input(self, x: Array, t: Array) -> Array:
        dy = self.criterion.update_grad_input(*self._rows)
        if x.ndim == 2:
            self.grad_input = dy
            return dy
        self.grad_input = dy.reshape(x.shape[1], len(x), -1).transpose(1, 0, 2)
        if (losses := self.count_losses(x)) > 1:
            np.divide(dy, losses, out=dy)
        return self.grad_input

    def arrange_rows(self, x: Array, t: Array) -> tuple[Array, Array]:
        """Return the rows of all members, one member after another, with their targets and row weights."""
        if not is_array(x) or x.ndim not in (2, 3):
            raise self.shape_error("an input of shape (N, members, C) or (N, C)", x)
        members = x.shape[1] if x.ndim == 3 else 1
        weights = self.row_weights
        self.criterion.set_row_weights(None if weights is None else np.tile(weights, members))
        if x.ndim == 2:
            return x, t
        t = np.asarray(t)
        return x.transpose(1, 0, 2).reshape(-1, x.shape[2]), np.tile(t, (members, *[1] * (t.ndim - 1)))

    def count_losses(self, x: Array) -> int:
        """Return how many times too large the criterion's loss of all rows is: M if it is a sum."""
        return 1 if self.size_average or x.ndim == 2 else x.shape[1]

    def to_output_form(self, x: Array) -> Array:
        """Return the average over the members (N, C): of probabilities, as logits, or of values."""
        if x.ndim == 2:
            return self.criterion.to_output_form(x)
        members = x.transpose(1, 0, 2)
        y = self.buffer("average", members.shape[1:], like=x)
        if self.output_form == "values":
            return np.mean(members, axis=0, out=y)
        log_p, scratch = (self.buffer(name, members.shape, like=x) for name in ("log_p", "scratch"))
        log_mean_softmax(members, log_p, scratch, y)
        return y

    def clear_state(self) -> Criterion:
        vars(self).pop("_rows", None)
        self.criterion.clear_state()
        return super().clear_state()
