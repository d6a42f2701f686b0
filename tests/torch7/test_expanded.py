"""Tensors that view less memory than they have numbers, in the fields of a file made to do harm."""

from __future__ import annotations

import tracemalloc
from typing import Any

import numpy as np
import pytest

from nntrain.errors import CheckpointError
from nntrain_torch7.format import TorchObject
from nntrain_torch7.importing import Import


def expanded(model: TorchObject) -> None:
    inside(model).fields["weight"] = np.lib.stride_tricks.as_strided(np.zeros(1), (10**6, 10**4), (0, 0))


def large_window(model: TorchObject) -> None:
    model.fields["modules"][1] = TorchObject(
        "nn.SpatialConvolution", 1, {"nInputPlane": 1e6, "nOutputPlane": 1e6, "kW": 1e3, "kH": 1e3}
    )


def large_normalization(model: TorchObject) -> None:
    zeros = np.lib.stride_tricks.as_strided(np.zeros(1), (2**31,), (0,))
    model.fields["modules"][1] = TorchObject("nn.BatchNormalization", 2, {"running_mean": zeros, "running_var": zeros})


def large_view(model: TorchObject) -> None:
    model.fields["modules"][1] = TorchObject("nn.Reshape", 1, {"size": Storage(np.array([-(2**62), 3]))})


def deep(model: TorchObject) -> None:
    inner = TorchObject("nn.Identity", 1, {})
    for _ in range(5000):
        inner = TorchObject("nn.Sequential", 1, {"modules": {1: inner}})
    model.fields["modules"][1] = inner


def wide(model: TorchObject) -> None:
    """2⁴⁰ modules, by naming one again and again."""
    inner = TorchObject("nn.Identity", 1, {})
    for _ in range(40):
        inner = TorchObject("nn.Sequential", 1, {"modules": {1: inner, 2: inner}})
    model.fields["modules"][1] = inner


def wrong_table(model: TorchObject) -> None:
    model.fields["modules"] = {1: inside(model), 3: inside(model)}


def number_as_module(model: TorchObject) -> None:
    model.fields["modules"][1] = 5.0


def nan_size(model: TorchObject) -> None:
    model.fields["modules"][1] = TorchObject("nn.Dropout", 1, {"p": float("nan")})


HARMS = [inside_itself, other_size, no_weight, not_a_tensor, expanded, large_window, large_normalization, large_view]
HARMS += [deep, wide, wrong_table, number_as_module, nan_size]


@pytest.mark.parametrize("harm", HARMS)
def test_a_hostile_object_is_one_line(harm: Callable[[TorchObject], None]) -> None:
    model = exported(linear())
    harm(model)
    tracemalloc.start()
    try:
        with pytest.raises(CheckpointError) as raised:
            Import("hostile.t7").component(model)
        assert tracemalloc.get_traced_memory()[1] < 64 * 2**20
    finally:
        tracemalloc.stop()
    assert str(raised.value).startswith("hostile.t7: ")
    assert "\n" not in str(raised.value)
    assert len(str(raised.value)) < 400


def expanded(*sizes: int, dtype: Any = np.float64) -> Any:
    """A tensor of one number that is expanded."""
    return np.ndarray(sizes, dtype, np.ones(1, dtype), strides=(0,) * len(sizes))


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("Linear", {"weight": expanded(30_000, 60_000)}),
        ("AddConstant", {"constant_scalar": expanded(2 * 10**9)}),
        ("BatchNormalization", {"running_mean": np.zeros(2), "running_std": expanded(2 * 10**9)}),
        ("BatchNormalization", {"running_mean": expanded(2 * 10**9)}),
        ("Reshape", {"size": expanded(2 * 10**9, dtype=np.int64)}),
        ("SpatialSubtractiveNormalization", {"nInputPlane": 1.0, "kernel": expanded(2 * 10**9 + 1)}),
        ("SpatialZeroPadding", {"pad_l": expanded(10**9)}),
    ],
)
def test_an_expanded_tensor_costs_no_memory(name: str, fields: dict[str, Any]) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(CheckpointError) as raised:
            Import("hostile.t7", size=1000).component(TorchObject(f"nn.{name}", 1, fields))
        assert tracemalloc.get_traced_memory()[1] < 64 * 2**20
    finally:
        tracemalloc.stop()
    assert "\n" not in str(raised.value)


def test_arguments_that_many_objects_view_are_counted_for_each() -> None:
    """1,000 kernels of 1 MB are the same storage; as arguments each would have copies of its own."""
    kernel = np.ones((601, 401), np.float32)
    fields = {"nInputPlane": 1.0, "kernel": kernel}
    modules = {number + 1: TorchObject("nn.SpatialSubtractiveNormalization", 1, dict(fields)) for number in range(1000)}
    network = TorchObject("nn.Sequential", 1, {"modules": modules})
    tracemalloc.start()
    try:
        with pytest.raises(CheckpointError, match="more than the file has"):
            Import("hostile.t7", size=kernel.nbytes).component(network)
        assert tracemalloc.get_traced_memory()[1] < 64 * 2**20
    finally:
        tracemalloc.stop()
