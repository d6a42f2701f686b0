"""The list of modules in a container."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar, Self

if TYPE_CHECKING:
    from nntrain.nn.module import Module


class ModuleList(list["Module"]):
    """A list that increments ``version``, a counter for all such lists, whenever modules may have been added.

    So a container detects by comparing two integers whether it must look for modules that are used twice.
    """

    __slots__ = ()

    version: ClassVar[int] = 0

    # The counter increases after the change, so a reader of the new count sees the change.

    def append(self, module: Module) -> None:
        super().append(module)
        ModuleList.version += 1

    def extend(self, modules: Iterable[Module]) -> None:
        super().extend(modules)
        ModuleList.version += 1

    def insert(self, index: Any, module: Module) -> None:
        super().insert(index, module)
        ModuleList.version += 1

    def __setitem__(self, index: Any, value: Any) -> None:
        super().__setitem__(index, value)
        ModuleList.version += 1

    def __iadd__(self, modules: Iterable[Module]) -> Self:  # type: ignore[override, misc]
        self.extend(modules)
        return self

    def __imul__(self, count: Any) -> Self:  # type: ignore[misc]
        self[:] = list(self) * count
        return self
