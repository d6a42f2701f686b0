"""The base of containers that pass the same input to all their modules."""

from abc import abstractmethod
from collections.abc import Callable, Sequence

from nntrain.compute.array import Value
from nntrain.errors import ModuleError
from nntrain.nn.container import Container
from nntrain.nn.module import Module
from nntrain.nn.table import add_table, iterate_pairs


class BranchContainer(Container):
    """Each module gets x;  dx = Σ dx of the modules. Abstract: a subclass combines their outputs."""

    @classmethod
    def get_child_input(cls, x: Value, index: int, outputs: Sequence[Value]) -> Value:
        return x

    @abstractmethod
    def split_gradient(self, dy: Value) -> Sequence[Value]:
        """Return the gradient of each module's output."""

    def compute_outputs(self, x: Value) -> list[Value]:
        """Return the output of each module."""
        return self.map_modules(lambda module, _: module.forward(x))

    def update_grad_input(self, x: Value, dy: Value) -> Value:
        return self._sum_gradients(dy, lambda module, part: module.update_grad_input(x, part))

    def backward(self, x: Value, dy: Value, scale: float = 1) -> Value:
        if self.gives_grad_input:
            return self._sum_gradients(dy, lambda module, part: module.backward(x, part, scale))
        for index, part in enumerate(self._split_gradient(dy)):
            if self.modules[index].parameters()[0]:
                with self.blame(index):
                    self.modules[index].backward(x, part, scale)
        self.grad_input = None
        return None

    def skip_grad_input(self) -> None:
        """Skip dx, and modules without parameters; not in subclasses that override backward."""
        if self.get_own_parameters()[0] or type(self).backward is not BranchContainer.backward:
            return
        self.gives_grad_input = False
        for module in self.modules:
            module.skip_grad_input()

    def acc_grad_parameters(self, x: Value, dy: Value, scale: float = 1) -> None:
        parts = self._split_gradient(dy)
        self.map_modules(lambda module, index: module.acc_grad_parameters(x, parts[index], scale))

    def _sum_gradients(self, dy: Value, gradient: Callable[[Module, Value], Value]) -> Value:
        """Sum the gradients of the input; modules without one (None) are skipped."""
        total: Value = None
        for index, part in enumerate(self._split_gradient(dy)):
            with self.blame(index):
                dx = gradient(self.modules[index], part)
                if dx is not None and total is None:
                    total = self.buffers_like("grad_input", dx)
                    for array, first in iterate_pairs(total, dx):
                        array[...] = first
                elif dx is not None:
                    add_table(total, dx)
        self.grad_input = total
        return total

    def _split_gradient(self, dy: Value) -> Sequence[Value]:
        """Apply ``split_gradient``. ModuleError if it gives fewer gradients than there are modules."""
        parts = self.split_gradient(dy)
        if len(parts) < len(self.modules):
            raise ModuleError(f"expected {len(self.modules)} gradients, one for each module, got {len(parts)}")
        return parts[: len(self.modules)]
