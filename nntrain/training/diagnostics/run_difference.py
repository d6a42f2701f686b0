"""In what two runs differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

import numpy as np

from nntrain.checkpoint.layout import Tree
from nntrain.checkpoint.reading import read_checkpoint
from nntrain.compute.array import Array
from nntrain.compute.storage_location import view_storage
from nntrain.config.old_keys import translate_old_keys
from nntrain.config.toml import read_toml as read_config
from nntrain.errors import format_path
from nntrain.training.run_folder.records import read_scores
from nntrain.training.run_folder.run_folder import RunFolder

__all__ = ["RunDifference", "compare_runs"]

# What stands for a value that only the other run has.
MISSING_VALUE = "(absent)"

ValuePair = tuple[Any, Any]


@dataclass(frozen=True)
class RunDifference:
    """``config``, ``data`` and ``versions``: the values of both runs where they differ, by name.

    ``scores``: of both runs, by part and name. ``parting``: the first line of ``metrics.jsonl`` that differs.
    ``parameters``: the first array of ``best.h5`` that differs, and the largest difference; None if all bits are equal.
    ``best``: whether both runs have a ``best.h5``.
    """

    runs: tuple[str, str]
    config: dict[str, ValuePair]
    data: dict[str, ValuePair]
    versions: dict[str, ValuePair]
    scores: dict[str, dict[str, ValuePair]]
    parting: dict[str, Any] | None
    best: bool
    parameters: dict[str, Any] | None

    def to_dict(self) -> dict[str, Any]:
        """The same as JSON values."""
        return asdict(self)


def compare_runs(first: Path, second: Path) -> RunDifference:
    """Compare two run folders. RunError if one is none."""
    folders = RunFolder(first), RunFolder(second)
    for folder in folders:
        folder.check_run()
    configs = [flatten(translate_old_keys(read_config(folder.config)[0])) for folder in folders]
    abouts = [folder.read_metadata() if folder.metadata.is_file() else {} for folder in folders]
    scores = [read_scores(folder.scores) if folder.scores.is_file() else {} for folder in folders]
    best = all(folder.best_network.is_file() for folder in folders)
    return RunDifference(
        runs=(str(first), str(second)),
        config=find_differences(*configs),
        data=find_differences(*(flatten(about.get("data", {})) for about in abouts)),
        versions=find_differences(*(flatten(get_versions(about)) for about in abouts)),
        scores=pair_scores(*scores),
        parting=find_first_difference(*(folder.read_metrics() for folder in folders)),
        best=best,
        parameters=compare_parameters(*(read_checkpoint(folder.best_network) for folder in folders)) if best else None,
    )


def get_versions(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """What a run was computed with."""
    names = ("nntrain", "python", "platform", "libraries", "blas", "threads", "denormals")
    return {name: metadata[name] for name in names if name in metadata}


def flatten(tree: Mapping[str, Any]) -> dict[str, Any]:
    """The leaves of nested tables by their whole keys; a list counts as one value unless it holds tables."""
    return {format_path(path): value for path, value in iterate_leaves(tree, ())}


def iterate_leaves(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """The values below a table, each with its path."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from iterate_leaves(item, (*path, key))
    elif isinstance(value, list) and any(isinstance(item, Mapping) for item in value):
        for index, item in enumerate(value):
            yield from iterate_leaves(item, (*path, index))
    else:
        yield path, value


def find_differences(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, ValuePair]:
    """Both values of every key whose values differ, in the order of the first."""
    keys = dict.fromkeys([*first, *second])
    pairs = {key: (first.get(key, MISSING_VALUE), second.get(key, MISSING_VALUE)) for key in keys}
    return {key: pair for key, pair in pairs.items() if not is_equal(*pair)}


def is_equal(one: Any, other: Any) -> bool:
    """Whether two values are equal; what is no number is equal to itself here."""
    return one == other or (one != one and other != other)


def pair_scores(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, dict[str, ValuePair]]:
    """The scores of both, by part of the data."""
    parts = [name for name in dict.fromkeys([*first, *second]) if name != "epoch"]
    tables = {part: (flatten(first.get(part, {})), flatten(second.get(part, {}))) for part in parts}
    return {
        part: {name: (one.get(name), other.get(name)) for name in dict.fromkeys([*one, *other])}
        for part, (one, other) in tables.items()
    }


def find_first_difference(first: list[dict[str, Any]], second: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The first epoch whose scores differ, with its step and the scores that do; None if all are the same.

    ``ended``: whether one of them has no such epoch.
    """
    one: dict[str, Any]
    other: dict[str, Any]
    for one, other in zip_longest(first, second, fillvalue={}):
        if values := find_differences(flatten(one), flatten(other)):
            known = one or other
            return {"epoch": known["epoch"], "step": known["step"], "values": values, "ended": not (one and other)}
    return None


def compare_parameters(first: Tree, second: Tree) -> dict[str, Any] | None:
    """The first array that is not the same in both networks, and the largest difference of all that can be compared."""
    ours, theirs = get_arrays(first), get_arrays(second)
    unequal = [name for name in dict.fromkeys([*ours, *theirs]) if not is_identical(ours.get(name), theirs.get(name))]
    if not unequal:
        return None
    shapes = [list(arrays[unequal[0]].shape) if unequal[0] in arrays else None for arrays in (ours, theirs)]
    comparable = [
        name for name in unequal if name in ours and name in theirs and ours[name].shape == theirs[name].shape
    ]
    gaps = {name: compute_max_difference(ours[name], theirs[name]) for name in comparable}
    largest = max(gaps, key=gaps.__getitem__, default=None)
    return {
        "first": unequal[0],
        "shapes": shapes,
        "arrays": len(unequal),
        "largest": None if largest is None else {"array": largest, "difference": gaps[largest]},
    }


def get_arrays(tree: Tree) -> dict[str, Array]:
    """Every array of a checkpoint's network by name, gradients left out."""
    state = tree["network"]["state"]
    return {
        name: view_storage(state["blocks"][block].reshape(-1), offset, tuple(shape), tuple(strides))
        for name, (block, offset, shape, strides) in state["views"].items()
        if block in state["blocks"]
    }


def is_identical(one: Array | None, other: Array | None) -> bool:
    """Whether two arrays are the same to the last bit, of whatever type."""
    if one is None or other is None:
        return False
    return one.shape == other.shape and one.dtype == other.dtype and one.tobytes() == other.tobytes()


def compute_max_difference(one: Array, other: Array) -> float:
    """The largest difference of two elements."""
    return float(np.abs(one.astype(np.float64) - other.astype(np.float64)).max(initial=0.0))
