"""The base of layers that draw random numbers in training."""

from __future__ import annotations

import numpy as np

from nntrain.compute import random
from nntrain.nn.module import Module

__all__ = ["Noise"]


class Noise(Module):
    """A module with a stream of random numbers of its own, which a checkpoint saves.

    ``nn.manual_seed`` starts the stream anew; a run gives it the name ``noise/<place of the module>``.
    """

    _generator: np.random.Generator | None = None
    _generation: int = -1

    @property
    def generator(self) -> np.random.Generator:
        """The stream, spawned at the first use after ``manual_seed``."""
        if self._generator is None or self._generation != random.get_seed_generation():
            self.generator = random.spawn_stream()
        assert self._generator is not None
        return self._generator

    @generator.setter
    def generator(self, stream: np.random.Generator) -> None:
        self._generator = stream
        self._generation = random.get_seed_generation()

    def clear_shared_state(self) -> None:
        super().clear_shared_state()
        self._generator = None
