"""``nntrain check`` tells what a run will be, trains nothing and writes nothing."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from tests.paths import ROOT

Command = Callable[..., Any]


def looked(nntrain: Command, *arguments: object) -> dict[str, Any]:
    outcome = nntrain("check", *arguments, "--json")
    assert outcome.code == 0, outcome.err
    return json.loads(outcome.out)


def facts(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {column["name"]: column for column in found["data"]["columns"]}


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    """A table with an id, a constant, a giveaway, missing values and rows that occur again."""
    random = np.random.default_rng(5)
    x, z = random.random(300).round(6), random.integers(0, 3, 300)
    y = ["up" if value > 0.5 else "down" for value in x + random.normal(0, 0.1, 300)]
    body = [
        f"{v},{'' if k % 10 == 0 else w},k{k},same,{a.upper()},{a}"
        for k, (v, w, a) in enumerate(zip(x, z, y, strict=True))
    ]
    path = tmp_path / "odd.csv"
    path.write_text("x,z,key,one,shout,y\n" + "\n".join([*body, *body[:120]]) + "\n")
    return path


def test_a_column_is_reported_with_type_role_and_what_is_wrong_with_it(nntrain: Command, odd: Path) -> None:
    found = looked(nntrain, odd, "--target", "y", "--set", 'data.ignore=["key"]')
    told = facts(found)
    assert {name: column["role"] for name, column in told.items()} == {
        "x": "input",
        "z": "input",
        "key": "ignored",
        "one": "excluded",
        "shout": "input",
        "y": "target",
    }
    assert told["z"]["missing"] == 42
    assert (told["z"]["distinct"], told["z"]["type"], told["z"]["becomes"]) == (3, "number", "2 inputs")
    assert told["z"]["why"] == "all 378 values are numbers"
    assert told["shout"]["why"].startswith("not a number: ")
    assert "its value is 'same' in every training row" in told["one"]["constant"]
    assert "leaks the target" in told["shout"]["leakage"]
    assert any("'shout' leaks the target" in problem for problem in found["problems"])


def test_an_id_is_reported(nntrain: Command, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("id,x,y\n" + "".join(f"{k},{k % 7 / 10},{'ab'[k % 2]}\n" for k in range(80)))
    assert facts(looked(nntrain, "t.csv", "--target", "y"))["id"]["id"] == "it looks like a row number"


def test_rows_in_two_parts_are_counted_and_shown(nntrain: Command, odd: Path) -> None:
    found = looked(nntrain, odd, "--target", "y", "--set", 'data.ignore=["key"]')
    rows = [line.split(",") for line in odd.read_text().splitlines()[1:]]
    problem = next(
        problem
        for problem in found["problems"]
        if "of the test set equal rows of the train set after encoding" in problem
    )
    numbers = [int(number) for number in re.findall(r"\d+", problem)]
    count, second, first = numbers[0], rows[numbers[1] - 1], rows[numbers[2] - 1]
    assert first == second
    assert count == next(r["count"] for r in found["data"]["repeats"] if (r["first"], r["second"]) == ("train", "test"))
    assert count > 10


def test_parts_with_files_of_their_own_are_compared_too(nntrain: Command, iris: Path, tmp_path: Path) -> None:
    lines = iris.read_text().splitlines()
    (tmp_path / "test.csv").write_text("\n".join([lines[0], *lines[1:151:5]]) + "\n")
    found = looked(nntrain, iris, "--target", "species", "--set", "data.test_path=test.csv")
    pairs = {(r["first"], r["second"]): r["count"] for r in found["data"]["repeats"]}
    assert pairs["train", "test"] + pairs["validation", "test"] >= 30


def test_the_balance_of_each_part_is_that_of_the_file(nntrain: Command, iris: Path) -> None:
    balance = looked(nntrain, iris, "--target", "species")["data"]["balance"]
    assert {label: sum(counts.values()) for label, counts in balance.items()} == dict.fromkeys(balance, 50)
    shares = looked(nntrain, iris, "--target", "sepal_length")["data"]["balance"]
    assert set(shares) == {"mean", "std", "min", "max"}
    assert 4.3 <= shares["min"]["train"] < shares["mean"]["train"] < shares["max"]["train"] <= 7.9


def test_a_rare_class_is_reported(nntrain: Command, tmp_path: Path) -> None:
    rows = "".join(f"{k % 13 / 7},{'rare' if k % 50 == 0 else 'common'}\n" for k in range(400))
    (tmp_path / "t.csv").write_text("x,y\n" + rows)
    assert any("always predicting" in problem for problem in looked(nntrain, "t.csv", "--target", "y")["problems"])


def test_categories_that_share_a_code_are_counted(nntrain: Command, tmp_path: Path) -> None:
    cities = ["few"] + ["north", "south"] * 100 + ["lone"]
    rows = "".join(f"{k % 13 / 7},{city},{'yes' if k % 3 else 'no'}\n" for k, city in enumerate(cities))
    (tmp_path / "t.csv").write_text("x,city,y\n" + rows)
    found = facts(looked(nntrain, "t.csv", "--target", "y", "--set", "data.test=0", "--set", "data.validation=0"))
    assert found["city"]["becomes"] == "3 inputs, 2 rare as one"


def test_the_network_is_reported_layer_by_layer(nntrain: Command) -> None:
    found = looked(nntrain, ROOT / "configs" / "digits-convolution.toml")["network"]
    layers = {layer["place"]: layer for layer in found["layers"]}
    assert layers["0"]["output"] == "(N, 16, 8, 8)"
    assert (layers["6"]["output"], layers["6"]["parameters"]) == ("(N, 10)", 650)
    assert found["parameters"] == layers[""]["parameters"] == 160 + 16448 + 650


def test_a_nested_network_is_a_tree(nntrain: Command, iris: Path) -> None:
    modules = '[{type="Concat", dim=1, modules=[{type="Linear", output_size=3}, {type="Identity"}]}, {type="Linear"}]'
    told = nntrain("check", iris, "--target", "species", "--set", f"model.modules={modules}").out
    lines = [line.split()[:2] for line in told.splitlines()]
    assert [line for line in lines if line and line[0] in ("0", "0.0", "0.1", "1")] == [
        *(["0", "Concat"], ["0.0", "Linear(4"], ["0.1", "Identity"], ["1", "Linear(7"])
    ]


def test_memory_counts_the_arrays(nntrain: Command, iris: Path) -> None:
    found = looked(nntrain, iris, "--target", "species", "--set", "model.hidden=[10]")
    size = 4 * (4 * 10 + 10 + 10 * 3 + 3)
    assert (found["memory"]["parameters"], found["memory"]["gradients"]) == (size, size)
    assert found["memory"]["optimizer"] >= 2 * size
    assert found["memory"]["data"] >= 150 * (4 * 4 + 8)
    assert found["memory"]["activations"] > 0
    assert found["time"]["seconds_per_step"] > 0
    assert found["time"]["steps_per_epoch"] == -(-found["data"]["rows"]["train"] // found["train"]["batch_size"])


def test_the_schedule_shows_its_rates(nntrain: Command, iris: Path) -> None:
    plain = (iris, "--target", "species", "--set", "model.hidden=[8]")
    arguments = ("check", *plain, "--set", 'schedule.type="cosine"')
    found = json.loads(nntrain(*arguments, "--json").out)
    plan = found["schedule"]
    assert len(plan["rates"]) == found["train"]["epochs"]
    assert plan["rates"][0] == [0, 0.001]
    assert plan["rates"] == sorted(plan["rates"], key=lambda told: -told[1])
    assert "Highest 0.001 in step 1" in nntrain(*arguments).out
    plateau = nntrain("check", *plain, "--set", 'schedule.type="plateau"').out
    assert "These are the rates while loss improves" in plateau
    assert looked(nntrain, *plain)["schedule"] is None


def test_rows_that_are_read_from_the_disk_are_reported_the_same(
    nntrain: Command, odd: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("NNTRAIN_CACHE", str(tmp_path / "cache"))
    arguments = (odd, "--target", "y", "--set", 'data.ignore=["key"]')
    whole, streamed = looked(nntrain, *arguments), looked(nntrain, *arguments, "--set", "data.stream=true")
    for name in ("columns", "balance", "repeats", "rows"):
        assert streamed["data"][name] == whole["data"][name]
    assert streamed["problems"] == whole["problems"]


def test_nothing_is_written(nntrain: Command, iris: Path, tmp_path: Path) -> None:
    assert nntrain("check", iris, "--target", "species").code == 0
    assert list(tmp_path.iterdir()) == []


def test_arrays_of_an_hdf5_file_are_reported(nntrain: Command, tmp_path: Path) -> None:
    random = np.random.default_rng(2)
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["train/inputs"], file["train/targets"] = random.random((60, 5)), np.arange(60) % 3
        file["test/inputs"], file["test/targets"] = random.random((30, 5)), np.arange(30) % 3
    found = looked(nntrain, "a.h5")
    assert facts(found)["inputs"]["type"] == "array 5"
    assert facts(found)["targets"]["becomes"] == "3 classes"
    assert found["data"]["rows"]["test"] == 30


def test_every_one_of_several_targets_has_its_figures(nntrain: Command, tmp_path: Path) -> None:
    targets = np.random.default_rng(3).normal(7, 2, (90, 2)) * [1, 100]
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["train/inputs"], file["train/targets"] = np.arange(90) % 9 / 9, targets
    found = looked(nntrain, "a.h5", "--set", "data.validation=0", "--set", "data.test=0")
    assert facts(found)["targets"]["becomes"] == "2 numbers"
    for index in range(2):
        column = targets[:, index]
        wanted = {"mean": column.mean(), "std": column.std(), "min": column.min(), "max": column.max()}
        told = {what: found["data"]["balance"][f"targets[{index}] {what}"]["train"] for what in wanted}
        assert told == pytest.approx(wanted, rel=1e-5)


@pytest.mark.parametrize("path", sorted((ROOT / "configs").glob("*.toml")), ids=lambda path: path.stem)
def test_the_configs_that_come_with_nntrain_can_be_trained(path: Path, nntrain: Command) -> None:
    if "shared" in path.read_text() and not (ROOT.parent / "shared" / "data").is_dir():
        pytest.skip("the data are not in the repository")
    if path.stem in ("adult", "diamonds", "mnist-lenet"):
        pytest.skip("large")
    assert nntrain("check", path).code == 0


@pytest.mark.parametrize(
    ("text", "code", "told"),
    [
        ('[data]\npath = "gone.csv"\n', 3, "gone.csv: no such file"),
        ('[data]\npath = "t.csv"\n[train]\nepochs = 0\n', 2, "train.epochs"),
        ('[data]\npath = "t.csv"\ntarget = "w"\n', 3, "no column 'w'"),
        ('[data]\npath = "t.csv"\n[model]\nmodules = [{type="Linear", input_size=9}]\n', 2, "(N, 9)"),
    ],
)
def test_what_cannot_be_trained_has_the_exit_code_of_its_error(
    text: str, code: int, told: str, nntrain: Command, tmp_path: Path
) -> None:
    (tmp_path / "t.csv").write_text("x,y\n" + "".join(f"{k % 7},{'ab'[k % 2]}\n" for k in range(60)))
    (tmp_path / "c.toml").write_text(text)
    outcome = nntrain("check", "c.toml")
    assert (outcome.code, outcome.err.count("\n")) == (code, 1)
    assert told in outcome.err
