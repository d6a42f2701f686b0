"""The simple layers, by the door that every family uses."""

from nntrain.hooks import hookimpl
from nntrain.nn.module import Module
from nntrain_simple.linear import Linear

MODULES = (Linear,)


@hookimpl
def nntrain_modules() -> tuple[type[Module], ...]:
    return MODULES
