"""The base of rows that are read but not encoded."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Self

from nntrain.compute.array import Array
from nntrain.data.dataset import Dataset
from nntrain.data.options.data_options import DataOptions
from nntrain.data.preprocessing.preprocessor import Preprocessor
from nntrain.data.tables.raw_column import ValueStream


class RawDataset(ABC):
    """The rows of a table or of arrays. ``notes``: notes on reading them, for the user."""

    notes: list[str]

    @property
    @abstractmethod
    def count(self) -> int:
        """The number of rows."""

    @abstractmethod
    def take(self, index: Array) -> Self:
        """Return the rows ``index``."""

    @abstractmethod
    def fit(self, index: Array, options: DataOptions) -> Preprocessor:
        """Return a preprocessor fitted on the rows ``index`` alone."""

    @abstractmethod
    def get_stratify_labels(self, options: DataOptions, preprocessor: Preprocessor | None) -> Array | None:
        """Return the class of every row, for a stratified split; None for a regression."""

    @abstractmethod
    def get_column(self, name: str) -> ValueStream:
        """Return a column by which rows are split. DataError for an unknown column."""

    @abstractmethod
    def iterate_chunks(self, preprocessor: Preprocessor) -> Iterator[Self]:
        """Iterate over the rows in memory, in chunks, with the columns that ``preprocessor`` needs."""

    @abstractmethod
    def encode(self, preprocessor: Preprocessor, *, need_targets: bool = True) -> Dataset:
        """Encode all rows. DataError if ``preprocessor`` was fitted on a table and these are arrays, or the reverse."""
