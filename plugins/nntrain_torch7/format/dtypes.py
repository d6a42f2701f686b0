"""The element types by the names of Torch7's tensors and storages."""

from typing import Any

import numpy as np

_DTYPES: dict[str, np.dtype[Any]] = {
    "Double": np.dtype(np.float64),
    "Float": np.dtype(np.float32),
    "Half": np.dtype(np.float16),
    "Long": np.dtype(np.int64),
    "Int": np.dtype(np.int32),
    "Short": np.dtype(np.int16),
    "Char": np.dtype(np.int8),
    "Byte": np.dtype(np.uint8),
}

DTYPE_NAMES = {dtype: name for name, dtype in _DTYPES.items()}

# Cuda types are written like their CPU counterparts; plain Cuda is float32.
_PREFIXED = _DTYPES | {f"Cuda{name}": dtype for name, dtype in _DTYPES.items()} | {"Cuda": _DTYPES["Float"]}

TENSOR_DTYPES = {f"torch.{name}Tensor": dtype for name, dtype in _PREFIXED.items()}
STORAGE_DTYPES = {f"torch.{name}Storage": dtype for name, dtype in _PREFIXED.items()}
