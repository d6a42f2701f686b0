"""Torch7's ``nn`` in NumPy.

Every registered class is an attribute, including those of plugins: ``nn.Linear(10, 25)``; ``dir(nn)`` lists them.
"""

from typing import Any

from nntrain.compute.array import Array, Value
from nntrain.compute.random import initial_stream as initial_stream
from nntrain.compute.random import manual_seed
from nntrain.hooks.registry import get_registry
from nntrain.nn.bases.elementwise import Elementwise
from nntrain.nn.bases.noise import Noise
from nntrain.nn.building.builder import build
from nntrain.nn.building.spec_validation import find_class
from nntrain.nn.container import Container
from nntrain.nn.criterion import Criterion
from nntrain.nn.module import Module
from nntrain.nn.parameter import parameter, writes
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
    """Return the registered module or criterion. UnknownNameError, an AttributeError, suggests the closest name."""
    if name.startswith("_"):
        raise AttributeError(f"module 'nntrain.nn' has no attribute {name!r}")
    return find_class(name)


def __dir__() -> list[str]:
    return sorted([*__all__, *get_registry().names("module"), *get_registry().names("criterion")])
