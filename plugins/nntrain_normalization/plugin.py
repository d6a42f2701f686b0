"""The normalization layers."""

# ruff: noqa: F401 (the hooks return the imported classes)

from nntrain.hooks import find_imported_classes, hookimpl
from nntrain.nn.module import Module
from nntrain_normalization.batch_normalization import BatchNormalization
from nntrain_normalization.layer_normalization import LayerNormalization
from nntrain_normalization.normalize import Normalize
from nntrain_normalization.spatial_batch_normalization import SpatialBatchNormalization
from nntrain_normalization.spatial_contrastive_normalization import SpatialContrastiveNormalization
from nntrain_normalization.spatial_cross_map_lrn import SpatialCrossMapLRN
from nntrain_normalization.spatial_divisive_normalization import SpatialDivisiveNormalization
from nntrain_normalization.spatial_subtractive_normalization import SpatialSubtractiveNormalization
from nntrain_normalization.volumetric_batch_normalization import VolumetricBatchNormalization


@hookimpl
def nntrain_modules() -> tuple[type[Module], ...]:
    return find_imported_classes(globals(), Module)
