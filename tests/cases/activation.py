"""Cases of the transfer functions: what the original's figures leave out."""

from __future__ import annotations

from typing import Any

import numpy as np

from nntrain.compute.array import Array
from nntrain.nn.testing import Case

AT_THE_KINK = {"grad_input_matches_numerical_gradient": "one step of the difference reaches over the kink"}
SELU_ALPHA, SELU_SCALE = 1.6732632423543772, 1.0507009873554805
AT_ZERO = {"grad_input_matches_numerical_gradient": "y = x, but 0 lies inside of [−lam, lam], where the slope is 0"}


def normal(*shape: int) -> Array:
    """The same standard normal numbers for the same shape, none near the kink at 0."""
    x = np.random.default_rng(shape).standard_normal(shape)
    return x + np.copysign(0.01, x)


def case(name: str, cls: str, x: Any, kwargs: dict[str, Any] | None = None, **known: Any) -> Case:
    """A case of ``cls``; the known output and gradients may be lists."""
    for key in known.keys() & {"output", "grad_output", "grad_input"}:
        known[key] = np.asarray(known[key], float)
    return Case(name, {"type": cls, **(kwargs or {})}, np.asarray(x, float), **known)


def values(cls: str, name: str, x: Any, y: Any, slope: Any, kwargs: dict[str, Any] | None = None, **more: Any) -> Case:
    """A case whose output and slope are known, element by element."""
    return case(name, cls, x, kwargs, output=y, grad_output=[1.0] * len(slope), grad_input=slope, **more)


# Every elementwise class without and with its options, in a batch of images.
ELEMENTWISE: list[tuple[str, dict[str, Any]]] = [
    ("ELU", {"alpha": 0.5}),
    ("GELU", {}),
    ("GELU", {"approximate": True}),
    ("HardShrink", {"lam": 0.25}),
    ("HardTanh", {"min_value": -0.5, "max_value": 0.75}),
    ("LeakyReLU", {"negval": 0.2}),
    ("LeakyReLU", {"negval": 1.5}),
    ("LeakyReLU", {"negval": -0.5, "inplace": True}),
    ("LogSigmoid", {}),
    ("Mish", {}),
    ("PReLU", {}),
    ("ReLU", {}),
    ("ReLU6", {}),
    ("SELU", {}),
    ("SiLU", {}),
    ("Sigmoid", {}),
    ("SoftPlus", {"beta": 0.5}),
    ("SoftPlus", {"beta": -2}),
    ("SoftShrink", {"lam": 0.25}),
    ("SoftSign", {}),
    ("Tanh", {}),
    ("TanhShrink", {}),
    ("Threshold", {"threshold": -0.25, "value": 1.5}),
    ("Threshold", {"threshold": 0.5, "value": 0.5}),
]

