"""The base of targets: a class, numbers, or labels."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar, Literal, TypeAlias

from nntrain.compute.array import Array
from nntrain.data.fitted import Fitted
from nntrain.data.tables.raw_column import RawColumn, ValueKind

TaskType: TypeAlias = Literal["classification", "regression", "multilabel"]

# The values of ``data.task``; "auto": inferred from the target.
TaskChoice: TypeAlias = Literal["auto", "classification", "regression", "multilabel"]


def get_target_names(target: str | Sequence[str] | None) -> tuple[str, ...]:
    """Return the target columns that a config sets: none, one or several."""
    if target is None:
        return ()
    return (target,) if isinstance(target, str) else tuple(target)


class Target(Fitted, ABC):
    """A target fitted on the training rows: encodes target columns, and decodes predictions.

    ``names``: its columns; ``name``: the same for a sentence; ``kinds``: how they are read. ``labels``: the name of
    each class, number or label.
    """

    task: ClassVar[TaskType]

    name: str
    names: list[str]
    kinds: list[ValueKind]
    labels: list[str]

    # The floating type of numbers to predict, set by the preprocessor.
    dtype: str = "float32"

    @abstractmethod
    def encode(self, *raws: RawColumn) -> Array:
        """Return targets for a criterion, from the columns ``names``.

        int64 (n,) classes, floating (n, k) standardized numbers, or float32 (n, L), 1 for a label that a row has.
        """

    @abstractmethod
    def decode(self, values: Array) -> Any:
        """Return the classes, labels, or numbers in the units of the file, of encoded ``values``."""

    @abstractmethod
    def build_notes(self) -> list[str]:
        """Return notes for the user about the decisions made in ``fit``."""
