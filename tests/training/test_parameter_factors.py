"""Factors of learning rate and weight decay in configs, networks, copies, checkpoints and resumed runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from nntrain import nn
from nntrain.checkpoint.reading import read_checkpoint
from nntrain.config.load import build_config, load_config
from nntrain.errors import ArgumentError, ConfigError, SpecError
from nntrain.nn.building.builder import build, find_problems
from nntrain.nn.parameter_factors import FACTOR_KEYS, build_factor_vector
from nntrain.nn.state import named_arrays
from nntrain.training.callback import Callback
from nntrain.training.resuming.resume import resume_run
from nntrain.training.run_folder.run_folder import RunFolder
from nntrain.training.run_start import load_splits, start_run
from nntrain.training.trained_network import TrainedNetwork
from nntrain.training.training_loop import train
from tests.training.stopping import DATA, StopAfter

NETWORK: dict[str, Any] = {
    "type": "Sequential",
    "learning_rate_factor": 0.5,
    "modules": [
        {"type": "Linear", "input_size": 3, "output_size": 2, "learning_rate_factor": {"weight": 0.1, "bias": 4}},
        {"type": "Tanh"},
        {"type": "Sequential", "weight_decay_factor": {"bias": 0}, "modules": [
            {"type": "Linear", "input_size": 2, "output_size": 1, "weight_decay_factor": 2, "learning_rate_factor": 2},
            {"type": "Linear", "input_size": 1, "output_size": 2, "frozen": True, "learning_rate_factor": 9},
        ]},
        {"type": "Linear", "input_size": 2, "output_size": 1},
    ],
}  # fmt: skip


def find_factors(network: nn.Module) -> list[list[float] | None]:
    w, _ = network.get_parameters()
    vectors = [build_factor_vector(network, w, key) for key in FACTOR_KEYS]
    assert all(vector is None or (vector.shape, vector.dtype) == (w.shape, w.dtype) for vector in vectors)
    return [None if vector is None else [round(factor, 6) for factor in vector.tolist()] for vector in vectors]


EXPECTED = [
    [0.05] * 6 + [2] * 2 + [1] * 3 + [0.5] * 3,
    [1] * 6 + [1] * 2 + [2] * 2 + [0] + [1] * 3,
]


def test_the_factors_of_containers_multiply_those_inside() -> None:
    assert find_factors(build(NETWORK)) == EXPECTED


def test_copies_specs_and_types_keep_factors() -> None:
    network = build(NETWORK)
    assert network.spec() == NETWORK
    for twin in (network.clone(), build(network.spec()), build(network.clone().spec()), network.clone().double()):
        assert find_factors(twin) == EXPECTED
    assert find_factors(build({**NETWORK, "learning_rate_factor": 1}))[0] == [2 * one for one in EXPECTED[0] or ()]
    plain = nn.Sequential().add(nn.Linear(2, 1))
    assert find_factors(plain) == [None, None]
    plain.modules[0].weight_decay_factor = {"bias": 0}
    assert find_factors(plain) == [None, [1, 1, 0]]
    assert plain.spec()["modules"][0]["weight_decay_factor"] == {"bias": 0}


def test_a_module_that_is_used_twice_has_one_factor() -> None:
    inner = {"type": "Linear", "input_size": 2, "output_size": 2, "learning_rate_factor": 0.5, "id": "a"}
    twice = build({"type": "Sequential", "modules": [inner, {"type": "Tanh"}, {"ref": "a"}]})
    assert find_factors(twice) == [[0.5] * 6, None]
    assert find_factors(build(twice.spec())) == [[0.5] * 6, None]
    outer = {"type": "Sequential", "weight_decay_factor": {"weight": 2}, "modules": [{"ref": "a"}]}
    with pytest.raises(ArgumentError, match="its weight is shared by modules with another weight_decay_factor"):
        find_factors(build({"type": "Sequential", "modules": [inner, {"type": "Tanh"}, outer]}))


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("learning_rate_factor", -1, "learning_rate_factor: expected a number of at least 0, or a table of them by"),
        (
            "learning_rate_factor",
            True,
            "or a table of them by parameter name, got True",
        ),
        ("weight_decay_factor", "no", "weight_decay_factor: expected a number of at least 0, or a table"),
        ("weight_decay_factor", float("inf"), "weight_decay_factor: expected a number of at least 0"),
        ("learning_rate_factor", {"weights": 1}, "Linear has no parameter 'weights'; did you mean 'weight'?"),
        ("weight_decay_factor", {"bias": "x"}, "weight_decay_factor.bias: expected a number of at least 0, got 'x'"),
    ],
)
def test_wrong_factors_are_refused_in_one_line(key: str, value: Any, message: str) -> None:
    spec = {"type": "Linear", "input_size": 1, "output_size": 1, key: value}
    with pytest.raises(SpecError) as caught:
        build(spec)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
    # Also where sizes are still missing.
    assert find_problems({"type": "Linear", key: value}, "module", incomplete=True)


def test_names_of_containers_are_those_inside() -> None:
    norm = {"type": "WeightNorm", "module": {"type": "Linear", "input_size": 1, "output_size": 1}}
    for name in ("v", "g", "weight", "bias"):
        assert not find_problems({**norm, "learning_rate_factor": {name: 2}})
    [(path, what)] = find_problems({"type": "Sequential", "modules": [norm], "learning_rate_factor": {"u": 2}})
    assert path == ("learning_rate_factor", "u")
    assert what == "Sequential has no parameter 'u'; expected one of: weight, bias, v, g"
    with pytest.raises(SpecError, match="MSECriterion is not a module: only modules have parameters"):
        build({"type": "MSECriterion", "weight_decay_factor": 1})


# Runs

MODULES = [
    {"type": "Linear", "output_size": 8, "learning_rate_factor": {"bias": 0}, "weight_decay_factor": {"bias": 0}},
    {"type": "ReLU"},
    {"type": "Linear", "learning_rate_factor": 0},
]


def config(optimizer: dict[str, Any], modules: list[dict[str, Any]] = MODULES) -> Any:
    keys = {"epochs": 3, "batch_size": 16, "patience": 0}
    return build_config({"data": DATA, "model": {"modules": modules}, "optimizer": optimizer, "train": keys})


def test_a_resumed_run_has_the_same_factors(tmp_path: Path) -> None:
    settings = config({"type": "adamw", "learning_rate": 0.05})
    whole, folder = RunFolder(tmp_path / "whole"), RunFolder(tmp_path / "run")
    run, decided = start_run(settings, load_splits(settings), "", whole, [])
    first = {name: array.copy() for name, array in named_arrays(run.network.model)}
    train(run, whole, decided.train, Callback())
    other, decided = start_run(settings, load_splits(settings), "", folder, [])
    with pytest.raises(Exception, match="stopped"):
        train(other, folder, decided.train, StopAfter(10))
    resumed, decided = resume_run(folder)
    train(resumed, folder, decided.train, Callback())
    assert resumed.w.tobytes() == run.w.tobytes()
    last = dict(named_arrays(resumed.network.model))
    changed = {name for name, array in first.items() if (array != last[name]).any() and "grad" not in name}
    assert changed == {"0.weight"}
    # The factors are in the resolved config and in the file of the best network.
    assert load_config(folder.config).model.modules[0]["learning_rate_factor"] == {"bias": 0}
    best = TrainedNetwork.from_tree(read_checkpoint(folder.best_network), "best").model
    assert best.modules[0].weight_decay_factor == {"bias": 0}
    assert best.modules[2].learning_rate_factor == 0


def test_an_optimizer_without_factors_is_refused() -> None:
    settings = config({"type": "lbfgs"})
    with pytest.raises(ConfigError) as caught:
        start_run(settings, load_splits(settings), "", RunFolder(Path("nowhere")), [])
    expected = (
        "model.modules: LBFGS: does not support learning_rate_factor; remove the key, or choose another optimizer"
    )
    assert str(caught.value) == expected


def test_an_unknown_name_is_an_error_of_the_config(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(
        'data = { path = "x.csv", target = "y" }\n[model]\nmodules = [\n'
        '  { type = "Linear", learning_rate_factor = { weigt = 0.1 } },\n]\n'
    )
    with pytest.raises(ConfigError) as caught:
        load_config(file)
    assert "model.modules[0].learning_rate_factor.weigt: Linear has no parameter 'weigt'; did you mean" in str(
        caught.value
    )
