"""The datasets of a run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from nntrain.compute.array import Array
from nntrain.data.dataset import Dataset
from nntrain.data.preprocessing.preprocessor import Preprocessor


@dataclass(frozen=True)
class DatasetSplits:
    """The preprocessor, the encoded sets, the fingerprint of the files, and notes for the user.

    ``row_indices``: the rows of the file in each set, if they are known.
    """

    preprocessor: Preprocessor
    train: Dataset
    validation: Dataset | None
    test: Dataset | None
    fingerprint: str
    notes: list[str] = field(default_factory=list)
    row_indices: Mapping[str, Array] = field(default_factory=dict)

    @property
    def warnings(self) -> Sequence[str]:
        """The notes about probably wrong results."""
        return self.preprocessor.warnings

    @property
    def datasets(self) -> dict[str, Dataset]:
        """The sets that exist, by name."""
        sets = {"train": self.train, "validation": self.validation, "test": self.test}
        return {name: dataset for name, dataset in sets.items() if dataset is not None}
