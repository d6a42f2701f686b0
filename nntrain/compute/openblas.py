"""The OpenBLAS of NumPy's wheels: its threads and kernels."""

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np


@cache
def find_openblas() -> Any:
    """Return threadpoolctl's controller of the library; None if NumPy uses another BLAS."""
    from threadpoolctl import ThreadpoolController

    folders = Path(np.__file__).parent, Path(np.__file__).parents[1] / "numpy.libs"
    found = ThreadpoolController().select(internal_api="openblas")
    paths = [library.filepath for library in found.lib_controllers]
    own = [path for path in paths if any(Path(path).is_relative_to(folder) for folder in folders)]
    return found.select(filepath=own[:1]) if own else None


def get_kernels() -> str:
    """Return OpenBLAS's name of the processor whose kernels it uses; "" if unknown."""
    blas = find_openblas()
    return "" if blas is None else blas.lib_controllers[0].architecture or ""
