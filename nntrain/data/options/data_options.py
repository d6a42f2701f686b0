"""The settings of ``[data]`` as a run uses them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from nntrain.data.options.column_options import ColumnOptions
from nntrain.data.options.data_settings import DataSettings
from nntrain.data.options.file_options import FileOptions
from nntrain.data.parsing.column_names import normalize_name
from nntrain.data.targets.target import get_target_names

# The floating type of encoded rows, which is that of the network.
FloatType = Literal["float32", "float64"]

# That of the training rows; only their sign, if all have one; unlimited; or limits.
PredictionRange: TypeAlias = Literal["training", "sign", "none"] | tuple[float, float]


@dataclass(frozen=True)
class DataOptions(DataSettings):
    """The settings of ``[data]`` as a run uses them: names are stripped, and sizes are parsed.

    ``file``: the format of the data files. ``memory``: the limit in bytes. ``columns``: the settings of columns, by
    name. ``dtype``: the floating type of inputs and numeric targets, that of the network. ``refit``: whether the
    validation rows will be training rows of another run.
    """

    file: FileOptions = field(default_factory=FileOptions)
    memory: int | None = None
    columns: Mapping[str, ColumnOptions] = field(default_factory=dict)
    dtype: FloatType = "float32"
    refit: bool = False

    def __post_init__(self) -> None:
        # Spaces around names are ignored everywhere.
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
        """The files of the rows."""
        return tuple(path for path in (self.path, *self.split_paths.values()) if path)

    @property
    def split_paths(self) -> dict[str, str | None]:
        """The files of the validation and test rows, if they have files of their own."""
        return {"validation": self.validation_path, "test": self.test_path}

    @property
    def target_names(self) -> tuple[str, ...]:
        """The columns to predict; empty if the file determines them."""
        return get_target_names(self.target)

    @property
    def prediction_range(self) -> PredictionRange:
        """The range of predicted numbers."""
        default: PredictionRange = "sign" if self.split == "time" else "training"
        return default if self.target_range == "auto" else self.target_range

    @property
    def extra_datasets(self) -> tuple[str, ...]:
        """The datasets of an HDF5 file to read in addition to inputs and targets."""
        return tuple(name for name in (self.sample_weight, self.split_column) if name is not None)
