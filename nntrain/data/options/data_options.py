"""What a user may say about the rows of a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from nntrain.data.columns.text_column import MAX_TEXT_FEATURES
from nntrain.data.dims import Dims
from nntrain.data.options.column_options import ColumnOptions
from nntrain.data.options.file_options import FileOptions
from nntrain.data.options.float_type import FloatType
from nntrain.data.parsing.column_names import normalize_name
from nntrain.data.targets.target import TaskChoice, get_target_names
from nntrain.data.targets.target_options import Positive, TargetOptions, Transform
from nntrain.data.targets.target_range import TargetRange

__all__ = ["DataOptions"]


@dataclass(frozen=True)
class DataOptions:
    """Where the rows come from, what is predicted from what, and how the rows are split.

    ``inputs`` and ``targets`` are paths inside an HDF5 file, ``dims`` the axes of its images; ``target`` is a column of
    a table, or several (the last when None), and ``label_separator`` separates the labels in one. ``positive`` is the
    positive one of two classes; numbers are learned on the scale ``target_transform``, and predictions kept within
    ``target_range``, which of rows split by time is their sign alone. ``sample_weight`` is a column of a table, or a
    dataset, of sample weights.

    ``validation`` and ``test`` are shares of the rows, without effect where the part has a file or a group of its own.
    They are drawn as ``split`` says, by ``split_column`` (by its hash when ``split`` is None), which is no input unless
    ``split_input``. With ``fold``, from 1, the test rows are one of so many ``folds``.

    ``dtype`` is the floating type of inputs and of numbers to predict, that of the network.

    ``file`` says how a text file is written. ``memory`` is in bytes;
    ``stream`` says that rows are read from the disk in each epoch (decided from the size of the files when None),
    ``cache`` the folder where they are encoded.
    """

    path: str
    validation_path: str | None = None
    test_path: str | None = None
    inputs: str | None = None
    targets: str | None = None
    dims: Dims | None = None
    target: str | tuple[str, ...] | None = None
    label_separator: str | None = None
    positive: Positive | None = None
    target_transform: Transform = "auto"
    target_range: Literal["auto"] | TargetRange = "auto"
    sample_weight: str | None = None
    task: TaskChoice = "auto"
    ignore: tuple[str, ...] = ()
    file: FileOptions = field(default_factory=FileOptions)
    validation: float = 0.15
    test: float = 0.15
    split: Literal["random", "hash", "column", "time"] | None = None
    split_column: str | None = None
    split_values: Mapping[str, Sequence[str]] | None = None
    split_input: bool = False
    stratify: bool = True
    one_hot_limit: int = 32
    text_features: int = MAX_TEXT_FEATURES
    folds: int | None = None
    fold: int | None = None
    memory: int | None = None
    stream: bool | None = None
    cache: str | None = None
    columns: Mapping[str, ColumnOptions] = field(default_factory=dict)
    dtype: FloatType = "float32"

    def __post_init__(self) -> None:
        # A name with spaces around it is the name without them, wherever it is written.
        cleaned = {
            "target": None if self.target is None else tuple(map(normalize_name, get_target_names(self.target))),
            "ignore": tuple(map(normalize_name, self.ignore)),
            "sample_weight": None if self.sample_weight is None else normalize_name(self.sample_weight),
            "split_column": None if self.split_column is None else normalize_name(self.split_column),
            "columns": {normalize_name(name): column for name, column in self.columns.items()},
        }
        for name, value in cleaned.items():
            object.__setattr__(self, name, value)

    @property
    def paths(self) -> tuple[str, ...]:
        """All files of rows."""
        return tuple(path for path in (self.path, self.validation_path, self.test_path) if path)

    @property
    def target_names(self) -> tuple[str, ...]:
        """The columns to predict; none where it is left to the file."""
        return get_target_names(self.target)

    @property
    def target_options(self) -> TargetOptions:
        """What is said about the target beyond its columns and its task."""
        usual: TargetRange = "sign" if self.split == "time" else "training"
        chosen = usual if self.target_range == "auto" else self.target_range
        return TargetOptions(self.label_separator, self.positive, self.target_transform, chosen)

    @property
    def extra_datasets(self) -> tuple[str, ...]:
        """The datasets of an HDF5 file, beside inputs and targets, that have a value for each row."""
        return tuple(name for name in (self.sample_weight, self.split_column) if name is not None)
