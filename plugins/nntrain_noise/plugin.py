"""The noise layers."""

# ruff: noqa: F401 (the hooks return the imported classes)

from nntrain.hooks import find_imported_classes, hookimpl
from nntrain.nn.module import Module
from nntrain_noise.dropout import Dropout
from nntrain_noise.spatial_dropout import SpatialDropout
from nntrain_noise.volumetric_dropout import VolumetricDropout
from nntrain_noise.white_noise import WhiteNoise


@hookimpl
def nntrain_modules() -> tuple[type[Module], ...]:
    return find_imported_classes(globals(), Module)
