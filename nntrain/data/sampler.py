"""The base of samplers: rows of a dataset in the order of an epoch."""

from __future__ import annotations

from abc import ABC, abstractmethod

from nntrain.compute.array import Array

__all__ = ["Sampler"]


class Sampler(ABC):
    """Reads rows in an order that follows from the seed and the epoch alone."""

    @abstractmethod
    def start_epoch(self, epoch: int) -> None:
        """Go to the first row of ``epoch``."""

    @abstractmethod
    def read(self, begin: int, end: int) -> list[Array]:
        """Return the rows at the positions ``begin`` to before ``end`` of the order, of each array of the dataset.

        The next call may overwrite their memory.
        """
