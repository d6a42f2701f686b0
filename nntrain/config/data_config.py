"""``[data]`` and ``[data.columns.NAME]``: the data files, their columns and the splits."""

from typing import Any, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from nntrain.config.data_values import parse_positive, parse_split_values, parse_target_range
from nntrain.config.section import Section, define_key, validate_strings
from nntrain.data.memory_size import SIZE_PATTERN, parse_memory_size
from nntrain.data.options.column_options import ColumnOptions
from nntrain.data.options.data_settings import DataSettings
from nntrain.data.options.file_options import FileOptions
from nntrain.data.parsing.time_format import check_time_format


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

    @field_validator("fold")
    @classmethod
    def _validate_fold(cls, fold: int | None, info: ValidationInfo) -> int | None:
        folds = info.data.get("folds")
        if fold is not None and folds is not None and fold > folds:
            raise ValueError(f"expected a fold from 1 to {folds}, got {fold}")
        return fold

    @field_validator("test")
    @classmethod
    def _validate_test(cls, test: float, info: ValidationInfo) -> float:
        validation = info.data.get("validation", 0.0)
        if validation + test >= 1:
            raise ValueError(f"expected validation + test below 1, got {validation:g} + {test:g}")
        return test
