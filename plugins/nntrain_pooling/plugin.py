"""Pooling layers, by the door that every family uses."""

from nntrain.hooks import hookimpl
from nntrain.nn.module import Module
from nntrain_pooling.spatial_max_pooling import SpatialMaxPooling

MODULES: tuple[type[Module], ...] = (
    SpatialMaxPooling,
)


@hookimpl
def nntrain_modules() -> tuple[type[Module], ...]:
    return MODULES
