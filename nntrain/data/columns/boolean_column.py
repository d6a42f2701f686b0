"""Booleans."""

from dataclasses import dataclass
from typing import ClassVar, Self

from nntrain.compute.array import Array
from nntrain.data.columns.scaled_column import ScaledColumn
from nntrain.data.tables.raw_column import ValueKind, ValueStream


@dataclass
class BooleanColumn(ScaledColumn):
    """y = 2x − 1: true is 1, false is −1, and missing is 0."""

    kind: ClassVar[ValueKind] = "boolean"
    imputed = "0, between false and true,"

    @classmethod
    def fit(cls, raw: ValueStream) -> Self:
        cls.check(raw)
        return cls(raw.name, any(chunk.missing.any() for chunk in raw.iterate_chunks()))

    def transform(self, x: Array) -> Array:
        return 2 * x - 1
