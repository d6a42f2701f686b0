"""Cases of the simple layers that compute: what the original's figures leave out."""

from __future__ import annotations

from typing import Any

import numpy as np

from nntrain.nn.array import Array
from nntrain.nn.testing import Case

NO_SLOPE = "grad_input_is_the_numeric_slope"
NO_PARAMETER_SLOPE = "grad_parameters_are_the_numeric_slope"
IN_PLACE = dict.fromkeys(
    (NO_SLOPE, "backward_is_both_halves", "the_same_shape_gives_the_same_memory", "evaluate_is_deterministic"),
    "in place: input and gradient are overwritten",
)
TABLE_OF_SPARSE = {NO_SLOPE: "the gradient is that of the dense vector"}
NO_ROOM = {"noise_follows_the_stream": "too few maps for every seed to drop others"}


def normal(*shape: int) -> Array:
    """The same standard normal numbers for the same shape, none near 0."""
    x = np.random.default_rng(shape).standard_normal(shape)
    return x + np.copysign(0.01, x)


def case(cls: str, name: str, x: Any, arguments: dict[str, Any] | None = None, **known: Any) -> Case:
    """A case of ``cls``; numbers may be given as lists."""
    for key in known.keys() & {"output", "grad_output", "grad_input"}:
        known[key] = np.asarray(known[key], float)
    return Case(name, {"type": cls, **(arguments or {})}, x if isinstance(x, list) else np.asarray(x), **known)


def batch(cls: str, name: str, x: Array, arguments: dict[str, Any] | None = None, **known: Any) -> Case:
    """A case whose first axis is the batch."""
    return case(cls, name, x, arguments, batch_axis=0, **known)


SIZES = {"input_size": 3, "output_size": 4}

# Layers with parameters, on a batch of independent samples.
WITH_PARAMETERS = [
    *(batch(cls, "rows", normal(5, 3), SIZES) for cls in ("Linear", "LinearWeightNorm", "Cosine", "Euclidean")),
    *(batch(cls, "one_row", normal(1, 3), SIZES) for cls in ("Linear", "LinearWeightNorm", "Cosine", "Euclidean")),
    batch("Linear", "no_bias", normal(5, 3), {**SIZES, "bias": False}),
    batch("Linear", "more_axes", normal(2, 4, 3), SIZES),
    case("LinearWeightNorm", "evaluate", normal(5, 3), SIZES, train=False, skip={NO_PARAMETER_SLOPE: "W is kept"}),
    case(
        "LinearWeightNorm",
        "eps",
        [[3.0, 5]],
        {"input_size": 2, "output_size": 1, "bias": False, "eps": 2.0},
        params=[np.array([[0.6, 0.8]]), np.array([[4.0]])],
        output=[[11.6]],
        grad_output=[[1.0]],
        grad_input=[[1.2, 1.6]],
        grad_params=[np.array([[4.26, 7.68]]), np.array([[2.9]])],
        skip={NO_PARAMETER_SLOPE: "the backward pass takes the clamped norm for the norm"},
    ),
    batch("WeightedEuclidean", "rows", normal(5, 3), SIZES),
    case(
        "Euclidean",
        "distance_0",
        [1.0, 2],
        {"input_size": 2, "output_size": 1},
        params=[np.array([[1.0], [2]])],
        output=[0],
        grad_output=[1],
        grad_input=[0, 0],
        grad_params=[np.zeros((2, 1))],
        skip=dict.fromkeys((NO_SLOPE, NO_PARAMETER_SLOPE), "the tip of a cone"),
    ),
    case("Cosine", "zeros", np.zeros((1, 3)), SIZES, output=np.zeros((1, 4)), skip={NO_SLOPE: "no direction at 0"}),
    batch("PartialLinear", "no_bias", normal(5, 3), {**SIZES, "bias": False, "partition": [2, 0]}),
    batch("PartialLinear", "repeated", normal(5, 3), {**SIZES, "partition": [3, 1, 3]}),
    batch("Add", "image", normal(3, 2, 2), {"input_size": 4}),
    batch("Add", "scalar", normal(3, 2, 2), {"input_size": 4, "scalar": True}),
    batch("Add", "one", normal(3, 1), {"input_size": 1}),
    case("Add", "vector_scalar", normal(5), {"input_size": 0, "scalar": True}),
    batch("Mul", "image", normal(3, 2, 2)),
    *(batch(cls, "number", normal(5, 3), {"size": 3}) for cls in ("CAdd", "CMul")),
    *(batch(cls, "planes", normal(3, 2, 4), {"size": [1, 2, 1]}) for cls in ("CAdd", "CMul")),
    *(case(cls, "same_count", normal(3, 2), {"size": [2, 3]}) for cls in ("CAdd", "CMul")),
    *(batch(cls, "flattened", normal(5, 2, 3), {"size": [2, 3]}) for cls in ("CAdd", "CMul")),
    *(batch(cls, "flattened_row", normal(5, 6), {"size": [1, 2, 3]}) for cls in ("CAdd", "CMul")),
    *(case(cls, "both_ones", normal(1, 3, 2), {"size": [1, 1, 2]}) for cls in ("CAdd", "CMul")),
    batch(
        "Kmeans",
        "ties",
        np.array([[0.0, 0], [1, 0], [3, 0]]),
        {"k": 3, "input_size": 2, "scale": 2.0},
        params=[np.array([[1.0, 0], [1, 0], [-9, 9]])],
        output=[0, 0, 0],
        grad_input=np.zeros((3, 2)),
        grad_params=[np.array([[-2 / (3 + 1e-7), 0], [0, 0], [0, 0]])],
        grad_params_scaled=[np.array([[-4 / (3 + 1e-7), 0], [0, 0], [0, 0]])],
        after={"cluster_sample_count": np.array([3.0, 0, 0]), "loss": np.array(5.0)},
        skip={
            **dict.fromkeys((NO_PARAMETER_SLOPE, NO_SLOPE), "a step towards the samples"),
            "gradients_accumulate_and_obey_scale": "the scale of the constructor counts",
            "a_batch_is_its_stacked_samples": "the step is divided by the number of samples",
        },
    ),
    case(
        "Bilinear",
        "one_row",
        [normal(1, 3), normal(1, 2)],
        {"input_size1": 3, "input_size2": 2, "output_size": 2},
        batch_axis=0,
        skip={"gradients_accumulate_and_obey_scale": "no scale below 0"},
    ),
    case(
        "Bilinear",
        "no_bias",
        [normal(4, 3), normal(4, 2)],
        {"input_size1": 3, "input_size2": 2, "output_size": 2, "bias": False},
        batch_axis=0,
        skip={"gradients_accumulate_and_obey_scale": "no scale below 0"},
    ),
]

