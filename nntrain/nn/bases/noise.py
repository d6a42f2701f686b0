"""The base of layers that are stochastic in training."""

import numpy as np

from nntrain.compute import random
from nntrain.nn.module import Module


class Noise(Module):
    """A module with its own random stream, which checkpoints save.

    ``nn.manual_seed`` restarts the stream; a training run names it ``noise/<path of the module>``.
    """

    is_stochastic = True

    # The factor of the probability p of dropping in training, which ``train.dropout_schedule`` sets in each step and
    # nothing saves. None: it has no p, or the outputs in evaluation mode depend on it.
    p_factor: float | None = None

    _generator: np.random.Generator | None = None
    _generation: int = -1

    @property
    def generator(self) -> np.random.Generator:
        """The random stream, spawned on first use after ``manual_seed``."""
        if self._generator is None or self._generation != random.get_seed_generation():
            self.generator = random.initial_stream().spawn(1)[0]
        assert self._generator is not None
        return self._generator

    @generator.setter
    def generator(self, stream: np.random.Generator) -> None:
        self._generator = stream
        self._generation = random.get_seed_generation()

    def clear_shared_state(self) -> None:
        super().clear_shared_state()
        self._generator = None
