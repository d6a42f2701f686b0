"""Cases of the layers whose gradient is meant to be no slope."""

from __future__ import annotations

from typing import Any

import numpy as np

from nntrain.nn.testing import Case

__all__ = ["CASES"]

X = np.random.default_rng(0).normal(size=(4, 3))


def meant(spec: dict[str, Any], reason: str) -> Case:
    """A case that leaves out the slope of the input."""
    return Case("meant", spec, X, batch_axis=0, skip={"grad_input_is_the_numeric_slope": reason})


CASES = (
    meant({"type": "GradientReversal"}, "dx = −λ dy is what it is for"),
    meant({"type": "ZeroGrad"}, "dx = 0 is what it is for"),
    meant({"type": "L1Penalty", "l1_weight": 0.5}, "dx is that of the penalty too, which is no part of y"),
    Case(
        "meant",
        {"type": "Kmeans", "k": 2, "input_size": 3},
        X,
        skip={"grad_parameters_are_the_numeric_slope": "moves the centres towards their samples, whatever dy is"},
    ),
)
