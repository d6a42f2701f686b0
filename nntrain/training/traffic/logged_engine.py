"""Count the bytes of another library's matrix products."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from nntrain.compute.array import Array
from nntrain.compute.product_engine import PRODUCTS, ProductEngine
from nntrain.training.traffic.memory_span import find_spans
from nntrain.training.traffic.traffic_log import CURRENT_LOG


class LoggedEngine(ProductEngine):
    """Adds the operands and results of an engine's products to the current ``TrafficLog``."""

    def __init__(self, engine: ProductEngine) -> None:
        self.engine = engine

    @classmethod
    def find_version(cls) -> str | None:
        return None

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
        x, y, z = (array.view(np.ndarray) for array in (a, b, out))
        if not self.engine.multiply(x, y, z, transpose_a, transpose_b, scale, add):
            return False
        log = CURRENT_LOG.get()
        if log is not None and log.is_counting:
            log.add(find_spans([a, b, *([out] if add else [])]), find_spans([out]))
        return True


@contextmanager
def log_products() -> Iterator[None]:
    """A context in which the products of the current engine are added to the log."""
    engine = PRODUCTS.engine
    PRODUCTS.engine = None if engine is None else LoggedEngine(engine)
    try:
        yield
    finally:
        PRODUCTS.engine = engine
