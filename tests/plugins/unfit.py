"""A plugin of classes that cannot be used at all."""

from __future__ import annotations

from typing import Any

from nntrain.hooks import hookimpl
from nntrain.nn import Array, Criterion, Elementwise, Module
from nntrain.optim import Optimizer
from nntrain.training import Metric


class Unwritten(Elementwise):
    pass


class Foreign:
    pass


class Raises(Module):
    def update_output(self, x: Array) -> Array:
        raise RuntimeError("out of order\nfor ever")


class Words(Criterion):
    def update_output(self, x: Array, t: Array) -> str:
        return "much"


class Stepless(Optimizer):
    pass


class Valueless(Metric):
    name = "valueless"
    tasks = ("regression",)
    takes = "numbers"


@hookimpl
def nntrain_modules() -> list[Any]:
    return [Unwritten, Foreign, Raises]


@hookimpl
def nntrain_criterions() -> list[type[Criterion]]:
    return [Words]


@hookimpl
def nntrain_optimizers() -> list[type[Optimizer]]:
    return [Stepless]


@hookimpl
def nntrain_metrics() -> list[type[Metric]]:
    return [Valueless]
