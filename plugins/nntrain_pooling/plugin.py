"""Pooling layers, by the door that every family uses."""

from nntrain.hooks import hookimpl
from nntrain.nn.module import Module

MODULES: tuple[type[Module], ...] = ()


@hookimpl
def nntrain_modules() -> tuple[type[Module], ...]:
    return MODULES
