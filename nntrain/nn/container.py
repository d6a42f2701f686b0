"""The base of modules that contain modules."""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Any, ClassVar, Self

from nntrain.compute.array import Array, Value
from nntrain.errors import ModuleError
from nntrain.nn.blame import Blame
from nntrain.nn.module import Module
from nntrain.nn.module_list import ModuleList
from nntrain.nn.parameter import get_memory_key
from nntrain.nn.sharing.shared_arrays import check_shared_names, find_known_names
from nntrain.nn.sharing.weight_tying import tie_repeated_modules


class Container(Module):
    """An ordered list of modules. Abstract: a subclass defines how values flow through ``modules``.

    Source: torch/nn, Container.lua and doc/containers.md.
    """

    mutable_arguments: ClassVar[tuple[str, ...]] = ("modules",)

    _modules: ModuleList
    _tied_version: int = -1

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
        """The modules inside. A module used several times in a network has a tied copy for each use after the first."""
        if self._tied_version != ModuleList.version:
            tie_repeated_modules(self)
        return self._modules

    @modules.setter
    def modules(self, modules: Sequence[Module]) -> None:
        self._modules = ModuleList()
        self._modules.extend(modules)

    def get(self, index: int) -> Module:
        """Return the module at a 0-based index. IndexError outside."""
        return self.modules[index]

    def size(self) -> int:
        """Return the number of modules."""
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
        """Return the input of child ``index``, given the ``outputs`` of earlier children, for size inference."""
        raise ModuleError(f"the sizes inside {cls.__name__} cannot be inferred; set them")

    def blame(self, index: int) -> Blame:
        """Return a context that adds the path of a child to its errors."""
        return Blame(self, index)

    def map_modules(self, call: Callable[[Module, int], Value], count: int | None = None) -> list[Value]:
        """Return ``call(child, index)`` of the first ``count`` children (default: all), with paths in their errors."""
        modules, results, index = self.modules, [], 0
        try:
            for index in range(len(modules) if count is None else count):
                results.append(call(modules[index], index))
        except Exception as error:
            self.blame(index).add_location(error)
            raise
        return results

    def apply_to_modules(self, function: Callable[[Module], object]) -> None:
        """Call ``function`` with each direct child."""
        for module in self.modules:
            function(module)

    # Calls to every child, and the container's own parameters

    def children(self) -> list[Module]:
        return self.modules

    def parameters(self) -> tuple[list[Array], list[Array]]:
        found = [*(module.parameters() for module in self.modules), self.get_own_parameters()]
        parameters, gradients = zip(*found, strict=True)
        return list(chain(*parameters)), list(chain(*gradients))

    def get_trainable_modules(self) -> list[Module]:
        """Return the modules whose gradients are zeroed and whose parameters are updated."""
        return self.modules

    def zero_grad_parameters(self) -> None:
        for module in self.get_trainable_modules():
            module.zero_grad_parameters()
        for gradient in self.get_own_parameters()[1]:
            gradient[...] = 0

    def update_parameters(self, learning_rate: float) -> None:
        """Update the children, then the container's own parameters; each (parameter, gradient) pair once."""
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
        """Share arrays child by child, then the container's own; the structures must match."""
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

    # Indentation of a child's lines after the first, and the same for the last child.
    indent: ClassVar[tuple[str, str]] = ("    |    ", "         ")

    def __str__(self) -> str:
        """Format the children as parallel branches, as in Torch, with 0-based indices."""
        lines = [f"nn.{self.label()} {{", "  input"]
        for index, module in enumerate(self.modules):
            last = index == len(self.modules) - 1
            arrow = "`-> " if last else "|`-> "
            lead = "     " if last else "    "
            inner = str(module).replace("\n", "\n" + self.indent[last])
            lines.append(f"{lead}{arrow}({index}): {inner}")
        return "\n".join([*lines, "     ... -> output", "}"])
