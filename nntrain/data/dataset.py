"""Encoded rows."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar

from nntrain.compute.array import Array
from nntrain.data.batch import Batch
from nntrain.data.sampler import ArraySampler, Sampler


@dataclass(frozen=True)
class Dataset:
    """Encoded inputs and targets of ``rows`` rows in memory; targets are None if they are unknown.

    ``weights`` (rows,): the sample weights; None: equal weights.
    """

    is_streamed: ClassVar[bool] = False

    inputs: Array | list[Array]
    targets: Array | None
    rows: int
    weights: Array | None = field(default=None, kw_only=True)

    @property
    def full_batch(self) -> Batch:
        """All rows as one batch."""
        assert self.targets is not None
        return Batch(self.inputs, self.targets, self.weights)

    def create_sampler(self, seed: int, max_rows: int, convert: Callable[[Array], Array]) -> Sampler:
        """Return a sampler that shuffles the rows, reads at most ``max_rows`` at once, and applies ``convert``."""
        return ArraySampler([convert(array) for array in self.full_batch.arrays], seed, max_rows)
