"""Tensors that view less memory than they have numbers, in the fields of a file made to do harm."""

from __future__ import annotations

import tracemalloc
from typing import Any

import numpy as np
import pytest

from nntrain.errors import CheckpointError
from nntrain_torch7.format import TorchObject
from nntrain_torch7.module_builder import ModuleBuilder


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
            ModuleBuilder("hostile.t7", size=1000).build(TorchObject(f"nn.{name}", 1, fields))
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
            ModuleBuilder("hostile.t7", size=kernel.nbytes).build(network)
        assert tracemalloc.get_traced_memory()[1] < 64 * 2**20
    finally:
        tracemalloc.stop()
