"""Labels that have a column each, of two values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import numpy as np

from nntrain.data.array import Array
from nntrain.data.class_target import ClassTarget
from nntrain.data.label_target import LabelTarget
from nntrain.data.raw_column import RawColumn
from nntrain.data.value_stream import ValueStream
from nntrain.errors import DataError
from nntrain.nn.remembered import remembered

__all__ = ["FlagTarget"]

# A message lists this many values at most.
LISTED = 5


class FlagTarget(LabelTarget):
    """A row has the label of a column whose value is the second of two: 1 of 0 and 1, true, yes of no and yes."""

    def __init__(self, flags: list[ClassTarget]) -> None:
        self.flags = flags
        self.names = [flag.name for flag in flags]
        self.kinds = [flag.kinds[0] for flag in flags]
        self.labels = self.names
        self.counts = [flag.counts[1] for flag in flags]

    @classmethod
    def fit(cls, *raws: ValueStream) -> Self:
        """DataError for a column that has not two values."""
        return cls([flag_of(raw) for raw in raws])

    def encode(self, *raws: RawColumn) -> Array:
        """float32 (n, L). DataError for a value that was not in the training rows."""
        flags = [flag.encode(raw) for flag, raw in zip(self.flags, raws, strict=True)]
        return np.stack(flags, axis=1).astype(np.float32)

    def decode(self, values: Array) -> dict[str, list[str]]:
        columns = zip(self.flags, values.astype(np.int64).T, strict=True)
        return {flag.name: flag.decode(column) for flag, column in columns}

    def state(self) -> dict[str, Any]:
        return {"type": "FlagTarget", "flags": [flag.state() for flag in self.flags]}

    @classmethod
    def restore(cls, state: Mapping[str, Any]) -> Self:
        return cls([ClassTarget.restore(flag) for flag in remembered(state, {"flags": list[dict[str, Any]]})["flags"]])


def flag_of(raw: ValueStream) -> ClassTarget:
    """The two values of a column. DataError if it has one, or more."""
    flag = ClassTarget.fit(raw)
    if len(flag.labels) > 2:
        listed = ", ".join(flag.labels[:LISTED]) + (", ..." if len(flag.labels) > LISTED else "")
        raise DataError(
            f"target {raw.name!r}: expected two values, as a label that a row has or has not, got {listed}; "
            "if its cells are lists of labels, set data.separator"
        )
    return flag
