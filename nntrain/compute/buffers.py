"""Arrays that modules, criterions and optimizers reuse from step to step."""

import math
from typing import Any, Self

import numpy as np

from nntrain.compute.array import EMPTY, Array, Shape
from nntrain.compute.memory_limit import CURRENT_LIMIT
from nntrain.compute.threads import THREAD_STATE


class Buffers:
    """Named buffers: the same name and shape give the same memory. The base of everything that computes.

    While parts of a computation run in several threads, each part has its own buffers, so code that calls ``buffer``
    does not depend on the number of threads.
    """

    _buffers: dict[str, Array]
    _type: str = "float32"

    def __new__(cls, *args: Any, **kwargs: Any) -> Self:
        self = super().__new__(cls, *args, **kwargs)
        self._buffers = {}
        return self

    def buffer(self, name: str, shape: Shape, like: Array, dtype: Any = None) -> Array:
        """Return a buffer of ``dtype`` (default: the type of ``like``, or the element type if that is not float).

        The contents are those of the last use. A smaller shape is a view of the start of the same memory.
        """
        if THREAD_STATE.part_index:
            name = f"{name}/{THREAD_STATE.part_index}"
        if dtype is None and (dtype := like.dtype).kind != "f":
            dtype = np.dtype(self._type)
        kept = self._buffers.get(name)
        if kept is not None and kept.shape == shape and kept.dtype == dtype:
            return kept
        size = math.prod(shape)
        memory = EMPTY if kept is None or kept.base is None else kept.base
        if memory.size < size or memory.dtype != dtype:
            if (limit := CURRENT_LIMIT.get()) is not None:
                limit.reserve(self.label(), name, shape, size * np.dtype(dtype).itemsize, memory.nbytes)
            memory = np.empty(max(size, 1), dtype, like=None if isinstance(like, np.generic) else like)
        self._buffers[name] = memory[:size].reshape(shape)
        return self._buffers[name]

    def label(self) -> str:
        """Return the name in trees and errors, such as ``Linear(4 -> 3)``."""
        return type(self).__name__
