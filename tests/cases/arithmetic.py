"""Cases of the simple layers that compute without parameters: what the original's figures leave out."""

from __future__ import annotations

import numpy as np

from nntrain.nn.testing import Case
from tests.cases.linear import IN_PLACE, NO_INPUT_GRADIENT, batch, case, normal

CURVES = [
    case("Abs", "kink", [-2.0, 0, 3], output=[2, 0, 3], grad_output=[1, 1, 1], grad_input=[-1, 1, 1]),
    batch("Abs", "image", normal(2, 3, 2)),
    case("Exp", "far", [-1000.0, 0, 1], output=[0, 1, np.e], grad_output=[1, 1, 1], grad_input=[0, 1, np.e]),
    case(
        "Log", "edge", [1.0, np.e, 4], output=[0, 1, np.log(4)], grad_output=[1, 1, 1], grad_input=[1, 1 / np.e, 0.25]
    ),
    case("Power", "negative_base", [-2.0, 3], {"p": 3}, output=[-8, 27], grad_output=[1, 1], grad_input=[12, 27]),
    case(
        "Power",
        "negative_p",
        [-2.0, 4],
        {"p": -1},
        output=[-0.5, 0.25],
        grad_output=[1, 1],
        grad_input=[-0.25, -0.0625],
    ),
    case(
        "Power",
        "fraction_of_negative",
        [-1.0, 4],
        {"p": 0.5},
        output=[np.nan, 2],
        skip={NO_INPUT_GRADIENT: "NaN", "gradients_accumulate_with_scale": "NaN"},
    ),
    case(
        "Power",
        "p_0",
        [0.0, 4],
        {"p": 0},
        output=[1, 1],
        grad_output=[1, 1],
        grad_input=[np.nan, 0],
        skip={NO_INPUT_GRADIENT: "NaN at 0"},
    ),
    case("Square", "far", [-1000.0, 1000], output=[1e6, 1e6], grad_output=[1, 1], grad_input=[-2000, 2000]),
    case(
        "Sqrt",
        "edge",
        [0.0, 4],
        {"eps": 3},
        output=[0, 2],
        grad_output=[1, 1],
        grad_input=[0, 0.25],
        skip={NO_INPUT_GRADIENT: "no slope at 0"},
    ),
    case(
        "Clamp",
        "bounds",
        [-2.0, -1, 0, 1, 2],
        output=[-1, -1, 0, 1, 1],
        grad_output=[1] * 5,
        grad_input=[0, 0, 1, 0, 0],
    ),
    case("AddConstant", "vector", [1.0, 2], {"constant_scalar": [10, 20]}, output=[11, 22]),
    batch("AddConstant", "rows", normal(3, 2), {"constant_scalar": [10, 20]}),
    case("AddConstant", "inplace_rows", normal(3, 2), {"constant_scalar": [10, 20], "inplace": True}, skip=IN_PLACE),
    batch("MulConstant", "zero", normal(3, 2), {"constant_scalar": 0}),
    case("MulConstant", "zero_inplace", normal(3, 2), {"constant_scalar": 0, "inplace": True}, skip=IN_PLACE),
]

REDUCTIONS = [
    *(batch(cls, "hint", normal(3, 4), {"dim": 0, "n_input_dims": 1}) for cls in ("Max", "Min", "Sum", "Mean")),
    *(batch(cls, "from_the_end", normal(3, 2, 4), {"dim": -2}) for cls in ("Max", "Min", "Sum", "Mean")),
    *(case(cls, "hint_unused", normal(3, 4), {"dim": 0, "n_input_dims": 2}) for cls in ("Max", "Min", "Sum", "Mean")),
    *(case(cls, "hint_vector", normal(4), {"dim": 0, "n_input_dims": 1}) for cls in ("Max", "Min", "Sum", "Mean")),
    case(
        "Max",
        "ties",
        [[1.0, 3, 3], [2, 2, 2]],
        {"dim": 1},
        output=[3, 2],
        grad_output=[1, 1],
        grad_input=[[0, 1, 0], [1, 0, 0]],
    ),
    case(
        "Min",
        "ties",
        [[1.0, 3], [1, 2], [5, 2]],
        {"dim": 0},
        output=[1, 2],
        grad_output=[1, 1],
        grad_input=[[1, 0], [0, 1], [0, 0]],
    ),
    batch("Sum", "kept", normal(3, 4), {"dim": 1, "squeeze": False}),
    case("Sum", "vector_kept", [1.0, 2], {"squeeze": False, "size_average": True}, output=[1.5]),
]

PRODUCTS = [
    *(
        case("MM", f"turned_{a:d}{b:d}", [normal(2, *s), normal(2, *t)], {"trans_a": a, "trans_b": b}, batch_axis=0)
        for a, s in ((False, (3, 4)), (True, (4, 3)))
        for b, t in ((False, (4, 5)), (True, (5, 4)))
    ),
    case("MM", "matrices_turned", [normal(4, 3), normal(5, 4)], {"trans_a": True, "trans_b": True}),
    case("MV", "batch", [normal(2, 3, 4), normal(2, 4)], batch_axis=0),
    case("MV", "turned", [normal(4, 3), normal(4)], {"trans": True}),
    *(batch("Normalize", f"p_{p}", normal(4, 8), {"p": p}) for p in (1, 1.5, 2, 3, "inf")),
    *(batch("Normalize", f"eps_{p}", normal(4, 3), {"p": p, "eps": 0.5}) for p in (2, 3)),
    case(
        "Normalize",
        "zeros",
        np.zeros((1, 2)),
        {"p": 2},
        output=np.zeros((1, 2)),
        grad_output=[[1, 2]],
        grad_input=[[1e5, 2e5]],
        tolerance=1e-6,
        skip={NO_INPUT_GRADIENT: "the root is steep at 0"},
    ),
    case(
        "Normalize",
        "inf_eps",
        [[2.0, -4, 4]],
        {"p": "inf", "eps": 4},
        output=[[0.25, -0.5, 0.5]],
        grad_output=[[1, 1, 1]],
        grad_input=[[0.125, 0.125 + 0.5 * 2 / 64, 0.125]],
        skip={NO_INPUT_GRADIENT: "the original takes x / n for the sign of x"},
    ),
]

CASES: list[Case] = [*CURVES, *REDUCTIONS, *PRODUCTS]
