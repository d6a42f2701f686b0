"""Every class that ONNX has a counterpart for computes there what it computes here."""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import numpy as np
import pytest

from nntrain import nn
from nntrain.errors import CheckpointError, NntrainError
from nntrain.hooks.registry import get_registry
from nntrain.nn import Module
from nntrain.nn.testing import Case
from nntrain_onnx.writers.built_in_writers import get_built_in_writers
from tests.cases.collect import all_cases
from tests.laws.sources import files, tree
from tests.onnx.running import leaves, run_module, single, twice
from tests.paths import ROOT

# Cases of what onnxruntime treats otherwise, or cannot hold.
LEFT_OUT = {
    "FeatureLPPooling-large": "powers that overflow single precision",
    "PairwiseDistance-far": "powers that overflow single precision",
    "SpatialMaxPooling-nan": "whether NaN is larger than numbers",
    "CAddTensorTable-none": "a network without outputs",
    "FlattenTable-empty": "a network without outputs",
    "NarrowTable-nothing": "a network without outputs",
    "ZipTableOneToMany-none": "a network without outputs",
    "JoinTable-none": "an input of no arrays",
    "Dropout-always": "noise",
}

# Classes without a counterpart; docs/onnx.md says why.
WITHOUT = {
    "CriterionTable",
    "MaskedSelect",
    "SpatialFractionalMaxPooling",
    "VolumetricFractionalMaxPooling",
}

# Classes that take samples alone, or rows in the second axis; those of members are exported in tests/tabular.
WITHOUT_ROWS = {
    *("SpatialFullConvolutionMap", "TemporalSubSampling"),
    *("AverageMembers", "LinearBatchEnsemble", "LinearEnsemble", "RepeatMembers"),
}

# Cases of samples alone, whose planes or features look like rows; see test_what_cannot_be_written.
PLANES = {
    "FeatureLPPooling-zeros",
}

CASES = [
    case
    for case in all_cases()
    if case.kind == "module" and case.spec["type"] not in WITHOUT and str(case) not in LEFT_OUT
]


def prepared(case: Case) -> tuple[Module, Any]:
    """The module in prediction and single precision, and its input."""
    nn.manual_seed(1)
    module: Module = nn.build(case.spec, "module")
    module.float()
    module.evaluate()
    return module, single(case.input)


def agree(got: list[Any], wanted: Any) -> None:
    for ours, theirs in zip(leaves(copy.deepcopy(wanted)), got, strict=True):
        assert np.shape(ours) == theirs.shape
        scale = max(1, np.abs(ours[np.isfinite(ours)]).max(initial=0))
        np.testing.assert_allclose(theirs, ours, rtol=0, atol=1e-5 * scale)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_it_computes_the_same(case: Case, capsys: pytest.CaptureFixture[str]) -> None:
    module, x = prepared(case)
    agree(run_module(module.clone(), x, x, x), single(module.forward(copy.deepcopy(x))))
    capsys.readouterr()


def by_rows(case: Case) -> bool:
    """Whether rows go through a module each for itself, which no case of a golden file says of itself."""
    if case.batch_axis == 0 or str(case) in PLANES:
        return case.batch_axis == 0
    module, x = prepared(case)
    try:
        once = leaves(copy.deepcopy(module.forward(copy.deepcopy(x))))
        again = leaves(module.forward(twice(x, 0)))
    except (NntrainError, TypeError, ValueError):
        return False
    return len(once) == len(again) and all(map(np.array_equal, twice(once, 0), again))


BY_ROWS = [case for case in CASES if by_rows(case)]


@pytest.mark.parametrize("case", BY_ROWS, ids=str)
def test_any_number_of_rows_goes_through(case: Case, capsys: pytest.CaptureFixture[str]) -> None:
    module, x = prepared(case)
    more = twice(x, 0)
    agree(run_module(module.clone(), x, more, twice(more, 0)), single(module.forward(twice(more, 0))))
    capsys.readouterr()


