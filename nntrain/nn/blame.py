"""The path of a failing module, added to its error by each container around it."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING

from nntrain.errors import ModuleError, NntrainError

if TYPE_CHECKING:
    from nntrain.nn.container import Container


class Blame:
    """A context for a call of the child at ``index``.

    ``add_location`` does the same in an ``except`` block, which costs nothing when there is no error. An exception
    that is not nntrain's is wrapped in a ModuleError.
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
        """Prepend the child to the path in the error; raise a ModuleError from a foreign exception."""
        if isinstance(error, NntrainError) and not isinstance(error, ModuleError):
            return
        located = error if isinstance(error, ModuleError) else ModuleError(f"{type(error).__name__}: {error}")
        if not located.path:
            located.path.append(self.container._modules[self.index].label())
        located.path.insert(0, f"{type(self.container).__name__}[{self.index}]")
        if located is not error:
            raise located from error
