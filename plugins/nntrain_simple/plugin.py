"""The simple layers, by the door that every family uses."""

from nntrain.hooks import hookimpl
from nntrain.nn.module import Module
from nntrain_simple.batch_normalization import BatchNormalization
from nntrain_simple.dropout import Dropout
from nntrain_simple.identity import Identity
from nntrain_simple.linear import Linear
from nntrain_simple.lookup_table import LookupTable
from nntrain_simple.reshape import Reshape
from nntrain_simple.view import View

MODULES = (BatchNormalization, Dropout, Identity, Linear, LookupTable, Reshape, View)


@hookimpl
def nntrain_modules() -> tuple[type[Module], ...]:
    return MODULES
