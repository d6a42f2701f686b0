"""An array as a list of its slices."""

from typing import Any

from nntrain.compute.array import Array


def split_axis(x: Array, axis: int) -> list[Array]:
    """Return x at every index of ``axis``, without that axis, as views."""
    before: tuple[Any, ...] = (slice(None),) * axis
    return [x[(*before, index, ...)] for index in range(x.shape[axis])]
