"""A module that keeps its element type when the network is converted."""

from typing import Any

from nntrain.compute.array import Value, is_table, parse_dtype
from nntrain.nn.component import TensorCache
from nntrain.nn.containers.decorator import Decorator
from nntrain.nn.module import Module


class DontCast(Decorator):
    """y = m(x), where type(), float() and double() do not convert m.

    ``castin``: convert x to module_type, and dx back. ``castout`` (default: castin): convert y to the type of the
    network, and dy to module_type.

    Shapes:
        as m
    module_type: default m's type.
    Source: torch/nn, DontCast.lua.
    """

    def __init__(
        self, module: Module, castin: bool = False, castout: bool | None = None, module_type: str | None = None
    ) -> None:
        super().__init__(module)
        self.castin = castin
        self.castout = castin if castout is None else castout
        self.given_type = None if module_type is None else parse_dtype(module_type).name

    @property
    def module_type(self) -> str:
        """The element type of m."""
        return self.given_type or str(self.module.type())

    def type(self, name: Any = None, tensor_cache: TensorCache | None = None) -> Any:
        """Return the type of m, or set the type to which outputs and dx are converted."""
        if name is None:
            return self.module_type
        self._type = parse_dtype(name).name
        return self

    def update_output(self, x: Value) -> Value:
        y = self.module.forward(self.cast_input("x", x, self.castin))
        self.output = self.cast("y", y, self._type) if self.castout else y
        return self.output

    def update_grad_input(self, x: Value, dy: Value) -> Value:
        x, dy = self.cast_input("x", x, self.castin), self.cast_input("dy", dy, self.castout)
        dx = self.module.update_grad_input(x, dy)
        self.grad_input = self.cast("dx", dx, self._type) if self.castin else dx
        return self.grad_input

    def acc_grad_parameters(self, x: Value, dy: Value, scale: float = 1) -> None:
        x, dy = self.cast_input("x", x, self.castin), self.cast_input("dy", dy, self.castout)
        self.module.acc_grad_parameters(x, dy, scale)

    def cast_input(self, name: str, value: Value, enabled: bool) -> Value:
        """Convert ``value`` to the type of m if ``enabled``."""
        return self.cast(name, value, self.module_type) if enabled else value

    def cast(self, name: str, value: Value, kind: str) -> Value:
        """Convert the floating-point arrays of ``value`` to another type."""
        if is_table(value):
            return [self.cast(f"{name}[{index}]", item, kind) for index, item in enumerate(value)]
        if value is None or value.dtype.kind != "f" or value.dtype == kind:
            return value
        copy = self.buffer(f"{name} in {kind}", value.shape, like=value, dtype=kind)
        copy[...] = value
        return copy
