"""One module for every element of a list."""

from collections.abc import Sequence
from typing import Self

from nntrain.compute.array import Value, is_table
from nntrain.compute.memory_limit import BYTES_PER_MODULE, CURRENT_LIMIT
from nntrain.errors import ModuleError
from nntrain.nn.bases.single_module_container import SingleModuleContainer
from nntrain.nn.module import Module
from nntrain.nn.sharing.shared_arrays import COMMON_NAMES, iterate_array_names


class MapTable(SingleModuleContainer):
    """y = [m(x[0]), m(x[1]), ...];  the same for dx. Each element has a clone of m, created on first use.

    Shapes:
        x a list of any length → y a list of the same length
    With ``shared`` the clones share weight, bias and their gradients, which sum over all elements and are applied
    once; other parameters are not shared. Otherwise each clone has its own parameters, initially copies of m's.
    ``modules`` contains m and its clones, as many as the longest x had elements. To include unshared clones in the
    flat parameter vector, create them first with ``resize``.
    Errors: ModuleError without a module; ShapeError if x is not a list.
    Source: torch/nn, MapTable.lua.
    """

    takes_table = True
    mutable_arguments = ("module",)

    def __init__(self, module: Module | None = None, shared: bool = True) -> None:
        super().__init__()
        self.tied = shared
        self.output = []
        self.grad_input = []
        if module is not None:
            self.add(module)

    @property
    def module(self) -> Module | None:
        """The module m; None before ``add``."""
        return self.modules[0] if self.modules else None

    @classmethod
    def get_child_input(cls, x: Value, index: int, outputs: Sequence[Value]) -> Value:
        if not is_table(x) or not x:
            raise ModuleError("MapTable: expected a list of inputs")
        return x[0]

    def resize(self, n: int) -> None:
        """Set the number of modules to n: m and n − 1 clones."""
        modules, names = self.modules, COMMON_NAMES if self.tied else ()
        if not modules:
            raise ModuleError("MapTable: no module to clone; add one")
        if n > len(modules):
            if (limit := CURRENT_LIMIT.get()) is not None:
                sizes = [array.nbytes for arrays in modules[0].parameters() for array in arrays]
                copy_size = len(modules[0].list_modules()) * BYTES_PER_MODULE + sum(sizes)
                limit.reserve(self.label(), "clones", (n,), (n - len(modules)) * copy_size, 0)
            modules.extend([modules[0].clone(*names) for _ in range(n - len(modules))])
        del modules[max(n, 1) :]

    def update_output(self, x: Sequence[Value]) -> list[Value]:
        if not is_table(x):
            raise self.shape_error("a list of inputs", x)
        self.resize(max(len(x), len(self.modules)))
        self.output = self.map_modules(lambda module, index: module.forward(x[index]), len(x))
        return self.output

    def update_grad_input(self, x: Sequence[Value], dy: Sequence[Value]) -> list[Value]:
        self.grad_input = dx = self.map_modules(
            lambda module, index: module.update_grad_input(x[index], dy[index]), len(x)
        )
        return dx

    def acc_grad_parameters(self, x: Sequence[Value], dy: Sequence[Value], scale: float = 1) -> None:
        self.map_modules(lambda module, index: module.acc_grad_parameters(x[index], dy[index], scale), len(x))

    def clear_shared_state(self) -> None:
        """Raise ModuleError if clones have unshared parameters, which would differ between two uses of the module."""
        super().clear_shared_state()
        names = {name for inner in self.list_modules() for name in iterate_array_names(inner)}
        if own := names.difference(COMMON_NAMES if self.tied else ()):
            raise ModuleError(f"{self.label()} cannot be used twice: its clones do not share {', '.join(sorted(own))}")

    def get_trainable_modules(self) -> list[Module]:
        """Return m if the clones share its parameters, else all modules."""
        return self.modules[:1] if self.tied else self.modules

    def clear_state(self) -> Self:
        """Also drop the clones."""
        del self.modules[1:]
        super().clear_state()
        self.output, self.grad_input = [], []
        return self

    def __str__(self) -> str:
        if self.module is None:
            return f"nn.{self.label()} {{ }}"
        inner = str(self.module).replace("\n", "\n" + " " * 8)
        return f"nn.{self.label()} {{\n  {inner}\n}}"