CASES: list[Case] = [
    *(
        case("-".join(["images", *map(str, kwargs.values())]), cls, normal(3, 2, 2, 3), kwargs, batch_axis=0)
        for cls, kwargs in ELEMENTWISE
    ),
    # On the kinks
    values("ReLU", "kink", [-1, 0, 2], [0, 0, 2], [0, 0, 1]),
    values("ReLU6", "bounds", [-1, 0, 3, 6, 7], [0, 0, 3, 6, 6], [0, 0, 1, 0, 0]),
    values("Threshold", "default", [-1, 1e-6, 1e-5], [0, 0, 1e-5], [0, 0, 1]),
    values("Threshold", "kink", [-1, 0.25, 1], [-2, -2, 1], [0, 0, 1], {"threshold": 0.25, "value": -2}),
    values("LeakyReLU", "kink", [-1, 0, 2], [-0.25, 0, 2], [0.25, 0.25, 1], {"negval": 0.25}),
    values("LeakyReLU", "steep", [-1, 0, 2], [-3, 0, 2], [3, 3, 1], {"negval": 3}),
    values("LeakyReLU", "rising_to_the_left", [-1, 0, 2], [3, 0, 2], [-3, -3, 1], {"negval": -3}),
    values("ELU", "kink", [-1, 0, 2], [0.5 * np.expm1(-1), 0, 2], [0.5 * np.exp(-1), 0.5, 1], {"alpha": 0.5}),
    values("HardTanh", "bounds", [-2, -1, 0, 1, 2], [-1, -1, 0, 1, 1], [0, 0, 1, 0, 0]),
    values("HardShrink", "bounds", [-1, -0.5, 0, 0.5, 1], [-1, 0, 0, 0, 1], [1, 0, 0, 0, 1]),
    values("HardShrink", "lam_0", [-1, 0, 1], [-1, 0, 1], [1, 0, 1], {"lam": 0}, skip=AT_ZERO),
    values("SoftShrink", "bounds", [-1, -0.5, 0, 0.5, 1], [-0.5, 0, 0, 0, 0.5], [1, 0, 0, 0, 1]),
    values("PReLU", "kink", [-1, 0, 2], [-0.25, 0, 2], [0.25, 0.25, 1]),
    case(
        "kink",
        "CReLU",
        [-1, 0, 2],
        {"n_input_dims": 1},
        output=[0, 0, 2, 1, 0, 0],
        grad_output=[1, 2, 3, 4, 5, 6],
        grad_input=[-4, 0, 3],
    ),
    # Far from 0
    values("Sigmoid", "far", [-1000, 0, 1000], [0, 0.5, 1], [0, 0.25, 0]),
    values("Tanh", "far", [-1000, 0, 1000], [-1, 0, 1], [0, 1, 0]),
    values("LogSigmoid", "far", [-1000, 0, 1000], [-1000, -np.log(2), 0], [1, 0.5, 0]),
    values("SoftPlus", "far", [-1000, 0, 1000], [0, np.log(2), 1000], [0, 0.5, 1]),
    values(
        "SoftPlus",
        "straight",
        [20, 20.5, 11],
        [20 + np.log1p(np.exp(-20)), 20.5, 11 + np.log1p(np.exp(-11))],
        [1, 1, 1 / (1 + np.exp(-11))],
    ),
    values(
        "SoftPlus",
        "straight_by_beta",
        [5.5, 4],
        [5.5, 4 + np.log1p(np.exp(-16)) / 4],
        [1, 1 / (1 + np.exp(-16))],
        {"beta": 4},
    ),
    values("SoftSign", "far", [-999, 0, 999], [-0.999, 0, 0.999], [1e-6, 1, 1e-6]),
    values("TanhShrink", "far", [-1000, 0, 1000], [-999, 0, 999], [1, 0, 1]),
    values("ELU", "far", [-1000, 1000], [-1, 1000], [0, 1]),
    values("GELU", "far", [-1000, 0, 1000], [0, 0, 1000], [0, 0.5, 1]),
    values("GELU", "far_approximate", [-1000, 0, 1000], [0, 0, 1000], [0, 0.5, 1], {"approximate": True}),
    values("Mish", "far", [-1000, 0, 1000], [0, 0, 1000], [0, 0.6, 1]),
    values("SELU", "far", [-1000, 1000], [-SELU_SCALE * SELU_ALPHA, SELU_SCALE * 1000], [0, SELU_SCALE]),
    values("SELU", "kink", [0, 1e-9], [0, SELU_SCALE * 1e-9], [SELU_SCALE * SELU_ALPHA, SELU_SCALE], skip=AT_THE_KINK),
    values("SiLU", "far", [-1000, 0, 1000], [0, 0, 1000], [0, 0.5, 1]),
    # In place
    case("inplace", "ELU", normal(4, 3), {"alpha": 2, "inplace": True}, batch_axis=0),
    case("inplace", "HardTanh", normal(4, 3), {"inplace": True}, batch_axis=0),
    case("inplace", "LeakyReLU", normal(4, 3), {"inplace": True}, batch_axis=0),
    case("inplace", "ReLU", normal(4, 3), {"inplace": True}, batch_axis=0),
    case("inplace", "ReLU6", normal(4, 3), {"inplace": True}, batch_axis=0),
    case("inplace", "Threshold", normal(4, 3), {"threshold": 0.2, "value": -1, "inplace": True}),
    case("inplace", "RReLU", normal(4, 3), {"inplace": True}, train=False, batch_axis=0),
    # The softmax layers, on every number of axes and far from 0
    *(
        case(f"axes-{x.ndim}", cls, x, batch_axis=0 if x.ndim in (2, 4) else None)
        for cls in ("SoftMax", "SoftMin", "LogSoftMax", "SpatialSoftMax", "SpatialLogSoftMax")
        for x in (normal(4), normal(3, 4), normal(3, 2, 2), normal(2, 3, 2, 2))
    ),
    case("far", "SoftMax", [[-1000, 1000, 1000], [3, 3, 1000]], output=np.array([[0, 0.5, 0.5], [0, 0, 1]])),
    case("far", "SoftMin", [[-1000, 1000, -1000], [3, 3, -1000]], output=np.array([[0.5, 0, 0.5], [0, 0, 1]])),
    case("far", "LogSoftMax", [[-1000, 1000, 1000]], output=np.array([[-2000 - np.log(2), -np.log(2), -np.log(2)]])),
    # A learned slope
    case("planes", "PReLU", normal(2, 3, 4), {"n_output_plane": 3}, batch_axis=0, params=[np.array([0.5, 0, -2])]),
    case("matrix", "PReLU", normal(4, 2), {"n_output_plane": 2}, batch_axis=0),
    case("one_plane", "PReLU", normal(2, 1, 2, 2), {"n_output_plane": 1}, batch_axis=0),
    case("shared_by_none", "PReLU", normal(2, 3), {"n_output_plane": None}, batch_axis=0),
    case(
        "sums",
        "PReLU",
        [[-1, 2], [-3, -4]],
        {"n_output_plane": 2},
        params=[np.array([0.5, 0.1])],
        output=np.array([[-0.5, 2], [-1.5, -0.4]]),
        grad_output=np.array([[1.0, 10], [100, 1000]]),
        grad_input=np.array([[0.5, 10], [50, 100]]),
        grad_params=[np.array([-301.0, -4000])],
    ),
    # A learned share
    *(
        case(name, "Blend", x, {"activation": {"type": cls}, "size": 3}, batch_axis=axis, params=params)
        for name, cls, x, axis, params in (
            ("share", "SiLU", normal(5, 3), 0, [np.array([0.5, 1.5, -0.25])]),
            ("axes", "Mish", normal(2, 4, 3), 0, [np.array([0.5, 1, 0])]),
            ("vector", "SELU", normal(3), None, [np.array([0.5, 1, 0])]),
            ("with_parameters", "PReLU", normal(5, 3), 0, [np.array([0.1]), np.array([0.5, 1.5, -0.25])]),
        )
    ),
    case(
        "known",
        "Blend",
        [[-1, 2], [3, -4]],
        {"activation": {"type": "ReLU"}, "size": 2},
        params=[np.array([0.5, 0.25])],
        output=np.array([[-0.5, 2], [3, -3]]),
        grad_output=np.array([[1.0, 10], [100, 1000]]),
        grad_input=np.array([[0.5, 10], [100, 750]]),
        grad_params=[np.array([1.0, 4000])],
    ),
    # A drawn slope
    case("training", "RReLU", normal(5, 3), {"lower": 0.1, "upper": 0.6}),
    case("prediction", "RReLU", normal(5, 3), {"lower": 0.1, "upper": 0.5}, train=False, batch_axis=0),
    case(
        "equal_bounds",
        "RReLU",
        normal(5, 3),
        {"lower": 0.25, "upper": 0.25},
        batch_axis=0,
        skip={"noise_uses_module_stream": "between equal bounds every draw is the same"},
    ),
    values("RReLU", "kink", [-1, 0, 2], [-0.25, 0, 2], [0.25, 0.25, 1], {"lower": 0, "upper": 0.5}, train=False),
    # Layers that change the shape
    case("matrix_batch", "CReLU", normal(3, 4), {"n_input_dims": 1}, batch_axis=0),
    case("image", "CReLU", normal(3, 2, 2), {"n_input_dims": 3, "inplace": True}),
    case("two_axes_more", "CReLU", normal(2, 3, 2), {"n_input_dims": 1}),
    case("batch", "GatedLinearUnit", normal(3, 4), batch_axis=0),
    case("planes", "GatedLinearUnit", normal(2, 4, 3), {"dim": 1}, batch_axis=0),
    case("from_the_end", "GatedLinearUnit", normal(2, 4, 3), {"dim": -2}, batch_axis=0),
    case(
        "far",
        "GatedLinearUnit",
        [2, 3, 1000, -1000],
        output=[2, 0],
        grad_output=[1, 1],
        grad_input=[1, 0, 0, 0],
    ),
    case(
        "preprocess",
        "Maxout",
        normal(4, 3),
        {"input_size": 3, "output_size": 2, "maxout_number": 3, "preprocess": {"type": "Tanh"}},
        batch_axis=0,
    ),
    case(
        "preprocess_with_parameters",
        "Maxout",
        normal(3),
        {"input_size": 3, "output_size": 2, "maxout_number": 2, "preprocess": {"type": "PReLU"}},
    ),
    case(
        "ties",
        "Maxout",
        [1],
        {"input_size": 1, "output_size": 1, "maxout_number": 3},
        params=[np.array([[1.0], [2], [2]]), np.array([0.5, 0.25, 0.25])],
        output=[2.25],
        grad_output=[3],
        grad_input=[6],
        grad_params=[np.array([[0.0], [3], [0]]), np.array([0.0, 3, 0])],
    ),
]
