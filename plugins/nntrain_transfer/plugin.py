"""The transfer functions, by the door that every family uses."""

from nntrain.hooks import hookimpl
from nntrain.nn.module import Module
from nntrain_transfer.tanh import Tanh

MODULES = (Tanh,)


@hookimpl
def nntrain_modules() -> tuple[type[Module], ...]:
    return MODULES
