"""The base of the softmax layers: which axis holds the classes."""

from __future__ import annotations

from nntrain.compute.array import Array
from nntrain.nn.functional import get_class_axis
from nntrain.nn.module import Module

__all__ = ["ClassAxisModule"]


class ClassAxisModule(Module):
    """y from all x along the axis of the classes. Abstract: a subclass says how."""

    has_class_axis = True

    def get_class_axis(self, x: Array) -> int:
        """The axis of the classes. ShapeError if x has none or more than four axes."""
        self.require(x, 1, 2, 3, 4, expected="an input of shape (C,), (N, C), (C, H, W) or (N, C, H, W)")
        return get_class_axis(x.ndim)
