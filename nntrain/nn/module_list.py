"""The list of modules that a container keeps."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar, Self

if TYPE_CHECKING:
    from nntrain.nn.module import Module

__all__ = ["ModuleList"]


class ModuleList(list["Module"]):
    """A list that counts in ``changes``, one number for all such lists, when a module may have come into one.

    So a container finds out, at the cost of comparing two numbers, that no module came anywhere into its network since
    it last looked whether one is in two places.
    """

    __slots__ = ()

    version: ClassVar[int] = 0

    # The count goes up after the change, so that who reads the new count sees the change.

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
