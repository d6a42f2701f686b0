"""y = x in another element type."""

from typing import Any

import numpy as np

from nntrain.compute.array import Array, is_array
from nntrain.nn.component import TensorCache
from nntrain.nn.module import Module


class Copy(Module):
    """y = x converted to out_type;  dx = dy converted to in_type.

    Shapes:
        any x → y of the same shape
    The types are NumPy's names; None is the type of the module. If both types are equal, nothing is copied: y is x
    and dx is dy, except with force_copy. With dont_cast, the type of the module stays when that of the network changes.
    Errors: ArgumentError for an unknown type.
    Source: torch/nn, Copy.lua.
    """

    passes_memory = True

    def __init__(
        self,
        in_type: str | None = None,
        out_type: str | None = None,
        force_copy: bool = False,
        dont_cast: bool = False,
    ) -> None:
        for name in (in_type, out_type):
            try:
                np.dtype(name)
            except TypeError as error:
                raise self.argument_error(f"expected a type such as 'float32', got {name!r}") from error
        self.in_type = in_type
        self.out_type = out_type
        self.force_copy = force_copy
        self.dont_cast = dont_cast

    def type(self, name: Any = None, tensor_cache: TensorCache | None = None) -> Any:
        return self if name is not None and self.dont_cast else super().type(name, tensor_cache)

    def update_output(self, x: Array) -> Array:
        if not is_array(x):
            raise self.shape_error("an array", x)
        self.output = y = self._cast("output", x, self.out_type)
        return y

    def update_grad_input(self, x: Array, dy: Array) -> Array:
        self.grad_input = dx = self._cast("grad_input", dy, self.in_type)
        return dx

    def _cast(self, name: str, array: Array, element: str | None) -> Array:
        """Return the array in that type, in memory ``name``."""
        if not self.force_copy and np.dtype(self.in_type or self._type) == np.dtype(self.out_type or self._type):
            return array
        copy = self.buffer(name, array.shape, like=array, dtype=np.dtype(element or self._type))
        np.copyto(copy, array, casting="unsafe")
        return copy
