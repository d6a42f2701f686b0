"""Rows ready for a network."""

from __future__ import annotations

from dataclasses import dataclass, field

from nntrain.data.array import Array
from nntrain.data.batch import Batch

__all__ = ["Part"]


@dataclass(frozen=True)
class Part:
    """Encoded inputs and targets of ``rows`` rows; targets are None where they are not known.

    ``weights`` (rows,): how much each row counts; None: all the same.
    """

    inputs: Array | list[Array]
    targets: Array | None
    rows: int
    weights: Array | None = field(default=None, kw_only=True)

    @property
    def whole(self) -> Batch:
        """All rows as one batch."""
        assert self.targets is not None
        return Batch(self.inputs, self.targets, self.weights)
