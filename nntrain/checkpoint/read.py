"""Read a checkpoint back as the tree that was written."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nntrain.checkpoint.digest import THREADS
from nntrain.checkpoint.layout import FORMAT, MARK, VERSION, Tree
from nntrain.checkpoint.stored import taken
from nntrain.errors import CheckpointError
from nntrain.hdf5.budget import Budget
from nntrain.hdf5.guard import attribute, check_dataset, objects
from nntrain.hdf5.opened import Problem, damaged, is_marked, opened
from nntrain.nesting import DEEPEST, too_deep

if TYPE_CHECKING:
    import h5py

__all__ = ["is_checkpoint", "read"]

# What an array or text is told to have changed into.
ADVICE = "go on from another checkpoint, or a copy of this one"


def read(path: Path) -> Tree:
    """The tree of a checkpoint.

    CheckpointError if there is none, or it is not whole, damaged, foreign or newer, or might do harm. Memory is taken
    for what is stored in the file, not for what it declares.
    """
    if not path.is_file():
        raise CheckpointError(f"{path}: no such file")

    def problem(what: str) -> CheckpointError:
        return CheckpointError(f"{path}: {what}")

    with opened(path, problem) as file, damaged(problem):
        check(file, problem)
        found = dict(objects(file, problem))
        marks = marks_of(found.pop(f"/{MARK}", None), problem)
        with ThreadPoolExecutor(THREADS, "checkpoint") as pool:
            return tree_of(file, found, marks, problem, pool)


def is_checkpoint(path: Path) -> bool:
    """Whether a file says that it is a checkpoint, whole or not."""
    return path.is_file() and is_marked(path, FORMAT)


def check(file: h5py.File, problem: Problem) -> None:
    """Refuse what was written by something else, or by a later version."""
    if "format" not in file.attrs or attribute(file, "format", problem) != FORMAT:
        raise problem("an HDF5 file, but not a checkpoint of nntrain")
    version = attribute(file, "version", problem)
    if not isinstance(version, int):
        raise problem(f"format version {version!r} is no whole number")
    if not 1 <= version <= VERSION:
        raise problem(f"format version {version}, readable here up to {VERSION}: update nntrain")


def marks_of(mark: Any, problem: Problem) -> dict[str, Any]:
    """The checksums of everything."""
    import h5py

    if not isinstance(mark, h5py.Dataset):
        raise problem(f"not whole: it was not written to its end; {ADVICE}")
    check_dataset(mark, problem, filters=False)
    marks = json_of(mark.name, np.asarray(mark[()]), problem)
    if not isinstance(marks, dict):
        raise problem(f"{mark.name}: expected the checksums, got {type(marks).__name__}")
    return marks


def tree_of(file: h5py.File, found: Mapping[str, Any], marks: dict[str, Any], problem: Problem, pool: Executor) -> Tree:
    """The tree of all groups and datasets, whose parents come before them. Checksums are made while others are read."""
    import h5py

    root: Tree = {}
    groups: dict[str, Any] = {"": root}
    digests: dict[str, Callable[[], Any]] = {}
    lists = []
    budget = Budget.of(file, problem)
    for place, item in found.items():
        above, _, name = place.rpartition("/")
        if isinstance(item, h5py.Group):
            groups[above][name] = groups[place] = {}
            if "list" in item.attrs and attribute(item, "list", problem):
                lists.append((groups[above], name, place))
        else:
            check_dataset(item, problem, filters=False)
            # Links may give one array many names, and each is read.
            budget.charge(item.id.get_storage_size(), "its arrays, each as often as it has a name,")
            array, digests[place] = taken(item, pool)
            groups[above][name] = array
            if array.dtype.kind not in "biuf":
                compare(place, digests.pop(place)(), marks, problem)
                groups[above][name] = json_of(place, array, problem)
    for place, digest in digests.items():
        compare(place, digest(), marks, problem)
    if marks:
        raise problem(f"{min(marks)}: is not there any more; {ADVICE}")
    for above_group, name, place in reversed(lists):
        members = groups[place]
        if set(members) != {str(index) for index in range(len(members))}:
            raise problem(f"{place}: expected the members 0 to {len(members) - 1} of a list, got {sorted(members)[:5]}")
        above_group[name] = [members[str(index)] for index in range(len(members))]
    return root


def compare(place: str, digest: dict[str, Any], marks: dict[str, Any], problem: Problem) -> None:
    """Take away the mark of a dataset, which has to fit."""
    if digest != marks.pop(place, None):
        raise problem(f"{place}: damaged: its checksum does not fit; {ADVICE}")


def json_of(place: str, text: Any, problem: Problem) -> Any:
    """The value of a text."""
    if text.dtype.kind != "S" or text.shape != ():
        raise problem(f"{place}: expected numbers or a text, got type {text.dtype} of shape {text.shape}")
    try:
        value = json.loads(text[()])
        # Half of a pair of escapes is JSON and no character: it could not be written again.
        if b"\\ud" in text[()].lower():
            json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise problem(f"{place}: not JSON: {error}") from error
    if too_deep(value):
        raise problem(f"{place}: lists and objects lie more than {DEEPEST} deep in each other")
    return value
