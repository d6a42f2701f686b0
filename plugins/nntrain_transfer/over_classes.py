"""The base of the softmax layers: which axis holds the classes."""

from __future__ import annotations

from nntrain.nn.array import Array
from nntrain.nn.module import Module
from nntrain.nn.softmax import class_axis

__all__ = ["OverClasses"]


class OverClasses(Module):
    """y from all x along the axis of the classes. Abstract: a subclass says how."""

    over_classes = True

    def axis(self, x: Array) -> int:
        """The axis of the classes. ShapeError if x has none or more than four axes."""
        self.require(x, 1, 2, 3, 4, wanted="an input of shape (C,), (N, C), (C, H, W) or (N, C, H, W)")
        return class_axis(x.ndim)
