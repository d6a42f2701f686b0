"""The base of optimizers that update each parameter independently of the others."""

from collections.abc import Callable, Sequence
from typing import ClassVar

import numpy as np

from nntrain.compute.array import Array
from nntrain.compute.threads import apply_in_chunks
from nntrain.errors import ArgumentError
from nntrain.optim.optimizer import Optimizer

# Elements per chunk, so that chunks of five vectors fit into the L2 cache.
CHUNK_SIZE = 1 << 16


class ElementwiseOptimizer(Optimizer):
    """wᵢ ← wᵢ − r pᵢ s(gᵢ);  gᵢ = dwᵢ + weight_decay · qᵢ wᵢ, with factors p and q per parameter.

    An algorithm without a learning rate r has r = 1.
    """

    factor_names: ClassVar[tuple[str, ...]] = ("learning_rate", "weight_decay")

    def update_in_chunks(self, update: Callable[..., object], *vectors: Array | None) -> None:
        """Call ``update(*chunks, rates, decays, step)`` for chunks of equally long vectors, split among threads.

        ``rates`` and ``decays`` are the chunks of the factors p and q, or None; ``step`` is a scratch chunk. Chunks
        stay in the caches during one call of ``update``.
        """
        w = vectors[0]
        assert w is not None
        factors = self.get_fitting_vector("learning_rates", w), self.get_fitting_vector("weight_decays", w)
        if w.size <= CHUNK_SIZE:
            update(*vectors, *factors, self.get_scratch(w))
        else:
            apply_in_chunks(
                lambda w, *others: update(w, *others, self.get_scratch(w)), *vectors, *factors, chunk_size=CHUNK_SIZE
            )

    def apply_weight_decay(self, w: Array, dw: Array, rates: Array | None, decays: Array | None) -> Array:
        """Return the gradient g of a chunk, in a scratch chunk; dw itself without decay. ``rates``: see AdamW."""
        decay: float | Array = self.weight_decay or 0.0
        if decays is not None and decay != 0:
            decay = np.multiply(decays, decay, out=self.get_scratch(w, "decay"))
        return self.add_weight_decay(w, dw, decay)

    def descend(self, w: Array, direction: Array, rate: float, rates: Array | None, step: Array) -> None:
        """step ← rate · rates · direction;  w ← w − step. ``step`` may be the direction."""
        np.multiply(direction, rate, out=step)
        if rates is not None:
            np.multiply(step, rates, out=step)
        np.subtract(w, step, out=w)

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

    def get_fitting_vector(self, name: str, w: Array) -> Array | None:
        """Return factors in the type of w; None if there are none. ArgumentError unless their length matches."""
        vector: Array | None = getattr(self, name)
        if vector is None:
            return None
        self.require(vector.shape == w.shape, f"expected {w.size} {name}, one per parameter, got {vector.size}")
        if vector.dtype != w.dtype:
            vector = vector.astype(w.dtype)
            setattr(self, name, vector)
        return vector
