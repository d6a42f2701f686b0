"""The pooling layers."""

from nntrain.hooks import hookimpl
from nntrain.nn.module import Module
from nntrain_pooling.feature_lp_pooling import FeatureLPPooling
from nntrain_pooling.spatial_adaptive_average_pooling import SpatialAdaptiveAveragePooling
from nntrain_pooling.spatial_adaptive_max_pooling import SpatialAdaptiveMaxPooling
from nntrain_pooling.spatial_average_pooling import SpatialAveragePooling
from nntrain_pooling.spatial_dilated_max_pooling import SpatialDilatedMaxPooling
from nntrain_pooling.spatial_fractional_max_pooling import SpatialFractionalMaxPooling
from nntrain_pooling.spatial_lp_pooling import SpatialLPPooling
from nntrain_pooling.spatial_max_pooling import SpatialMaxPooling
from nntrain_pooling.spatial_max_unpooling import SpatialMaxUnpooling
from nntrain_pooling.spatial_sub_sampling import SpatialSubSampling
from nntrain_pooling.temporal_dynamic_k_max_pooling import TemporalDynamicKMaxPooling
from nntrain_pooling.temporal_max_pooling import TemporalMaxPooling
from nntrain_pooling.temporal_sub_sampling import TemporalSubSampling
from nntrain_pooling.volumetric_average_pooling import VolumetricAveragePooling
from nntrain_pooling.volumetric_dilated_max_pooling import VolumetricDilatedMaxPooling
from nntrain_pooling.volumetric_fractional_max_pooling import VolumetricFractionalMaxPooling
from nntrain_pooling.volumetric_max_pooling import VolumetricMaxPooling
from nntrain_pooling.volumetric_max_unpooling import VolumetricMaxUnpooling


@hookimpl
def nntrain_modules() -> tuple[type[Module], ...]:
    return (
        FeatureLPPooling,
        SpatialAdaptiveAveragePooling,
        SpatialAdaptiveMaxPooling,
        SpatialAveragePooling,
        SpatialDilatedMaxPooling,
        SpatialFractionalMaxPooling,
        SpatialLPPooling,
        SpatialMaxPooling,
        SpatialMaxUnpooling,
        SpatialSubSampling,
        TemporalDynamicKMaxPooling,
        TemporalMaxPooling,
        TemporalSubSampling,
        VolumetricAveragePooling,
        VolumetricDilatedMaxPooling,
        VolumetricFractionalMaxPooling,
        VolumetricMaxPooling,
        VolumetricMaxUnpooling,
    )
