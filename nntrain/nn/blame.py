"""Which child it was: an error that passes through a container takes the way to its place along."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING

from nntrain.errors import ModuleError, NntrainError

if TYPE_CHECKING:
    from nntrain.nn.container import Container

__all__ = ["Blame"]


class Blame:
    """A context for the call of the child at ``index``; or what ``hear``s the error of a call that was tried, which
    costs nothing where there is none.

    An error that is not the project's becomes a ModuleError that tells of it.
    """

    __slots__ = ("container", "index")

    def __init__(self, container: Container, index: int) -> None:
        self.container = container
        self.index = index

    def __enter__(self) -> Blame:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, Exception):
            self.add_location(error)

    def add_location(self, error: Exception) -> None:
        """Write the way to the child into the error, and raise another in its place where it is not the project's."""
        if isinstance(error, NntrainError) and not isinstance(error, ModuleError):
            return
        told = error if isinstance(error, ModuleError) else ModuleError(f"{type(error).__name__}: {error}")
        if not told.place:
            told.place.append(self.container._modules[self.index].label())
        told.place.insert(0, f"{type(self.container).__name__}[{self.index}]")
        if told is not error:
            raise told from error
