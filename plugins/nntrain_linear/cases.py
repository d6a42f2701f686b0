"""Cases of the layers whose parameter gradients are by design not those of y."""

import numpy as np

from nntrain.nn.testing import Case

X = np.random.default_rng(0).normal(size=(4, 3))

CASES = (
    Case(
        "meant",
        {"type": "Kmeans", "k": 2, "input_size": 3},
        X,
        skip={"grad_parameters_match_numerical_gradient": "moves the centers towards their samples, independent of dy"},
    ),
)
