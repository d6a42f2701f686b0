"""Labels with one two-valued column each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.tables.raw_column import RawColumn, ValueStream
from nntrain.data.targets.class_target import ClassTarget, format_labels
from nntrain.data.targets.label_target import LabelTarget
from nntrain.errors import DataError

# The maximum number of values in an error, and of labels in a note.
MAX_VALUES, MAX_LABELS = 5, 20


@dataclass(eq=False)
class FlagTarget(LabelTarget):
    """A row has the label of a column if its value is the positive one of the two.

    Default: the second in order, e.g. 1 of 0 and 1, true of false and true, yes of no and yes.
    """

    flags: list[ClassTarget]

    def __post_init__(self) -> None:
        self.names = self.labels = [flag.name for flag in self.flags]
        self.name = ", ".join(self.names)
        self.kinds = [flag.kind for flag in self.flags]
        self.counts = [flag.counts[1] for flag in self.flags]

    @classmethod
    def fit(cls, *raws: ValueStream, positive: Sequence[str | None]) -> Self:
        """Fit the target. DataError unless each column has two values, one of them its ``positive``, if given."""
        return cls([fit_flag(raw, value) for raw, value in zip(raws, positive, strict=True)])

    def encode(self, *raws: RawColumn) -> Array:
        """Return float32 (n, L). DataError for a value that is not in the training rows."""
        flags = [flag.encode(raw) for flag, raw in zip(self.flags, raws, strict=True)]
        return np.stack(flags, axis=1).astype(np.float32)

    def decode(self, values: Array) -> dict[str, Array]:
        columns = zip(self.flags, values.astype(np.int64).T, strict=True)
        return {flag.name: flag.decode(column) for flag, column in columns}

    def build_notes(self) -> list[str]:
        shown = [f"{flag.name} {flag.labels[1]!r} (not {flag.labels[0]!r})" for flag in self.flags[:MAX_LABELS]]
        more = f", and {len(self.flags) - MAX_LABELS} more" if len(self.flags) > MAX_LABELS else ""
        note = f"a row has a label if its value is the positive one: {', '.join(shown)}{more}"
        advice = "data.positive sets it; default: the second of the two in order"
        return [*super().build_notes(), f"{note}; {advice}"]

    @classmethod
    def validate(cls, state: Mapping[str, Any]) -> dict[str, Any]:
        return {"flags": [ClassTarget.restore(flag) for flag in super().validate(state)["flags"]]}


def fit_flag(raw: ValueStream, positive: str | None) -> ClassTarget:
    """Fit the two values of a column. DataError for another number of values, or if ``positive`` is not one."""
    flag = ClassTarget.fit(raw)
    if len(flag.labels) > 2:
        raise DataError(
            f"target {raw.name!r}: expected two values, for rows with and without the label, got "
            f"{format_labels(flag.labels, MAX_VALUES)}; if its cells are lists of labels, set data.label_separator"
        )
    return flag if positive is None else flag.with_positive(positive)
