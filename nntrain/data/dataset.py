"""Rows ready for a network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from nntrain.compute.array import Array
from nntrain.data.batch import Batch

__all__ = ["Dataset", "build_unseen_notes"]


@dataclass(frozen=True)
class Dataset:
    """Encoded inputs and targets of ``rows`` rows; targets are None where they are not known.

    ``weights`` (rows,): how much each row counts; None: all the same.
    """

    inputs: Array | list[Array]
    targets: Array | None
    rows: int
    weights: Array | None = field(default=None, kw_only=True)

    @property
    def full_batch(self) -> Batch:
        """All rows as one batch."""
        assert self.targets is not None
        return Batch(self.inputs, self.targets, self.weights)


def build_unseen_notes(part: str, unseen: Mapping[str, int]) -> list[str]:
    """A note for every column of a part with categories never seen in training, of which ``unseen`` has the counts."""
    return [
        f"column {name!r} of the {part} rows has {count:,} value{'s that are' if count > 1 else ' that is'} not in the "
        "training rows"
        for name, count in unseen.items()
    ]
