"""The predictions of a network for the rows of a set."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nntrain.compute.array import Array


@dataclass(frozen=True)
class SetPredictions:
    """The rows of the set ``name`` in its order.

    Shapes:
        outputs y (N, k) of the network, encoded targets t (N, ...), sample weights (N,) or None

    ``row_indices`` (N,): the rows of the file, from 0; None if the set has a file of its own or rows without a target
    were dropped. ``scores``: the loss and the metrics of the run on these rows.
    """

    name: str
    outputs: Array
    targets: Array
    weights: Array | None
    row_indices: Array | None
    scores: Mapping[str, Any]
