"""Torch7's ``nn`` in numpy.

Every registered class is an attribute, wherever it was installed from: ``nn.Linear(10, 25)``; ``dir(nn)`` lists them.
"""

from __future__ import annotations

from typing import Any

from nntrain.hooks.registry import registry
from nntrain.nn.array import Array, Value
from nntrain.nn.build import build
from nntrain.nn.container import Container
from nntrain.nn.criterion import Criterion
from nntrain.nn.elementwise import Elementwise
from nntrain.nn.module import Module
from nntrain.nn.noise import Noise
from nntrain.nn.parameter import parameter, writes
from nntrain.nn.random import initial as initial_stream
from nntrain.nn.random import manual_seed
from nntrain.nn.spec_check import class_of
from nntrain.nn.stochastic_gradient import StochasticGradient

__all__ = [
    "Array",
    "Container",
    "Criterion",
    "Elementwise",
    "Module",
    "Noise",
    "StochasticGradient",
    "Value",
    "build",
    "initial_stream",
    "manual_seed",
    "parameter",
    "writes",
]


def __getattr__(name: str) -> Any:
    """The registered module or criterion of that name. UnknownNameError, an AttributeError, names the nearest."""
    if name.startswith("_"):
        raise AttributeError(f"module 'nntrain.nn' has no attribute {name!r}")
    return class_of(name)


def __dir__() -> list[str]:
    return sorted([*__all__, *registry().names("module"), *registry().names("criterion")])
