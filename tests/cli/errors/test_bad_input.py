"""Every kind of bad input: one clear line, the exit code of its kind, and nothing half-written."""

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

ROWS = "".join(f"{i % 7}.5,{i % 3},{'ab'[i % 2]}\n" for i in range(60))
GOOD = "x,z,y\n" + ROWS

TABLES = {
    "missing file": (None, "y", "no such file"),
    "empty file": ("", "y", "empty"),
    "header only": ("x,z,y\n", "y", "no rows"),
    "unknown target": (GOOD, "yy", "did you mean 'y'?"),
    "one class": ("x,y\n" + "1,a\n2,a\n" * 20, "y", "expected at least two classes"),
    "text among numbers": (GOOD.replace("3.5,0", "oops,0", 1), "y", "'oops'"),
    "ragged rows": (GOOD + "1,2,a,4,5\n" + ROWS, "y", "line 62"),
    "too few rows": ("x,y\n1,a\n", "y", ""),
    "no such delimiter": ("\0\1\2\3" * 50, "y", ""),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_bad_table_is_reported_in_one_line(name: str, nntrain: Callable[..., Any], tmp_path: Path) -> None:
    text, target, told = TABLES[name]
    if text is not None:
        (tmp_path / "data.csv").write_text(text)
    outcome = nntrain("fit", "data.csv", "--target", target)
    assert outcome.code == 3, outcome
    assert outcome.err.startswith("Error: ")
    assert outcome.err.count("\n") == 1
    assert "data.csv" in outcome.err
    assert told in outcome.err
    assert "Traceback" not in outcome.err
    assert {path.name for path in tmp_path.iterdir()} <= {"data.csv"}


def test_text_among_numbers_is_reported_with_row_and_column(nntrain: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_text(GOOD.replace("3.5,0", "oops,0", 1))
    assert (
        "row 4 (line 5), column 'x': expected a number, got 'oops'" in nntrain("fit", "data.csv", "--target", "y").err
    )


def hdf5(path: Path, **datasets: Any) -> None:
    with h5py.File(path, "w") as file:
        for name, values in datasets.items():
            file[name] = values


ARRAYS: dict[str, tuple[dict[str, Any], str]] = {
    "no datasets": ({"a": np.zeros(3)}, "inputs"),
    "lengths that differ": ({"inputs": np.zeros((30, 2)), "targets": np.zeros(29, int)}, "30"),
    "numbers that are none": ({"inputs": np.full((30, 2), np.nan), "targets": np.arange(30) % 2}, "inputs"),
    "one class": (
        {"inputs": np.random.default_rng(1).random((30, 2)), "targets": np.zeros(30, int)},
        "expected at least two classes",
    ),
}


@pytest.mark.parametrize("name", ARRAYS)
def test_bad_arrays_are_reported_in_one_line(name: str, nntrain: Callable[..., Any], tmp_path: Path) -> None:
    datasets, told = ARRAYS[name]
    hdf5(tmp_path / "data.h5", **datasets)
    outcome = nntrain("fit", "data.h5")
    assert outcome.code == 3, outcome
    assert outcome.err.startswith("Error: ")
    assert outcome.err.count("\n") == 1
    assert told in outcome.err
    assert {path.name for path in tmp_path.iterdir()} == {"data.h5"}


def test_a_file_that_is_no_hdf5_is_reported(nntrain: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "data.h5").write_text("hello")
    outcome = nntrain("fit", "data.h5")
    assert (outcome.code, outcome.err.count("\n")) == (3, 1)


def test_a_damaged_gzip_is_reported(nntrain: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "data.csv.gz").write_bytes(gzip.compress(GOOD.encode())[:-20])
    outcome = nntrain("fit", "data.csv.gz", "--target", "y")
    assert (outcome.code, outcome.err.count("\n")) == (3, 1)


def test_a_config_with_three_mistakes_is_reported_all_three(
    nntrain: Callable[..., Any], tmp_path: Path, iris: Path
) -> None:
    (tmp_path / "c.toml").write_text(
        f'[data]\npath = "{iris}"\ntarget = "species"\n\n[model]\nmodules = [\n    {{ type = "Liner" }},\n]\n\n'
        '[train]\nepochs = "ten"\nbatchsize = 3\n'
    )
    outcome = nntrain("fit", "c.toml")
    assert outcome.code == 2
    assert outcome.err.splitlines() == [
        "Error: c.toml:7: model.modules[0].type: unknown module 'Liner'; did you mean 'Linear'?",
        "Error: c.toml:11: train.epochs: expected an integer, got 'ten'",
        "Error: c.toml:12: train.batchsize: unknown key; did you mean 'batch_size'?",
    ]
    assert {path.name for path in tmp_path.iterdir()} == {"c.toml"}


def test_a_network_that_does_not_fit_the_data_is_reported(
    nntrain: Callable[..., Any], tmp_path: Path, iris: Path
) -> None:
    outcome = nntrain("fit", iris, "--target", "species", "--set", 'model.modules=[{type="Linear", input_size=9}]')
    assert outcome.code == 2
    told = "model: expected an input of shape (N, 9), got (2, 4) in Sequential[0] > Linear(9 -> 3)"
    assert outcome.err == f"Error: {told}\n"
    assert not (tmp_path / "runs").exists()


def test_a_loss_that_is_no_number_names_the_step_and_what_to_try(
    nntrain: Callable[..., Any], tmp_path: Path, iris: Path
) -> None:
    outcome = nntrain(
        *(
            "fit",
            iris,
            "--target",
            "sepal_length",
            "--set",
            'optimizer.type="sgd"',
            "--set",
            "optimizer.learning_rate=1e18",
        )
    )
    assert outcome.code == 1
    (error,) = [line for line in outcome.err.splitlines() if not line.startswith("Warning: ")]
    assert error.startswith("Error: step ")
    assert "the loss is" in error
    assert "--set optimizer.learning_rate=1e+17" in error
    assert not (tmp_path / "runs" / "iris").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("evaluate", "runs/nothing"), 2, "runs/nothing: no such run folder or checkpoint"),
        (("predict", "runs/nothing", "x.csv"), 2, "runs/nothing: no such run folder or checkpoint"),
        (("resume", "runs/nothing"), 2, "runs/nothing: not a run folder"),
        (("show", "data.csv"), 5, "data.csv: expected a run folder or a network: .h5, "),
        (("layers", "Liner"), 2, "unknown module or criterion 'Liner'; did you mean 'Linear'?"),
        (("fit", "gone.toml"), 2, "gone.toml"),
    ],
)
def test_a_command_on_what_is_not_there_is_reported(
    arguments: tuple[str, ...], code: int, told: str, nntrain: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "data.csv").write_text(GOOD)
    outcome = nntrain(*arguments)
    assert outcome.code == code
    assert outcome.err.startswith(f"Error: {told}")
    assert outcome.err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--max-time", "soon"), "--max-time soon: train.max_time: expected a time above 0, e.g."),
        (("--memory", "lots"), "--memory lots: data.memory: expected a size such as"),
        (("--checkpoint-every", "never"), "--checkpoint-every never: train.checkpoint_every: expected an interval"),
        (("--log", "tensorbord"), "--log tensorbord: train.loggers[0]: unknown logger 'tensorbord'; did you mean"),
        (("--folds", "1"), "--folds 1: data.folds: expected at least 2, got 1"),
        (("--set", "optimizer.lr=1"), "--set optimizer.lr=1: optimizer.lr: Adam has no argument 'lr'; did you mean"),
    ],
)
def test_a_wrong_option_is_reported_as_it_was_said(
    arguments: tuple[str, ...], told: str, nntrain: Callable[..., Any], tmp_path: Path, iris: Path
) -> None:
    (tmp_path / "c.toml").write_text(f'[data]\npath = "{iris}"\ntarget = "species"\n')
    for source in (iris, "c.toml"):
        outcome = nntrain("fit", source, *arguments)
        assert (outcome.code, outcome.err.count("\n"), outcome.out) == (2, 1, "")
        assert outcome.err.startswith(f"Error: {told}")
