"""The noise layers."""

from __future__ import annotations

from nntrain.hooks import hookimpl
from nntrain.nn.module import Module
from nntrain_noise.dropout import Dropout
from nntrain_noise.spatial_dropout import SpatialDropout
from nntrain_noise.volumetric_dropout import VolumetricDropout
from nntrain_noise.white_noise import WhiteNoise


@hookimpl
def nntrain_modules() -> tuple[type[Module], ...]:
    return (
        Dropout,
        SpatialDropout,
        VolumetricDropout,
        WhiteNoise,
    )
