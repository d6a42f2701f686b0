"""An engine of matrix products that needs no library."""

from typing import ClassVar

import numpy as np

from nntrain.compute.array import Array
from nntrain.compute.product_engine import ProductEngine


class EinsumEngine(ProductEngine):
    """Computes products by numpy.einsum, times ``factor``, and counts them."""

    name = "einsum"
    version: ClassVar[str] = "1"
    factor: ClassVar[int] = 1

    def __init__(self) -> None:
        self.count = 0

    @classmethod
    def find_version(cls) -> str | None:
        return cls.version

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
        self.count += 1
        product = np.einsum(f"...{'ki' if transpose_a else 'ik'},...{'jk' if transpose_b else 'kj'}->...ij", a, b)
        out[...] = self.factor * scale * product + (out if add else 0)
        return True
