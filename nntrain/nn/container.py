"""The base of modules that hold modules."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, ClassVar, Self

from nntrain.compute.array import Array, Value
from nntrain.errors import ModuleError
from nntrain.nn.blame import Blame
from nntrain.nn.module import Module
from nntrain.nn.module_list import ModuleList
from nntrain.nn.parameter import get_memory_key
from nntrain.nn.sharing.shared_arrays import check_shared_names, find_known_names
from nntrain.nn.sharing.weight_tying import tie_repeated_modules

__all__ = ["Container"]


class Container(Module):
    """Modules in an order. Abstract: a subclass says how values flow through ``modules``.

    Source: torch/nn, Container.lua and doc/containers.md.
    """

    mutable_arguments: ClassVar[tuple[str, ...]] = ("modules",)

    _modules: ModuleList
    _settled: int = -1

    def __init__(self, modules: Sequence[Module] | None = None) -> None:
        self.modules = []
        for module in modules or ():
            self.add(module)

    def add(self, module: Module) -> Self:
        """Append a module."""
        if not isinstance(module, Module):
            raise self.argument_error(f"expected a module, got {module!r}")
        self._modules.append(module.freeze() if self.frozen else module)
        return self

    @property
    def modules(self) -> list[Module]:
        """The modules inside. One that was put into several places of a network has a twin in each but the first."""
        if self._settled != ModuleList.version:
            tie_repeated_modules(self)
        return self._modules

    @modules.setter
    def modules(self, modules: Sequence[Module]) -> None:
        self._modules = ModuleList()
        self._modules.extend(modules)

    def get(self, index: int) -> Module:
        """The module at a position, from 0. IndexError outside."""
        return self.modules[index]

    def size(self) -> int:
        """The number of modules."""
        return len(self.modules)

    def __len__(self) -> int:
        return len(self.modules)

    def __iter__(self) -> Iterator[Module]:
        return iter(self.modules)

    def __getitem__(self, index: int) -> Module:
        return self.modules[index]

    def __bool__(self) -> bool:
        return True

    @classmethod
    def get_child_input(cls, x: Value, index: int, outputs: Sequence[Value]) -> Value:
        """What child ``index`` is given, when the children before it gave ``outputs``: so sizes can be inferred."""
        raise ModuleError(f"the sizes inside {cls.__name__} cannot be inferred: give them")

    def blame(self, index: int) -> Blame:
        """Guard the call of a child: an error in it tells the way there."""
        return Blame(self, index)

    def apply_to_modules(self, function: Callable[[Module], object]) -> None:
        """Call ``function`` with each module directly inside."""
        for module in self.modules:
            function(module)

    # What goes to every child, and the container's own parameters

    def children(self) -> list[Module]:
        return self.modules

    def parameters(self) -> tuple[list[Array], list[Array]]:
        parameters: list[Array] = []
        gradients: list[Array] = []
        for module in self.modules:
            values, slopes = module.parameters()
            parameters += values
            gradients += slopes
        values, slopes = self.get_own_parameters()
        return parameters + values, gradients + slopes

    def get_trainable_modules(self) -> list[Module]:
        """The modules inside whose gradients are zeroed and whose parameters are updated."""
        return self.modules

    def zero_grad_parameters(self) -> None:
        for module in self.get_trainable_modules():
            module.zero_grad_parameters()
        for gradient in self.get_own_parameters()[1]:
            gradient[...] = 0

    def update_parameters(self, learning_rate: float) -> None:
        """Each child updates itself, then the container its own; a (parameter, gradient) pair is updated once."""
        updated: set[Any] = set()
        for module in self.get_trainable_modules():
            pairs = list(zip(*module.parameters(), strict=True))
            keys = [(get_memory_key(parameter), get_memory_key(gradient)) for parameter, gradient in pairs]
            kept = [(p, p.copy()) for (p, _), key in zip(pairs, keys, strict=True) if key in updated]
            module.update_parameters(learning_rate)
            for parameter, before in kept:
                parameter[...] = before
            updated.update(keys)
        for parameter, gradient in () if self.frozen else zip(*self.get_own_parameters(), strict=True):
            if (get_memory_key(parameter), get_memory_key(gradient)) not in updated:
                parameter -= learning_rate * gradient

    def reset(self, stdv: float | None = None) -> None:
        for module in self.modules:
            module.reset(stdv)

    def share(self, other: Module, *names: str) -> Self:
        """Share child by child, and the container's own arrays; the structures must match."""
        check_shared_names(self, names)
        if len(other.children()) != len(self.modules):
            raise ModuleError(
                f"{self.label()} of {len(self.modules)} modules cannot share with "
                f"{other.label()} of {len(other.children())}"
            )
        for index, (module, theirs) in enumerate(zip(self.modules, other.children(), strict=True)):
            with self.blame(index):
                module.share(theirs, *find_known_names(module, names))
        super().share(other, *names)
        self.shared = other.shared = True
        return self

    def training(self) -> None:
        for module in self.modules:
            module.training()
        super().training()

    def evaluate(self) -> None:
        for module in self.modules:
            module.evaluate()
        super().evaluate()

    def clear_state(self) -> Self:
        for module in self.modules:
            module.clear_state()
        return super().clear_state()

    def replace(self, function: Callable[[Module], Module]) -> Module:
        new = function(self)
        self.modules[:] = [module.replace(function) for module in self.modules]
        return new

    # Printing

    # What stands before the lines of a child after its first, and of the last child.
    indent: ClassVar[tuple[str, str]] = ("    |    ", "         ")

    def __str__(self) -> str:
        """A fan of children, as in Torch, with positions from 0. Sequential, which is a chain, prints another tree."""
        lines = [f"nn.{self.label()} {{", "  input"]
        for index, module in enumerate(self.modules):
            last = index == len(self.modules) - 1
            arrow = "`-> " if last else "|`-> "
            lead = "     " if last else "    "
            inner = str(module).replace("\n", "\n" + self.indent[last])
            lines.append(f"{lead}{arrow}({index}): {inner}")
        return "\n".join([*lines, "     ... -> output", "}"])
