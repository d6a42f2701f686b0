"""``[data]``: the file of rows, its columns, and its parts."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, ValidationInfo, field_validator

from nntrain.config.column_config import ColumnConfig
from nntrain.config.section import Section
from nntrain.data.byte_count import bytes_of


class DataConfig(Section):
    """Where the rows come from. Relative paths are relative to the folder of the config file."""

    path: str = Field(min_length=1, description="The file of rows: CSV, Parquet, JSON or HDF5.")
    target: str | None = Field(default=None, description="The column to predict; the last column when absent.")
    inputs: str | None = Field(
        default=None,
        description="The HDF5 dataset of the inputs, one row along its first axis.",
        examples=["/images"],
    )
    targets: str | None = Field(
        default=None,
        description="The HDF5 dataset of the targets, one row along its first axis.",
        examples=["/labels"],
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
    task: Literal["auto", "classification", "regression"] = Field(
        default="auto", description="What is predicted: a class or a number; auto decides from the target's values."
    )
    ignore: tuple[str, ...] = Field(default=(), strict=False, description="Columns that are no inputs.")
    delimiter: str | None = Field(
        default=None,
        min_length=1,
        description="What stands between the fields of a CSV file; sniffed when absent.",
        examples=[";"],
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
    stratify: bool = Field(
        default=True, description="Whether every part has the classes in the proportions of the whole."
    )
    one_hot_limit: int = Field(
        default=32,
        ge=0,
        description="The most categories a column may have to be encoded as one input for each category.",
    )
    folds: int | None = Field(
        default=None,
        ge=2,
        le=1000,
        description="The runs of a cross-validation: in each, another fold of the rows is the test part.",
    )
    fold: int | None = Field(
        default=None,
        ge=1,
        description="The one fold to run, from 1; all, in folders of their own, when absent.",
    )
    memory: str | None = Field(
        default=None,
        examples=["512MB"],
        description="The memory that a run may take, such as '512MB'; half of what is free when absent.",
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

    @field_validator("fold")
    @classmethod
    def _fold_is_one_of_the_folds(cls, fold: int | None, info: ValidationInfo) -> int | None:
        folds = info.data.get("folds")
        if fold is not None and folds is not None and fold > folds:
            raise ValueError(f"expected one of the {folds} folds, got {fold}")
        return fold

    @field_validator("memory")
    @classmethod
    def _memory_is_a_size(cls, memory: str | None) -> str | None:
        if memory is not None:
            bytes_of(memory)
        return memory

    @field_validator("test")
    @classmethod
    def _rows_are_left_for_training(cls, test: float, info: ValidationInfo) -> float:
        validation = info.data.get("validation", 0.0)
        if validation + test >= 1:
            raise ValueError(f"expected validation + test below 1, got {validation:g} + {test:g}")
        return test
