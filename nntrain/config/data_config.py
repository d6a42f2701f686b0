"""``[data]`` and ``[data.columns.NAME]``: the data files, their columns and the splits."""

from collections.abc import Mapping
from typing import Any, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from nntrain.config.section import Section, define_key, is_number, validate_strings
from nntrain.data.memory_size import SIZE_PATTERN, parse_memory_size
from nntrain.data.options.column_options import ColumnOptions
from nntrain.data.options.data_settings import DataSettings
from nntrain.data.options.file_options import FileOptions
from nntrain.data.parsing.time_format import check_time_format
from nntrain.errors import suggest_name

SPLITS = ("train", "validation", "test")
TARGET_RANGES = ("auto", "training", "sign", "none")


def parse_split_values(table: Any) -> dict[str, tuple[str, ...]]:
    """The values of each set, as strings. ValueError for an unknown set, a value that is not a list, or a duplicate."""
    if not isinstance(table, dict):
        raise ValueError(f"expected a TOML table, e.g. {{ train = ['a'], test = ['b'] }}, got {table!r}")
    found: dict[str, tuple[str, ...]] = {}
    for split, values in table.items():
        if split not in SPLITS:
            raise ValueError(f"expected train, validation or test, got {split!r}{suggest_name(split, SPLITS)}")
        if not isinstance(values, list | tuple) or not all(isinstance(value, str | int | float) for value in values):
            raise ValueError(f"expected {split} to be a list of strings and numbers, got {values!r}")
        found[split] = tuple(map(format_value, values))
    listed = [value for values in found.values() for value in values]
    if repeated := [value for value in listed if listed.count(value) > 1]:
        raise ValueError(f"expected each value once, got {repeated[0]!r} {listed.count(repeated[0])} times")
    return found


def to_string(value: Any, expected: str) -> str:
    """A column value as a string. ValueError if it is not a string, a number or a boolean."""
    if not isinstance(value, str | int | float):
        raise ValueError(f"expected {expected}, got {value!r}")
    return format_value(value)


def format_value(value: str | float) -> str:
    """A string, a number or a boolean as a string."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    return str(int(value)) if float(value).is_integer() else repr(value)


def parse_positive(given: Any) -> Any:
    """A column value, or a TOML table of them by column, as strings. ValueError for anything else."""
    if isinstance(given, dict):
        return {name: to_string(value, f"the value of {name!r}") for name, value in given.items()}
    return None if given is None else to_string(given, "a value, or a TOML table of values by column")


def parse_target_range(given: Any) -> Any:
    """A named range, or two numbers in ascending order. ValueError for anything else."""
    if isinstance(given, str) and given in TARGET_RANGES:
        return given
    numbers = isinstance(given, list | tuple) and len(given) == 2 and all(map(is_number, given))
    if not numbers or not given[0] < given[1]:
        raise ValueError(f"expected one of {', '.join(map(repr, TARGET_RANGES))}, or [low, high], got {given!r}")
    return tuple(map(float, given))


def find_fold_conflict(data: Mapping[str, Any]) -> str | None:
    """The key of ``[data]`` that decides the validation rows, so that they cannot be folds."""
    if data.get("split") in ("column", "time"):
        return "split"
    return next((key for key in ("folds", "validation_path", "train_on_validation") if data.get(key)), None)


class ColumnConfig(Section, ColumnOptions):  # type: ignore[misc]
    """One column of a table."""

    _validate_format = validate_strings("format", check_time_format)

    @model_validator(mode="after")
    def _validate_keys(self) -> Self:
        if self.format is not None and self.type not in (None, "time"):
            raise ValueError(f"'format' is for times: expected type = 'time', got '{self.type}'")
        if (self.decimal or self.thousands) and self.type not in (None, "number"):
            raise ValueError(f"'decimal' and 'thousands' are for numbers: expected type = 'number', got '{self.type}'")
        if self.encoding is not None and self.type == "text":
            raise ValueError("'encoding' is for categories: expected type = 'category', got 'text'")
        return self


class DataConfig(Section, FileOptions, DataSettings):  # type: ignore[misc]
    """The data of a run. Paths are relative to the folder of the config file."""

    memory: str | None = define_key(
        None,
        "Memory limit of a run, e.g. '512MB', at least '300MB'; default: half of the free memory.",
        examples=["512MB"],
        json_schema_extra={"pattern": SIZE_PATTERN},
    )
    columns: dict[str, ColumnConfig] = Field(
        default_factory=dict, description="Columns whose type or encoding is not inferred."
    )

    @field_validator("target", mode="before")
    @classmethod
    def _validate_target(cls, target: Any) -> Any:
        several = isinstance(target, list | tuple) and len(target) > 0 and all(isinstance(one, str) for one in target)
        if target is not None and not isinstance(target, str) and not several:
            raise PydanticCustomError("string_or_strings", "expected a quoted string, or a list of them")
        return tuple(target) if several else target

    _validate_positive = field_validator("positive", mode="before")(parse_positive)
    _validate_target_range = field_validator("target_range", mode="before")(parse_target_range)
    _validate_memory = validate_strings("memory", parse_memory_size)

    @field_validator("split_values", mode="before")
    @classmethod
    def _validate_split_values(cls, values: Any, info: ValidationInfo) -> Any:
        if values is None:
            return None
        if info.data.get("split") != "column":
            raise ValueError("requires split = 'column'")
        return parse_split_values(values)

    @field_validator("split_column")
    @classmethod
    def _validate_split_column(cls, column: str | None, info: ValidationInfo) -> str | None:
        split = info.data.get("split")
        if split not in (None, "random") and column is None:
            raise ValueError(f"missing: split = '{split}' requires the column by which to split")
        if split == "random" and column is not None:
            raise ValueError("requires split = 'hash', 'column' or 'time', got 'random'")
        return column

    @field_validator("folds")
    @classmethod
    def _validate_folds(cls, folds: int | None, info: ValidationInfo) -> int | None:
        if folds is not None and info.data.get("split_column") is not None:
            raise ValueError("conflicts with 'split_column': folds are random; remove one of the two")
        return folds

    @field_validator("fold", "validation_fold")
    @classmethod
    def _validate_fold(cls, fold: int | None, info: ValidationInfo) -> int | None:
        folds = info.data.get(f"{info.field_name}s")
        if fold is not None and folds is not None and fold > folds:
            raise ValueError(f"expected a fold from 1 to {folds}, got {fold}")
        return fold

    @field_validator("validation_folds")
    @classmethod
    def _validate_validation_folds(cls, folds: int | None, info: ValidationInfo) -> int | None:
        if folds is not None and (key := find_fold_conflict(info.data)):
            raise ValueError(f"conflicts with {key!r}, which decides the validation rows; remove one of the two")
        return folds

    @property
    def fold_keys(self) -> tuple[str, str]:
        """The key of the number of folds, and that of a single one: of validation folds if there are any."""
        return ("folds", "fold") if self.validation_folds is None else ("validation_folds", "validation_fold")

    @property
    def trains_every_fold(self) -> bool:
        """Whether there is a run for each of several folds."""
        folds, fold = (getattr(self, key) for key in self.fold_keys)
        return folds is not None and fold is None

    @field_validator("test")
    @classmethod
    def _validate_test(cls, test: float, info: ValidationInfo) -> float:
        validation = info.data.get("validation", 0.0)
        if validation + test >= 1:
            raise ValueError(f"expected validation + test below 1, got {validation:g} + {test:g}")
        return test
