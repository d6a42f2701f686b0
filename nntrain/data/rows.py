"""Rows as they were read, of a table or of arrays, as far as splitting and encoding go."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Self

from nntrain.data.array import Array
from nntrain.data.array_schema import ArraySchema
from nntrain.data.data_options import DataOptions
from nntrain.data.part import Part
from nntrain.data.schema import Schema
from nntrain.data.value_stream import ValueStream

__all__ = ["Rows"]


class Rows(ABC):
    """``count`` rows, with what the user should know about how they were read."""

    notes: list[str]

    @property
    @abstractmethod
    def count(self) -> int:
        """The number of rows."""

    @abstractmethod
    def take(self, index: Array) -> Self:
        """The rows ``index``."""

    @abstractmethod
    def fit(self, index: Array, options: DataOptions) -> Schema | ArraySchema:
        """A schema fitted on the rows ``index`` alone."""

    @abstractmethod
    def labels(self, options: DataOptions, schema: Schema | ArraySchema | None) -> Array | None:
        """The class of every row, for a split in proportion; None where the task is a regression."""

    @abstractmethod
    def column(self, name: str) -> ValueStream:
        """A column by which rows are split. DataError if it is not there."""

    @abstractmethod
    def pieces(self, schema: Schema | ArraySchema) -> Iterator[Self]:
        """The rows in memory, piece by piece, as far as ``schema`` needs them."""

    @abstractmethod
    def encode(self, schema: Schema | ArraySchema, *, need_targets: bool = True) -> Part:
        """All rows as ``schema`` encodes them. DataError if it was fitted on rows of the other sort."""
