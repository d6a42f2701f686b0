"""HDF5 without its plugins: filters, drivers and connectors that it would load from shared libraries."""

from __future__ import annotations

import os
import sys
from types import ModuleType

__all__ = ["without_plugins"]


def without_plugins() -> ModuleType:
    """h5py, whose HDF5 loads no code for as long as the process lives.

    HDF5 reads the variable when it is initialized; the folders in which it searches can be taken away at any time.
    """
    if "h5py" not in sys.modules:
        os.environ["HDF5_PLUGIN_PRELOAD"] = "::"
    import h5py

    while h5py.h5pl.size():
        h5py.h5pl.remove(0)
    return h5py
