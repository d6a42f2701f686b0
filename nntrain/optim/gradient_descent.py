"""The base of gradient descent optimizers with a learning rate."""

from collections.abc import Callable, Sequence

import numpy as np

from nntrain.compute.array import Array
from nntrain.compute.threads import apply_in_chunks
from nntrain.errors import ArgumentError
from nntrain.optim.optimizer import Optimizer

# Elements per chunk, so that chunks of five vectors fit into the L2 cache.
CHUNK_SIZE = 1 << 16


class GradientDescent(Optimizer):
    """r = learning_rate / (1 + n · learning_rate_decay) after n steps;  g = dw + weight_decay · w."""

    learning_rate: float

    # A factor of the learning rate per parameter.
    learning_rates: Array | None = None

    def __init__(self, learning_rate: float, learning_rate_decay: float = 0.0, weight_decay: float = 0.0) -> None:
        for name, value in (("learning_rate", learning_rate), ("learning_rate_decay", learning_rate_decay)):
            self.require(value >= 0, f"expected a {name} of at least 0, got {value}")
        self.learning_rate = learning_rate
        self.learning_rate_decay = learning_rate_decay
        self.weight_decay = weight_decay

    def get_rate(self, steps: int) -> float:
        """Return r after ``steps`` steps."""
        return self.learning_rate / (1 + steps * self.learning_rate_decay)

    def update_in_chunks(self, update: Callable[..., object], *vectors: Array | None) -> None:
        """Call ``update(*chunks, step)`` for chunks of equally long vectors, split among threads; None stays None.

        ``step`` is a scratch chunk. Chunks stay in the caches during one call of ``update``.
        """
        w = vectors[0]
        assert w is not None
        if w.size <= CHUNK_SIZE:
            update(*vectors, self.get_scratch(w))
        else:
            apply_in_chunks(lambda w, *others: update(w, *others, self.get_scratch(w)), *vectors, chunk_size=CHUNK_SIZE)

    def to_vector(self, name: str, values: Array | Sequence[float] | None) -> Array | None:
        """Convert an option with one number per parameter. ArgumentError if it is not a vector."""
        if values is None:
            return None
        try:
            vector = np.asarray(values, float)
        except (TypeError, ValueError) as error:
            raise ArgumentError(f"{type(self).__name__}: expected {name} to be a list of numbers: {error}") from error
        self.require(vector.ndim == 1, f"expected {name} to be a list of numbers, got shape {vector.shape}")
        return vector

    def get_fitting_vector(self, name: str, w: Array) -> Array:
        """Return a vector option in the type of w. ArgumentError unless its length matches."""
        vector: Array = getattr(self, name)
        self.require(vector.shape == w.shape, f"expected {w.size} {name}, one per parameter, got {vector.size}")
        if vector.dtype != w.dtype:
            vector = vector.astype(w.dtype)
            setattr(self, name, vector)
        return vector
