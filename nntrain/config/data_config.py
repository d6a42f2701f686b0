"""``[data]``: the data files, their columns and the splits."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from nntrain.config.column_config import ColumnConfig
from nntrain.config.data_values import PositiveClass, TargetRange, parse_split_values
from nntrain.config.section import Section
from nntrain.data.columns.text_column import MAX_TEXT_FEATURES
from nntrain.data.memory_size import SIZE_PATTERN, parse_memory_size
from nntrain.data.targets.target import TaskChoice


class DataConfig(Section):
    """The data of a run. Paths are relative to the folder of the config file."""

    path: str = Field(min_length=1, description="Data file: CSV, Parquet, JSON or HDF5.")
    target: str | tuple[str, ...] | None = Field(
        default=None,
        description="Column to predict, or several: all numeric, or all with two values; default: the last column.",
    )
    label_separator: str | None = Field(
        default=None,
        min_length=1,
        description="Separator between labels in a target cell; each label is predicted separately.",
        examples=["|"],
    )
    positive: PositiveClass = Field(
        default=None,
        description="Positive class of a target with two classes, or the value of a label column that marks a row with "
        "the label: one value, or a TOML table of values by column; default: the second of the two in order.",
        examples=["yes"],
    )
    target_transform: Literal["auto", "none", "log"] | dict[str, Literal["none", "log"]] = Field(
        default="auto",
        description="Scale on which numeric targets are learned: unchanged (none) or logarithmic (log); or a TOML "
        "table by column. auto uses log for positive, skewed numbers whose logarithms are clearly more symmetric.",
        examples=["log"],
    )
    target_range: TargetRange = Field(
        default="auto",
        description="Range to which predicted numbers are clipped: that of the training rows (training); their sign, "
        "if all have the same (sign); no limit (none); or [low, high]. auto is sign if split is time, else training.",
        examples=[[0, 100]],
    )
    sample_weight: str | None = Field(
        default=None,
        min_length=1,
        description="Column, or HDF5 dataset, of sample weights, which losses and scores use; not an input.",
        examples=["weight"],
    )
    inputs: str | None = Field(
        default=None,
        description="HDF5 dataset of the inputs, one row per index of its first axis.",
        examples=["/images"],
    )
    targets: str | None = Field(
        default=None,
        description="HDF5 dataset of the targets, one row per index of its first axis.",
        examples=["/labels"],
    )
    dims: Literal["NCHW", "NHW", "NHWC"] | None = Field(
        default=None,
        description="Axes of the images in an HDF5 file: N rows, C channels, H height, W width; default: as labeled.",
    )
    validation_path: str | None = Field(
        default=None,
        min_length=1,
        description="File of validation rows, instead of a fraction of the rows of path.",
        examples=["validation.csv"],
    )
    test_path: str | None = Field(
        default=None,
        min_length=1,
        description="File of test rows, instead of a fraction of the rows of path.",
        examples=["test.csv"],
    )
    task: TaskChoice = Field(
        default="auto",
        description="Task: classification predicts one class, multilabel any number of labels, regression numbers; "
        "auto chooses from the values of the target.",
    )
    ignore: tuple[str, ...] = Field(default=(), strict=False, description="Columns to exclude from the inputs.")
    delimiter: str | None = Field(
        default=None,
        min_length=1,
        description="Field delimiter of a CSV file, one character; inferred if omitted.",
        examples=[";"],
    )
    encoding: str | None = Field(
        default=None,
        min_length=1,
        description="Encoding of a CSV file; default: UTF-8, or as detected (UTF-16, Windows-1252, Latin-1).",
        examples=["latin-1"],
    )
    header: bool | None = Field(
        default=None,
        description="Whether the first line of a CSV file contains the column names; if false, they are column_1, "
        "column_2, ...; inferred if omitted.",
    )
    decimal: Literal[".", ","] | None = Field(
        default=None, description="Decimal separator of the numbers in a text file; inferred if omitted."
    )
    thousands: Literal["", ",", ".", " ", "'"] | None = Field(
        default=None,
        description="Thousands separator in a text file, empty for none; inferred if omitted.",
    )
    sheet: str | None = Field(
        default=None, description="Sheet of a workbook, table of an HDF5 file, or file in a zip archive."
    )
    missing: tuple[str, ...] | None = Field(
        default=None,
        strict=False,
        description="Strings that mark a missing value, in all columns; an empty list for none, so that NA is a "
        "category; default: NA, N/A, NaN, null and ?, and in columns of numbers and times also markers such as -, "
        "unknown and #DIV/0!.",
        examples=[["NA", "-999"]],
    )
    validation: float = Field(
        default=0.15, ge=0, lt=1, allow_inf_nan=False, description="Fraction of the rows held out for validation."
    )
    test: float = Field(
        default=0.15,
        ge=0,
        lt=1,
        allow_inf_nan=False,
        validate_default=True,
        description="Fraction of the rows held out for the test set.",
    )
    split: Literal["random", "hash", "column", "time"] | None = Field(
        default=None,
        description="How to split the rows: at random; by a hash of split_column, which keeps rows with one key "
        "together, even when rows are added later; by the values of split_column (column); or by the time in "
        "split_column, with the newest rows as the test set. Default: hash if split_column is set, else random.",
    )
    split_column: str | None = Field(
        default=None,
        min_length=1,
        validate_default=True,
        description="Column, or HDF5 dataset, by which rows are split.",
        examples=["customer"],
    )
    split_values: dict[str, tuple[str, ...]] | None = Field(
        default=None,
        description="Values of split_column for each set, if they are not train, validation and test.",
        examples=[{"train": ["2022", "2023"], "test": ["2024"]}],
    )
    split_input: bool = Field(default=False, description="Whether split_column is also an input.")
    stratify: bool = Field(
        default=True,
        description="Whether a random split keeps the class proportions in every set.",
    )
    one_hot_limit: int = Field(
        default=32,
        ge=0,
        description="Maximum number of categories of a one-hot encoded column; columns with more are embedded.",
    )
    text_features: int = Field(
        default=MAX_TEXT_FEATURES,
        ge=1,
        le=1_000_000,
        description="Maximum number of words and word pairs of a free-text column that become inputs.",
    )
    folds: int | None = Field(
        default=None,
        ge=2,
        le=1000,
        description="Number of cross-validation folds; one run per fold, each with another fold as the test set.",
    )
    fold: int | None = Field(
        default=None, ge=1, description="Single fold to run, from 1; default: all, each in its own folder."
    )
    memory: str | None = Field(
        default=None,
        examples=["512MB"],
        description="Memory limit of a run, e.g. '512MB', at least '300MB'; default: half of the free memory.",
        json_schema_extra={"pattern": SIZE_PATTERN},
    )
    stream: bool | None = Field(
        default=None,
        description="Whether to stream the rows from disk in each epoch; default: only if they do not fit in memory.",
    )
    cache: str | None = Field(
        default=None,
        min_length=1,
        description="Folder for encoded rows that are streamed from disk; default: $NNTRAIN_CACHE, or the user's cache "
        "folder.",
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

    @field_validator("memory")
    @classmethod
    def _validate_memory(cls, memory: str | None) -> str | None:
        if memory is not None:
            parse_memory_size(memory)
        return memory

    @field_validator("test")
    @classmethod
    def _validate_test(cls, test: float, info: ValidationInfo) -> float:
        validation = info.data.get("validation", 0.0)
        if validation + test >= 1:
            raise ValueError(f"expected validation + test below 1, got {validation:g} + {test:g}")
        return test
