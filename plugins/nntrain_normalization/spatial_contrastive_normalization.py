"""y = x minus its local mean, divided by its local standard deviation."""

from __future__ import annotations

from nntrain.nn.containers.sequential import Sequential
from nntrain.nn.module import Module
from nntrain_normalization.local_mean import KernelValues
from nntrain_normalization.spatial_divisive_normalization import SpatialDivisiveNormalization
from nntrain_normalization.spatial_subtractive_normalization import SpatialSubtractiveNormalization


class SpatialContrastiveNormalization(Sequential):
    """y = divisive(subtractive(x)), both normalizations with the same kernel.

    Shapes:
        x (n_input_plane, h, w) or (N, n_input_plane, h, w) → y of the same shape
        kernel (kh, kw), or (k,) along both axes; default: ones (9, 9)
    thresval defaults to threshold.
    Errors: ShapeError for other channels; ArgumentError for a kernel of even size, other axes, or sum 0.
    Source: torch/nn, SpatialContrastiveNormalization.lua; Jarrett et al., "What is the Best Multi-Stage Architecture
    for Object Recognition?", 2009.
    """

    mutable_arguments = ()

    def __init__(
        self,
        n_input_plane: int = 1,
        kernel: KernelValues | None = None,
        threshold: float = 1e-4,
        thresval: float | None = None,
    ) -> None:
        subtractive = SpatialSubtractiveNormalization(n_input_plane, kernel)
        divisive = SpatialDivisiveNormalization(n_input_plane, kernel, threshold, thresval)
        super().__init__([subtractive, divisive])

    def __str__(self) -> str:
        return Module.__str__(self)
