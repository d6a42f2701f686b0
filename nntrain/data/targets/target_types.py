"""Targets by name: a checkpoint's type is looked up here, never imported."""

from collections.abc import Sequence
from functools import partial

from nntrain.data.fitted import restore_fitted
from nntrain.data.options.data_options import DataOptions
from nntrain.data.tables.raw_column import ValueStream
from nntrain.data.targets.class_target import ClassTarget
from nntrain.data.targets.flag_target import FlagTarget
from nntrain.data.targets.list_target import ListTarget
from nntrain.data.targets.number_target import NumberTarget
from nntrain.data.targets.target import Target, TaskType, get_each
from nntrain.errors import DataError

TARGET_TYPES: tuple[type[Target], ...] = (ClassTarget, FlagTarget, ListTarget, NumberTarget)
restore_target = partial(restore_fitted, TARGET_TYPES)


def fit_target(raws: Sequence[ValueStream], task: TaskType, options: DataOptions) -> Target:
    """Fit the target for ``task`` on the training rows of its columns. DataError for options of another task."""
    if options.positive is not None and (task == "regression" or options.label_separator is not None):
        got = "numbers" if task == "regression" else "lists of labels"
        raise DataError(f"data.positive: expected a target with two classes, got {got}; remove it")
    if task == "regression":
        return NumberTarget.fit(*raws, options=options)
    if options.target_transform not in ("auto", "none"):
        raise DataError(f"data.target_transform: expected numbers to predict, got a {task} target; remove it")
    positive = get_each("data.positive", options.positive, [raw.name for raw in raws], None)
    if task == "classification":
        return ClassTarget.fit(raws[0], positive[0])
    if options.label_separator is None:
        return FlagTarget.fit(*raws, positive=positive)
    return ListTarget.fit(raws[0], options.label_separator)
