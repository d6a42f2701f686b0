"""Make every HDF5 call that a reader of a file needs, as a first try."""

from __future__ import annotations

from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from nntrain.errors import NntrainError
from nntrain.hdf5.budget import Budget
from nntrain.hdf5.error_factory import ErrorFactory, translate_errors
from nntrain.hdf5.filters import check_chunks, get_filters
from nntrain.hdf5.object_checks import check_dataset, collect_names, get_dtype, is_supported_dtype, iterate_objects
from nntrain.hdf5.texts import has_texts, read_rows

if TYPE_CHECKING:
    import h5py

# Maximum axes of an attribute to read: DIMENSION_LABELS has one.
MAX_ATTRIBUTE_AXES = 1


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
