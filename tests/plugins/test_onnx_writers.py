"""Plugins bring ONNX writers of their layers and criterions; a subclass without one is written only where it may be."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nntrain import nn
from nntrain.errors import CheckpointError
from nntrain.hooks.registry import PluginWarning
from nntrain_activation.tanh import Tanh
from nntrain_onnx.writers.writer_registry import WriterRegistry
from tests.onnx.asked import agree
from tests.onnx.running import run_module, session

Said = Callable[..., tuple[int, str]]
Install = Callable[[str, str], None]

X = np.random.default_rng(4).normal(size=(5, 3)).astype(np.float32)


def given(spec: dict[str, Any]) -> Any:
    """What onnxruntime gives for X."""
    module = nn.build(spec, "module")
    module.evaluate()
    return run_module(module, X[:2], X[:3], X)[0]


@pytest.fixture
def writers(install: Install) -> None:
    install("nntrain-writers", "tests.plugins.own_writers")


@pytest.mark.usefixtures("writers")
@pytest.mark.filterwarnings("ignore::nntrain.hooks.registry.PluginWarning")
def test_a_plugin_writes_its_layers() -> None:
    np.testing.assert_allclose(given({"type": "Tripled"}), 3 * np.tanh(X), atol=1e-5)
    inside = {"type": "Twice", "modules": [{"type": "Tripled"}]}
    np.testing.assert_allclose(given(inside), 3 * np.tanh(3 * np.tanh(X)), atol=1e-5)


@pytest.mark.usefixtures("writers")
def test_a_writer_of_nntrain_s_own_is_kept() -> None:
    with pytest.warns(PluginWarning, match="plugin 'nntrain-writers' of nntrain-writers 1.2.*Tanh"):
        np.testing.assert_allclose(given({"type": "Tanh"}), np.tanh(X), atol=1e-5)


@pytest.mark.usefixtures("writers")
@pytest.mark.filterwarnings("ignore::nntrain.hooks.registry.PluginWarning")
def test_what_a_writer_refuses_is_reported_in_one_line() -> None:
    with pytest.raises(CheckpointError) as caught:
        given({"type": "Sequential", "modules": [{"type": "Tanh"}, {"type": "Refusing"}]})
    assert str(caught.value) == "net.onnx: module 1: Refusing: no operator does that at all"


@pytest.mark.usefixtures("writers")
@pytest.mark.filterwarnings("ignore::nntrain.hooks.registry.PluginWarning")
def test_a_plugin_writes_what_its_criterion_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: Said) -> None:
    monkeypatch.chdir(tmp_path)
    lines = [f"{a:.3f},{b:.3f},{5 + a - b:.3f}" for a, b in np.random.default_rng(1).normal(size=(80, 2))]
    Path("rows.csv").write_text("\n".join(["a,b,c", *lines]))
    settings = ("--set", "train.epochs=2", "--set", 'criterion.type="Doubling"', "--out", "run")
    assert said("fit", "rows.csv", "--target", "c", *settings)[0] == 0
    assert said("convert", "run", "run.onnx")[0] == 0
    agree(session("run.onnx"), Path("rows.csv"))


def test_a_plugin_that_answers_something_else_goes_without(install: Install) -> None:
    install("nntrain-wrong", "tests.plugins.wrong_writers")
    with pytest.warns(PluginWarning, match="of nntrain-wrong 1.2: nntrain_onnx_writers: expected"):
        np.testing.assert_allclose(given({"type": "Tanh"}), np.tanh(X), atol=1e-5)


class Named(Tanh):
    """Another name, another constructor, and another gradient."""

    def __init__(self, note: str = "") -> None:
        self.note = note

    def update_grad_input(self, x: Any, dy: Any) -> Any:
        return super().update_grad_input(x, dy)


class Louder(Tanh):
    def value(self, x: Any, out: Any) -> None:
        np.tanh(2 * x, out=out)


class Renewed(Tanh):
    def update_output(self, x: Any) -> Any:
        return 2 * super().update_output(x)


class Mixed:
    def forward(self, x: Any) -> Any:
        return x


class FromElsewhere(Mixed, Tanh):  # type: ignore[misc]
    pass


def test_a_subclass_that_computes_the_same_is_written_as_its_base() -> None:
    writers = WriterRegistry()
    assert writers.find(Named) is writers.find(Tanh)


@pytest.mark.parametrize(
    ("cls", "name"),
    [(Louder, "value"), (Renewed, "update_output"), (FromElsewhere, "forward"), (nn.MaskedSelect, None)],
)
def test_a_subclass_that_computes_something_else_has_no_writer(cls: type[Any], name: str | None) -> None:
    what = f"{cls.__name__}, which overrides {name} of Tanh" if name else cls.__name__
    with pytest.raises(CheckpointError, match=f"^{what}$"):
        WriterRegistry().find(cls)


def test_a_subclass_without_a_writer_is_reported_with_the_hook(install: Install) -> None:
    install("nntrain-forms", "tests.plugins.own_forms")
    with pytest.raises(CheckpointError) as caught:
        given({"type": "Sequential", "modules": [{"type": "Tanh"}, {"type": "DoubleTanh"}]})
    assert str(caught.value) == (
        "net.onnx: ONNX has no counterpart for DoubleTanh, which overrides value of Tanh (module 1); "
        "a plugin can provide one with the hook nntrain_onnx_writers"
    )