WORDS = {"n_index": 5, "n_output": 2}
W = np.array([[3.0, 4], [0.3, 0.4], [1, 0], [0, -2], [6, 8]])

LOOKUP = [
    batch("LookupTable", "batch", np.array([[0, 4], [4, 4], [1, 0]]), WORDS),
    case(
        "LookupTable",
        "floats",
        np.array([2.0, 0, 2]),
        WORDS,
        params=[W],
        output=W[[2, 0, 2]],
        skip={NO_SLOPE: "an index has no slope"},
    ),
    case(
        "LookupTable",
        "frequency",
        np.array([2, 0, 2]),
        {**WORDS, "scale_grad_by_freq": True},
        grad_output=[[1, 2], [3, 4], [5, 6]],
        grad_params=[np.array([[3.0, 4], [0, 0], [3, 4], [0, 0], [0, 0]])],
        grad_params_scaled=[np.array([[4.5, 6], [0, 0], [4.5, 6], [0, 0], [0, 0]])],
        skip={NO_PARAMETER_SLOPE: "divided on purpose"},
    ),
    case(
        "LookupTable",
        "padding_0",
        np.array([0, 1, 0]),
        {**WORDS, "padding_value": 0},
        params=[W],
        output=W[[0, 1, 0]],
        grad_output=np.ones((3, 2)),
        grad_input=np.zeros(3),
        grad_params=[np.array([[0.0, 0], [1, 1], [0, 0], [0, 0], [0, 0]])],
        skip={NO_PARAMETER_SLOPE: "the padding row has no gradient on purpose"},
    ),
    *(
        case(
            "LookupTable",
            f"norm_{p}",
            np.array([0, 1, 0]),
            {**WORDS, "max_norm": 1, "norm_type": p},
            params=[W],
            train=train,
            output=np.stack([W[0] / (n + 1e-7), W[1], W[0] / (n + 1e-7)]),
            skip={NO_PARAMETER_SLOPE: "the row is scaled", "flattening_keeps_working": "the weight is scaled"},
        )
        for p, n, train in ((1, 7, True), (2, 5, False))
    ),
]

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
        skip={NO_SLOPE: "NaN", "gradients_accumulate_and_obey_scale": "NaN"},
    ),
    case(
        "Power",
        "p_0",
        [0.0, 4],
        {"p": 0},
        output=[1, 1],
        grad_output=[1, 1],
        grad_input=[np.nan, 0],
        skip={NO_SLOPE: "NaN at 0"},
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
        skip={NO_SLOPE: "no slope at 0"},
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
    *(batch("Normalize", f"p_{p}", normal(4, 3), {"p": p}) for p in (1, 1.5, 2, 3, "inf")),
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
    ),
    case(
        "Normalize",
        "inf_eps",
        [[2.0, -4, 4]],
        {"p": "inf", "eps": 4},
        output=[[0.25, -0.5, 0.5]],
        grad_output=[[1, 1, 1]],
        grad_input=[[0.125, 0.125 + 0.5 * 2 / 64, 0.125]],
        skip={NO_SLOPE: "the original takes x / n for the sign of x"},
    ),
]

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
        skip={"evaluate_is_deterministic": "draws in prediction too"},
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
        skip={NO_SLOPE: "adds the gradient of the penalty"},
    ),
    case(
        "L1Penalty",
        "penalty_only",
        [-2.0, 0, 3],
        {"l1_weight": 0.6, "size_average": True, "provide_output": False},
        grad_output=[1, 1, 1],
        grad_input=[-0.2, 0, 0.2],
        after={"loss": np.array(1.0)},
        skip={NO_SLOPE: "the gradient of the penalty only"},
    ),
    batch("GradientReversal", "rows", normal(3, 2), {"lam": 3}, skip={NO_SLOPE: "turns the gradient on purpose"}),
    batch("ZeroGrad", "rows", normal(3, 2), skip={NO_SLOPE: "drops the gradient on purpose"}),
]

