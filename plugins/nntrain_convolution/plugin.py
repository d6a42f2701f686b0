"""The convolution layers."""

# ruff: noqa: F401 (the hooks return the imported classes)

from nntrain.hooks import find_imported_classes, hookimpl
from nntrain.nn.module import Module
from nntrain_convolution.spatial_convolution import SpatialConvolution
from nntrain_convolution.spatial_convolution_local import SpatialConvolutionLocal
from nntrain_convolution.spatial_convolution_map import SpatialConvolutionMap
from nntrain_convolution.spatial_convolution_mm import SpatialConvolutionMM
from nntrain_convolution.spatial_depth_wise_convolution import SpatialDepthWiseConvolution
from nntrain_convolution.spatial_dilated_convolution import SpatialDilatedConvolution
from nntrain_convolution.spatial_full_convolution import SpatialFullConvolution
from nntrain_convolution.spatial_full_convolution_map import SpatialFullConvolutionMap
from nntrain_convolution.temporal_convolution import TemporalConvolution
from nntrain_convolution.temporal_row_convolution import TemporalRowConvolution
from nntrain_convolution.volumetric_convolution import VolumetricConvolution
from nntrain_convolution.volumetric_dilated_convolution import VolumetricDilatedConvolution
from nntrain_convolution.volumetric_full_convolution import VolumetricFullConvolution


@hookimpl
def nntrain_modules() -> tuple[type[Module], ...]:
    return find_imported_classes(globals(), Module)
