"""Everything that HDF5 is asked of a file by whoever reads it, for a first try."""

from __future__ import annotations

from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from nntrain.errors import NntrainError
from nntrain.hdf5.budget import Budget
from nntrain.hdf5.filters import check_chunks, filters_of
from nntrain.hdf5.guard import check_dataset, known, listed, objects, type_of
from nntrain.hdf5.problem import Problem, damaged
from nntrain.hdf5.texts import has_texts, read_rows

if TYPE_CHECKING:
    import h5py

__all__ = ["survey"]

# Axes of an attribute that is read, at most: DIMENSION_LABELS has one.
AXES = 1


def survey(path: Path, problem: Problem) -> None:
    """Walk through all objects of a file, and read what is not a plain array of numbers.

    The error for what HDF5 cannot read, and for too many objects or too long names. What a rule refuses is left to
    whoever reads it, if anybody does.
    """
    import h5py

    with damaged(problem), h5py.File(path, "r", driver="sec2") as file:
        survey_attributes(file, problem)
        # As whoever reads does, objects are kept open: each takes memory.
        for _, item in [*objects(file, problem, foreign=True)]:
            survey_attributes(item, problem)
            if isinstance(item, h5py.Dataset):
                survey_dataset(item, problem)


def survey_dataset(dataset: h5py.Dataset, problem: Problem) -> None:
    """The type and the place of the values, one of them, and all of those that are texts by reference."""
    try:
        check_dataset(dataset, problem, fields=True)
    except NntrainError as error:
        # HDF5 itself, or h5py, failed: everything else is a rule.
        if error.__cause__ is not None:
            raise
        return
    if dataset.chunks is not None:
        check_chunks(dataset, filters_of(dataset), problem)
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


def survey_attributes(item: h5py.Group | h5py.Dataset, problem: Problem) -> None:
    """All attributes, and the values of those that are numbers or texts."""
    import h5py

    budget = Budget.of(item, problem)
    for name, _ in listed(lambda keep: h5py.h5a.iterate(item.id, keep), problem, budget):
        kept = h5py.h5a.open(item.id, name)
        try:
            dtype = type_of(kept, item.name, problem)
        except NntrainError:
            continue
        readable = kept.shape is not None and len(kept.shape) <= AXES and known(dtype)
        if readable and kept.get_storage_size() <= budget.size:
            kept.read(np.empty(kept.shape, dtype))
