"""Open an HDF5 file that may be corrupt or malicious: a sandbox makes every HDF5 call of a reader first."""

from __future__ import annotations

import os
import sys
from collections import deque
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np

from nntrain.errors import NntrainError
from nntrain.hdf5.budget import Budget
from nntrain.hdf5.error_factory import ErrorFactory, translate_errors
from nntrain.hdf5.filters import check_chunks, get_filters
from nntrain.hdf5.object_checks import (
    check_dataset,
    collect_names,
    get_dtype,
    is_supported_dtype,
    iterate_objects,
    read_attribute,
)
from nntrain.hdf5.sandbox import run_sandboxed
from nntrain.hdf5.texts import has_texts, read_rows

if TYPE_CHECKING:
    import h5py


def import_h5py_without_plugins() -> ModuleType:
    """Import h5py so that HDF5 loads no plugin code in this process.

    HDF5 reads the variable when it is initialized; its search folders can be removed at any time.
    """
    if "h5py" not in sys.modules:
        os.environ["HDF5_PLUGIN_PRELOAD"] = "::"
    import h5py

    while h5py.h5pl.size():
        h5py.h5pl.remove(0)
    return h5py


HDF5_SIGNATURE = b"\x89HDF\r\n\x1a\n"

# The second possible offset of the signature; each further one is twice as large.
USER_BLOCK = 512

# Maximum number of attempts to open a file that changes meanwhile, such as a best network that a run replaces.
MAX_TRIES = 3

# Maximum axes of an attribute to read: DIMENSION_LABELS has one.
MAX_ATTRIBUTE_AXES = 1

# The errors of files that were read in a sandbox, by the state of the file at that time.
sandbox_errors: dict[tuple[int, ...], str] = {}


def open_hdf5_file(path: Path, problem: ErrorFactory, cache: int | None = None, *, own: bool = False) -> h5py.File:
    """Open the file for reading, with a chunk cache of ``cache`` bytes.

    HDF5 reads it in a sandbox first, unless nntrain wrote it itself (``own``), such as a file of its cache.
    """
    if path.is_file() and not has_signature(path):
        raise problem("not an HDF5 file, or a corrupt one: missing signature")
    h5py = import_h5py_without_plugins()
    for _ in range(MAX_TRIES):
        with translate_errors(problem):
            state = get_file_state(path.stat())
            if not own:
                if state not in sandbox_errors:
                    sandbox_errors[state] = run_sandboxed(partial(probe_file, path), path.stat().st_size)
                if sandbox_errors[state]:
                    raise problem(sandbox_errors[state])
            file = h5py.File(path, "r", rdcc_nbytes=cache, driver="sec2")
            if get_file_state(os.fstat(file.id.get_vfd_handle())) == state:
                return file
            file.close()
    raise problem("changes while it is opened; try again when it is complete")


def has_format(path: Path, mark: str) -> bool:
    """Whether a file is an HDF5 file with the attribute ``format`` = ``mark``, complete or not."""
    with suppress(NntrainError), open_hdf5_file(path, NntrainError) as file:
        return bool(read_attribute(file, "format", NntrainError) == mark)
    return False


def has_signature(path: Path) -> bool:
    """Whether the signature is at one of the offsets where HDF5 searches it."""
    with open(path, "rb") as file:
        offset, size = 0, os.fstat(file.fileno()).st_size
        while offset < size:
            file.seek(offset)
            if file.read(len(HDF5_SIGNATURE)) == HDF5_SIGNATURE:
                return True
            offset = offset * 2 or USER_BLOCK
    return False


def get_file_state(known: os.stat_result) -> tuple[int, ...]:
    """Return the identity and the state of a file."""
    return known.st_dev, known.st_ino, known.st_size, known.st_mtime_ns, known.st_ctime_ns


def probe_file(path: Path, problem: ErrorFactory) -> None:
    """Open all objects of a file, and read the values that are not plain arrays of numbers.

    The error for everything that HDF5 cannot read, and for too many objects or too long names. Objects that the rules
    forbid are refused later, if they are read at all.
    """
    import h5py

    with translate_errors(problem), h5py.File(path, "r", driver="sec2") as file:
        probe_attributes(file, problem)
        # Objects stay open, as for a reader: each takes memory.
        for _, item in [*iterate_objects(file, problem, foreign=True)]:
            probe_attributes(item, problem)
            if isinstance(item, h5py.Dataset):
                probe_dataset(item, problem)


def probe_dataset(dataset: h5py.Dataset, problem: ErrorFactory) -> None:
    """Read the type and the offset of the values, one value, and all variable-length strings."""
    try:
        check_dataset(dataset, problem, fields=True)
    except NntrainError as error:
        # With a cause, HDF5 or h5py failed; otherwise a rule forbids the object.
        if error.__cause__ is not None:
            raise
        return
    if dataset.chunks is not None:
        check_chunks(dataset, get_filters(dataset), problem)
    if not dataset.size:
        return
    dataset.id.get_offset()
    dataset[(0,) * dataset.ndim]
    if has_texts(dataset.dtype):
        try:
            deque(read_rows(dataset), maxlen=0)
        except OSError as error:
            if "allocation failed" not in str(error):
                raise
            reason = f"the strings of {dataset.name} need more memory than the limit for this file size"
            raise problem(f"{reason}; the file may be malicious or corrupt") from error


def probe_attributes(item: h5py.Group | h5py.Dataset, problem: ErrorFactory) -> None:
    """Open all attributes, and read those with numbers or strings."""
    import h5py

    budget = Budget.of(item, problem)
    for name, _ in collect_names(lambda keep: h5py.h5a.iterate(item.id, keep), problem, budget):
        kept = h5py.h5a.open(item.id, name)
        try:
            dtype = get_dtype(kept, item.name, problem)
        except NntrainError:
            continue
        readable = kept.shape is not None and len(kept.shape) <= MAX_ATTRIBUTE_AXES and is_supported_dtype(dtype)
        if readable and kept.get_storage_size() <= budget.size:
            kept.read(np.empty(kept.shape, dtype))
