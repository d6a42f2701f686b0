"""Errors of the activation functions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nntrain import nn
from nntrain.errors import ArgumentError, ShapeError, SpecError


@pytest.mark.parametrize(
    ("cls", "arguments", "what"),
    [
        ("HardTanh", {"min_value": 1, "max_value": 1}, "min_value < max_value"),
        ("HardTanh", {"min_value": 2, "max_value": -2}, "min_value < max_value"),
        ("HardShrink", {"lam": -1}, "lam of at least 0"),
        ("SoftShrink", {"lam": -0.5}, "lam of at least 0"),
        ("SoftPlus", {"beta": 0}, "beta other than 0"),
        ("Threshold", {"threshold": 0, "value": 1, "inplace": True}, "value of at most the threshold 0"),
        ("RReLU", {"lower": 0.5, "upper": 0.25}, "0 <= lower <= upper"),
        ("RReLU", {"lower": -0.5, "upper": 0.25}, "0 <= lower <= upper"),
        ("PReLU", {"n_output_plane": -1}, "n_output_plane of at least 0"),
        ("Maxout", {"input_size": 3, "output_size": 2, "maxout_number": 0}, "sizes of at least 1"),
    ],
)
def test_an_argument_out_of_range_is_named(cls: str, arguments: dict[str, Any], what: str) -> None:
    with pytest.raises(ArgumentError, match=f"^{cls}: (inplace: )?expected .*{what}"):
        getattr(nn, cls)(**arguments)
    with pytest.raises(SpecError, match=what):
        nn.build({"type": cls, **arguments})


def test_a_value_above_the_threshold_is_fine_out_of_place() -> None:
    np.testing.assert_array_equal(nn.Threshold(0, 1).forward(np.array([-1.0, 0, 2])), [1, 1, 2])


@pytest.mark.parametrize("cls", ["SoftMax", "SoftMin", "LogSoftMax", "SpatialSoftMax", "SpatialLogSoftMax"])
@pytest.mark.parametrize("shape", [(), (1, 2, 3, 2, 1)])
def test_the_softmax_layers_take_one_to_four_axes(cls: str, shape: tuple[int, ...]) -> None:
    with pytest.raises(ShapeError, match=r"\(N, C, H, W\)"):
        getattr(nn, cls)().forward(np.zeros(shape))


@pytest.mark.parametrize("shape", [(2,), (3, 2), (3, 2, 3), (3, 4, 3, 3)])
def test_prelu_refuses_another_number_of_planes(shape: tuple[int, ...]) -> None:
    with pytest.raises(ShapeError, match=r"\(N, 3, \.\.\.\)"):
        nn.PReLU(3).forward(np.zeros(shape))


@pytest.mark.parametrize(("dim", "shape"), [(None, (2, 3)), (0, (3, 2)), (1, (4,)), (-3, (2, 2))])
def test_a_gated_linear_unit_needs_an_even_size(dim: int | None, shape: tuple[int, ...]) -> None:
    with pytest.raises(ShapeError, match="even size along axis"):
        nn.GatedLinearUnit(dim).forward(np.zeros(shape))


def test_maxout_refuses_another_input_size() -> None:
    with pytest.raises(ShapeError, match=r"Maxout\[0\] > Linear"):
        nn.Maxout(3, 2, 2).forward(np.zeros((4, 2)))


def test_blend_refuses_other_shapes() -> None:
    with pytest.raises(ShapeError, match=r"an input of shape \(\.\.\., 3\)"):
        nn.Blend(nn.Tanh(), 3).forward(np.zeros((4, 2)))
    with pytest.raises(ShapeError, match=r"an output of shape \(4, 2\) from CReLU"):
        nn.Blend(nn.CReLU(1), 2).forward(np.zeros((4, 2)))
    with pytest.raises(ArgumentError, match="sizes of at least 1, got 0"):
        nn.Blend(nn.Tanh(), 0)
    with pytest.raises(ArgumentError, match="already contains a module"):
        nn.Blend(nn.Tanh(), 2).add(nn.ReLU())


def test_blend_refuses_an_activation_in_place() -> None:
    blend = {"type": "Blend", "activation": {"type": "ReLU", "inplace": True}, "size": 2}
    with pytest.raises(SpecError, match=r"modules\[1\]\.activation: ReLU overwrites its input, which Blend at"):
        nn.build({"type": "Sequential", "modules": [{"type": "Linear", "input_size": 2, "output_size": 2}, blend]})
