"""The base class of layers and containers, with the methods of Torch7's ``nn.Module``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Self

import numpy as np

from nntrain.compute.array import EMPTY, Array, Value, is_array
from nntrain.errors import ModuleError
from nntrain.nn import flatten
from nntrain.nn.backward_checks import CLEARED, check_input
from nntrain.nn.freezable import Freezable
from nntrain.nn.output_form import OutputForm
from nntrain.nn.parameter import add_scaled, get_memory_key
from nntrain.nn.sharing.shared_arrays import share_arrays
from nntrain.nn.sharing.tie import Tie
from nntrain.nn.state import build_state, restore_state


class Module(Freezable):
    """y = f(x; parameters), with the two gradients that training needs.

    A layer implements ``update_output``, ``update_grad_input`` and, if it has parameters, ``acc_grad_parameters``.
    It owns ``output`` and ``grad_input`` and reuses their memory. x: input, y: output, dy: grad_output, dx: grad_input.
    Source: torch/nn, Module.lua and doc/module.md.
    """

    # Attributes that are parameters, in the order of ``parameters()``; the gradient of each is ``grad_<name>``.
    parameter_names: ClassVar[tuple[str, ...]] = ("weight", "bias")

    # Further arrays for checkpoints, such as running statistics.
    buffer_names: ClassVar[tuple[str, ...]] = ()

    # Constructor arguments that are inferred from the input, with the axis of the batch whose size each is.
    inferred: ClassVar[dict[str, int]] = {}

    # The constructor argument that is inferred from the number of values to predict, in a last layer.
    sized_by_target: ClassVar[str | None] = None

    # Whether the first parameter is a weight (fan_out, fan_in, *window) that ``model.weight_init`` applies to.
    has_fan_init: ClassVar[bool] = False

    # The form of y if the module is the last one, and whether an axis of y has one element per class.
    output_form: ClassVar[OutputForm] = "values"
    has_class_axis: ClassVar[bool] = False
    member_criterion: ClassVar[str | None] = None  # of outputs (N, members, C) in training

    # Whether x is a list of arrays; for a network that starts with another module, columns are joined.
    takes_table: ClassVar[bool] = False

    # Parameters whose gradients are still unset in this step: see ``LazyZeroGrad``.
    unset_gradients: set[str] = set()

    train: bool = True
    shared: bool = False
    _tie: Tie | None = None  # shared by all uses of one module in a network

    # Whether it has a random stream ``generator``: see ``Noise``.
    is_stochastic: ClassVar[bool] = False

    # Whether ``backward`` must return dx: see ``skip_grad_input``.
    gives_grad_input: bool = True

    def forward(self, x: Value) -> Value:
        """Return y. The output is the module's buffer, which the next pass overwrites."""
        y = self.update_output(x)
        self._fed = x
        return y

    def backward(self, x: Value, dy: Value, scale: float = 1) -> Value:
        """Return dx for dy = ∂L/∂y; add scale · ∂L/∂parameter to the gradients. ModuleError unless x is forward's."""
        if self._fed is not x:
            check_input(self, x)
        dx = self.update_grad_input(x, dy) if self.gives_grad_input else None
        self.acc_grad_parameters(x, dy, scale)
        return dx

    def skip_grad_input(self) -> None:
        """Let ``backward`` skip dx if the gradients of the parameters do not need it."""
        self.gives_grad_input = not self.has_fan_init

    def update_output(self, x: Value) -> Value:
        """Compute y into ``output`` and return it. Implemented by each layer."""
        return self.output

    def update_grad_input(self, x: Value, dy: Value) -> Value:
        """Compute dx into ``grad_input`` and return it; None if x has no gradient. Implemented by each layer."""
        return self.grad_input

    def acc_grad_parameters(self, x: Value, dy: Value, scale: float = 1) -> None:
        """Add scale · ∂L/∂parameter to every gradient. Call ``update_grad_input`` first."""

    def __call__(self, x: Value, dy: Value = None) -> Value:
        """Call ``forward``; with ``dy`` also ``backward``, and return both results."""
        y = self.forward(x)
        return y if dy is None else (y, self.backward(x, dy))

    # Parameters

    def parameters(self) -> tuple[list[Array], list[Array]]:
        """Return the list of parameters and the list of their gradients."""
        return self.get_own_parameters()

    def get_own_parameters(self) -> tuple[list[Array], list[Array]]:
        """Return the parameters of this module itself, without those of modules inside, and their gradients.

        ModuleError for a parameter without a gradient.
        """
        names = [name for name in self.parameter_names if getattr(self, name, None) is not None]
        for name in names:
            if not hasattr(self, f"grad_{name}"):
                raise ModuleError(f"{self.label()}: the parameter {name!r} has no gradient; set 'grad_{name}'")
        return [getattr(self, name) for name in names], [getattr(self, f"grad_{name}") for name in names]

    def get_parameters(self) -> tuple[Array, Array]:
        """Move all parameters into one vector and all gradients into another; the arrays become views of them.

        Torch's name. Sharing is preserved. Call it once, on the complete network: each call creates new vectors.
        ModuleError if weights are shared without their gradients, or a parameter is not contiguous.
        """
        return flatten.flatten_parameters(self)

    def zero_grad_parameters(self) -> None:
        """Set every gradient to 0."""
        for gradient in self.parameters()[1]:
            gradient[...] = 0

    def accumulate(self, name: str, scale: float, function: Callable[..., object], *arrays: Array) -> None:
        """Add scale · function(*arrays) to a gradient; ``function`` writes to its last argument, ``out``."""
        if self._fed is CLEARED:
            check_input(self, None)
        gradient: Array = getattr(self, "grad_" + name)
        if name in self.unset_gradients:
            self.unset_gradients.remove(name)
            function(*arrays, gradient)
            if scale != 1:
                np.multiply(gradient, scale, out=gradient)
        else:
            term = self.buffer("d" + name, gradient.shape, like=gradient)
            function(*arrays, term)
            add_scaled(gradient, term, scale)

    def update_parameters(self, learning_rate: float) -> None:
        """parameter ← parameter − learning_rate · gradient, once per pair."""
        updated = set()
        for parameter, gradient in zip(*self.parameters(), strict=True):
            pair = get_memory_key(parameter), get_memory_key(gradient)
            if pair not in updated:
                updated.add(pair)
                parameter -= learning_rate * gradient

    def acc_update_grad_parameters(self, x: Value, dy: Value, learning_rate: float) -> None:
        """Update the parameters by this pass alone; an unshared module then restores its gradients."""
        _, gradients = self.parameters()
        before = [gradient.copy() for gradient in gradients]
        self.zero_grad_parameters()
        self.acc_grad_parameters(x, dy, 1)
        self.update_parameters(learning_rate)
        if not self.shared:
            for gradient, kept in zip(gradients, before, strict=True):
                gradient[...] = kept

    def backward_update(self, x: Value, dy: Value, learning_rate: float) -> Value:
        """Call ``update_grad_input`` and ``acc_update_grad_parameters``; return dx."""
        dx = self.update_grad_input(x, dy)
        self.acc_update_grad_parameters(x, dy, learning_rate)
        return dx

    def reset(self, stdv: float | None = None) -> None:
        """Reinitialize the parameters. ``stdv``: their standard deviation, if the class uses it."""

    def share(self, other: Module, *names: str) -> Self:
        """Replace the named arrays by those of ``other``; optional arrays that self lacks, such as a bias, are skipped.

        ModuleError for an unknown name, for an array that ``other`` lacks, and for different shapes.
        """
        share_arrays(self, other, names)
        return self

    def clone(self, *names: str) -> Self:
        """Return a deep copy that shares the named arrays with the original. Name gradients as well as parameters."""
        twin = super().clone()
        return twin.share(self, *names) if names else twin

    # State and modes

    def state(self) -> dict[str, Any]:
        """Return parameters, buffers and random streams as a tree of arrays and JSON values, for a checkpoint."""
        return build_state(self)

    def restore(self, tree: dict[str, Any]) -> None:
        """Load a ``state``; call ``get_parameters`` again afterwards. CheckpointError if it does not match."""
        restore_state(self, tree)

    def training(self) -> None:
        """Set training mode, unless frozen."""
        self.train = not self.frozen

    def evaluate(self) -> None:
        """Set evaluation mode: no noise, running statistics."""
        self.train = False

    def children(self) -> list[Module]:
        """Return the modules directly inside this one."""
        return []

    def apply(self, function: Callable[[Module], object]) -> None:
        """Call ``function`` with this module and all inside it, in preorder."""
        function(self)
        for child in self.children():
            child.apply(function)

    def replace(self, function: Callable[[Module], Module]) -> Module:
        """Return ``function(self)``; replaces the children of self in the same way, but not those of a new module."""
        return function(self)

    def list_modules(self) -> list[Module]:
        """Return this module and all inside it in preorder; one that occurs twice is listed twice."""
        return [self, *(inner for child in self.children() for inner in child.list_modules())]

    def find_modules(self, kind: Any) -> tuple[list[Module], list[Module]]:
        """Return all modules of exactly that class or class name, in preorder, and their parents (self for self)."""
        here = type(self).__name__ == kind.removeprefix("nn.") if isinstance(kind, str) else type(self) is kind
        found, parents = ([self], [self]) if here else ([], [])
        for child in self.children():
            inner, inner_parents = child.find_modules(kind)
            found += inner
            parents += [self if node is child else parent for node, parent in zip(inner, inner_parents, strict=True)]
        return found, parents

    def clear_state(self) -> Self:
        """Free output, grad_input and all buffers; keep parameters and statistics."""
        self._buffers.clear()
        self.output = self.grad_input = EMPTY
        self._fed = CLEARED
        return self

    def to_floating(self, x: Value) -> Array:
        """Return x as floats; integer arrays are converted. ShapeError for anything but an array."""
        if isinstance(x, np.ndarray) or is_array(x):
            return x if x.dtype.kind == "f" else x.astype(self._type)
        raise self.shape_error("an array", x)

    def require(self, x: Value, *ndims: int, axis: int = -1, size: int | None = None, expected: str) -> None:
        """Raise ShapeError unless x is an array with one of the numbers of axes and ``size`` along ``axis``."""
        if not is_array(x) or x.ndim not in ndims or (size is not None and x.shape[axis] != size):
            raise self.shape_error(expected, x)
