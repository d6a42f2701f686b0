"""Read the tree of a checkpoint."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nntrain.checkpoint.layout import COMPLETE_MARK, FORMAT, VERSION, Tree
from nntrain.checkpoint.stored_arrays import DIGEST_THREADS, read_array
from nntrain.errors import CheckpointError
from nntrain.hdf5.budget import Budget
from nntrain.hdf5.error_factory import ErrorFactory, translate_errors
from nntrain.hdf5.object_checks import check_dataset, iterate_objects, read_attribute
from nntrain.hdf5.opening import has_format, open_hdf5_file
from nntrain.specs.nesting import MAX_NESTING, is_too_deep

if TYPE_CHECKING:
    import h5py

# The advice for a corrupt or incomplete checkpoint.
RESUME_ADVICE = "resume from another checkpoint, or from a copy of this one"


def read_checkpoint(path: Path) -> Tree:
    """Read the tree of a checkpoint.

    CheckpointError if it is missing, incomplete, corrupt, foreign, newer or malicious. Memory is allocated for stored
    bytes, not for declared sizes.
    """
    if not path.is_file():
        raise CheckpointError(f"{path}: no such file")

    def problem(message: str) -> CheckpointError:
        return CheckpointError(f"{path}: {message}")

    with open_hdf5_file(path, problem) as file, translate_errors(problem):
        check_format(file, problem)
        found = dict(iterate_objects(file, problem))
        marks = read_checksums(found.pop(f"/{COMPLETE_MARK}", None), problem)
        with ThreadPoolExecutor(DIGEST_THREADS, "checkpoint") as pool:
            return build_tree(file, found, marks, problem, pool)


def is_checkpoint(path: Path) -> bool:
    """Whether a file has the format of a checkpoint, complete or not."""
    return path.is_file() and has_format(path, FORMAT)


def check_format(file: h5py.File, problem: ErrorFactory) -> None:
    """Refuse files of other programs and of later versions."""
    if "format" not in file.attrs or read_attribute(file, "format", problem) != FORMAT:
        raise problem("not a checkpoint of nntrain, but another HDF5 file")
    version = read_attribute(file, "version", problem)
    if not isinstance(version, int):
        raise problem(f"expected an integer format version, got {version!r}")
    if not 1 <= version <= VERSION:
        raise problem(f"expected a format version up to {VERSION}, got {version}; update nntrain")


def read_checksums(mark: Any, problem: ErrorFactory) -> dict[str, Any]:
    """Read all checksums."""
    import h5py

    if not isinstance(mark, h5py.Dataset):
        raise problem(f"incomplete: the write did not finish; {RESUME_ADVICE}")
    check_dataset(mark, problem, filters=False)
    marks = parse_json(mark.name, np.asarray(mark[()]), problem)
    if not isinstance(marks, dict):
        raise problem(f"{mark.name}: expected the checksums, got {type(marks).__name__}")
    return marks


def build_tree(
    file: h5py.File, found: Mapping[str, Any], marks: dict[str, Any], problem: ErrorFactory, pool: Executor
) -> Tree:
    """Build the tree of all groups and datasets, parents first. Checksums are computed while others are read."""
    import h5py

    root: Tree = {}
    groups: dict[str, Any] = {"": root}
    digests: dict[str, Callable[[], Any]] = {}
    lists = []
    budget = Budget.of(file, problem)
    for path, item in found.items():
        parent, _, name = path.rpartition("/")
        if isinstance(item, h5py.Group):
            groups[parent][name] = groups[path] = {}
            if "list" in item.attrs and read_attribute(item, "list", problem):
                lists.append((groups[parent], name, path))
        else:
            check_dataset(item, problem, filters=False)
            # Links may give one array many names, and it is read for each of them.
            budget.charge(item.id.get_storage_size(), "its arrays, once for each name,")
            array, digests[path] = read_array(item, pool)
            groups[parent][name] = array
            if array.dtype.kind not in "biuf":
                check_digest(path, digests.pop(path)(), marks, problem)
                groups[parent][name] = parse_json(path, array, problem)
    for path, digest in digests.items():
        check_digest(path, digest(), marks, problem)
    if marks:
        raise problem(f"{min(marks)}: missing; {RESUME_ADVICE}")
    for parent_group, name, path in reversed(lists):
        members = groups[path]
        if set(members) != {str(index) for index in range(len(members))}:
            raise problem(f"{path}: expected the members 0 to {len(members) - 1} of a list, got {sorted(members)[:5]}")
        parent_group[name] = [members[str(index)] for index in range(len(members))]
    return root


def check_digest(path: str, digest: dict[str, Any], marks: dict[str, Any], problem: ErrorFactory) -> None:
    """Remove the checksum of a dataset, which must match."""
    if digest != marks.pop(path, None):
        raise problem(f"{path}: corrupt: checksum mismatch; {RESUME_ADVICE}")


def parse_json(path: str, text: Any, problem: ErrorFactory) -> Any:
    """Parse the JSON of a string dataset."""
    if text.dtype.kind != "S" or text.shape != ():
        raise problem(f"{path}: expected numbers or a string, got type {text.dtype} of shape {text.shape}")
    try:
        value = json.loads(text[()])
        # A lone surrogate escape is valid JSON but not a character: it could not be written again.
        if b"\\ud" in text[()].lower():
            json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise problem(f"{path}: not JSON: {error}") from error
    if is_too_deep(value):
        raise problem(f"{path}: lists and objects are nested more than {MAX_NESTING} deep")
    return value
