"""The protocol of Torch7's ``nn.Module``, as the base of every layer and container."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Self

import numpy as np

from nntrain.compute.array import EMPTY, Array, Value, is_array
from nntrain.errors import ModuleError
from nntrain.nn import flatten
from nntrain.nn.backward_checks import CLEARED, check_input
from nntrain.nn.freezable import Freezable
from nntrain.nn.module_search import find_modules
from nntrain.nn.output_form import OutputForm
from nntrain.nn.parameter import add_scaled, get_memory_key
from nntrain.nn.sharing.shared_arrays import share_arrays
from nntrain.nn.sharing.tie import Tie

__all__ = ["Module"]


class Module(Freezable):
    """y = f(x; parameters), with the two gradients that training needs.

    A layer writes ``update_output``, ``update_grad_input`` and, if it has parameters, ``acc_grad_parameters``;
    it owns ``output`` and ``grad_input`` and writes into them. x: input, y: output, dy: grad_output, dx: grad_input.
    Source: torch/nn, Module.lua and doc/module.md.
    """

    # Attributes that are parameters, in the order of ``parameters()``; each has its gradient as ``grad_<name>``.
    parameter_names: ClassVar[tuple[str, ...]] = ("weight", "bias")

    # Further arrays that a checkpoint must hold, such as running statistics.
    buffer_names: ClassVar[tuple[str, ...]] = ()

    # Constructor arguments that follow from a batch of inputs, each with the axis of the batch whose size it is.
    inferred: ClassVar[dict[str, int]] = {}

    # The constructor argument of a last layer that follows from the number of values to predict.
    sized_by_target: ClassVar[str | None] = None

    # Whether the first parameter is a weight (fan_out, fan_in, *window) that a config's rule may draw.
    has_fan_init: ClassVar[bool] = False

    # What y is where a network ends in this module, and whether along an axis there is one for each class of a row.
    output_form: ClassVar[OutputForm] = "values"
    has_class_axis: ClassVar[bool] = False

    # Whether the module takes a table of arrays as it is: to a network that begins with another, columns are joined.
    takes_table: ClassVar[bool] = False

    # The parameters whose gradients hold nothing yet: see ``LazyZeroGrad``.
    fresh: set[str] = set()

    train: bool = True
    shared: bool = False
    _tie: Tie | None = None  # what the places of one module in a network have in common

    # Whether anybody reads what backward gives: see ``skip_grad_input``.
    gives_grad_input: bool = True

    # One step

    def forward(self, x: Value) -> Value:
        """y for x. The output is the module's own memory: the next pass overwrites it."""
        y = self.update_output(x)
        self._fed = x
        return y

    def backward(self, x: Value, dy: Value, scale: float = 1) -> Value:
        """dx for dy = ∂L/∂y, adding scale · ∂L/∂parameter to the gradients. ModuleError unless x went forward last."""
        if self._fed is not x:
            check_input(self, x)
        dx = self.update_grad_input(x, dy) if self.gives_grad_input else None
        self.acc_grad_parameters(x, dy, scale)
        return dx

    def skip_grad_input(self) -> None:
        """Let ``backward`` leave out the gradient of the input, if those of the parameters do not need it."""
        self.gives_grad_input = not self.has_fan_init

    def update_output(self, x: Value) -> Value:
        """Compute and keep y. What a layer implements."""
        return self.output

    def update_grad_input(self, x: Value, dy: Value) -> Value:
        """Compute and keep dx, without parameter gradients; None if x has no gradient. What a layer implements."""
        return self.grad_input

    def acc_grad_parameters(self, x: Value, dy: Value, scale: float = 1) -> None:
        """Add scale · ∂L/∂parameter to every gradient. It needs the ``update_grad_input`` of the same pass."""

    def __call__(self, x: Value, dy: Value = None) -> Value:
        """``forward``; with ``dy`` also ``backward``, and both results."""
        y = self.forward(x)
        return y if dy is None else (y, self.backward(x, dy))

    # Parameters

    def parameters(self) -> tuple[list[Array], list[Array]]:
        """The parameters and, in parallel, their gradients."""
        return self.get_own_parameters()

    def get_own_parameters(self) -> tuple[list[Array], list[Array]]:
        """The arrays of ``parameter_names`` that this module has, not those of modules inside, and their gradients.

        ModuleError for a parameter without a gradient.
        """
        names = [name for name in self.parameter_names if getattr(self, name, None) is not None]
        for name in names:
            if not hasattr(self, f"grad_{name}"):
                raise ModuleError(f"{self.label()}: the parameter {name!r} has no gradient: make 'grad_{name}' too")
        return [getattr(self, name) for name in names], [getattr(self, f"grad_{name}") for name in names]

    def get_parameters(self) -> tuple[Array, Array]:
        """Move all parameters into one vector and all gradients into another, of which they become views.

        Sharing survives. A second call makes new vectors: call it once, on the whole network.
        ModuleError if weights are shared without their gradients, or a parameter is no compact block.
        """
        return flatten.flatten_parameters(self)

    def zero_grad_parameters(self) -> None:
        """Every gradient ← 0."""
        for gradient in self.parameters()[1]:
            gradient[...] = 0

    def accumulate(self, name: str, scale: float, derivative: Callable[..., object], *arrays: Array) -> None:
        """Add scale · derivative(*arrays) to the gradient of a parameter.

        ``derivative`` takes an output array as its last argument: a scratch buffer, or the gradient itself while that
        is still unset.
        """
        if self._fed is CLEARED:
            check_input(self, None)
        gradient: Array = getattr(self, "grad_" + name)
        if name in self.fresh:
            self.fresh.remove(name)
            derivative(*arrays, gradient)
            if scale != 1:
                np.multiply(gradient, scale, out=gradient)
        else:
            term = self.buffer("d" + name, gradient.shape, like=gradient)
            derivative(*arrays, term)
            add_scaled(gradient, term, scale)

    def update_parameters(self, learning_rate: float) -> None:
        """Parameter ← parameter − learning_rate · gradient, once for each pair."""
        updated = set()
        for parameter, gradient in zip(*self.parameters(), strict=True):
            pair = get_memory_key(parameter), get_memory_key(gradient)
            if pair not in updated:
                updated.add(pair)
                parameter -= learning_rate * gradient

    def acc_update_grad_parameters(self, x: Value, dy: Value, learning_rate: float) -> None:
        """Accumulate into zeroed gradients and update at once; an unshared module keeps its gradients as they were."""
        _, gradients = self.parameters()
        before = [gradient.copy() for gradient in gradients]
        self.zero_grad_parameters()
        self.acc_grad_parameters(x, dy, 1)
        self.update_parameters(learning_rate)
        if not self.shared:
            for gradient, kept in zip(gradients, before, strict=True):
                gradient[...] = kept

    def backward_update(self, x: Value, dy: Value, learning_rate: float) -> Value:
        """``update_grad_input``, then ``acc_update_grad_parameters``; returns dx."""
        dx = self.update_grad_input(x, dy)
        self.acc_update_grad_parameters(x, dy, learning_rate)
        return dx

    def reset(self, stdv: float | None = None) -> None:
        """Draw the parameters anew. ``stdv``: their standard deviation, where the class says so."""

    def share(self, other: Module, *names: str) -> Self:
        """Make the named arrays those of ``other``, skipping those that self may have and lacks, such as a bias.

        ModuleError for a name that no array of self ever has, for an array that only self has, and for another shape.
        """
        share_arrays(self, other, names)
        return self

    def clone(self, *names: str) -> Self:
        """A deep copy; with names, these arrays are shared with the original. Name gradients with their parameters."""
        twin = super().clone()
        return twin.share(self, *names) if names else twin

    # State and modes

    def state(self) -> dict[str, Any]:
        """Parameters, buffers and streams of noise as a tree of arrays and JSON values, for a checkpoint."""
        from nntrain.nn.state import build_state  # it asks which modules draw noise, and those are modules

        return build_state(self)

    def restore(self, tree: dict[str, Any]) -> None:
        """Take on a ``state``; afterwards ``get_parameters`` makes new vectors. CheckpointError if it does not fit."""
        from nntrain.nn.state import restore_state

        restore_state(self, tree)

    def training(self) -> None:
        """Behave as in training, unless frozen."""
        self.train = not self.frozen

    def evaluate(self) -> None:
        """Behave as in prediction: no noise, kept statistics."""
        self.train = False

    def children(self) -> list[Module]:
        """The modules directly inside this one."""
        return []

    def apply(self, function: Callable[[Module], object]) -> None:
        """Call ``function`` with this module, then with all inside it, preorder."""
        function(self)
        for child in self.children():
            child.apply(function)

    def replace(self, function: Callable[[Module], Module]) -> Module:
        """``function(self)``, after which every child of self is replaced likewise, but none that the function made."""
        return function(self)

    def list_modules(self) -> list[Module]:
        """The module itself and all inside it, preorder; one that occurs twice is listed twice."""
        return [self, *(inner for child in self.children() for inner in child.list_modules())]

    def find_modules(self, kind: Any) -> tuple[list[Module], list[Module]]:
        """All modules of exactly that class (or name), preorder, and the parent of each; self is its own parent."""
        return find_modules(kind.removeprefix("nn.") if isinstance(kind, str) else kind, self, self)

    def clear_state(self) -> Self:
        """Forget output, gradient of the input and scratch memory; parameters and statistics stay."""
        self._buffers.clear()
        self.output = EMPTY
        self.grad_input = EMPTY
        self._fed = CLEARED
        return self

    def to_floating(self, x: Value) -> Array:
        """x if it is an array of floating numbers; one of integers is converted. ShapeError for anything else."""
        if isinstance(x, np.ndarray) or is_array(x):
            return x if x.dtype.kind == "f" else x.astype(self._type)
        raise self.shape_error("an array", x)

    def require(self, x: Value, *ndims: int, axis: int = -1, size: int | None = None, expected: str) -> None:
        """ShapeError unless x is an array of one of these numbers of axes, with ``size`` along ``axis``."""
        if not is_array(x) or x.ndim not in ndims or (size is not None and x.shape[axis] != size):
            raise self.shape_error(expected, x)
