"""The labels of a dataset's axes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nntrain.hdf5.guard import type_of
from nntrain.hdf5.problem import Problem, damaged

if TYPE_CHECKING:
    import h5py

__all__ = ["axis_labels"]

NAME = "DIMENSION_LABELS"

# Bytes of a label.
LONGEST = 1024


def axis_labels(dataset: h5py.Dataset, problem: Problem) -> list[str]:
    """A label for each axis, empty where there is none.

    The attribute is read as any other: HDF5's own functions for it believe what it says of itself, and write over
    memory where that is wrong. The error if it is not one text of some letters for each axis.
    Source: HDF5 Dimension Scale Specification.
    """
    import h5py

    with damaged(problem):
        if NAME not in dataset.attrs:
            return [""] * dataset.ndim
        kept = dataset.attrs.get_id(NAME)
        dtype = type_of(kept, f"{dataset.name}: the attribute {NAME}", problem)
        if kept.shape != (dataset.ndim,) or h5py.check_string_dtype(dtype) is None:
            raise problem(
                f"{dataset.name}: the attribute {NAME} has the shape {kept.shape} and type {dtype}; "
                f"expected a text for each of {dataset.ndim} axes"
            )
        # Texts by reference are as long as the file at most, and there are 32 axes at most.
        if dtype.itemsize > LONGEST:
            raise problem(f"{dataset.name}: the labels in {NAME} are longer than {LONGEST:,} bytes")
        labels = np.empty(kept.shape, dtype)
        kept.read(labels)
        return [bytes(label)[:LONGEST].decode(errors="replace") for label in labels.tolist()]
