"""Cases of noise, gradients and normalization: what the original's figures leave out."""

from __future__ import annotations

import numpy as np

from nntrain.nn.testing import Case
from tests.cases.linear import IN_PLACE, NO_INPUT_GRADIENT, batch, case, normal

NOISE = [
    *(case("Dropout", f"training_{v1:d}", normal(5, 4), {"p": 0.4, "v1": v1}) for v1 in (False, True)),
    case("Dropout", "half_by_default", normal(5, 4)),
    case("Dropout", "inplace", normal(5, 4), {"inplace": True}, skip=IN_PLACE),
    batch("Dropout", "evaluate_v1", normal(4, 3), {"p": 0.25, "v1": True}, train=False),
    batch("Dropout", "evaluate_rows", normal(4, 3), {"p": 0.25}, train=False),
    case(
        "Dropout",
        "always",
        normal(5, 4),
        {"stochastic_inference": True},
        skip={"evaluation_is_deterministic": "draws in prediction too"},
    ),
    *(case("SpatialDropout", f"training_{len(s)}", normal(*s), {"p": 0.4}) for s in ((9, 2, 2), (3, 4, 2, 2))),
    *(case("VolumetricDropout", f"training_{len(s)}", normal(*s), {"p": 0.4}) for s in ((9, 2, 1, 2), (3, 4, 1, 2, 2))),
    case("WhiteNoise", "training", normal(5, 4), {"mean": 1, "std": 0.5}),
    batch("WhiteNoise", "prediction", normal(5, 4), {"mean": 1}, train=False, backward=False, output=normal(5, 4) + 1),
]

GRADIENTS = [
    case(
        "L1Penalty",
        "signs",
        [-2.0, 0, 3],
        {"l1_weight": 0.5},
        grad_output=[1, 1, 1],
        grad_input=[0.5, 1, 1.5],
        after={"loss": np.array(2.5)},
        skip={NO_INPUT_GRADIENT: "adds the gradient of the penalty"},
    ),
    case(
        "L1Penalty",
        "penalty_only",
        [-2.0, 0, 3],
        {"l1_weight": 0.6, "size_average": True, "provide_output": False},
        grad_output=[1, 1, 1],
        grad_input=[-0.2, 0, 0.2],
        after={"loss": np.array(1.0)},
        skip={NO_INPUT_GRADIENT: "the gradient of the penalty only"},
    ),
    batch(
        "GradientReversal", "rows", normal(3, 2), {"lam": 3}, skip={NO_INPUT_GRADIENT: "turns the gradient on purpose"}
    ),
    batch("ZeroGrad", "rows", normal(3, 2), skip={NO_INPUT_GRADIENT: "drops the gradient on purpose"}),
]

MIXED = {"batch_matches_single_samples": "the statistics are those of the batch"}

NORMALIZATION = [
    batch("BatchNormalization", "training", normal(6, 3), {"n_output": 3}, skip=MIXED),
    batch("BatchNormalization", "not_affine", normal(6, 3), {"n_output": 3, "affine": False, "eps": 0.5}, skip=MIXED),
    batch(
        "BatchNormalization",
        "one_of_training",
        normal(1, 3),
        {"n_output": 3},
        before={"running_mean": np.array([1.0, 2, 3]), "running_var": np.array([1.0, 4, 9])},
        after={"running_mean": np.array([1.0, 2, 3]), "running_var": np.array([1.0, 4, 9])},
    ),
    batch(
        "BatchNormalization",
        "prediction",
        normal(6, 3),
        {"n_output": 3, "affine": False},
        train=False,
        before={"running_mean": np.array([1.0, 2, 3]), "running_var": np.array([1.0, 4, 9])},
    ),
    case("BatchNormalization", "one_in_prediction", normal(3), {"n_output": 3}, train=False),
    case(
        "BatchNormalization",
        "moved",
        [[0.0], [4]],
        {"n_output": 1, "momentum": 0.25, "affine": False, "eps": 0.0},
        output=[[-1], [1]],
        after={"running_mean": np.array([0.5]), "running_var": np.array([2.75])},
    ),
    batch("LayerNormalization", "rows", normal(4, 3), {"n_output": 3, "bias": 0.5, "eps": 0.1}),
    batch("LayerNormalization", "not_affine", normal(4, 3), {"n_output": 3, "affine": False}),
    case(
        "LayerNormalization",
        "rows_known",
        [[0.0, 4], [10, 10]],
        {"n_output": 2},
        params=[np.ones(2), np.zeros(2)],
        output=[[-1, 1], [0, 0]],
        skip={NO_INPUT_GRADIENT: "a row of equal elements"},
    ),
]

CASES: list[Case] = [*NOISE, *GRADIENTS, *NORMALIZATION]
