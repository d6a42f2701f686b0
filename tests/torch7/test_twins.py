"""A module in several places to Torch and back: one storage for each array, whether it was one object or several."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from nntrain import nn
from nntrain_torch7.format import read, write
from nntrain_torch7.module_builder import ModuleBuilder
from nntrain_torch7.object_builder import ObjectBuilder

X = np.random.default_rng(7).normal(size=(6, 3))
DY = np.random.default_rng(8).normal(size=(6, 3))


def network() -> Any:
    layer = nn.Linear(3, 3).double()
    return nn.Sequential([layer, nn.Tanh(), layer]).double()


def gradients(w: Any, b: Any) -> tuple[Any, Any]:
    """Those of Σ dy · (W tanh(W x + b) + b), by hand."""
    h = np.tanh(X @ w.T + b)
    dh = (DY @ w) * (1 - h * h)
    return DY.T @ h + dh.T @ X, DY.sum(axis=0) + dh.sum(axis=0)


def hold(net: Any) -> None:
    net.zero_grad_parameters()
    net.forward(X)
    net.backward(X, DY)
    dw, db = gradients(net[0].weight, net[0].bias)
    flat, gradient = net.get_parameters()
    assert flat.shape == (12,)
    np.testing.assert_allclose(gradient, np.concatenate([dw.ravel(), db]), rtol=1e-12)


def through(value: Any, path: Path) -> Any:
    write(value, path)
    return ModuleBuilder("x").build(read(path))


def test_twins_share_their_storages_in_a_file(tmp_path: Path) -> None:
    net = network()
    again = through(ObjectBuilder("x").build(net), tmp_path / "net.t7")
    assert np.shares_memory(again[0].weight, again[2].weight)
    np.testing.assert_array_equal(again[2].weight, net[0].weight)
    hold(again)


def test_one_object_in_two_places_of_a_file_has_two_places_here(tmp_path: Path) -> None:
    net = network()
    value = ObjectBuilder("x").build(net)
    modules = value.fields["modules"]
    modules[3] = modules[1]
    again = through(value, tmp_path / "net.t7")
    assert again[0]._tie is again[2]._tie is not None
    np.testing.assert_allclose(again.forward(X), net.forward(X), rtol=1e-12)
    hold(again)
    other: Any = nn.build(again.spec())
    other.restore(again.state())
    hold(other)
