"""nntrain fit --refit: a second run on training and validation rows, whose network the run then has."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nntrain.checkpoint.reading import read_checkpoint
from nntrain.config.load import load_config
from nntrain.nn.network_ends import find_last_module
from nntrain.training.inference.network_loading import load_trained_network
from nntrain.training.run_start import load_splits
from tests.cli.fit.averages import Command, predict, write_rows
from tests.cli.fit.test_stopped_averages import stop
from tests.cli.processes import kill_once_exists

__all__ = ["stop"]

IGNORED = ("--set", 'data.ignore=["kind", "traits", "price"]')
SMALL = ("--set", "model.hidden=[4]", "--set", "train.epochs=4")


def fit(nntrain: Command, *options: str, out: str = "run", refit: bool = True) -> Any:
    rows = write_rows("rows.csv")
    more = ("--refit",) if refit else ()
    return nntrain("fit", rows, "--target", "sick", *IGNORED, *SMALL, *more, *options, "--out", out)


def read_results(folder: Path) -> dict[str, bytes]:
    """The results of both runs, to the bit."""
    names = ("best.h5", "scores.json", "metrics.jsonl", "refit/metrics.jsonl", "refit/scores.json", "refit/best.h5")
    return {name: (folder / name).read_bytes() for name in names}


def read_lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_the_second_run_has_all_rows_but_the_test_set_and_the_epochs_of_the_best(nntrain: Command) -> None:
    schedule = ("--set", "schedule.type=cosine", "--set", "optimizer.learning_rate=0.1", "--set", "train.epochs=30")
    assert fit(nntrain, *schedule, out="plain", refit=False).code == 0
    done = fit(nntrain, *schedule)
    assert done.code == 0, done.err
    assert Path("run/metrics.jsonl").read_bytes() == Path("plain/metrics.jsonl").read_bytes()
    first, second = (load_splits(load_config(Path(run, "config.toml"))) for run in ("run", "run/refit"))
    assert second.validation is None
    assert second.row_indices["test"].tolist() == first.row_indices["test"].tolist()
    together = np.concatenate([first.row_indices["train"], first.row_indices["validation"]])
    assert second.row_indices["train"].tolist() == sorted(together.tolist())
    before, after = (read_lines(Path(run, "metrics.jsonl")) for run in ("run", "run/refit"))
    best = max(line["epoch"] for line in before if line["best"])
    assert all(line["best"] for line in after)
    assert len(after) == best < len(before) == 30
    assert [line["rate"] for line in after] == pytest.approx([line["rate"] for line in before[:best]])
    assert json.loads(Path("run/scores.json").read_text())["epoch"] == best


def test_the_run_has_the_second_network_with_the_temperature_and_threshold_of_the_first(nntrain: Command) -> None:
    members = (
        '{ type = "RepeatMembers", members = 2 }, { type = "LinearEnsemble", output_size = 4 }, '
        '{ type = "Tanh" }, { type = "LinearEnsemble" }, { type = "AverageMembers" }'
    )
    rows = write_rows("rows.csv")
    options = (
        f"model.modules=[{members}]",
        "train.threshold=recall",
        "train.epochs=1",
        "optimizer.learning_rate=0.002",
    )
    command = ["fit", rows, "--target", "sick", *IGNORED, *(part for one in options for part in ("--set", one))]
    assert nntrain(*command, "--out", "plain").code == 0
    done = nntrain(*command, "--refit", "--out", "run")
    assert done.code == 0, done.err
    plain, refitted, network = (load_trained_network(Path(run)) for run in ("plain", "run/refit", "run"))
    calibrators: list[Any] = [find_last_module(one.model) for one in (plain, refitted, network)]
    assert [float(one.temperature[0]) for one in calibrators[1:]] == [1, float(calibrators[0].temperature[0])]
    assert calibrators[0].temperature[0] != 1
    assert network.task.threshold == plain.task.threshold != 0.5
    own, given = (np.concatenate([p.reshape(-1) for p in one.model.parameters()[0]]) for one in (network, refitted))
    assert own.tobytes() == given.tobytes()
    scores, before = (json.loads(Path(run, "scores.json").read_text()) for run in ("run", "plain"))
    assert scores["validation"] == before["validation"]
    assert scores["test"]["loss"] != before["test"]["loss"]
    tested = json.loads(nntrain("evaluate", "run", "--json").out)
    assert {name: tested[name] for name in scores["test"]} == scores["test"]
    assert "Refit on training and validation rows. The validation scores are those of the first run.\n" in done.out
    assert done.out.endswith("  nntrain evaluate run OTHER_DATA\n  nntrain show run\n")
    assert "train.epochs=8" not in done.out
    assert nntrain("convert", "run", "run.onnx").code == 0
    assert predict(nntrain, "run", rows).keys() == {"p(no)", "p(yes)"}
    assert "77 of 90 rows are the same as training rows" in nntrain("evaluate", "run", rows).err


def test_stopped_runs_continue_to_the_same_network(
    nntrain: Command, tmp_path: Path, stop: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert fit(nntrain, out="straight").code == 0
    straight = read_results(tmp_path / "straight")
    stop(7)
    assert fit(nntrain, out="stopped").code == 130
    assert not (tmp_path / "stopped" / "refit").exists()
    with monkeypatch.context() as patched:
        patched.setattr("nntrain.cli.refit.start_refit", lambda *_: os.kill(os.getpid(), 2))
        assert nntrain("resume", "stopped").code == 130
    stop(9)
    stopped = nntrain("resume", "stopped")
    assert (stopped.code, "in the refit and saved; resume with: nntrain resume stopped\n" in stopped.err) == (130, True)
    first = read_checkpoint(tmp_path / "stopped" / "best.h5")
    assert first["scores"]["validation"]["accuracy"] is not None
    for name in ("write_checkpoint", "write_text"):
        with monkeypatch.context() as patched:
            patched.setattr(f"nntrain.training.refit.{name}", lambda *_, **__: os.kill(os.getpid(), 2))
            assert nntrain("resume", "stopped").code == 130
    for _ in range(2):
        done = nntrain("resume", "stopped")
        assert done.code == 0, done.err
        assert read_results(tmp_path / "stopped") == straight
    again = fit(nntrain, "--resume", out="stopped")
    assert again.code == 0, again.err
    assert read_results(tmp_path / "stopped") == straight


def test_a_killed_process_continues_to_the_same_network(nntrain: Command, tmp_path: Path) -> None:
    assert fit(nntrain, "--set", "train.epochs=40", out="straight").code == 0
    arguments = ["fit", "rows.csv", "--target", "sick", *IGNORED, *SMALL, "--refit", "--set", "train.epochs=40"]
    begun = tmp_path / "killed" / "refit" / "config.toml"
    kill_once_exists(begun, *arguments, "--checkpoint-every", "3steps", "--out", "killed")
    assert not (tmp_path / "killed" / "refit" / "scores.json").exists()
    assert nntrain("resume", "killed").code == 0
    assert read_results(tmp_path / "killed") == read_results(tmp_path / "straight")


def test_rows_that_were_moved_are_found_by_both_runs(
    nntrain: Command, tmp_path: Path, stop: Callable[[int], None]
) -> None:
    stop(30)
    assert "in the refit and saved" in fit(nntrain).err
    (tmp_path / "rows.csv").rename(tmp_path / "moved.csv")
    done = nntrain("resume", "run", "--data", "moved.csv")
    assert done.code == 0, done.err
    assert nntrain("evaluate", "run").code == 0


def test_another_length_is_refused_once_the_refit_has_begun(nntrain: Command, tmp_path: Path) -> None:
    assert fit(nntrain).code == 0
    before = read_results(tmp_path / "run")
    for options in (("--set", "train.epochs=9"), ("--max-time", "2h")):
        assert "cannot change once the refit has started; start another run" in nntrain("resume", "run", *options).err
    refused = nntrain("resume", "run", "--set", "train.l1=0.1", "--allow-change", "train.l1")
    assert "--allow-change: the refit has started; start another run with --out" in refused.err
    assert read_results(tmp_path / "run") == before
    assert fit(nntrain, "--force").code == 0
    assert read_results(tmp_path / "run") == before


@pytest.mark.parametrize("more", [(), ("data.split_column=price",)])
def test_streamed_rows_are_those_in_memory(nntrain: Command, tmp_path: Path, more: tuple[str, ...]) -> None:
    write_rows("rows.csv")
    Path("all.toml").write_text('[data]\npath = "rows.csv"\ntarget = "kind"\ntrain_on_validation = true\n')
    streamed = (f"data.cache={tmp_path / 'cache'}", "data.stream=true")
    memory, disk = (load_splits(load_config(Path("all.toml"), [*more, *ways])) for ways in ((), streamed))
    assert disk.train.is_streamed
    assert memory.validation is disk.validation is None
    assert memory.test is not None
    assert memory.train.rows + memory.test.rows == 90
    np.testing.assert_array_equal(np.asarray(disk.train.inputs[:]), memory.train.inputs)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--folds", "3"), "train.refit: conflicts with data.folds; remove one of the two"),
        (("--quality", "best"), "train.refit: conflicts with quality 'best'; remove one of the two"),
        (("--set", "data.validation=0"), "train.refit: expected a validation set, which chooses the number of epochs"),
        (("--set", "data.validation_path=rows.csv"), "train.refit conflicts with its own validation rows; remove one"),
        (("--set", "data.train_on_validation=true"), "train.refit: conflicts with data.train_on_validation"),
    ],
)
def test_runs_without_one_validation_set_are_refused(
    nntrain: Command, tmp_path: Path, options: tuple[str, ...], told: str
) -> None:
    refused = fit(nntrain, *options)
    assert refused.code in (2, 3)
    (line,) = [line for line in refused.err.splitlines() if line.startswith("Error: ")]
    assert told in line
    assert not (tmp_path / "run").exists()


def test_the_refit_is_resumed_with_its_run(nntrain: Command) -> None:
    assert fit(nntrain).code == 0
    refused = nntrain("resume", "run/refit", "--set", "train.epochs=9")
    assert (refused.code, refused.err) == (
        2,
        "Error: run/refit: the refit of a run; resume that: nntrain resume run\n",
    )


def test_a_network_whose_refit_is_missing_is_used_with_a_warning(nntrain: Command) -> None:
    done = fit(nntrain)
    assert (done.code, done.out.count("Next steps")) == (0, 1)
    told = "the refit is not complete, this is its best network so far; resume it: nntrain resume run"
    for command in (("show", "run"), ("evaluate", "run"), ("predict", "run", "rows.csv")):
        assert told not in nntrain(*command).err
    Path("run/refit/scores.json").unlink()
    for command in (("show", "run"), ("evaluate", "run"), ("predict", "run", "rows.csv")):
        assert f"Warning: {told}\n" in nntrain(*command).err
    Path("run/scores.json").unlink()
    assert "Warning: the run is not complete" in nntrain("evaluate", "run").err
