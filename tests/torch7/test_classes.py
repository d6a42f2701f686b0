"""Every class goes into a .t7 file and comes back as it was."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nntrain import nn
from nntrain.errors import CheckpointError
from nntrain.hooks.registry import get_registry
from nntrain.nn import Module
from nntrain.nn.testing import Case
from nntrain_torch7.format import read, write
from nntrain_torch7.mappings.mapping_lookup import find_class, find_mapping
from nntrain_torch7.module_builder import ModuleBuilder
from nntrain_torch7.object_builder import ObjectBuilder
from nntrain_torch7.plugin import MAPPINGS
from tests.cases.collect import all_cases, torch_cases

# Classes that Torch7 does not have.
WITHOUT = {
    *("Blend", "GELU", "Mish", "SELU", "SiLU"),
    *("FeatureScale", "PeriodicEmbedding", "PiecewiseLinearEncoding", "SelectColumns"),
    *("LinearBatchEnsemble", "LinearEnsemble", "RepeatMembers", "AverageMembers"),
    "MemberCriterion",
}

CASES = torch_cases()


def test_every_class_is_described_or_refused() -> None:
    assert {*MAPPINGS} == {*get_registry().names("module"), *get_registry().names("criterion")} - WITHOUT
    specs = {case.spec["type"]: case.spec for case in all_cases()}
    for name in WITHOUT - {"MemberCriterion"}:
        with pytest.raises(CheckpointError, match=f"^a.t7: module 0: Torch7 has no {name}; write an .onnx file"):
            ObjectBuilder("a.t7").build(nn.Sequential([nn.build(specs[name])]))
    with pytest.raises(CheckpointError, match=r"^a.t7: Torch7 has no MemberCriterion; write an .onnx file"):
        ObjectBuilder("a.t7").build(nn.MemberCriterion(nn.MSECriterion()))
    for kind in ("module", "criterion"):
        for name in {*get_registry().names(kind)} - WITHOUT:
            cls = get_registry().find(kind, name).cls
            mapping = find_mapping(cls)
            assert mapping is not None
            assert mapping.torch_class == f"nn.{name}"
            assert find_class(f"nn.{name}") == (cls, mapping)


def there_and_back(component: Any, path: Path) -> Any:
    write(ObjectBuilder(str(path)).build(component), path)
    return ModuleBuilder(str(path)).build(read(path))


def test_layers_of_a_class_have_separate_buffers(tmp_path: Path) -> None:
    specs = {
        "Dropout": {},
        "SpatialConvolution": {"n_input_plane": 1, "n_output_plane": 1, "kw": 1, "kh": 1},
        "SpatialMaxPooling": {"kw": 2, "kh": 2},
    }
    for (name, arguments), buffer in zip(specs.items(), ("noise", "finput", "indices"), strict=True):
        spec = {"type": name, **arguments}
        write(ObjectBuilder("").build(nn.build({"type": "Sequential", "modules": [spec, spec]})), tmp_path / "a.t7")
        modules: Any = read(tmp_path / "a.t7").fields["modules"]
        assert modules[1].fields[buffer] is not modules[2].fields[buffer]


def leaves(value: Any) -> list[Any]:
    if isinstance(value, list | tuple):
        return [leaf for item in value for leaf in leaves(item)]
    return [] if value is None else [np.array(value)]


def results(component: Any, case: Case) -> list[Any]:
    """Output, and gradients where there are any, with the same noise."""
    nn.manual_seed(5)
    x = copy.deepcopy(case.input)
    if case.kind == "criterion":
        return leaves([component.forward(x, case.target), component.backward(x, case.target)])
    component.training() if case.train else component.evaluate()
    y = leaves(component.forward(x))
    if case.grad_output is None or not case.backward:
        return y
    component.zero_grad_parameters()
    dx = leaves(component.backward(copy.deepcopy(case.input), copy.deepcopy(case.grad_output)))
    return [*y, *dx, *leaves(component.parameters()[1])]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_class_comes_back_as_it_was(case: Case, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nn.manual_seed(1)
    component = nn.build(case.spec, case.kind)
    component.type("float64")
    again = there_and_back(component, tmp_path / "a.t7")
    assert str(again) == str(component)
    assert again._type == component._type
    if isinstance(component, Module):
        pairs = zip(component.parameters()[0], again.parameters()[0], strict=True)
        assert all(np.array_equal(ours, theirs) for ours, theirs in pairs)
    for ours, theirs in zip(results(component, case), results(again, case), strict=True):
        # A kernel that was normalized once is normalized again, which may change its last bit.
        np.testing.assert_allclose(theirs, ours, rtol=1e-12, atol=1e-13)
    capsys.readouterr()
