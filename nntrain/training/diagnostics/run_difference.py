"""The differences between two runs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any

import numpy as np

from nntrain.checkpoint.layout import Tree
from nntrain.checkpoint.reading import read_checkpoint
from nntrain.compute.array import Array
from nntrain.compute.storage_location import view_storage
from nntrain.config.config import Config
from nntrain.config.old_keys import add_old_values, translate_old_keys
from nntrain.config.toml import read_toml as read_config
from nntrain.errors import format_path
from nntrain.training.run_folder.records import read_scores
from nntrain.training.run_folder.run_folder import RunFolder

# Replaces a value that only the other run has.
MISSING_VALUE = "(absent)"

ValuePair = tuple[Any, ...]


@dataclass(frozen=True)
class RunDifference:
    """``config``, ``data`` and ``versions``: the values of both runs that differ, by name.

    ``scores``: of both runs, by set and name. ``parting``: the first line of ``metrics.jsonl`` that differs.
    ``parameters``: the first array of ``best.h5`` that differs, and the largest difference; None if all are identical.
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


def compare_runs(first: Path, second: Path) -> RunDifference:
    """Compare two run folders. RunError if one is not a run folder."""
    folders = RunFolder(first), RunFolder(second)
    for folder in folders:
        folder.check_run()
    configs = [read_resolved(folder) for folder in folders]
    metadata = [folder.find_metadata() for folder in folders]
    scores = [read_scores(folder.scores) if folder.scores.is_file() else {} for folder in folders]
    best = all(folder.best_network.is_file() for folder in folders)
    return RunDifference(
        runs=(str(first), str(second)),
        config=find_differences(*configs),
        data=find_differences(*(flatten(known.get("data", {})) for known in metadata)),
        versions=find_differences(*(flatten(get_versions(known)) for known in metadata)),
        scores=pair_scores(*scores),
        parting=find_first_difference(*(folder.read_metrics() for folder in folders)),
        best=best,
        parameters=compare_parameters(*(read_checkpoint(folder.best_network) for folder in folders)) if best else None,
    )


def read_resolved(folder: RunFolder) -> dict[str, Any]:
    """Return the resolved config of a run by its complete keys, with the defaults of newer keys."""
    return flatten(add_defaults(add_old_values(translate_old_keys(read_config(folder.config)[0]))))


def add_defaults(tree: Mapping[str, Any]) -> dict[str, Any]:
    """Return a config tree with the defaults of keys that are newer than its run."""
    sections = {
        name: field.annotation for name, field in Config.model_fields.items() if name in ("data", "model", "train")
    }
    return {
        name: {**get_defaults(sections[name]), **table} if name in sections else table for name, table in tree.items()
    }


def get_defaults(section: Any) -> dict[str, Any]:
    """Return the keys of a section whose defaults are single values."""
    defaults = {name: field.default for name, field in section.model_fields.items()}
    return {name: value for name, value in defaults.items() if isinstance(value, str | int | float)}


def get_versions(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """Return the versions and settings of a run."""
    names = ("nntrain", "python", "platform", "processor", "libraries", "blas", "products", "threads", "denormals")
    return {name: metadata[name] for name in names if name in metadata}


def flatten(tree: Mapping[str, Any]) -> dict[str, Any]:
    """Return the leaves of nested tables by their complete keys; a list is one value unless it contains tables."""
    return {format_path(path): value for path, value in iterate_leaves(tree, ())}


def iterate_leaves(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Yield the values below a table, each with its path."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from iterate_leaves(item, (*path, key))
    elif isinstance(value, list) and any(isinstance(item, Mapping) for item in value):
        for index, item in enumerate(value):
            yield from iterate_leaves(item, (*path, index))
    else:
        yield path, value


def find_differences(*trees: Mapping[str, Any], missing: str = MISSING_VALUE) -> dict[str, tuple[Any, ...]]:
    """Return the values of every key that differs between any trees, in the order of the first."""
    values = {key: tuple(tree.get(key, missing) for tree in trees) for key in dict.fromkeys(chain(*trees))}
    return {key: found for key, found in values.items() if not all(is_equal(found[0], value) for value in found[1:])}


def is_equal(a: Any, b: Any) -> bool:
    """Whether values are equal; NaN, which is not equal to itself, equals NaN here."""
    return bool(a == b or (a != a and b != b))


def pair_scores(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, dict[str, ValuePair]]:
    """Return the scores of both runs, by set."""
    splits = [name for name in dict.fromkeys([*first, *second]) if name != "epoch"]
    tables = {split: (flatten(first.get(split, {})), flatten(second.get(split, {}))) for split in splits}
    return {
        split: {name: (one.get(name), other.get(name)) for name in dict.fromkeys([*one, *other])}
        for split, (one, other) in tables.items()
    }


def find_first_difference(first: list[dict[str, Any]], second: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Return the first epoch with different scores, its step and these scores; None if all are equal.

    ``ended``: whether one of the runs does not have this epoch.
    """
    one: dict[str, Any]
    other: dict[str, Any]
    for one, other in zip_longest(first, second, fillvalue={}):
        if values := find_differences(flatten(one), flatten(other)):
            known = one or other
            return {"epoch": known["epoch"], "step": known["step"], "values": values, "ended": not (one and other)}
    return None


def compare_parameters(first: Tree, second: Tree) -> dict[str, Any] | None:
    """Return the first array that differs between the networks, and the largest difference of comparable arrays."""
    ours, theirs = get_arrays(first), get_arrays(second)
    unequal = [name for name in dict.fromkeys([*ours, *theirs]) if not is_identical(ours.get(name), theirs.get(name))]
    if not unequal:
        return None
    shapes = [list(arrays[unequal[0]].shape) if unequal[0] in arrays else None for arrays in (ours, theirs)]
    gaps = {
        name: float(np.abs(ours[name].astype(np.float64) - theirs[name].astype(np.float64)).max(initial=0.0))
        for name in unequal
        if name in ours and name in theirs and ours[name].shape == theirs[name].shape
    }
    largest = max(gaps, key=gaps.__getitem__, default=None)
    return {
        "first": unequal[0],
        "shapes": shapes,
        "arrays": len(unequal),
        "largest": None if largest is None else {"array": largest, "difference": gaps[largest]},
    }


def get_arrays(tree: Tree) -> dict[str, Array]:
    """Return every array of a checkpoint's network by name, without gradients."""
    state = tree["network"]["state"]
    return {
        name: view_storage(state["blocks"][block].reshape(-1), offset, tuple(shape), tuple(strides))
        for name, (block, offset, shape, strides) in state["views"].items()
        if block in state["blocks"]
    }


def is_identical(one: Array | None, other: Array | None) -> bool:
    """Whether two arrays are bit-for-bit identical."""
    if one is None or other is None:
        return False
    return one.shape == other.shape and one.dtype == other.dtype and one.tobytes() == other.tobytes()
