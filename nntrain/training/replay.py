"""Repeat a forward pass with the same random numbers."""

from typing import Any

import numpy as np

from nntrain.nn.bases.noise import Noise
from nntrain.nn.module import Module
from nntrain.nn.state import named_modules


class Replay:
    """Records the state that a training pass changes besides outputs and gradients: random streams, running statistics.

    With ``rewind`` before each further pass of a step, all passes use the same noise, and the statistics are updated
    once per step.
    """

    def __init__(self, model: Module) -> None:
        modules = [inner for _, inner in named_modules(model)]
        self.noise_modules = [inner for inner in modules if isinstance(inner, Noise)]
        # By name, because another array of the same shape may replace one.
        self.buffers = [
            (inner, name, np.empty_like(getattr(inner, name)))
            for inner in modules
            for name in inner.buffer_names
            if getattr(inner, name, None) is not None
        ]
        self.streams: list[Any] = []

    def record(self) -> None:
        """Record the state before the first pass."""
        self.streams = [inner.generator.bit_generator.state for inner in self.noise_modules]
        for inner, name, kept in self.buffers:
            np.copyto(kept, getattr(inner, name))

    def rewind(self) -> None:
        """Restore the recorded state."""
        for noise, stream in zip(self.noise_modules, self.streams, strict=True):
            noise.generator.bit_generator.state = stream
        for inner, name, kept in self.buffers:
            np.copyto(getattr(inner, name), kept)
