"""The reduction layers."""

# ruff: noqa: F401 (the hooks return the imported classes)

from nntrain.hooks import find_imported_classes, hookimpl
from nntrain.nn.module import Module
from nntrain_reduction.max import Max
from nntrain_reduction.mean import Mean
from nntrain_reduction.min import Min
from nntrain_reduction.sum import Sum


@hookimpl
def nntrain_modules() -> tuple[type[Module], ...]:
    return find_imported_classes(globals(), Module)
