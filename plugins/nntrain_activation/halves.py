"""The two halves of an array along an axis."""

from nntrain.compute.array import Array


def split_in_half(x: Array, axis: int) -> tuple[Array, Array]:
    """Return both halves of x along ``axis``, as views."""
    before = (slice(None),) * axis
    half = x.shape[axis] // 2
    return x[(*before, slice(half))], x[(*before, slice(half, None))]
