"""The base of containers of one module."""

from collections.abc import Sequence
from typing import Self

from nntrain.compute.array import Value
from nntrain.nn.container import Container
from nntrain.nn.module import Module


class SingleModuleContainer(Container):
    """A container of one module, which is a constructor argument with an attribute of the same name. Abstract."""

    def add(self, module: Module) -> Self:
        """Set the module. ArgumentError for a second one."""
        if self.modules:
            raise self.argument_error("already contains a module")
        return super().add(module)

    @classmethod
    def get_child_input(cls, x: Value, index: int, outputs: Sequence[Value]) -> Value:
        return x
