"""SELU, GELU, SiLU and Mish against their formulas, which are evaluated number by number in double precision."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from nntrain import nn
from nntrain.compute.threads import CHUNK_SIZE, use_thread_pool
from nntrain.nn.erf import erf

X = np.concatenate([np.linspace(-12, 12, 481), [-1000, -88.5, -30, -1e-8, 1e-8, 30, 88.5, 1000]])


def sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x > -700 else 0.0


def gelu_by_tanh(x: float) -> float:
    # (1 + tanh s) / 2 = σ(2s)
    return x * sigmoid(2 * math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))


def mish(x: float) -> float:
    return x * math.tanh(math.log1p(math.exp(x)) if x < 30 else x)


def mish_derivative(x: float) -> float:
    w = math.tanh(math.log1p(math.exp(x)) if x < 30 else x)
    return w + x * (1 - w * w) * sigmoid(x)


def selu(x: float) -> float:
    return 1.0507009873554805 * (x if x > 0 else 1.6732632423543772 * math.expm1(x))


def selu_derivative(x: float) -> float:
    return 1.0507009873554805 * (1 if x > 0 else 1.6732632423543772 * math.exp(x))


def gelu_by_tanh_derivative(x: float) -> float:
    s, ds = (2 * math.sqrt(2 / math.pi) * factor for factor in (x + 0.044715 * x**3, 1 + 3 * 0.044715 * x * x))
    return sigmoid(s) + x * sigmoid(s) * sigmoid(-s) * ds


Function = Callable[[float], float]
FORMULAS: dict[str, tuple[nn.Module, Function, Function]] = {
    "SELU": (nn.SELU(), selu, selu_derivative),
    "GELU": (
        nn.GELU(),
        lambda x: 0.5 * x * math.erfc(-x / math.sqrt(2)),
        lambda x: 0.5 * math.erfc(-x / math.sqrt(2)) + x * math.exp(-x * x / 2) / math.sqrt(2 * math.pi),
    ),
    "GELU-approximate": (nn.GELU(approximate=True), gelu_by_tanh, gelu_by_tanh_derivative),
    "SiLU": (nn.SiLU(), lambda x: x * sigmoid(x), lambda x: sigmoid(x) * (1 + x * (1 - sigmoid(x)))),
    "Mish": (nn.Mish(), mish, mish_derivative),
}


@pytest.mark.parametrize("name", FORMULAS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_value_and_derivative_follow_the_formula(name: str, dtype: type) -> None:
    layer, value, derivative = FORMULAS[name]
    tolerance = 8 * np.finfo(dtype).eps
    x = X.astype(dtype)
    with np.errstate(all="raise", under="ignore"):
        y = layer.forward(x).copy()
        dx = layer.backward(x, np.ones_like(x))
    assert y.dtype == dx.dtype == dtype
    points = x.astype(np.float64).tolist()
    np.testing.assert_allclose(y, [value(point) for point in points], rtol=tolerance, atol=tolerance)
    # The rounding of 1 − Φ is multiplied by x ds/dx.
    tolerance *= 6 if name == "GELU-approximate" else 1
    np.testing.assert_allclose(dx, [derivative(point) for point in points], rtol=tolerance, atol=tolerance)


def test_known_values() -> None:
    """Values of the papers' functions at 1 and −1, to six decimals."""
    x = np.array([1.0, -1.0])
    known = {
        "SELU": [1.050701, -1.111331],
        "GELU": [0.841345, -0.158655],
        "GELU-approximate": [0.841192, -0.158808],
        "SiLU": [0.731059, -0.268941],
        "Mish": [0.865098, -0.303401],
    }
    for name, values in known.items():
        np.testing.assert_allclose(FORMULAS[name][0].forward(x), values, atol=6e-7)


@pytest.mark.parametrize("name", FORMULAS)
def test_small_numbers_keep_their_digits(name: str) -> None:
    layer, _, derivative = FORMULAS[name]
    x = np.array([-1e-20, -1e-6, 1e-6, 1e-20], np.float32)
    np.testing.assert_allclose(layer.forward(x)[[0, 3]], x[[0, 3]] * [derivative(-1e-20), derivative(1e-20)], rtol=1e-6)


@pytest.mark.parametrize("name", FORMULAS)
def test_several_chunks_and_threads_give_the_same_bits(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    layer = FORMULAS[name][0]
    rng = np.random.default_rng(0)
    x, dy = rng.standard_normal((2, 5, CHUNK_SIZE)).astype(np.float32)
    rows = [(layer.forward(row).copy(), layer.backward(row, by).copy()) for row, by in zip(x, dy, strict=True)]
    monkeypatch.setenv("NNTRAIN_THREADS", "3")
    with use_thread_pool():
        np.testing.assert_array_equal(layer.forward(x), [y for y, _ in rows])
        np.testing.assert_array_equal(layer.backward(x, dy), [dx for _, dx in rows])


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float32, 1.5e-7), (np.float64, 1e-15)])
def test_erf_is_accurate(dtype: type, tolerance: float) -> None:
    rng = np.random.default_rng(0)
    parts = [rng.uniform(-7, 7, 20_000), rng.uniform(-2e-3, 2e-3, 20_000), 10 ** rng.uniform(-30, 0, 5000)]
    x = np.concatenate([*parts, [-1000, 1000]]).astype(dtype)
    exact = [math.erf(point) for point in x.astype(np.float64).tolist()]
    scratch, index = np.empty((3, x.size), dtype), np.empty(x.size, np.intp)
    erf(x, x, scratch, index)
    np.testing.assert_allclose(x.astype(np.float64), exact, rtol=tolerance, atol=0)


def test_erf_of_infinity_and_nan() -> None:
    x = np.array([-np.inf, 0, np.inf, np.nan], np.float32)
    out = np.empty_like(x)
    erf(x, out, np.empty((3, 4), np.float32), np.empty(4, np.intp))
    np.testing.assert_array_equal(out, [-1, 0, 1, np.nan])
