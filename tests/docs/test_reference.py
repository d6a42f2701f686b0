"""The documentation says what the code says."""

import re

from nntrain.hooks.registry import get_registry
from nntrain.nn import layer_reference
from nntrain_torch7.plugin import MAPPINGS
from tests.paths import ROOT

DOCS = ROOT / "docs"


def test_the_pages_of_the_layers_are_not_stale() -> None:
    written = {path.stem: path.read_text(encoding="utf-8") for path in (DOCS / "layers").glob("*.md")}
    assert written == layer_reference.build_pages(), "run: nntrain layers --markdown"


def test_every_class_stands_on_a_page() -> None:
    told = "\n".join(layer_reference.build_pages().values())
    names = [*get_registry().names("module"), *get_registry().names("criterion")]
    ours = [name for name in names if layer_reference.find_layer(name).distribution == "nntrain"]
    assert [name for name in ours if f"\n## {name}\n" not in told] == []


def test_every_class_is_named_beside_its_torch_name() -> None:
    text = (DOCS / "torch-names.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (?:`nn\.(\w+)`|none) \| `((\w+)\(.*\))` \|$", text, re.MULTILINE)
    calls = {entry.cls.__name__: layer_reference.format_call(entry.cls) for entry in layer_reference.list_layers()}
    assert {name: call for _, call, name in rows} == calls, "a class is missing, or its arguments have changed"
    assert {torch: name for torch, _, name in rows if torch} == {name: name for name in MAPPINGS}


def test_an_overview_has_a_line_for_each_class() -> None:
    lines = layer_reference.format_overview().splitlines()
    for entry in layer_reference.list_layers():
        assert any(line.startswith(f"  {entry.cls.__name__} ") for line in lines)


def test_an_explanation_shows_signature_shapes_parameters_file_and_line() -> None:
    told = layer_reference.format_explanation(layer_reference.find_layer("Linear"))
    assert told.startswith("Linear(input_size: int, output_size: int, bias: bool = True)\n")
    assert "weight (output_size, input_size)" in told
    assert "Parameters: weight, bias\n" in told
    assert re.search(r"linear\.py:\d+$", told)
    assert "Parameters: none" in layer_reference.format_explanation(layer_reference.find_layer("Tanh"))
