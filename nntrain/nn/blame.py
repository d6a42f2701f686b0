"""Which child it was: an error that passes through a container takes the way to its place along."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING

from nntrain.errors import ModuleError, NntrainError

if TYPE_CHECKING:
    from nntrain.nn.container import Container

__all__ = ["Blame"]


class Blame:
    """Guards calls of children, each while ``index`` is its position.

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
        if error is None or not isinstance(error, Exception):
            return
        if isinstance(error, NntrainError) and not isinstance(error, ModuleError):
            return
        told = error if isinstance(error, ModuleError) else ModuleError(f"{type(error).__name__}: {error}")
        if not told.place:
            told.place.append(self.container.modules[self.index].label())
        told.place.insert(0, f"{type(self.container).__name__}[{self.index}]")
        if told is not error:
            raise told from error
