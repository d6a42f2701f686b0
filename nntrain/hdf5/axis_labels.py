"""Read the labels of a dataset's axes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nntrain.hdf5.error_factory import ErrorFactory, translate_errors
from nntrain.hdf5.object_checks import get_dtype

if TYPE_CHECKING:
    import h5py

LABELS_ATTRIBUTE = "DIMENSION_LABELS"

# Maximum bytes of a label.
MAX_LABEL_LENGTH = 1024


def read_axis_labels(dataset: h5py.Dataset, problem: ErrorFactory) -> list[str]:
    """Return a label for each axis, empty if there is none.

    It is read like any other attribute: HDF5's functions for labels trust its declared size, and overwrite memory if
    it is wrong. The error if it is not one short string for each axis.
    Source: HDF5 Dimension Scale Specification.
    """
    import h5py

    with translate_errors(problem):
        if LABELS_ATTRIBUTE not in dataset.attrs:
            return [""] * dataset.ndim
        kept, where = dataset.attrs.get_id(LABELS_ATTRIBUTE), f"{dataset.name}: the attribute {LABELS_ATTRIBUTE}"
        dtype = get_dtype(kept, where, problem)
        if kept.shape != (dataset.ndim,) or h5py.check_string_dtype(dtype) is None:
            raise problem(
                f"{where}: expected a string for each of {dataset.ndim} axes, got shape {kept.shape} of type {dtype}"
            )
        # Variable-length strings are at most as long as the file, and there are at most 32 axes.
        if dtype.itemsize > MAX_LABEL_LENGTH:
            raise problem(f"{where}: expected labels of at most {MAX_LABEL_LENGTH:,} bytes, got {dtype.itemsize:,}")
        labels = np.empty(kept.shape, dtype)
        kept.read(labels)
        return [bytes(label)[:MAX_LABEL_LENGTH].decode(errors="replace") for label in labels.tolist()]
