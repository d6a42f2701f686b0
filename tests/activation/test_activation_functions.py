"""What the transfer functions do beside their curves."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nntrain import nn
from nntrain.compute.array import Array
from nntrain.nn.building.size_inference import infer_sizes

FAR = np.array([-1000, -90, -20, -1, 0, 1, 20, 90, 1000], np.float32)
CURVES = [
    "CReLU",
    "ELU",
    "GELU",
    "GatedLinearUnit",
    "HardShrink",
    "HardTanh",
    "LeakyReLU",
    "LogSigmoid",
    "LogSoftMax",
    "Mish",
    "PReLU",
    "RReLU",
    "ReLU",
    "ReLU6",
    "SELU",
    "SiLU",
    "Sigmoid",
    "SoftMax",
    "SoftMin",
    "SoftPlus",
    "SoftShrink",
    "SoftSign",
    "Tanh",
    "TanhShrink",
    "Threshold",
]


def made(cls: str) -> nn.Module:
    """A layer of that class in prediction."""
    layer: nn.Module = nn.CReLU(1) if cls == "CReLU" else getattr(nn, cls)()
    layer.evaluate()
    return layer


def step(layer: nn.Module, x: Array) -> tuple[Array, Array]:
    """Output and gradient of a step with dy = 1."""
    y = layer.forward(x).copy()
    return y, layer.backward(x, np.ones_like(y)).copy()


@pytest.mark.parametrize("cls", CURVES)
def test_far_inputs_give_in_single_precision_what_they_give_in_double(cls: str) -> None:
    x = np.append(FAR, FAR[1])
    for single, double in zip(step(made(cls), x), step(made(cls).double(), x.astype(np.float64)), strict=True):
        assert single.dtype == np.float32
        np.testing.assert_allclose(single, double, rtol=1e-6, atol=2e-7)


@pytest.mark.parametrize("cls", CURVES)
def test_integers_are_taken_as_numbers_of_the_module(cls: str) -> None:
    x = np.array([-2, 0, 1, 3])
    for whole, floating in zip(step(made(cls), x), step(made(cls), x.astype(np.float32)), strict=True):
        assert whole.dtype == np.float32
        np.testing.assert_allclose(whole, floating, rtol=1e-6)


@pytest.mark.parametrize(
    "cls", ["ReLU", "Threshold", "ReLU6", "HardTanh", "LeakyReLU", "ELU", "Tanh", "Sigmoid", "SELU"]
)
def test_nan_stays_nan(cls: str) -> None:
    assert np.isnan(made(cls).forward(np.array([np.nan, 1.0]))[0])


@pytest.mark.parametrize("cls", ["ReLU", "ReLU6", "HardTanh", "Threshold", "HardShrink", "SoftShrink", "CReLU"])
def test_infinite_inputs_raise_no_warning(cls: str) -> None:
    y = made(cls).forward(np.array([-np.inf, np.inf]))
    assert not np.isnan(y).any()


@pytest.mark.parametrize(
    "layer",
    [
        nn.ELU(2, True),
        nn.HardTanh(-1, 1, True),
        nn.LeakyReLU(0.1, True),
        nn.ReLU(True),
        nn.ReLU6(True),
        nn.RReLU(0, 1, True),
    ],
)
def test_inplace_writes_over_input_and_gradient(layer: nn.Module) -> None:
    x, dy = np.array([-2.0, -0.5, 0, 0.5, 7]), np.arange(1.0, 6)
    out_of_place = nn.build(layer.spec() | {"inplace": False})
    for module in (layer, out_of_place):
        module.evaluate()
    wanted = out_of_place.forward(x).copy(), out_of_place.backward(x, dy).copy()
    assert layer.forward(x) is x
    assert layer.backward(x, dy) is dy
    np.testing.assert_allclose(x, wanted[0])
    np.testing.assert_allclose(dy, wanted[1])


def test_inplace_can_be_switched_off_later() -> None:
    layer = nn.ReLU(inplace=True)
    layer.inplace = False
    x = np.array([-1.0, 1])
    assert layer.forward(x) is not x
    assert layer.spec() == {"type": "ReLU", "inplace": False}


def test_a_negative_slope_switches_inplace_off() -> None:
    x = np.array([-1.0, 1])
    layer = nn.LeakyReLU(-0.5, inplace=True)
    np.testing.assert_array_equal(layer.forward(x), [0.5, 1])
    np.testing.assert_array_equal(x, [-1, 1])
    assert not layer.inplace


def test_relu_is_a_threshold() -> None:
    layer = nn.ReLU()
    assert isinstance(layer, nn.Threshold)
    assert (layer.threshold, layer.val) == (0, 0)


@pytest.mark.parametrize(
    ("layer", "text"),
    [
        (nn.ELU(), "nn.ELU (alpha:1.000000)"),
        (nn.LeakyReLU(0.25), "nn.LeakyReLU(0.25)"),
        (nn.RReLU(), "nn.RReLU (l:0.125000, u:0.333333)"),
        (nn.ReLU6(), "nn.ReLU6"),
        (nn.SoftPlus(2), "nn.SoftPlus"),
    ],
)
def test_layers_print_as_in_torch(layer: nn.Module, text: str) -> None:
    assert str(layer) == text


def test_prelu_starts_at_a_quarter_and_reset_leaves_it() -> None:
    layer = nn.PReLU(3)
    layer.weight[0] = 7
    layer.reset()
    np.testing.assert_array_equal(layer.weight, np.array([7, 0.25, 0.25], np.float32))
    assert nn.PReLU().weight.shape == nn.PReLU(None).weight.shape == (1,)


def test_rrelu_draws_in_training_only() -> None:
    nn.manual_seed(3)
    layer, x = nn.RReLU(0.25, 0.5), -np.ones(1000)
    y = layer.forward(x).copy()
    assert len(np.unique(y)) > 900
    assert (y >= -0.5).all()
    assert (y <= -0.25).all()
    np.testing.assert_array_equal(layer.backward(x, np.ones(1000)), -y)
    assert not np.array_equal(layer.forward(x), y)
    layer.evaluate()
    np.testing.assert_array_equal(layer.forward(x), np.full(1000, -0.375))
    np.testing.assert_array_equal(layer.backward(x, np.ones(1000)), np.full(1000, 0.375))


def test_rrelu_takes_close_bounds_as_one_slope() -> None:
    layer, x = nn.RReLU(0.25, 0.25 + 5e-7), -np.ones(10)
    layer.forward(x)
    np.testing.assert_allclose(layer.backward(x, np.ones(10)), np.full(10, 0.25 + 2.5e-7), rtol=1e-12)


def test_rrelu_repeats_itself_after_a_seed() -> None:
    layer, x = nn.RReLU(), -np.ones((3, 4))
    outputs = []
    for _ in range(2):
        nn.manual_seed(5)
        outputs.append(layer.forward(x).copy())
    np.testing.assert_array_equal(*outputs)


def test_crelu_never_writes_over_its_input() -> None:
    x = np.array([[-1.0, 2]])
    np.testing.assert_array_equal(nn.CReLU(1, inplace=True).forward(x), [[0, 2, 1, 0]])
    np.testing.assert_array_equal(x, [[-1, 2]])


def test_maxout_is_a_chain_of_linear_view_and_max() -> None:
    layer = nn.Maxout(3, 2, 4, preprocess=nn.Tanh())
    assert isinstance(layer, nn.Sequential)
    assert [type(child).__name__ for child in layer] == ["Linear", "View", "Tanh", "Max"]
    assert layer.preprocess is layer.get(2)
    assert nn.Maxout(3, 2, 4).preprocess is None
    assert [array.shape for array in layer.parameters()[0]] == [(8, 3), (8,)]
    assert layer.spec()["preprocess"] == {"type": "Tanh"}


def test_maxout_takes_a_batch_of_any_size() -> None:
    layer, x = nn.Maxout(3, 2, 4).double(), np.random.default_rng(0).standard_normal((5, 3))
    z = (x @ layer.get(0).weight.T + layer.get(0).bias).reshape(5, 4, 2)
    np.testing.assert_allclose(layer.forward(x), z.max(1))
    np.testing.assert_allclose(layer.forward(x[:1]), z[:1].max(1))
    np.testing.assert_allclose(layer.forward(x[0]), z[0].max(0))


def test_blend_starts_as_its_activation_and_infers_its_size() -> None:
    x = np.random.default_rng(0).standard_normal((5, 3))
    spec = infer_sizes({"type": "Blend", "activation": {"type": "SiLU"}}, x)
    assert spec == {"type": "Blend", "activation": {"type": "SiLU"}, "size": 3}
    layer: Any = nn.build(spec)
    np.testing.assert_allclose(layer.forward(x), nn.SiLU().forward(x), atol=1e-15)
    layer.weight[...] = 0
    layer.activation.forward(x)
    np.testing.assert_array_equal(layer.forward(x), x)
    layer.reset()
    assert layer.weight.tolist() == [1, 1, 1]
