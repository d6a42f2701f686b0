"""The padding and resampling layers."""

# ruff: noqa: F401 (the hooks return the imported classes)

from nntrain.hooks import find_imported_classes, hookimpl
from nntrain.nn.module import Module
from nntrain_resampling.pixel_shuffle import PixelShuffle
from nntrain_resampling.spatial_reflection_padding import SpatialReflectionPadding
from nntrain_resampling.spatial_replication_padding import SpatialReplicationPadding
from nntrain_resampling.spatial_up_sampling_bilinear import SpatialUpSamplingBilinear
from nntrain_resampling.spatial_up_sampling_nearest import SpatialUpSamplingNearest
from nntrain_resampling.spatial_zero_padding import SpatialZeroPadding
from nntrain_resampling.up_sampling import UpSampling
from nntrain_resampling.volumetric_replication_padding import VolumetricReplicationPadding


@hookimpl
def nntrain_modules() -> tuple[type[Module], ...]:
    return find_imported_classes(globals(), Module)
