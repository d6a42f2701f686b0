"""``[data]``: the file of rows, its columns, and its parts."""

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
    """Where the rows come from. Relative paths are relative to the folder of the config file."""

    path: str = Field(min_length=1, description="The file of rows: CSV, Parquet, JSON or HDF5.")
    target: str | tuple[str, ...] | None = Field(
        default=None,
        description="The column to predict, or several: all numbers, or all of two values; the last when absent.",
    )
    label_separator: str | None = Field(
        default=None,
        min_length=1,
        description="Separator between labels in a target cell; each label is predicted separately.",
        examples=["|"],
    )
    positive: PositiveClass = Field(
        default=None,
        description="The positive class of a target with two, or the value of label columns that means a row has the "
        "label: one value, or a table of values by column; default: the second in order.",
        examples=["yes"],
    )
    target_transform: Literal["auto", "none", "log"] | dict[str, Literal["none", "log"]] = Field(
        default="auto",
        description="The scale on which numbers are learned: as they are, or their logarithms; or a table by column. "
        "auto takes the logarithms of positive, skewed numbers where they are clearly more symmetric.",
        examples=["log"],
    )
    target_range: TargetRange = Field(
        default="auto",
        description="What predicted numbers are kept within: the range of the training rows; their sign, if all have "
        "the same; any number; or [low, high]. auto is sign if split is time, and training otherwise.",
        examples=[[0, 100]],
    )
    sample_weight: str | None = Field(
        default=None,
        min_length=1,
        description="Column, or HDF5 dataset, of sample weights, which losses and scores use; not an input.",
        examples=["weight"],
    )
    inputs: str | None = Field(
        default=None, description="The HDF5 dataset of the inputs, one row along its first axis.", examples=["/images"]
    )
    targets: str | None = Field(
        default=None, description="The HDF5 dataset of the targets, one row along its first axis.", examples=["/labels"]
    )
    dims: Literal["NCHW", "NHW", "NHWC"] | None = Field(
        default=None,
        description="The axes of the images in an HDF5 file: rows, channels, height, width; as labelled when absent.",
    )
    validation_path: str | None = Field(
        default=None,
        min_length=1,
        description="A file of validation rows, instead of a share of the rows of path.",
        examples=["validation.csv"],
    )
    test_path: str | None = Field(
        default=None,
        min_length=1,
        description="A file of test rows, instead of a share of the rows of path.",
        examples=["test.csv"],
    )
    task: TaskChoice = Field(
        default="auto",
        description="What is predicted: a class, numbers, or labels, of which a row may have any; auto decides from "
        "the target's values.",
    )
    ignore: tuple[str, ...] = Field(default=(), strict=False, description="Columns that are no inputs.")
    delimiter: str | None = Field(
        default=None,
        min_length=1,
        description="The character between the fields of a CSV file; inferred if omitted.",
        examples=[";"],
    )
    encoding: str | None = Field(
        default=None,
        min_length=1,
        description="The encoding of a CSV file; default: UTF-8, or as detected (UTF-16, Windows-1252, Latin-1).",
        examples=["latin-1"],
    )
    header: bool | None = Field(
        default=None,
        description="Whether the first line of a CSV file has the names of the columns; if false, they are column_1, "
        "column_2, ...",
    )
    decimal: Literal[".", ","] | None = Field(
        default=None, description="The decimal separator of the numbers in a text file; inferred if omitted."
    )
    thousands: Literal["", ",", ".", " ", "'"] | None = Field(
        default=None,
        description="The separator of groups of thousands in a text file, empty for none; inferred if omitted.",
    )
    sheet: str | None = Field(
        default=None, description="The sheet of a workbook, the table of an HDF5 file, or the file of a zip archive."
    )
    missing: tuple[str, ...] | None = Field(
        default=None,
        strict=False,
        description="Texts that mean a missing value, in all columns; an empty list for none, so that NA is a "
        "category; default: NA, N/A, NaN, null and ?, and in columns of numbers and times also markers such as -, "
        "unknown and #DIV/0!.",
        examples=[["NA", "-999"]],
    )
    validation: float = Field(
        default=0.15, ge=0, lt=1, allow_inf_nan=False, description="The share of the rows kept for validation."
    )
    test: float = Field(
        default=0.15,
        ge=0,
        lt=1,
        allow_inf_nan=False,
        validate_default=True,
        description="The share of the rows kept for the test.",
    )
    split: Literal["random", "hash", "column", "time"] | None = Field(
        default=None,
        description="How the rows are split: at random; by a hash of split_column, so that rows of one key stay "
        "together, whatever rows come later; by what split_column says; or by the time in split_column, the newest "
        "for the test. When absent: by the hash of split_column, or at random if that is absent too.",
    )
    split_column: str | None = Field(
        default=None,
        min_length=1,
        validate_default=True,
        description="The column, or the HDF5 dataset, by which rows are split.",
        examples=["customer"],
    )
    split_values: dict[str, tuple[str, ...]] | None = Field(
        default=None,
        description="Which values of split_column mean which part, where they are not train, validation and test.",
        examples=[{"train": ["2022", "2023"], "test": ["2024"]}],
    )
    split_input: bool = Field(default=False, description="Whether split_column is an input too.")
    stratify: bool = Field(
        default=True,
        description="Whether every part of a random split has the classes in the proportions of the whole.",
    )
    one_hot_limit: int = Field(
        default=32,
        ge=0,
        description="The most categories a column may have to be encoded as one input for each category.",
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
        description="The runs of a cross-validation: in each, another fold of the rows is the test part.",
    )
    fold: int | None = Field(
        default=None, ge=1, description="The one fold to run, from 1; all, in folders of their own, when absent."
    )
    memory: str | None = Field(
        default=None,
        examples=["512MB"],
        description="Memory limit of a run, such as '512MB', at least '300MB'; half of what is free when absent.",
        json_schema_extra={"pattern": SIZE_PATTERN},
    )
    stream: bool | None = Field(
        default=None,
        description="Whether the rows are read from the disk in each epoch; if absent, whether memory is too small.",
    )
    cache: str | None = Field(
        default=None,
        min_length=1,
        description="The folder of the encoded rows that are read from the disk; $NNTRAIN_CACHE, or that of the user's "
        "caches, when absent.",
    )
    columns: dict[str, ColumnConfig] = Field(
        default_factory=dict, description="Columns whose type or encoding is not left to sniffing."
    )

    @field_validator("target", mode="before")
    @classmethod
    def _validate_target(cls, target: Any) -> Any:
        several = isinstance(target, list | tuple) and len(target) > 0 and all(isinstance(one, str) for one in target)
        if target is not None and not isinstance(target, str) and not several:
            raise PydanticCustomError("text_or_texts", "expected a text in quotes, or a list of them")
        return tuple(target) if several else target

    @field_validator("split_values", mode="before")
    @classmethod
    def _validate_split_values(cls, values: Any, info: ValidationInfo) -> Any:
        if values is None:
            return None
        if info.data.get("split") != "column":
            raise ValueError("expected split = 'column' beside it")
        return parse_split_values(values)

    @field_validator("split_column")
    @classmethod
    def _validate_split_column(cls, column: str | None, info: ValidationInfo) -> str | None:
        split = info.data.get("split")
        if split not in (None, "random") and column is None:
            raise ValueError(f"missing: split = '{split}' needs the column by which rows are split")
        if split == "random" and column is not None:
            raise ValueError("expected split = 'hash', 'column' or 'time' beside it, got 'random'")
        return column

    @field_validator("folds")
    @classmethod
    def _validate_folds(cls, folds: int | None, info: ValidationInfo) -> int | None:
        if folds is not None and info.data.get("split_column") is not None:
            raise ValueError("does not go with 'split_column': folds are drawn at random; leave one of the two out")
        return folds

    @field_validator("fold")
    @classmethod
    def _validate_fold(cls, fold: int | None, info: ValidationInfo) -> int | None:
        folds = info.data.get("folds")
        if fold is not None and folds is not None and fold > folds:
            raise ValueError(f"expected one of the {folds} folds, got {fold}")
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
