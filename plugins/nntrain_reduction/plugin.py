"""The reduction layers."""

from __future__ import annotations

from nntrain.hooks import hookimpl
from nntrain.nn.module import Module
from nntrain_reduction.max import Max
from nntrain_reduction.mean import Mean
from nntrain_reduction.min import Min
from nntrain_reduction.sum import Sum


@hookimpl
def nntrain_modules() -> tuple[type[Module], ...]:
    return (
        Max,
        Mean,
        Min,
        Sum,
    )
