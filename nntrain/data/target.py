"""What is predicted: a class or a number."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Literal, Self, TypeAlias

from nntrain.data.array import Array
from nntrain.data.raw_column import RawColumn

__all__ = ["TargetColumn", "Task"]

Task: TypeAlias = Literal["classification", "regression"]


class TargetColumn(ABC):
    """The target as it was in the training rows, and the way there and back."""

    task: ClassVar[Task]

    name: str

    @abstractmethod
    def encode(self, raw: RawColumn) -> Array:
        """Targets for a criterion: int64 (n,) labels, or float32 (n, k) standardised numbers."""

    @abstractmethod
    def decode(self, values: Array) -> Any:
        """The user's words for ``values``: names of classes, or numbers in the units of the file."""

    @abstractmethod
    def state(self) -> dict[str, Any]:
        """The fitted values, with the name of the class as ``type``."""

    @classmethod
    @abstractmethod
    def restore(cls, state: Mapping[str, Any]) -> Self:
        """The target whose ``state`` this is."""
