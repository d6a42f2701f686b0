"""The same pass through a network, made again."""

from __future__ import annotations

from typing import Any

import numpy as np

from nntrain.compute.array import Array
from nntrain.nn.bases.noise import Noise
from nntrain.nn.module import Module
from nntrain.nn.state import named_modules

__all__ = ["Replay"]


class Replay:
    """What a pass in training changes beside outputs and gradients: streams of noise, and running statistics.

    With ``rewind`` before each further pass of a step, all of them meet the same noise, and statistics move once a
    step however many passes there are.
    """

    def __init__(self, model: Module) -> None:
        modules = [inner for _, inner in named_modules(model)]
        self.noise_modules = [inner for inner in modules if isinstance(inner, Noise)]
        self.buffers = [
            (inner, name, np.empty_like(getattr(inner, name)))
            for inner in modules
            for name in inner.buffer_names
            if getattr(inner, name, None) is not None
        ]
        self.streams: list[Any] = []

    def record(self) -> None:
        """Remember how everything is before the first pass."""
        self.streams = [inner.generator.bit_generator.state for inner in self.noise_modules]
        for inner, name, kept in self.buffers:
            np.copyto(kept, get_buffer(inner, name))

    def rewind(self) -> None:
        """Make everything as it was at the mark."""
        for noise, stream in zip(self.noise_modules, self.streams, strict=True):
            noise.generator.bit_generator.state = stream
        for inner, name, kept in self.buffers:
            np.copyto(get_buffer(inner, name), kept)


def get_buffer(module: Module, name: str) -> Array:
    """A buffer of a module, which may have been replaced by another of its shape."""
    array: Array = getattr(module, name)
    return array
