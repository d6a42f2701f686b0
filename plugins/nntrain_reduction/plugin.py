"""Reductions along an axis."""

from __future__ import annotations

from nntrain.hooks import hookimpl
from nntrain.nn.module import Module
from nntrain_reduction.max import Max
from nntrain_reduction.mean import Mean
from nntrain_reduction.min import Min
from nntrain_reduction.sum import Sum

MODULES = (
    Max,
    Mean,
    Min,
    Sum,
)


@hookimpl
def nntrain_modules() -> tuple[type[Module], ...]:
    return MODULES
