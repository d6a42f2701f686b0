"""Cases of the layers whose gradient is meant to be no slope."""

from __future__ import annotations

from typing import Any

import numpy as np

from nntrain.nn.testing import Case

__all__ = ["CASES"]

X = np.random.default_rng(0).normal(size=(4, 3))


def build_skipped_case(spec: dict[str, Any], reason: str) -> Case:
    """A case that leaves out the slope of the input."""
    return Case("meant", spec, X, batch_axis=0, skip={"grad_input_matches_numerical_gradient": reason})


CASES = (
    build_skipped_case({"type": "GradientReversal"}, "dx = −λ dy is what it is for"),
    build_skipped_case({"type": "ZeroGrad"}, "dx = 0 is what it is for"),
    build_skipped_case({"type": "L1Penalty", "l1_weight": 0.5}, "dx is that of the penalty too, which is no part of y"),
)
