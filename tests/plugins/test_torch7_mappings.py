"""Mappings that plugins answer: right ones are used, wrong ones are one line, and two for one class are refused."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import nntrain
from nntrain import nn
from nntrain.hooks.registry import PluginWarning, get_registry
from nntrain_torch7.format import read, write
from nntrain_torch7.mappings.mapping_lookup import find_class, find_mapping
from nntrain_torch7.object_builder import ObjectBuilder

Said = Callable[..., tuple[int, str]]

LAYER = """
from nntrain.exchange import Torch7Argument, Torch7Mapping
from nntrain.hooks import hookimpl
from nntrain.nn import Module, build, parameter
import numpy as np

class Shift(Module):
    def __init__(self, size, by=1, name="", flag=False):
        self.by, self.name, self.flag = by, name, flag
        self.weight, self.grad_weight = parameter(size)
        self.weight[...] = by

    def update_output(self, x):
        return np.add(x, self.weight, out=self.output_of(x.shape, like=x))

    def update_grad_input(self, x, dy):
        np.copyto(self.grad_input_of(x), dy)
        return self.grad_input

def shared(layer):
    other = build({"type": "CAdd", "size": [layer.weight.size]}, "module")
    other.bias, other.grad_bias = layer.weight, layer.grad_weight
    return other

@hookimpl
def nntrain_modules():
    return [Shift]
"""

BOTH_WAYS = """
    fields = [Torch7Argument(name, "my_" + name) for name in ("by", "name", "flag")]
    size = lambda fields: {"size": fields["w"].size}
    return {Shift: Torch7Mapping("my.Shift", tuple(fields), derived=size, arrays={"weight": "w", "grad_weight": "gw"})}
"""


@pytest.fixture
def plugin(tmp_path: Path, install: Callable[[str, str], None]) -> Callable[[str], None]:
    """Let a plugin be installed that answers with this, the body of the hook."""

    def one(body: str, name: str = "shifts") -> None:
        text = (
            LAYER
            if name == "shifts"
            else "from nntrain.exchange import Torch7Mapping\nfrom nntrain.hooks import hookimpl\n"
        )
        hook = f"@hookimpl\ndef nntrain_torch7_mappings():\n    {body.strip()}\n"
        (tmp_path / f"{name}.py").write_text(text + hook, encoding="utf-8")
        sys.modules.pop(name, None)
        install(name, name)

    return one


def test_a_layer_of_a_plugin_goes_to_torch_and_back(plugin: Callable[[str], None], tmp_path: Path) -> None:
    plugin(BOTH_WAYS)
    spec = {"type": "Shift", "size": 3, "by": 2.5, "name": "it", "flag": True}
    tied = nn.Sequential([nn.build(spec, "module"), nn.build(spec, "module")])
    tied.modules[1].share(tied.modules[0], "weight", "grad_weight")
    for suffix in (".t7", ".ascii.t7"):
        write(ObjectBuilder("x").build(tied), tmp_path / f"a{suffix}", ascii=suffix == ".ascii.t7")
        fields = read(tmp_path / f"a{suffix}").fields["modules"][1].fields
        assert (fields["my_by"], fields["my_name"], fields["my_flag"]) == (2.5, "it", True)
        assert (fields["w"].tolist(), fields["w"].dtype) == ([2.5] * 3, np.float32)
        first, second = nntrain.load(tmp_path / f"a{suffix}").modules
        assert (first.by, first.name, first.flag) == (2.5, "it", True)
        assert np.shares_memory(first.weight, second.weight)


def test_a_layer_is_written_as_another_that_shares_its_parameters(
    plugin: Callable[[str], None], tmp_path: Path
) -> None:
    plugin("return {Shift: Torch7Mapping(instead=shared)}")
    layer = nn.build({"type": "Shift", "size": 3}, "module").double()
    layer.evaluate()
    network = nn.Sequential([layer, layer.clone("weight", "grad_weight")]).double()
    value = ObjectBuilder("x").build(network)
    write(value, tmp_path / "a.t7")
    assert not value.fields["modules"][1].fields["train"]
    first, second = nntrain.load(tmp_path / "a.t7").modules
    assert (str(first), first.bias.tolist(), first.type()) == ("nn.CAdd", [1, 1, 1], "float64")
    assert np.shares_memory(first.bias, second.bias)


def test_without_a_mapping_the_hook_is_named(plugin: Callable[[str], None], said: Said, tmp_path: Path) -> None:
    plugin("return {}")
    with pytest.raises(nntrain.errors.CheckpointError, match=r"Torch7 has no Shift.*nntrain_torch7_mappings"):
        ObjectBuilder("x").build(nn.build({"type": "Shift", "size": 3}, "module"))


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("return [Torch7Mapping('my.Shift')]", "expected classes, each with a Torch7Mapping, got [Torch7Mapping("),
        ("return {'Shift': Torch7Mapping()}", "expected classes, each with a Torch7Mapping, got 'Shift': "),
        (
            "return {Shift: 'my.Shift'}",
            "expected classes, each with a Torch7Mapping, got <class 'shifts.Shift'>: 'my.S",
        ),
        ("return 1 / 0", "nntrain_torch7_mappings: ZeroDivisionError: division by zero; this plugin is ignored here"),
    ],
)
def test_a_wrong_answer_is_one_line(body: str, told: str, plugin: Callable[[str], None]) -> None:
    plugin(body)
    with pytest.warns(PluginWarning) as caught:
        assert find_mapping(get_registry().find("module", "Linear").cls) is not None
    (warning,) = caught
    assert "plugin 'shifts' of shifts 1.2: nntrain_torch7_mappings: " in str(warning.message)
    assert told in str(warning.message)
    assert "\n" not in str(warning.message)


def test_a_built_in_mapping_cannot_be_replaced(plugin: Callable[[str], None]) -> None:
    plugin("from nntrain import nn; return {nn.Tanh: Torch7Mapping('my.Tanh')}")
    with pytest.warns(PluginWarning, match=r"the answer for Tanh is built in; remove yours"):
        found = find_mapping(get_registry().find("module", "Tanh").cls)
    assert found is not None
    assert found.torch_class == "nn.Tanh"


def test_a_layer_may_be_written_as_a_class_that_is_read_as_a_built_in_one(plugin: Callable[[str], None]) -> None:
    plugin("return {Shift: Torch7Mapping('CAdd', arrays={'weight': 'bias'}, extra=lambda m, go: {'size': 3})}")
    layer = nn.build({"type": "Shift", "size": 3}, "module")
    assert ObjectBuilder("x").build(layer).name == "nn.CAdd"
    found = find_class("nn.CAdd")
    assert found is not None
    assert found[0].__name__ == "CAdd"


def test_two_plugins_for_one_class_are_refused(plugin: Callable[..., None]) -> None:
    plugin("return {Shift: Torch7Mapping('my.Shift')}")
    plugin("import shifts; return {shifts.Shift: Torch7Mapping('my.Shift')}", "others")
    with pytest.raises(nntrain.errors.PluginError, match=r"others and shifts both answer for Shift; uninstall one"):
        ObjectBuilder("x").build(nn.build({"type": "Shift", "size": 3}, "module"))
    with pytest.raises(nntrain.errors.PluginError, match=r"others and shifts both answer"):
        find_class("my.Shift")
