"""What is predicted: a class, numbers, or labels."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal, Self, TypeAlias

from nntrain.compute.array import Array
from nntrain.data.tables.raw_column import RawColumn, ValueKind

__all__ = ["Target", "TaskChoice", "TaskType", "get_target_names"]

TaskType: TypeAlias = Literal["classification", "regression", "multilabel"]


# What a user may say of it; "auto" leaves it to the values.
TaskChoice: TypeAlias = Literal["auto", "classification", "regression", "multilabel"]


def get_target_names(target: str | Sequence[str] | None) -> tuple[str, ...]:
    """The columns that a user names as the target, which may be one; none where nothing is said."""
    if target is None:
        return ()
    return (target,) if isinstance(target, str) else tuple(target)


class Target(ABC):
    """The target as it was in the training rows, and the way there and back.

    ``names``: its columns, ``kinds``: how they are read. ``labels``: the name of each class, number or label.
    """

    task: ClassVar[TaskType]

    names: list[str]
    kinds: list[ValueKind]
    labels: list[str]

    # The type of numbers that are predicted; a schema sets another.
    dtype: str = "float32"

    @property
    def name(self) -> str:
        """Its columns, as a sentence names them."""
        return ", ".join(self.names)

    @abstractmethod
    def encode(self, *raws: RawColumn) -> Array:
        """Targets for a criterion, from the columns ``names``.

        int64 (n,) classes, floating (n, k) standardised numbers, or float32 (n, L), 1 for a label that a row has.
        """

    @abstractmethod
    def decode(self, values: Array) -> Any:
        """The user's words for ``values``: names of classes or labels, or numbers in the units of the file."""

    @abstractmethod
    def build_notes(self) -> list[str]:
        """What was decided about it, in sentences for the user."""

    @abstractmethod
    def state(self) -> dict[str, Any]:
        """The fitted values, with the name of the class as ``type``."""

    @classmethod
    @abstractmethod
    def restore(cls, state: Mapping[str, Any]) -> Self:
        """The target whose ``state`` this is."""
