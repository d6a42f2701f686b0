"""L = Σ weights[i] · criterions[i](x[i], t[i])."""

from collections.abc import Sequence

from nntrain.compute.array import Value, is_table
from nntrain.nn.bases.weighted_sum_criterion import WeightedSumCriterion
from nntrain.nn.criterion import Criterion
from nntrain.nn.table import zero_table


class ParallelCriterion(WeightedSumCriterion):
    """L = Σ weights[i] · criterions[i](x[i], t[i]), or t instead of t[i] with repeat_target;  dx is a list.

    Shapes:
        x a list with one element per criterion, and so is t unless repeat_target
    weights: default 1. The gradient of further elements is 0.
    Errors: ShapeError for lists with too few elements; ArgumentError if the numbers of weights and criterions differ.
    Source: torch/nn, ParallelCriterion.lua.
    """

    mutable_arguments = ("repeat_target", "criterions", "weights")

    def __init__(
        self,
        repeat_target: bool = False,
        criterions: Sequence[Criterion] | None = None,
        weights: Sequence[float] | None = None,
    ) -> None:
        self.repeat_target = repeat_target
        self.set_criterions(criterions, weights)

    def update_output(self, x: Sequence[Value], t: Value) -> float:
        self.check_table("inputs", x)
        if not self.repeat_target:
            self.check_table("targets", t)
        self.output = 0.0
        for index, criterion, weight in self.iterate_criterions():
            with self.blame(index):
                self.output += weight * criterion.forward(x[index], self.select_target(t, index))
        return self.output

    def update_grad_input(self, x: Sequence[Value], t: Value) -> list[Value]:
        gradients = []
        for index, criterion, weight in self.iterate_criterions():
            with self.blame(index):
                gradient = criterion.backward(x[index], self.select_target(t, index))
                gradients.append(self.scale(f"grad_input[{index}]", gradient, weight))
        for index in range(len(gradients), len(x)):
            gradients.append(self.buffers_like(f"grad_input[{index}]", x[index]))
            zero_table(gradients[-1])
        self.grad_input = gradients
        return gradients

    def to_output_form(self, x: Sequence[Value]) -> list[Value]:
        """Convert each output as its criterion does."""
        converted = [criterion.to_output_form(x[index]) for index, criterion, _ in self.iterate_criterions()]
        return [*converted, *x[len(converted) :]]

    def select_target(self, t: Value, index: int) -> Value:
        """Return the target of the criterion at an index."""
        return t if self.repeat_target else t[index]

    def check_table(self, name: str, value: Value) -> None:
        """Raise ShapeError unless ``value`` is a list with one element per criterion."""
        if not is_table(value) or len(value) < len(self.criterions):
            raise self.shape_error(f"a list of {len(self.criterions)} {name}, one per criterion", value)
