"""L = Σ weights[i] · criterions[i](x, t)."""

from collections.abc import Sequence

from nntrain.compute.array import Value
from nntrain.nn.bases.weighted_sum_criterion import WeightedSumCriterion
from nntrain.nn.criterion import Criterion
from nntrain.nn.table import add_table, zero_table


class MultiCriterion(WeightedSumCriterion):
    """L = Σ weights[i] · criterions[i](x, t);  the same for dx.

    Shapes:
        x and t as all criterions require; x an array or a (nested) list of arrays
    weights: default 1. Without criterions L is 0.
    Errors: ArgumentError if the numbers of weights and criterions differ.
    Source: torch/nn, MultiCriterion.lua.
    """

    def __init__(self, criterions: Sequence[Criterion] | None = None, weights: Sequence[float] | None = None) -> None:
        self.set_criterions(criterions, weights)

    def update_output(self, x: Value, t: Value) -> float:
        self.output = 0.0
        for index, criterion, weight in self.iterate_criterions():
            with self.blame(index):
                self.output += weight * criterion.forward(x, t)
        return self.output

    def update_grad_input(self, x: Value, t: Value) -> Value:
        self.grad_input = self.buffers_like("grad_input", x)
        zero_table(self.grad_input)
        for index, criterion, weight in self.iterate_criterions():
            with self.blame(index):
                add_table(self.grad_input, self.scale("term", criterion.backward(x, t), weight))
        return self.grad_input

    def to_output_form(self, x: Value) -> Value:
        """Convert x as the criterion of ``find_reader`` does."""
        reader = self.find_reader()
        return x if reader is None else reader.to_output_form(x)

    def find_reader(self) -> Criterion | None:
        """Return the first criterion with the common form, or None."""
        return next((criterion for criterion in self.criterions if criterion.output_form == self.output_form), None)
