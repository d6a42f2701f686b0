"""All tensors of floats in a written network are of its type, as after ``:float()`` or ``:double()`` in Torch."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nntrain
from nntrain import nn
from nntrain.nn.testing import Case
from nntrain_torch7.format import Storage, TorchObject, read, write
from nntrain_torch7.object_builder import ObjectBuilder
from tests.cases.collect import torch_cases

CASES = torch_cases()
TYPES = {"float32": "torch.FloatTensor", "float64": "torch.DoubleTensor"}

# Those of Torch's fields that hold indices, which are integers whatever the type of the network is.
INDICES = {"indices", "target", "_input", "_count"}


def written(component: Any, path: Path) -> Any:
    write(ObjectBuilder(str(path)).build(component), path, ascii=path.name.endswith(".ascii.t7"))
    return read(path)


def tensors(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """All tensors in a value, with the field of each; and the names of types in it, as texts."""
    seen: set[int] = set()
    waiting = [(name, value)]
    while waiting:
        name, item = waiting.pop()
        if id(item) in seen and not isinstance(item, str):
            continue
        seen.add(id(item))
        if isinstance(item, np.ndarray) or (isinstance(item, str) and name in ("_type", "head")):
            yield name, item
        elif isinstance(item, dict):
            waiting += [(key if isinstance(key, str) else name, inner) for key, inner in item.items()]
        elif isinstance(item, TorchObject):
            waiting += [("fields", item.fields), ("head", item.head)]


@pytest.mark.parametrize("suffix", [".t7", ".ascii.t7"])
@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_tensor_is_of_the_type_of_the_network(case: Case, kind: str, suffix: str, tmp_path: Path) -> None:
    component = nn.build(case.spec, case.kind)
    component.type(kind)
    if type(component).__name__ in ("DontCast", "Copy"):
        pytest.skip("keeps types of its own")
    for name, found in tensors(written(component, tmp_path / f"a{suffix}")):
        if isinstance(found, str):
            assert found == TYPES[kind]
        elif name in INDICES:
            assert found.dtype.kind == "i", name
        else:
            assert found.dtype == kind, name


FIELDS = {
    "Linear": ({"input_size": 4, "output_size": 3}, {"weight", "bias", "gradWeight", "gradBias", "addBuffer"}),
    "Dropout": ({"p": 0.5}, {"noise"}),
    "RReLU": ({}, {"noise"}),
    "BatchNormalization": (
        {"n_output": 4},
        {"weight", "bias", "running_mean", "running_var", "save_mean", "save_std"},
    ),
    "LogSigmoid": ({}, {"buffer"}),
    "Add": ({"input_size": 4}, {"bias", "_ones"}),
    "AddConstant": ({"constant_scalar": [1.0, 2.0]}, {"constant_scalar"}),
    "Constant": ({"value": [0.1, 0.2]}, {"value"}),
    "LinearWeightNorm": ({"input_size": 4, "output_size": 3}, {"v", "g", "weight", "norm", "scale"}),
    "SpatialConvolution": ({"n_input_plane": 2, "n_output_plane": 3, "kw": 2, "kh": 2}, {"finput", "fgradInput"}),
    "SpatialSubtractiveNormalization": ({"n_input_plane": 2, "kernel": [[1.0] * 3] * 3}, {"kernel", "coef"}),
    "IndexLinear": ({"input_size": 4, "output_size": 3}, {"gradWeightBuffer", "valuesBuffer", "normalizedValues"}),
    "TanhShrink": ({}, {"output", "gradInput"}),
}


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("name", FIELDS)
def test_buffers_that_torch_converts_are_there(name: str, kind: str, tmp_path: Path) -> None:
    arguments, fields = FIELDS[name]
    module = nn.build({"type": name, **arguments}, "module").type(kind)
    found = [(field, tensor) for field, tensor in tensors(written(module, tmp_path / "a.t7")) if field != "_type"]
    assert {*fields, "output", "gradInput"} <= {field for field, _ in found}
    assert {tensor.dtype.name for _, tensor in found if tensor.dtype.kind == "f"} == {kind}


def test_parts_that_torch_calls_are_whole_modules(tmp_path: Path) -> None:
    shrink = written(nn.build({"type": "TanhShrink"}, "module"), tmp_path / "a.t7").fields["tanh"]
    assert (shrink.name, shrink.fields["output"].shape, shrink.fields["output"].dtype) == ("nn.Tanh", (0,), np.float32)
    spec = {"type": "CrossEntropyCriterion", "weights": [0.5, 1.0]}
    criterion = written(nn.build(spec, "criterion").type("float32"), tmp_path / "b.t7").fields
    nll = criterion["nll"].fields
    assert (nll["weights"].dtype, nll["weights"].tolist()) == (np.float32, [0.5, 1.0])
    assert (nll["output_tensor"].tolist(), nll["total_weight_tensor"].tolist()) == ([0], [1])
    assert (nll["output_tensor"].dtype, nll["target"].dtype) == (np.float32, np.int64)
    assert criterion["lsm"].fields["output"].dtype == np.float32


def test_the_weights_of_a_multi_criterion_stay_a_storage_of_doubles(tmp_path: Path) -> None:
    criterions = {"criterions": [{"type": "MSECriterion"}], "weights": [0.1]}
    value = written(nn.build({"type": "MultiCriterion", **criterions}, "criterion").type("float32"), tmp_path / "a.t7")
    assert isinstance(value.fields["weights"], Storage)
    assert value.fields["weights"].array.tolist() == [0.1]


@pytest.mark.parametrize("kind", TYPES)
def test_what_a_gpu_writes_first_is_its_type(kind: str, tmp_path: Path) -> None:
    spec = {"type": "GPU", "module": {"type": "Tanh"}, "device": 2}
    assert written(nn.build(spec, "module").type(kind), tmp_path / "a.t7").head == {1: TYPES[kind], 2: 2.0}


def test_a_copy_keeps_its_types_where_torch_does(tmp_path: Path) -> None:
    spec = {"type": "Copy", "in_type": "float32", "out_type": "float64", "dont_cast": True}
    value = written(nn.build(spec, "module"), tmp_path / "a.t7")
    assert (value.fields["gradInput"].dtype, value.fields["output"].dtype) == (np.float32, np.float64)
    # Torch writes no types but those of the two tensors.
    del value.fields["intype"], value.fields["outtype"]
    write(value, tmp_path / "b.t7")
    again = nntrain.load(tmp_path / "b.t7")
    assert (again.in_type, again.out_type) == ("float32", "float64")
    cast = written(nn.build({**spec, "dont_cast": False}, "module").type("float32"), tmp_path / "c.t7")
    assert (cast.fields["output"].dtype, cast.fields["outtype"]) == (np.float32, "torch.DoubleTensor")


def test_parameters_of_another_type_stay_tied(tmp_path: Path) -> None:
    one, two = (nn.build({"type": "Linear", "input_size": 2, "output_size": 2}, "module") for _ in range(2))
    one.weight = np.array([[0.1, 0.2], [0.3, 0.4]])
    two.weight = one.weight.T
    value = written(nn.Sequential([one, two]), tmp_path / "a.t7")
    first, second = (value.fields["modules"][place].fields["weight"] for place in (1, 2))
    assert first.dtype == second.dtype == np.float32
    assert first.base is second.base
    np.testing.assert_array_equal(first, np.array([[0.1, 0.2], [0.3, 0.4]], np.float32))
    np.testing.assert_array_equal(second, first.T)
