"""Libraries that compute matrix products instead of NumPy."""

import math
from abc import ABC, abstractmethod
from typing import ClassVar

from nntrain.compute.array import Array

__all__ = ["ProductEngine"]


class ProductEngine(ABC):
    """Computes matrix products in the thread that calls it, bit-for-bit reproducibly.

    ``name``: its name in ``NNTRAIN_PRODUCTS`` and ``run.json``. The constructor loads the library.
    """

    name: ClassVar[str]

    @classmethod
    @abstractmethod
    def find_version(cls) -> str | None:
        """Return the version of the installed library; None if there is none."""

    @abstractmethod
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
        """out ← scale · a b, or out + scale · a b with ``add``; a and b may be transposed, in their last two axes.

        Shapes are those of ``numpy.matmul``; out does not overlap a or b. Return False, without computing anything, for
        types, shapes or strides that the library does not support.
        """


class ProductSettings:
    """The engine of products from ``min_work`` multiplications on; NumPy computes the others, or all without engine."""

    engine: ProductEngine | None = None
    version: str | None = None
    min_work: float = math.inf


PRODUCTS = ProductSettings()


def use_engine(engine: ProductEngine | None, version: str | None = None, min_work: float = math.inf) -> None:
    """Use an engine in this process for products from ``min_work`` multiplications on; None: NumPy for all."""
    PRODUCTS.engine, PRODUCTS.version = engine, version
    PRODUCTS.min_work = math.inf if engine is None else min_work
