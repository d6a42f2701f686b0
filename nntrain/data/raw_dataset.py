"""Rows as they were read, of a table or of arrays, as far as splitting and encoding go."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Self

from nntrain.compute.array import Array
from nntrain.data.checks.column_facts import ColumnFacts
from nntrain.data.dataset import Dataset
from nntrain.data.options.data_options import DataOptions
from nntrain.data.preprocessing.preprocessor import Preprocessor
from nntrain.data.tables.value_stream import ValueStream

__all__ = ["RawDataset"]


class RawDataset(ABC):
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
    def fit(self, index: Array, options: DataOptions) -> Preprocessor:
        """A schema fitted on the rows ``index`` alone."""

    @abstractmethod
    def get_stratify_labels(self, options: DataOptions, preprocessor: Preprocessor | None) -> Array | None:
        """The class of every row, for a split in proportion; None where the task is a regression."""

    @abstractmethod
    def get_column(self, name: str) -> ValueStream:
        """A column by which rows are split. DataError if it is not there."""

    @abstractmethod
    def describe_columns(self, index: Array, preprocessor: Preprocessor, options: DataOptions) -> list[ColumnFacts]:
        """Return what ``nntrain check`` reports about each column; the rows ``index`` are the training rows."""

    @abstractmethod
    def iterate_chunks(self, preprocessor: Preprocessor) -> Iterator[Self]:
        """The rows in memory, piece by piece, as far as ``schema`` needs them."""

    @abstractmethod
    def encode(self, preprocessor: Preprocessor, *, need_targets: bool = True) -> Dataset:
        """All rows as ``schema`` encodes them. DataError if it was fitted on rows of the other sort."""
