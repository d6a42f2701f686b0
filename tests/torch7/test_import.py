"""Old versions, other packages' names, what is not known, and objects that were made to do harm."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nntrain.cli.main import run_command
from nntrain.errors import CheckpointError, ModuleError
from nntrain.exchange.network_files import read_network
from nntrain.nn import Module, build, manual_seed
from nntrain_torch7.format import Storage, TorchObject, write
from nntrain_torch7.module_builder import ModuleBuilder
from nntrain_torch7.object_builder import ObjectBuilder

Fields = dict[Any, Any]


def made(spec: Fields) -> Module:
    manual_seed(4)
    model: Module = build(spec, "module")
    return model.double()


def exported(*modules: Fields) -> TorchObject:
    return ObjectBuilder("x").build(made({"type": "Sequential", "modules": list(modules)}))


def inside(model: TorchObject, place: int = 1) -> TorchObject:
    found: TorchObject = model.fields["modules"][place]
    return found


def linear(inputs: int = 4, outputs: int = 3) -> Fields:
    return {"type": "Linear", "input_size": inputs, "output_size": outputs}


X = np.random.default_rng(1).normal(size=(5, 4))


def test_the_first_version_of_batch_normalization_kept_a_deviation() -> None:
    ours = made({"type": "BatchNormalization", "n_output": 4})
    ours.forward(X)
    ours.evaluate()
    old = ObjectBuilder("x").build(ours)
    old.version = 1
    old.fields["running_std"] = (old.fields.pop("running_var") + 1e-5) ** -0.5
    again = ModuleBuilder("x").build(old)
    np.testing.assert_allclose(again.forward(X), ours.forward(X), rtol=1e-12)


def test_fields_that_older_files_lack_take_their_defaults() -> None:
    pooling = ObjectBuilder("x").build(made({"type": "SpatialMaxPooling", "kw": 2, "kh": 2}))
    for name in ("padW", "padH", "ceil_mode", "train"):
        del pooling.fields[name]
    assert str(ModuleBuilder("x").build(pooling)) == "nn.SpatialMaxPooling(2x2, 2,2)"
    volumetric = ObjectBuilder("x").build(
        made({"type": "VolumetricMaxPooling", "kt": 2, "kw": 2, "kh": 2, "ceil_mode": True})
    )
    volumetric.version = 1
    del volumetric.fields["ceil_mode"]
    assert not ModuleBuilder("x").build(volumetric).ceil_mode
    reversal = TorchObject("nn.GradientReversal", 1, {})
    assert ModuleBuilder("x").build(reversal).lam == 1


def test_a_weight_of_two_axes_becomes_one_of_four() -> None:
    spec = {"type": "SpatialConvolution", "n_input_plane": 2, "n_output_plane": 3, "kw": 2, "kh": 3}
    ours = made(spec)
    old = ObjectBuilder("x").build(ours)
    flat = old.fields["weight"].reshape(3, 12)
    old.fields["weight"] = flat
    again = ModuleBuilder("x").build(old)
    x = np.random.default_rng(2).normal(size=(2, 2, 5, 5))
    np.testing.assert_array_equal(again.forward(x), ours.forward(x))
    assert np.shares_memory(again.weight, flat)


@pytest.mark.parametrize("name", ["cudnn.SpatialConvolution", "cunn.SpatialConvolution"])
def test_other_packages_have_the_same_classes(name: str) -> None:
    spec = {"type": "SpatialConvolution", "n_input_plane": 2, "n_output_plane": 3, "kw": 2, "kh": 3}
    theirs = ObjectBuilder("x").build(made(spec))
    theirs.name = name
    theirs.fields |= {"groups": 1.0, "_type": "torch.CudaTensor", "weight": theirs.fields["weight"].astype(np.float32)}
    theirs.fields["bias"] = theirs.fields["bias"].astype(np.float32)
    again = ModuleBuilder("x").build(theirs)
    assert (str(again), again.type()) == ("nn.SpatialConvolution(2 -> 3, 2x3)", "float32")
    theirs.fields["groups"] = 2.0
    with pytest.raises(CheckpointError, match=r"got 2 groups"):
        ModuleBuilder("x").build(theirs)


def test_halves_become_floats_and_stay_tied() -> None:
    storage = np.arange(40, dtype=np.float16)
    one, other = exported(linear(4, 3), linear(3, 4)).fields["modules"].values()
    one.fields |= {"weight": storage[:12].reshape(3, 4), "_type": "torch.HalfTensor"}
    other.fields |= {"weight": storage[:12].reshape(3, 4).T, "_type": "torch.HalfTensor"}
    for module in (one, other):
        module.fields["bias"] = module.fields["bias"].astype(np.float16)
    model = ModuleBuilder("x").build(TorchObject("nn.Sequential", 1, {"modules": {1: one, 2: other}}))
    first, second = model.modules
    assert first.weight.dtype == np.float32
    assert np.shares_memory(first.weight, second.weight)
    np.testing.assert_array_equal(first.weight, second.weight.T)


def test_a_class_without_a_counterpart_is_reported_with_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = exported(linear(), {"type": "Sequential", "modules": [linear(3, 2), {"type": "Tanh"}]})
    inside(inside(model, 2), 2).name = "nn.Foo"
    write(model, tmp_path / "foo.t7")
    path = str(tmp_path / "foo.t7")
    assert run_command(["show", path]) == 5
    told = capsys.readouterr().err
    assert told == (
        f"Error: {path}: module 1.1: nntrain has no counterpart for nn.Foo; install a plugin with this layer, "
        "or show the rest: --partial\n"
    )
    assert run_command(["show", path, "--partial"]) == 0
    told = capsys.readouterr().out
    assert "nn.Foo (unknown)" in told
    assert "Note: 1.1: nntrain has no counterpart for nn.Foo" in told
    network = read_network(tmp_path / "foo.t7", partial=True)
    with pytest.raises(ModuleError, match=r"no counterpart for nn\.Foo"):
        network.model.forward(X)


def inside_itself(model: TorchObject) -> None:
    model.fields["modules"][2] = model


def other_size(model: TorchObject) -> None:
    inside(model).fields["bias"] = np.zeros(7)


def no_weight(model: TorchObject) -> None:
    del inside(model).fields["weight"]


def not_a_tensor(model: TorchObject) -> None:
    inside(model).fields["weight"] = "weight"


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
            ModuleBuilder("hostile.t7").build(model)
        assert tracemalloc.get_traced_memory()[1] < 64 * 2**20
    finally:
        tracemalloc.stop()
    assert str(raised.value).startswith("hostile.t7: ")
    assert "\n" not in str(raised.value)
    assert len(str(raised.value)) < 400
