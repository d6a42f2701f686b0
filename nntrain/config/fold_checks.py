"""Keys of ``[train]`` that need or exclude folds: ``quality = "best"`` and ``refit``."""

from collections.abc import Iterator
from typing import Any

from nntrain.config.data_config import find_fold_conflict
from nntrain.config.positions import ConfigProblem

# The number of networks whose average is the best quality.
BEST_FOLDS = 5


def find_refit_problems(tree: dict[str, Any]) -> Iterator[ConfigProblem]:
    """Yield the key that leaves no single validation set to refit on."""
    train, data = tree.get("train"), tree.get("data")
    if not (isinstance(train, dict) and isinstance(data, dict) and train.get("refit") is True):
        return
    for key in ("folds", "validation_folds", "train_on_validation"):
        if data.get(key):
            other = "quality 'best'" if key == "validation_folds" and train.get("quality") == "best" else f"data.{key}"
            yield ("train", "refit"), f"conflicts with {other}; remove one of the two"


def add_quality_folds(tree: dict[str, Any]) -> Iterator[ConfigProblem]:
    """Set ``data.validation_folds`` if the quality requires folds and it is missing; yield the key that prevents it."""
    train, data = tree.get("train"), tree.get("data")
    if not (isinstance(train, dict) and isinstance(data, dict) and train.get("quality") == "best"):
        return
    if data.get("validation_folds") is not None:
        return
    key = find_fold_conflict(data)
    if key is None:
        data["validation_folds"] = BEST_FOLDS
    else:
        yield (
            ("train", "quality"),
            f"'best' needs random validation folds, but data.{key} decides the validation rows; use 'good', or remove "
            f"data.{key}",
        )
