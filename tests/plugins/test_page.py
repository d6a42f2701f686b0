"""docs/plugins.md: every hook stands there with an example, and the examples run."""

from __future__ import annotations

import inspect
import json
import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pluggy
import pytest

import nntrain
from nntrain import nn
from nntrain.hooks import PROJECT, hookspecs
from nntrain.hooks.registry import get_registry
from tests.onnx.asked import agree
from tests.onnx.running import session
from tests.plugins.environment import Environment
from tests.plugins.page import ROOT, TEXT, commands, entry_points, examples

Said = Callable[..., tuple[int, str]]


def hooks() -> dict[str, str]:
    """The sentence of every hook."""
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(hookspecs)
    return {name: inspect.getdoc(getattr(hookspecs, name)) or "" for name in vars(manager.hook) if name[0] != "_"}


@pytest.mark.parametrize("hook", hooks())
def test_every_hook_stands_there_with_its_sentence_and_an_example(hook: str) -> None:
    section = TEXT.partition(f"\n### {hook}\n")[2].partition("\n### ")[0]
    assert " ".join(section.partition("\n```")[0].split()).startswith(hooks()[hook].partition("\n\n")[0])
    assert f"@hookimpl\ndef {hook}(" in section


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, install: Callable[[str, str], None]) -> Path:
    """The examples of the page, installed, in an empty folder with the data that they name."""
    for path, text in examples().items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    (tmp_path / "demo" / "__init__.py").touch()
    install("demo", "demo")
    points = tmp_path / "demo-1.2.dist-info" / "entry_points.txt"
    points.write_text(entry_points(), encoding="utf-8")
    shutil.copy(ROOT / "datasets" / "iris.csv", tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("demo")
def test_the_examples_obey_the_laws_and_train(said: Said) -> None:
    assert [plugin.error for plugin in get_registry().plugins if plugin.distribution == "demo"] == [None] * 14
    code, text = said("plugins", "check", "demo")
    assert (code, "breaks" in text) == (0, False), text
    assert {verdict["name"]: verdict["cases"] for verdict in json.loads(said("plugins", "check", "--json")[1])} == {
        "SoftCap": ["SoftCap-low"],
        "Quadratic": ["Quadratic-squares"],
        "Residual": ["Residual-two"],
        "Jitter": ["Jitter-quiet", "Jitter-noisy"],
        "LogCosh": ["LogCosh-numbers"],
        "Lion": ["lion"],
        "Root": ["root"],
        "within": ["within"],
        "Losses": [],
        "Pairs": [],
        "PlainIn": [],
        "PlainOut": [],
        "count": [],
    }
    code, text = said("fit", "demo.toml")
    assert code == 0, text
    assert "within_0.1" in text
    assert len(Path("runs/demo/logs/losses.csv").read_text().splitlines()) > 20
    assert said("count", "iris.csv") == (0, "151 lines\n")
    rows = [f"x={n * 7 % 11} y={n * 3 % 5} kind={'ab'[n % 2]}" for n in range(60)]
    Path("rows.pairs").write_text("\n".join([*rows, "x=3 kind=a"]))
    code, text = said("fit", "rows.pairs", "--target", "kind", "--set", "train.epochs=1")
    assert code == 0, text
    assert "2 classes in the training rows: a (" in text
    assert "Count the lines of a file." in said("--help")[1]
    assert said("evaluate", "runs/demo")[0] == 0
    assert said("convert", "runs/demo", "demo.onnx")[0] == 0
    agree(session("demo.onnx"), Path("iris.csv"), "runs/demo")
    assert said("convert", "runs/demo", "demo.network.json")[0] == 0
    assert said("convert", "demo.network.json", "demo.h5")[0] == 0
    shown = [said("show", file)[1].partition("\n")[2] for file in ("demo.network.json", "demo.h5")]
    assert shown[0] == shown[1]
    Path("tuned.toml").write_text(
        '[data]\npath = "iris.csv"\ntarget = "petal_length"\n[model]\nfrom = "demo.network.json"\n'
    )
    code, text = said("fit", "tuned.toml", "--set", "train.epochs=1")
    assert code == 0, text


@pytest.mark.usefixtures("demo")
def test_the_layers_of_the_page_train_and_go_to_torch_and_back(said: Said) -> None:
    code, text = said("fit", "layers.toml")
    assert code == 0, text
    config = tomllib.loads(Path("runs/layers/config.toml").read_text())
    jitter, residual, _, quadratic = config["model"]["modules"]
    assert (jitter["n_features"], residual["modules"][0]["input_size"]) == (6, 6)
    assert (quadratic["input_size"], quadratic["output_size"]) == (6, 1)
    ours = nntrain.load("runs/layers")
    assert ours.modules[1].strength[0] != 0.5
    assert (ours.modules[0].mean_square != 1).any()
    for path in ("layers.t7", "layers.ascii.t7"):
        assert said("convert", "runs/layers", path)[0] == 0
        assert "demo.Residual" in said("t7", path)[1]
        again = nntrain.load(path)
        assert [type(module).__name__ for module in again] == ["Jitter", "Residual", "Sequential", "Quadratic"]
        assert (again.modules[0].sigma, again.modules[0].momentum, again.modules[1].start) == (0.1, 0.1, 0.5)
        theirs = again.parameters()[0]
        for one, other in zip(ours.parameters()[0], theirs, strict=True):
            np.testing.assert_array_equal(one, other)
        x = np.random.default_rng(0).normal(size=(5, 6)).astype(np.float32)
        for model in (ours, again):
            model.evaluate()
        np.testing.assert_allclose(again.forward(x), ours.forward(x), rtol=1e-6)


def test_a_quadratic_and_a_residual_compute_what_their_docstrings_say(demo: Path) -> None:
    nn.manual_seed(3)
    x, dy = np.array([[1.0, 2.0], [3.0, -1.0]]), np.array([[1.0], [2.0]])
    quadratic = nn.build({"type": "Quadratic", "input_size": 2, "output_size": 1}, "module").double()
    quadratic.weight[...], quadratic.bias[...] = [[2.0, 3.0]], [0.5]
    np.testing.assert_array_equal(quadratic.forward(x), [[14.5], [21.5]])
    np.testing.assert_array_equal(quadratic.backward(x, dy), [[4.0, 12.0], [24.0, -12.0]])
    np.testing.assert_array_equal(quadratic.grad_weight, [[19.0, 6.0]])
    np.testing.assert_array_equal(quadratic.grad_bias, [3.0])
    inside = [{"type": "MulConstant", "constant_scalar": 10.0}]
    residual = nn.build({"type": "Residual", "modules": inside}, "module").double()
    np.testing.assert_array_equal(residual.forward(x), 6 * x)
    np.testing.assert_array_equal(residual.backward(x, x), 6 * x)
    np.testing.assert_array_equal(residual.grad_strength, [150.0])


def test_the_first_ten_minutes_go_as_printed(tmp_path: Path) -> None:
    lines = commands("A layer in ten minutes")
    assert "\n".join(lines) in (ROOT / "README.md").read_text(encoding="utf-8")
    assert [line.split()[0] for line in lines] == ["nntrain", "pip", "nntrain", "nntrain"]
    folder = tmp_path / "empty"
    folder.mkdir()
    fresh = Environment(tmp_path / "fresh", folder)
    told = [fresh.run(line) for line in lines]
    assert lines[1:] == [line.strip() for line in told[0].splitlines()[-3:]]
    assert "module Swish: passes 22 checks in 3 cases\n1 passed\n" in told[2]
    assert "Run folder: runs/swish" in told[3]
    assert " passed" in fresh.run("python -m pytest -p no:cacheprovider nntrain-swish")
    assert "Swish" in fresh.run("nntrain show runs/swish")
    fresh.run("pip uninstall --yes nntrain-swish")
    assert 'pip install "nntrain-swish==0.1.0"' in fresh.run("nntrain predict runs/swish nntrain-swish/rings.csv", 4)


def test_what_plugins_check_says_is_as_printed(install: Callable[[str, str], None], said: Said) -> None:
    install("nntrain-planted", "tests.plugins.planted")
    text = said("plugins", "check", "WrongDerivative")[1]
    assert " ".join(commands("The output of plugins check")) in " ".join(text.split())
