"""In what two runs differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

import numpy as np

from nntrain.checkpoint.layout import Tree
from nntrain.checkpoint.read import read
from nntrain.compute.array import Array
from nntrain.compute.storage_location import view_storage
from nntrain.config.read import read as read_config
from nntrain.errors import spell
from nntrain.training.records import read_scores
from nntrain.training.run_folder import RunFolder

__all__ = ["Difference", "difference"]

# What stands for a value that only the other run has.
ABSENT = "(absent)"

Pair = tuple[Any, Any]


@dataclass(frozen=True)
class Difference:
    """``config``, ``data`` and ``versions``: the values of both runs where they differ, by name.

    ``scores``: of both runs, by part and name. ``parting``: the first line of ``metrics.jsonl`` that differs.
    ``parameters``: the first array of ``best.h5`` that differs, and the largest difference; None if all bits are equal.
    ``best``: whether both runs have a ``best.h5``.
    """

    runs: tuple[str, str]
    config: dict[str, Pair]
    data: dict[str, Pair]
    versions: dict[str, Pair]
    scores: dict[str, dict[str, Pair]]
    parting: dict[str, Any] | None
    best: bool
    parameters: dict[str, Any] | None

    def tree(self) -> dict[str, Any]:
        """The same as JSON values."""
        return asdict(self)


def difference(first: Path, second: Path) -> Difference:
    """Compare two run folders. RunError if one is none."""
    folders = RunFolder(first), RunFolder(second)
    for folder in folders:
        folder.check_run()
    configs = [flat(read_config(folder.config)[0]) for folder in folders]
    abouts = [folder.read_about() if folder.about.is_file() else {} for folder in folders]
    scores = [read_scores(folder.scores) if folder.scores.is_file() else {} for folder in folders]
    best = all(folder.best.is_file() for folder in folders)
    return Difference(
        runs=(str(first), str(second)),
        config=differing(*configs),
        data=differing(*(flat(about.get("data", {})) for about in abouts)),
        versions=differing(*(flat(versions(about)) for about in abouts)),
        scores=side_by_side(*scores),
        parting=parting(*(folder.logged() for folder in folders)),
        best=best,
        parameters=parting_of_parameters(*(read(folder.best) for folder in folders)) if best else None,
    )


def versions(about: Mapping[str, Any]) -> dict[str, Any]:
    """What a run was computed with."""
    names = ("nntrain", "python", "platform", "libraries", "blas", "threads", "denormals")
    return {name: about[name] for name in names if name in about}


def flat(tree: Mapping[str, Any]) -> dict[str, Any]:
    """The leaves of nested tables by their whole keys; a list counts as one value unless it holds tables."""
    return {spell(path): value for path, value in leaves(tree, ())}


def leaves(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """The values below a table, each with its path."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from leaves(item, (*path, key))
    elif isinstance(value, list) and any(isinstance(item, Mapping) for item in value):
        for index, item in enumerate(value):
            yield from leaves(item, (*path, index))
    else:
        yield path, value


def differing(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, Pair]:
    """Both values of every key whose values differ, in the order of the first."""
    keys = dict.fromkeys([*first, *second])
    pairs = {key: (first.get(key, ABSENT), second.get(key, ABSENT)) for key in keys}
    return {key: pair for key, pair in pairs.items() if not same(*pair)}


def same(one: Any, other: Any) -> bool:
    """Whether two values are equal; what is no number is equal to itself here."""
    return one == other or (one != one and other != other)


def side_by_side(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, dict[str, Pair]]:
    """The scores of both, by part of the data."""
    parts = [name for name in dict.fromkeys([*first, *second]) if name != "epoch"]
    tables = {part: (flat(first.get(part, {})), flat(second.get(part, {}))) for part in parts}
    return {
        part: {name: (one.get(name), other.get(name)) for name in dict.fromkeys([*one, *other])}
        for part, (one, other) in tables.items()
    }


def parting(first: list[dict[str, Any]], second: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The first epoch whose scores differ, with its step and the scores that do; None if all are the same.

    ``ended``: whether one of them has no such epoch.
    """
    one: dict[str, Any]
    other: dict[str, Any]
    for one, other in zip_longest(first, second, fillvalue={}):
        if values := differing(flat(one), flat(other)):
            known = one or other
            return {"epoch": known["epoch"], "step": known["step"], "values": values, "ended": not (one and other)}
    return None


def parting_of_parameters(first: Tree, second: Tree) -> dict[str, Any] | None:
    """The first array that is not the same in both networks, and the largest difference of all that can be compared."""
    ours, theirs = arrays_of(first), arrays_of(second)
    unequal = [name for name in dict.fromkeys([*ours, *theirs]) if not same_bits(ours.get(name), theirs.get(name))]
    if not unequal:
        return None
    shapes = [list(arrays[unequal[0]].shape) if unequal[0] in arrays else None for arrays in (ours, theirs)]
    comparable = [
        name for name in unequal if name in ours and name in theirs and ours[name].shape == theirs[name].shape
    ]
    gaps = {name: gap(ours[name], theirs[name]) for name in comparable}
    largest = max(gaps, key=gaps.__getitem__, default=None)
    return {
        "first": unequal[0],
        "shapes": shapes,
        "arrays": len(unequal),
        "largest": None if largest is None else {"array": largest, "difference": gaps[largest]},
    }


def arrays_of(tree: Tree) -> dict[str, Array]:
    """Every array of a checkpoint's network by name, gradients left out."""
    state = tree["network"]["state"]
    return {
        name: view_storage(state["blocks"][block].reshape(-1), offset, tuple(shape), tuple(strides))
        for name, (block, offset, shape, strides) in state["views"].items()
        if block in state["blocks"]
    }


def same_bits(one: Array | None, other: Array | None) -> bool:
    """Whether two arrays are the same to the last bit, of whatever type."""
    if one is None or other is None:
        return False
    return one.shape == other.shape and one.dtype == other.dtype and one.tobytes() == other.tobytes()


def gap(one: Array, other: Array) -> float:
    """The largest difference of two elements."""
    return float(np.abs(one.astype(np.float64) - other.astype(np.float64)).max(initial=0.0))
