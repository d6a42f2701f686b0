"""Read a checkpoint back as the tree that was written."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nntrain.checkpoint.digest import DIGEST_THREADS
from nntrain.checkpoint.layout import COMPLETE_MARK, FORMAT, VERSION, Tree
from nntrain.checkpoint.stored_arrays import read_array
from nntrain.errors import CheckpointError
from nntrain.hdf5.budget import Budget
from nntrain.hdf5.object_checks import check_dataset, iterate_objects, read_attribute
from nntrain.hdf5.opening import ErrorFactory, has_format, open_hdf5_file, translate_errors
from nntrain.specs.nesting import MAX_NESTING, is_too_deep

if TYPE_CHECKING:
    import h5py

__all__ = ["is_checkpoint", "read_checkpoint"]

# What an array or text is told to have changed into.
RESUME_ADVICE = "go on from another checkpoint, or a copy of this one"


def read_checkpoint(path: Path) -> Tree:
    """The tree of a checkpoint.

    CheckpointError if there is none, or it is not whole, damaged, foreign or newer, or might do harm. Memory is taken
    for what is stored in the file, not for what it declares.
    """
    if not path.is_file():
        raise CheckpointError(f"{path}: no such file")

    def problem(what: str) -> CheckpointError:
        return CheckpointError(f"{path}: {what}")

    with open_hdf5_file(path, problem) as file, translate_errors(problem):
        check_format(file, problem)
        found = dict(iterate_objects(file, problem))
        marks = read_checksums(found.pop(f"/{COMPLETE_MARK}", None), problem)
        with ThreadPoolExecutor(DIGEST_THREADS, "checkpoint") as pool:
            return build_tree(file, found, marks, problem, pool)


def is_checkpoint(path: Path) -> bool:
    """Whether a file says that it is a checkpoint, whole or not."""
    return path.is_file() and has_format(path, FORMAT)


def check_format(file: h5py.File, problem: ErrorFactory) -> None:
    """Refuse what was written by something else, or by a later version."""
    if "format" not in file.attrs or read_attribute(file, "format", problem) != FORMAT:
        raise problem("an HDF5 file, but not a checkpoint of nntrain")
    version = read_attribute(file, "version", problem)
    if not isinstance(version, int):
        raise problem(f"format version {version!r} is no whole number")
    if not 1 <= version <= VERSION:
        raise problem(f"format version {version}, readable here up to {VERSION}: update nntrain")


def read_checksums(mark: Any, problem: ErrorFactory) -> dict[str, Any]:
    """The checksums of everything."""
    import h5py

    if not isinstance(mark, h5py.Dataset):
        raise problem(f"not whole: it was not written to its end; {RESUME_ADVICE}")
    check_dataset(mark, problem, filters=False)
    marks = parse_json(mark.name, np.asarray(mark[()]), problem)
    if not isinstance(marks, dict):
        raise problem(f"{mark.name}: expected the checksums, got {type(marks).__name__}")
    return marks


def build_tree(
    file: h5py.File, found: Mapping[str, Any], marks: dict[str, Any], problem: ErrorFactory, pool: Executor
) -> Tree:
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
            if "list" in item.attrs and read_attribute(item, "list", problem):
                lists.append((groups[above], name, place))
        else:
            check_dataset(item, problem, filters=False)
            # Links may give one array many names, and each is read.
            budget.charge(item.id.get_storage_size(), "its arrays, each as often as it has a name,")
            array, digests[place] = read_array(item, pool)
            groups[above][name] = array
            if array.dtype.kind not in "biuf":
                check_digest(place, digests.pop(place)(), marks, problem)
                groups[above][name] = parse_json(place, array, problem)
    for place, digest in digests.items():
        check_digest(place, digest(), marks, problem)
    if marks:
        raise problem(f"{min(marks)}: is not there any more; {RESUME_ADVICE}")
    for above_group, name, place in reversed(lists):
        members = groups[place]
        if set(members) != {str(index) for index in range(len(members))}:
            raise problem(f"{place}: expected the members 0 to {len(members) - 1} of a list, got {sorted(members)[:5]}")
        above_group[name] = [members[str(index)] for index in range(len(members))]
    return root


def check_digest(place: str, digest: dict[str, Any], marks: dict[str, Any], problem: ErrorFactory) -> None:
    """Take away the mark of a dataset, which has to fit."""
    if digest != marks.pop(place, None):
        raise problem(f"{place}: damaged: its checksum does not fit; {RESUME_ADVICE}")


def parse_json(place: str, text: Any, problem: ErrorFactory) -> Any:
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
    if is_too_deep(value):
        raise problem(f"{place}: lists and objects lie more than {MAX_NESTING} deep in each other")
    return value
