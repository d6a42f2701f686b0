"""Cases of the layers whose dx is by design not the gradient of y."""

from typing import Any

import numpy as np

from nntrain.nn.testing import Case

X = np.random.default_rng(0).normal(size=(4, 3))


def build_skipped_case(spec: dict[str, Any], reason: str) -> Case:
    """A case that skips the numerical gradient of the input."""
    return Case("meant", spec, X, batch_axis=0, skip={"grad_input_matches_numerical_gradient": reason})


CASES = (
    build_skipped_case({"type": "GradientReversal"}, "dx = −λ dy is its purpose"),
    build_skipped_case({"type": "ZeroGrad"}, "dx = 0 is its purpose"),
    build_skipped_case({"type": "L1Penalty", "l1_weight": 0.5}, "dx includes the penalty, which is not part of y"),
)