MIXED = {"a_batch_is_its_stacked_samples": "the statistics are those of the batch"}
SMALLER = {**MIXED, "a_smaller_batch_works": "the running statistics move on"}

NORMALIZATION = [
    batch("BatchNormalization", "training", normal(6, 3), {"n_output": 3}, skip=SMALLER),
    batch("BatchNormalization", "not_affine", normal(6, 3), {"n_output": 3, "affine": False, "eps": 0.5}, skip=SMALLER),
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
    ),
]

SPARSE = {"input_size": 4, "output_size": 2}
KEYS = [np.array([0, 3]), np.array([1, 1, 2])]
VALUES = [np.array([0.5, -2]), np.array([1.0, 2, 3])]
DENSE = np.array([[0.5, 0, 0, -2], [0, 3, 3, 0]])
U = np.arange(8.0).reshape(4, 2) - 3
B = np.array([0.5, -0.5])
ROWS = [np.stack(pair, axis=1).astype(float) for pair in zip(KEYS, VALUES, strict=True)]
DY = np.array([[1.0, 2], [3, -1]])
FLAT = [np.concatenate(KEYS), np.concatenate(VALUES), np.array([2, 3])]
PADDED = np.stack([np.concatenate([ROWS[0], [[-1, 0]]]), ROWS[1]])
ANSWER = {"output": DENSE @ U + B, "grad_output": DY, "skip": TABLE_OF_SPARSE}
GIVEN = {"params": [U, B], "grad_params": [DENSE.T @ DY, DY.sum(0)], **ANSWER}
TURNED = {"params": [U.T, B], "grad_params": [DY.T @ DENSE, DY.sum(0)], **ANSWER}

TOLD = [
    case("SparseLinear", "list", ROWS, SPARSE, **TURNED),
    case("SparseLinear", "filled_up", PADDED, SPARSE, **TURNED),
    case(
        "SparseLinear",
        "dense_gradient",
        PADDED,
        {**SPARSE, "do_grad_input": True},
        grad_input=np.stack([np.stack([np.arange(4), dx], 1) for dx in DY @ U.T]),
        **TURNED,
    ),
    case("SparseLinear", "nothing", [], SPARSE, params=[U.T, B], output=B, skip=TABLE_OF_SPARSE),
    case("IndexLinear", "lists_known", [KEYS, VALUES], SPARSE, **GIVEN),
    case("IndexLinear", "sizes", FLAT, SPARSE, **GIVEN),
    case("IndexLinear", "offset", [FLAT[0] - 2, *FLAT[1:]], {**SPARSE, "keys_offset": 2}, **GIVEN),
    case("IndexLinear", "given", FLAT, {**SPARSE, "weight": U.tolist(), "bias": B.tolist()}, **ANSWER),
]

CASES: list[Case] = [
    *WITH_PARAMETERS,
    *LOOKUP,
    *CURVES,
    *REDUCTIONS,
    *PRODUCTS,
    *NOISE,
    *GRADIENTS,
    *NORMALIZATION,
    *TOLD,
]
