"""The data of a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from nntrain.compute.array import Array
from nntrain.data.dataset import Dataset
from nntrain.data.preprocessing.preprocessor import Preprocessor

__all__ = ["DatasetSplits"]


@dataclass(frozen=True)
class DatasetSplits:
    """The schema, the parts that it encoded, the fingerprint of the file, and sentences for the user.

    ``cuts``: the rows of the file that are in each part, as far as they are known.
    """

    preprocessor: Preprocessor
    train: Dataset
    validation: Dataset | None
    test: Dataset | None
    fingerprint: str
    notes: list[str] = field(default_factory=list)
    row_indices: Mapping[str, Array] = field(default_factory=dict)

    @property
    def warnings(self) -> list[str]:
        """The notes that tell of wrong results."""
        return self.preprocessor.warnings

    @property
    def datasets(self) -> dict[str, Dataset]:
        """The parts that there are, by name."""
        parts = {"train": self.train, "validation": self.validation, "test": self.test}
        return {name: part for name, part in parts.items() if part is not None}
