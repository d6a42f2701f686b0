"""Cases of the simple layers with parameters: what the original's figures leave out."""

from __future__ import annotations

from typing import Any

import numpy as np

from nntrain.compute.array import Array
from nntrain.nn.testing import Case

NO_INPUT_GRADIENT = "grad_input_matches_numerical_gradient"
NO_PARAMETER_GRADIENT = "grad_parameters_match_numerical_gradient"
IN_PLACE = dict.fromkeys(
    (NO_INPUT_GRADIENT, "backward_matches_both_steps", "same_shape_reuses_memory", "evaluation_is_deterministic"),
    "in place: input and gradient are overwritten",
)
TABLE_OF_SPARSE = {NO_INPUT_GRADIENT: "the gradient is that of the dense vector"}


def normal(*shape: int) -> Array:
    """The same standard normal numbers for the same shape, none near 0."""
    x = np.random.default_rng(shape).standard_normal(shape)
    return x + np.copysign(0.01, x)


def is_numbers(x: Any) -> bool:
    """Whether x is an array or number, or nested lists of numbers, but no table."""
    return all(map(is_numbers, x)) and len(x) > 0 if isinstance(x, list) else isinstance(x, int | float)


def case(cls: str, name: str, x: Any, arguments: dict[str, Any] | None = None, **known: Any) -> Case:
    """A case of ``cls``; numbers may be given as lists."""
    for key in known.keys() & {"output", "grad_output", "grad_input"}:
        known[key] = np.asarray(known[key], float)
    return Case(name, {"type": cls, **(arguments or {})}, np.asarray(x, float) if is_numbers(x) else x, **known)


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
    case("LinearWeightNorm", "evaluate", normal(5, 3), SIZES, train=False, skip={NO_PARAMETER_GRADIENT: "W is kept"}),
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
        skip={NO_PARAMETER_GRADIENT: "the backward pass takes the clamped norm for the norm"},
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
        skip=dict.fromkeys((NO_INPUT_GRADIENT, NO_PARAMETER_GRADIENT), "the tip of a cone"),
    ),
    case(
        "Cosine",
        "zeros",
        np.zeros((1, 3)),
        SIZES,
        output=np.zeros((1, 4)),
        skip={NO_INPUT_GRADIENT: "no direction at 0"},
    ),
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
            **dict.fromkeys((NO_PARAMETER_GRADIENT, NO_INPUT_GRADIENT), "a step towards the samples"),
            "gradients_accumulate_with_scale": "the scale of the constructor counts",
            "batch_matches_single_samples": "the step is divided by the number of samples",
        },
    ),
    case(
        "Bilinear",
        "one_row",
        [normal(1, 3), normal(1, 2)],
        {"input_size1": 3, "input_size2": 2, "output_size": 2},
        batch_axis=0,
        skip={"gradients_accumulate_with_scale": "no scale below 0"},
    ),
    case(
        "Bilinear",
        "no_bias",
        [normal(4, 3), normal(4, 2)],
        {"input_size1": 3, "input_size2": 2, "output_size": 2, "bias": False},
        batch_axis=0,
        skip={"gradients_accumulate_with_scale": "no scale below 0"},
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
        skip={NO_INPUT_GRADIENT: "an index has no slope"},
    ),
    case(
        "LookupTable",
        "frequency",
        np.array([2, 0, 2]),
        {**WORDS, "scale_grad_by_freq": True},
        grad_output=[[1, 2], [3, 4], [5, 6]],
        grad_params=[np.array([[3.0, 4], [0, 0], [3, 4], [0, 0], [0, 0]])],
        grad_params_scaled=[np.array([[4.5, 6], [0, 0], [4.5, 6], [0, 0], [0, 0]])],
        skip={NO_PARAMETER_GRADIENT: "divided on purpose"},
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
        skip={NO_PARAMETER_GRADIENT: "the padding row has no gradient on purpose"},
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
            skip={NO_PARAMETER_GRADIENT: "the row is scaled", "module_works_after_flattening": "the weight is scaled"},
        )
        for p, n, train in ((1, 7, True), (2, 5, False))
    ),
]

CASES: list[Case] = [*WITH_PARAMETERS, *LOOKUP]
