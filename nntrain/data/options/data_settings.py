"""The settings of ``[data]`` that a config and a run share."""

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass
from typing import Literal

from nntrain.data.columns.scaled_column import NumberScaling
from nntrain.data.columns.text_column import MAX_TEXT_FEATURES
from nntrain.data.dims import Dims
from nntrain.data.options.setting import define_setting
from nntrain.data.targets.target import TaskChoice


@dataclass(frozen=True)
class DataSettings:
    """The files, the target, the splits and the encoding of the rows."""

    path: str = define_setting("Data file: CSV, Parquet, JSON or HDF5.", MISSING, min_length=1)
    target: str | tuple[str, ...] | None = define_setting(
        "Column to predict, or several: all numeric, or all with two values; default: the last column."
    )
    label_separator: str | None = define_setting(
        "Separator between labels in a target cell; each label is predicted separately.", min_length=1, examples=["|"]
    )
    positive: str | dict[str, str] | None = define_setting(
        "Positive class of a target with two classes, or the value of a label column that marks a row with the "
        "label: one value, or a TOML table of values by column; default: the second of the two in order.",
        examples=["yes"],
    )
    target_transform: Literal["auto", "none", "log"] | dict[str, Literal["none", "log"]] = define_setting(
        "Scale on which numeric targets are learned: unchanged (none) or logarithmic (log); or a TOML table by "
        "column. auto uses log for positive, skewed numbers whose logarithms are clearly more symmetric.",
        "auto",
        examples=["log"],
    )
    target_range: Literal["auto", "training", "sign", "none"] | tuple[float, float] = define_setting(
        "Range to which predicted numbers are clipped: that of the training rows (training); their sign, if all have "
        "the same (sign); no limit (none); or [low, high]. auto is sign if split is time, else training.",
        "auto",
        examples=[[0, 100]],
    )
    sample_weight: str | None = define_setting(
        "Column, or HDF5 dataset, of sample weights, which losses and scores use; not an input.",
        min_length=1,
        examples=["weight"],
    )
    inputs: str | None = define_setting(
        "HDF5 dataset of the inputs, one row per index of its first axis.", examples=["/images"]
    )
    targets: str | None = define_setting(
        "HDF5 dataset of the targets, one row per index of its first axis.", examples=["/labels"]
    )
    dims: Dims | None = define_setting(
        "Axes of the images in an HDF5 file: N rows, C channels, H height, W width; default: as labeled."
    )
    validation_path: str | None = define_setting(
        "File of validation rows, instead of a fraction of the rows of path.", min_length=1, examples=["validation.csv"]
    )
    test_path: str | None = define_setting(
        "File of test rows, instead of a fraction of the rows of path.", min_length=1, examples=["test.csv"]
    )
    task: TaskChoice = define_setting(
        "Task: classification predicts one class, multilabel any number of labels, regression numbers; auto chooses "
        "from the values of the target.",
        "auto",
    )
    ignore: tuple[str, ...] = define_setting("Columns to exclude from the inputs.", (), strict=False)
    validation: float = define_setting(
        "Fraction of the rows held out for validation.", 0.15, ge=0, lt=1, allow_inf_nan=False
    )
    test: float = define_setting(
        "Fraction of the rows held out for the test set.", 0.15, ge=0, lt=1, allow_inf_nan=False, validate_default=True
    )
    split: Literal["random", "hash", "column", "time"] | None = define_setting(
        "How to split the rows: at random; by a hash of split_column, which keeps rows with one key together, even "
        "when rows are added later; by the values of split_column (column); or by the time in split_column, with the "
        "newest rows as the test set. Default: hash if split_column is set, else random."
    )
    split_column: str | None = define_setting(
        "Column, or HDF5 dataset, by which rows are split.", min_length=1, validate_default=True, examples=["customer"]
    )
    split_values: Mapping[str, Sequence[str]] | None = define_setting(
        "Values of split_column for each set, if they are not train, validation and test.",
        examples=[{"train": ["2022", "2023"], "test": ["2024"]}],
    )
    split_input: bool = define_setting("Whether split_column is also an input.", False)
    stratify: bool = define_setting("Whether a random split keeps the class proportions in every set.", True)
    train_on_validation: bool = define_setting(
        "Whether to train on the validation rows too, without a validation set.", False
    )
    one_hot_limit: int = define_setting(
        "Maximum number of categories of a one-hot encoded column; columns with more are embedded.", 32, ge=0
    )
    number_scaling: NumberScaling = define_setting(
        "Scaling of number columns: (x − mean) / std (standard); (x − median) / (distance of the quartiles), softly "
        "bounded to ±3 (robust); or the rank in the training rows as a normally distributed number (quantile).",
        "robust",
    )
    text_features: int = define_setting(
        "Maximum number of words and word pairs of a free-text column that become inputs.",
        MAX_TEXT_FEATURES,
        ge=1,
        le=1000000,
    )
    folds: int | None = define_setting(
        "Number of cross-validation folds; one run per fold, each with another fold as the test set.", ge=2, le=1000
    )
    fold: int | None = define_setting("Single fold to run, from 1; default: all, each in its own folder.", ge=1)
    validation_folds: int | None = define_setting(
        "Number of folds of the rows outside the test set; one network per fold, each with another fold as the "
        "validation set, and best.h5 is their average.",
        ge=2,
        le=1000,
    )
    validation_fold: int | None = define_setting("Single validation fold to run, from 1; default: all.", ge=1)
    stream: bool | None = define_setting(
        "Whether to stream the rows from disk in each epoch; default: only if they do not fit in memory."
    )
    cache: str | None = define_setting(
        "Folder for encoded rows that are streamed from disk; default: $NNTRAIN_CACHE, or the user's cache folder.",
        min_length=1,
    )
