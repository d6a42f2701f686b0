"""The labels of a dataset's axes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nntrain.hdf5.error_factory import ErrorFactory, translate_errors
from nntrain.hdf5.object_checks import get_dtype

if TYPE_CHECKING:
    import h5py

__all__ = ["read_axis_labels"]

LABELS_ATTRIBUTE = "DIMENSION_LABELS"

# Bytes of a label.
MAX_LABEL_LENGTH = 1024


def read_axis_labels(dataset: h5py.Dataset, problem: ErrorFactory) -> list[str]:
    """A label for each axis, empty where there is none.

    The attribute is read as any other: HDF5's own functions for it believe what it says of itself, and write over
    memory where that is wrong. The error if it is not one text of some letters for each axis.
    Source: HDF5 Dimension Scale Specification.
    """
    import h5py

    with translate_errors(problem):
        if LABELS_ATTRIBUTE not in dataset.attrs:
            return [""] * dataset.ndim
        kept = dataset.attrs.get_id(LABELS_ATTRIBUTE)
        dtype = get_dtype(kept, f"{dataset.name}: the attribute {LABELS_ATTRIBUTE}", problem)
        if kept.shape != (dataset.ndim,) or h5py.check_string_dtype(dtype) is None:
            raise problem(
                f"{dataset.name}: the attribute {LABELS_ATTRIBUTE} has the shape {kept.shape} and type {dtype}; "
                f"expected a text for each of {dataset.ndim} axes"
            )
        # Texts by reference are as long as the file at most, and there are 32 axes at most.
        if dtype.itemsize > MAX_LABEL_LENGTH:
            raise problem(
                f"{dataset.name}: the labels in {LABELS_ATTRIBUTE} are longer than {MAX_LABEL_LENGTH:,} bytes"
            )
        labels = np.empty(kept.shape, dtype)
        kept.read(labels)
        return [bytes(label)[:MAX_LABEL_LENGTH].decode(errors="replace") for label in labels.tolist()]