def longer(value: Any, more: int) -> Any:
    """Every array with more elements along its last axis, those of the beginning again."""
    if isinstance(value, list):
        return [longer(item, more) for item in value]
    return np.take(value, np.arange(value.shape[-1] + more) % value.shape[-1], -1)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_last_axis_that_grows_is_right_or_refused(case: Case, capsys: pytest.CaptureFixture[str]) -> None:
    module, x = prepared(case)
    if not leaves(x) or not all(np.ndim(leaf) and np.shape(leaf)[-1] for leaf in leaves(x)):
        return
    batches = [x, longer(x, 1), longer(x, 6)]
    try:
        *_, wanted = [copy.deepcopy(module.clone().forward(copy.deepcopy(batch))) for batch in batches]
    except (NntrainError, IndexError, ValueError):
        return
    with suppress(CheckpointError):
        agree(run_module(module.clone(), *batches), single(wanted))
    capsys.readouterr()


def names() -> list[str]:
    """The modules that have a writer."""
    return [cls.__name__ for cls in get_built_in_writers() if issubclass(cls, Module)]


def classes_in(spec: Any) -> set[str]:
    """The classes that a spec names."""
    inner = spec.values() if isinstance(spec, dict) else spec if isinstance(spec, list) else ()
    own = {spec["type"]} if isinstance(spec, dict) and "type" in spec else set()
    return own.union(*map(classes_in, inner))


def test_every_class_has_a_counterpart_or_a_reason() -> None:
    known = set(get_registry().names("module"))
    assert known - set(names()) == WITHOUT
    assert set(names()) <= known


def test_a_class_is_named_once() -> None:
    nodes = [node for path in files("plugins/nntrain_onnx/writers") for node in tree(path).body]
    tables = [node.value for node in nodes if isinstance(node, ast.AnnAssign) and isinstance(node.value, ast.Dict)]
    listed = [name for table in tables for name in names_in(table)]
    assert sorted(listed) == sorted(cls.__name__ for cls in get_built_in_writers())


def names_in(table: ast.Dict) -> Iterator[str]:
    """The keys of a table, also those of ``**dict.fromkeys((...), writer)`` and ``**{... for name in (...)}``."""
    for key, value in zip(table.keys, table.values, strict=True):
        source = key or (value.args[0] if isinstance(value, ast.Call) else value.generators[0].iter)  # type: ignore[attr-defined]
        yield from (node.value for node in ast.walk(source) if isinstance(node, ast.Constant))


def test_every_class_was_tried() -> None:
    tried, with_rows = (set().union(*(classes_in(case.spec) for case in cases)) for cases in (CASES, BY_ROWS))
    assert set(names()) - tried == set()
    assert set(names()) - with_rows == WITHOUT_ROWS
    assert set(LEFT_OUT) <= set(map(str, all_cases()))


def test_the_page_names_the_classes_without_a_counterpart() -> None:
    page = (ROOT / "docs" / "onnx.md").read_text(encoding="utf-8")
    section = page.partition("\n## Supported layers\n")[2].partition("\n## ")[0]
    assert set(re.findall(r"^\| `(\w+)`", section, re.MULTILINE)) == WITHOUT


@pytest.mark.parametrize(
    ("spec", "shape", "what"),
    [
        (
            {"type": "Sequential", "modules": [{"type": "Tanh"}, {"type": "MaskedSelect"}]},
            (2, 3),
            "net.onnx: ONNX has no counterpart for MaskedSelect (module 1)",
        ),
        ({"type": "Dropout", "stochastic_inference": True}, (2, 3), "net.onnx: Dropout: it is stochastic"),
        ({"type": "Select", "dim": 0, "index": -1}, None, None),
        ({"type": "SplitTable", "dim": 0}, (2, 3), "net.onnx: SplitTable: "),
        ({"type": "Parallel", "input_dim": 0, "output_dim": 0}, (2, 3), "net.onnx: Parallel: "),
        ({"type": "Narrow", "dim": 0, "offset": 0, "length": -1}, None, None),
        ({"type": "FeatureLPPooling", "width": 2, "stride": 1, "power": 2}, (2, 3), "are the rows of the batch"),
        ({"type": "Linear", "input_size": 4, "output_size": 2}, (2, 3), "net.onnx: Linear: "),
    ],
    ids=lambda value: value.get("type") if isinstance(value, dict) else "",
)
def test_what_cannot_be_written(spec: dict[str, Any], shape: tuple[int, ...] | None, what: str | None) -> None:
    module: Module = nn.build(spec, "module")
    few = np.zeros(shape or (2, 3), np.float32)
    if what is None:
        agree(run_module(module, few, twice(few, 0), few), module.forward(few))
        return
    with pytest.raises(CheckpointError) as caught:
        run_module(module, few, twice(few, 0), few)
    assert what in str(caught.value)
    assert "\n" not in str(caught.value)
