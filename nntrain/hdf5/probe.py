"""Everything that HDF5 is asked of a file by whoever reads it, for a first try."""

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

__all__ = ["probe_file"]

# Axes of an attribute that is read, at most: DIMENSION_LABELS has one.
MAX_ATTRIBUTE_AXES = 1


def probe_file(path: Path, problem: ErrorFactory) -> None:
    """Walk through all objects of a file, and read what is not a plain array of numbers.

    The error for what HDF5 cannot read, and for too many objects or too long names. What a rule refuses is left to
    whoever reads it, if anybody does.
    """
    import h5py

    with translate_errors(problem), h5py.File(path, "r", driver="sec2") as file:
        probe_attributes(file, problem)
        # As whoever reads does, objects are kept open: each takes memory.
        for _, item in [*iterate_objects(file, problem, foreign=True)]:
            probe_attributes(item, problem)
            if isinstance(item, h5py.Dataset):
                probe_dataset(item, problem)


def probe_dataset(dataset: h5py.Dataset, problem: ErrorFactory) -> None:
    """The type and the place of the values, one of them, and all of those that are texts by reference."""
    try:
        check_dataset(dataset, problem, fields=True)
    except NntrainError as error:
        # HDF5 itself, or h5py, failed: everything else is a rule.
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
            what = f"the texts of {dataset.name} need more memory than such a file may take"
            raise problem(f"{what}; the file may be malicious or corrupt") from error


def probe_attributes(item: h5py.Group | h5py.Dataset, problem: ErrorFactory) -> None:
    """All attributes, and the values of those that are numbers or texts."""
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
