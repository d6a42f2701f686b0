"""The base of targets: a class, numbers, or labels."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal, TypeAlias, TypeVar

from nntrain.compute.array import Array
from nntrain.data.fitted import Fitted
from nntrain.data.tables.raw_column import RawColumn, ValueKind
from nntrain.errors import DataError, suggest_name
from nntrain.formatting import format_names

TaskType: TypeAlias = Literal["classification", "regression", "multilabel"]

# A value of an option, or its default.
Default = TypeVar("Default", str, str | None)

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


def get_each(key: str, values: Default | Mapping[str, str], names: Sequence[str], default: Default) -> list[Default]:
    """Return the value of the option ``key`` for each name. DataError if it has a name that is not one of them."""
    if not isinstance(values, Mapping):
        return [values] * len(names)
    for name in values:
        if name not in names:
            raise DataError(
                f"{key}: expected columns of the target, {format_names(names)}, got {name!r}{suggest_name(name, names)}"
            )
    return [values.get(name, default) for name in names]
