"""Several networks in one: its modules run for each member."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np

from nntrain.compute.array import is_array
from nntrain.errors import ModuleError
from nntrain.nn import Array, Module, Value
from nntrain.nn.backward_checks import check_gradient, check_input
from nntrain.nn.containers.sequential import Sequential, get_module_input
from nntrain_tabular.mean_probabilities import log_mean_softmax, log_mean_softmax_gradient

Average = Literal["probabilities", "values"]


class MemberEnsemble(Sequential):
    """y = the average over the members of m[-1](... m[0](x_i)) in evaluation mode; in training, each row's own member.

    In training, each member gets its own B = ⌈N / members⌉ consecutive rows of the batch, and y is the outputs of all
    rows in their order, so that a mean of losses over the rows is the mean of the members' losses. If B · members
    exceeds N, the last members get rows of zeros, whose outputs are dropped. In evaluation mode, each member gets all
    rows: x_i = x, a copy.

    average="values": y = 1/M Σ_i f_i;  df_i = dy / M.
    average="probabilities": y = log (1/M Σ_i p_i), p_i = softmax(f_i) over the last axis: logits of the mean
    probabilities;  df_i = g_i − p_i Σ g_i, g_i = dy ∘ p_i / Σ_i p_i.

    Shapes:
        x (N, ...) → the modules' input (members, B, ...); their output (members, B, ..., C) → y (N, ..., C)
    Modules without members of their own, such as ReLU and Linear, have the same parameters for all members.
    Errors: ArgumentError for fewer than 1 member or another average; ShapeError if x is not an array, if the output of
    the modules does not have the two first axes, and for "probabilities" of fewer than 2 classes.
    Source: Gorishniy et al., "TabM", 2025, section 3.
    """

    inner_axes = 1

    def __init__(self, modules: Sequence[Module], members: int, average: Average = "probabilities") -> None:
        self.require_sizes(members)
        if average not in ("probabilities", "values"):
            raise self.argument_error(f"expected an average of 'probabilities' or 'values', got {average!r}")
        super().__init__(modules)
        self.members = members
        self.average = average
        if average == "probabilities":
            self.output_form = "logits"  # type: ignore[misc]

    @classmethod
    def get_inner_input(cls, x: Value, arguments: Mapping[str, Any]) -> Value:
        if not is_array(x) or arguments["members"] < 1:
            raise ModuleError(f"{cls.__name__}: expected one input array and at least 1 member")
        return np.broadcast_to(x, (arguments["members"], *x.shape))

    # From rows to members

    def get_members(self, x: Array) -> Array:
        """Return the memory of the modules' input, (members, B, ...): that of x if each of its rows is there once."""
        if self.train and len(x) % self.members == 0:
            return x.reshape(self.members, len(x) // self.members, *x.shape[1:])
        count = -(-len(x) // self.members) if self.train else len(x)
        return self.buffer("members", (self.members, count, *x.shape[1:]), like=x)

    def get_outputs(self, x: Array) -> Array:
        """Return the output of the last module."""
        return self.modules[-1].output if self.modules else self.get_members(x)

    def update_output(self, x: Array) -> Array:
        if not is_array(x) or x.ndim < 1:
            raise self.shape_error("an input of shape (N, ...)", x)
        members = self.get_members(x)
        if not self.train:
            np.copyto(members, x)
        elif members.size > x.size:
            fill_rows(members, x)
        outputs = super().update_output(members)
        self.require_outputs(outputs, *members.shape[:2])
        y = self.output_of((len(x), *outputs.shape[2:]), like=outputs)
        if self.train:
            np.copyto(y, outputs.reshape(-1, *outputs.shape[2:])[: len(x)])
        elif self.average == "values":
            np.mean(outputs, axis=0, out=y)
        else:
            log_p, log_mean, scratch = self.get_probability_buffers(outputs)
            log_mean_softmax(outputs, log_p, scratch, log_mean)
            np.copyto(y, log_mean)
        return y

    # From the gradient of y to those of the members, and back

    def split_gradient(self, x: Array, dy: Array) -> Array:
        """Return the gradient of the last module's output."""
        outputs = self.get_outputs(x)
        if self.train and outputs.size == dy.size:
            return dy.reshape(outputs.shape)
        gradient = self.buffer("gradient", outputs.shape, like=outputs)
        if self.train:
            fill_rows(gradient, dy)
        elif self.average == "values":
            np.divide(dy, self.members, out=gradient)
        else:
            log_p, log_mean, scratch = self.get_probability_buffers(outputs)
            log_mean_softmax_gradient(log_p, log_mean, dy, scratch, gradient)
        return gradient

    def join_gradient(self, x: Array, dx: Value) -> Value:
        """Return the gradient of x from that of the modules' input, None if they have none."""
        if dx is None:
            self.grad_input = None
        elif self.train:
            self.grad_input = dx.reshape(-1, *x.shape[1:])[: len(x)]
        else:
            np.sum(dx, axis=0, out=self.grad_input_of(x))
        return self.grad_input

    def update_grad_input(self, x: Array, dy: Array) -> Value:
        return self.join_gradient(x, super().update_grad_input(self.get_members(x), self.split_gradient(x, dy)))

    def acc_grad_parameters(self, x: Array, dy: Array, scale: float = 1) -> None:
        super().acc_grad_parameters(self.get_members(x), self.split_gradient(x, dy), scale)

    def backward(self, x: Array, dy: Array, scale: float = 1) -> Value:
        check_input(self, x)
        check_gradient(self, dy)
        modules, inputs, dx = self.modules, self.get_members(x), self.split_gradient(x, dy)
        for index in reversed(range(len(modules))):
            with self.blame(index):
                dx = modules[index].backward(get_module_input(modules, index, inputs), dx, scale)
        return self.join_gradient(x, dx)

    def get_probability_buffers(self, outputs: Array) -> tuple[Array, Array, Array]:
        """Return the buffers of log p_i, of the logarithm of their mean, and of intermediate results."""
        shapes = {"log_p": outputs.shape, "log_mean": outputs.shape[1:], "scratch": outputs.shape}
        log_p, log_mean, scratch = (self.buffer(name, shape, like=outputs) for name, shape in shapes.items())
        return log_p, log_mean, scratch

    def require_outputs(self, outputs: Value, members: int, rows: int) -> None:
        """ShapeError unless the outputs of the modules have the members and rows, and classes for probabilities."""
        if not is_array(outputs) or outputs.shape[:2] != (members, rows):
            raise self.shape_error(f"an output of shape ({members}, {rows}, ...) of the modules", outputs)
        if self.average == "probabilities" and (outputs.ndim < 3 or outputs.shape[-1] < 2):
            raise self.shape_error('logits of at least 2 classes of the modules, or average = "values"', outputs)

    def label(self) -> str:
        return f"{type(self).__name__}({self.members} members, mean {self.average})"


def fill_rows(members: Array, x: Array) -> None:
    """Fill the rows of all members, one after another, with those of x, and the rest with 0."""
    rows = members.reshape(-1, *x.shape[1:])
    rows[: len(x)] = x
    rows[len(x) :] = 0
