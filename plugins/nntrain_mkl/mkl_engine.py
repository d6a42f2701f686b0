"""Matrix products by Intel's MKL, called through ctypes."""

import ctypes
import weakref
from collections.abc import Callable
from functools import cache, partial
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any, NamedTuple

from nntrain.compute.array import Array
from nntrain.compute.product_engine import ProductEngine

# Constants of mkl_cblas.h, mkl_service.h and mkl_types.h.
ROW_MAJOR, NOT_TRANSPOSED, TRANSPOSED = 101, 111, 112
SEQUENTIAL_THREADING, REPRODUCIBLE_BRANCH = 1, 2

# The functions of one product and of a stack of them, and the C type of a number.
FUNCTIONS = {
    "f4": ("cblas_sgemm", "cblas_sgemm_batch_strided", ctypes.c_float),
    "f8": ("cblas_dgemm", "cblas_dgemm_batch_strided", ctypes.c_double),
}

# Sizes are integers of 32 bits.
MAX_SIZE = 2**31 - 1

Call = Callable[[], object]


class Operand(NamedTuple):
    """Matrices in memory, with the elements between rows, or between columns if transposed, and between matrices."""

    pointer: ctypes.c_void_p
    leading_size: ctypes.c_int
    stack_size: ctypes.c_int
    is_transposed: bool


class MKLEngine(ProductEngine):
    """MKL with one thread in each call. Its results do not depend on the addresses of arrays.

    A call with arrays that were multiplied before costs as much as NumPy's, because its arguments are kept as long as
    the arrays. Source: Developer Reference for Intel oneMKL for C, cblas_?gemm and cblas_?gemm_batch_strided.
    """

    name = "mkl"

    def __init__(self) -> None:
        path = find_library()
        assert path is not None, "the constructor is called only if find_version finds the library"
        self._library = ctypes.CDLL(str(path))
        self._library.MKL_Set_Threading_Layer(SEQUENTIAL_THREADING)
        # Otherwise the last bits would depend on the alignment of arrays, and resumed runs would not be exact.
        self._library.MKL_CBWR_Set(REPRODUCIBLE_BRANCH)
        self._calls: dict[Any, tuple[Call, list[weakref.ref[Array]]]] = {}

    @classmethod
    def find_version(cls) -> str | None:
        return None if find_library() is None else distribution("mkl").version

    def multiply(
        self,
        a: Array,
        b: Array,
        out: Array,
        transpose_a: bool = False,
        transpose_b: bool = False,
        scale: float = 1.0,
        add: bool = False,
    ) -> bool:
        # An entry is deleted with any of its arrays, so the same id is the same array.
        key = id(a), id(b), id(out), transpose_a, transpose_b, scale, add
        known = self._calls.get(key)
        if known is not None:
            known[0]()
            return True
        call = self._prepare(a, b, out, transpose_a, transpose_b, scale, add)
        if call is None:
            return False
        calls = self._calls

        def forget(_: object) -> None:
            calls.pop(key, None)

        calls[key] = call, [weakref.ref(array, forget) for array in (a, b, out)]
        call()
        return True

    def _prepare(
        self, a: Array, b: Array, out: Array, transpose_a: bool, transpose_b: bool, scale: float, add: bool
    ) -> Call | None:
        """Return the call with all of its arguments; None if it is not supported."""
        functions = FUNCTIONS.get(out.dtype.str[1:])
        stacked = [axis - out.ndim for axis, length in enumerate(out.shape[:-2]) if length > 1]
        if functions is None or not a.dtype == b.dtype == out.dtype or out.size == 0 or len(stacked) > 1:
            return None
        axis = stacked[0] if stacked else None
        first, second, result = (find_operand(array, axis) for array in (a, b, out))
        if first is None or second is None or result is None or result.is_transposed:
            return None
        if axis is not None and result.stack_size.value < out.shape[-2] * result.leading_size.value:
            return None  # MKL refuses results whose rows are interleaved
        one, many, number = functions
        transposed = [
            TRANSPOSED if operand.is_transposed != asked else NOT_TRANSPOSED
            for operand, asked in ((first, transpose_a), (second, transpose_b))
        ]
        sizes = *out.shape[-2:], a.shape[-2 if transpose_a else -1]
        factors = number(scale), number(1 if add else 0)
        beginning = [ctypes.c_int(value) for value in (ROW_MAJOR, *transposed, *sizes)]
        if axis is None:
            x, y, z = (matrix[:2] for matrix in (first, second, result))
            return partial(getattr(self._library, one), *beginning, factors[0], *x, *y, factors[1], *z)
        x, y, z = (matrix[:3] for matrix in (first, second, result))
        count = ctypes.c_int(out.shape[axis])
        return partial(getattr(self._library, many), *beginning, factors[0], *x, *y, factors[1], *z, count)


def find_operand(array: Array, axis: int | None) -> Operand | None:
    """Return how matrices, stacked along an axis, are stored; None if BLAS cannot read them."""
    if not array.flags.aligned or not array.dtype.isnative:
        return None
    rows, columns = array.shape[-2:]
    (between_rows, rest), (between_columns, other_rest) = (divmod(size, array.itemsize) for size in array.strides[-2:])
    is_stacked = axis is not None and array.ndim >= -axis and array.shape[axis] > 1
    stack_size, stack_rest = divmod(array.strides[axis], array.itemsize) if axis is not None and is_stacked else (0, 0)
    is_transposed = between_columns != 1
    leading, least = (between_columns, rows) if is_transposed else (between_rows, columns)
    if (
        rest
        or other_rest
        or stack_rest
        or (is_transposed and between_rows != 1)
        or not max(rows, columns, least) <= MAX_SIZE
        or not least <= leading <= MAX_SIZE
        or not 0 <= stack_size <= MAX_SIZE
    ):
        return None
    pointer = ctypes.c_void_p(array.ctypes.data)
    return Operand(pointer, ctypes.c_int(leading), ctypes.c_int(stack_size), is_transposed)


@cache
def find_library() -> Path | None:
    """Return the path of the library in the installed distribution ``mkl``; None if there is none."""
    try:
        files = distribution("mkl").files or []
    except PackageNotFoundError:
        return None
    names = "libmkl_rt.so", "libmkl_rt.dylib", "mkl_rt."
    found = (Path(str(file.locate())) for file in files if file.name.startswith(names) and file.suffix != ".lib")
    return next((path for path in found if path.is_file()), None)
