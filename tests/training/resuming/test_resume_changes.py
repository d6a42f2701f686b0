"""Other optimizers, schedules and sizes in the middle of a run, and files that were moved."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nntrain.checkpoint.reading import read_checkpoint
from nntrain.checkpoint.writing import write_checkpoint
from nntrain.config.load import build_config
from nntrain.errors import ConfigError
from nntrain.training.callback import Callback
from nntrain.training.resuming.resume import resume_run
from nntrain.training.run_folder.run_folder import RunFolder
from nntrain.training.run_start import load_splits, start_run
from nntrain.training.trainer import Trainer
from nntrain.training.training_loop import train
from tests.training.stopping import config, stopped

PEAK = 0.01  # of stopping.ADAM, in 6 epochs of 7 steps; runs are stopped after step 15


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    return RunFolder(tmp_path / "run")


def rates(run: Trainer, steps: int) -> list[float]:
    found = []
    for _ in range(steps):
        while run.train_step() is None:
            run.end_epoch()
        found.append(run.optimizer.learning_rate)
    return found


def test_another_optimizer_starts_with_a_fresh_state(folder: RunFolder) -> None:
    stopped(folder, 10)
    heard: list[str] = []
    set_ = ["optimizer.type=sgd", "optimizer.momentum=0.9"]
    run, decided = resume_run(folder, set_, heard.append, allowed=["optimizer"])
    assert heard == [
        "optimizer: sgd replaces adam, with a new state",
        "optimizer.type, optimizer.momentum changed: the run is marked as not exact",
    ]
    w = run.w.copy()
    assert run.optimizer.state() == {"eval_counter": 0, "dfdx": None}
    run.train_step()
    # The first step of sgd, whose velocity is its first gradient; dw has been kept since.
    np.testing.assert_allclose(run.w, w - np.float32(1e-3) * run.dw, rtol=1e-6, atol=1e-8)
    assert decided.optimizer.spec() == {"type": "sgd", "momentum": 0.9}
    # It is written into the config with all of its options, and not asked about again.
    again, decided = resume_run(folder)
    assert (type(again.optimizer).__name__, again.step) == ("SGD", 15)
    assert decided.optimizer.spec()["learning_rate"] == 1e-3
    train(again, folder, decided.train, Callback())
    assert again.epoch == 6


def test_the_type_alone_may_be_allowed(folder: RunFolder) -> None:
    stopped(folder, 10)
    with pytest.raises(ConfigError, match=r"^optimizer.type: cannot change from \"adam\" to \"rprop\" [^\n]*$"):
        resume_run(folder, ["optimizer.type=rprop"])
    assert (
        type(resume_run(folder, ["optimizer.type=rprop"], allowed=["optimizer.type"])[0].optimizer).__name__ == "Rprop"
    )


def test_a_checkpoint_shows_whose_state_it_has(folder: RunFolder) -> None:
    """A run that is killed right after the change is resumed by its config, which has changed already."""
    stopped(folder, 10)
    resume_run(folder, ["optimizer.type=sgd", "schedule.type=plateau"], allowed=["optimizer", "schedule"])
    heard: list[str] = []
    resume_run(folder, (), heard.append)
    assert heard[0] == "optimizer: sgd replaces adam, with a new state"


def test_an_older_checkpoint_goes_by_the_config(folder: RunFolder) -> None:
    stopped(folder, 10)
    for path in folder.list_checkpoints():
        tree = read_checkpoint(path)
        del tree["training"]["types"]
        write_checkpoint(path, tree)
    assert resume_run(folder)[0].optimizer.state()["t"] == 15
    heard: list[str] = []
    resume_run(folder, ["optimizer.type=sgd"], heard.append, allowed=["optimizer"])
    assert heard[0] == "optimizer: sgd replaces adam, with a new state"


@pytest.mark.parametrize(
    ("before", "changed"),
    [
        ({"type": "rprop"}, "stepsize=0.001"),
        ({"type": "fista", "max_iter": 2}, "L=7.0"),
    ],
)
def test_the_first_value_of_something_adapted_starts_it_again(
    folder: RunFolder, before: dict[str, Any], changed: str
) -> None:
    settings = build_config(config(before, max_steps=2))
    run, decided = start_run(settings, load_splits(settings), "", folder, [])
    train(run, folder, decided.train, Callback())
    key, _, value = changed.partition("=")
    run, _ = resume_run(folder, [f"optimizer.{changed}"], allowed=[f"optimizer.{key}"])
    fresh = type(run.optimizer)(**{**{k: v for k, v in before.items() if k != "type"}, key: float(value)})
    assert run.optimizer.state() == fresh.state()


def test_fewer_corrections_of_lbfgs_forget_the_oldest(folder: RunFolder) -> None:
    settings = build_config(config({"type": "lbfgs", "max_iter": 6}, max_steps=2))
    run, decided = start_run(settings, load_splits(settings), "", folder, [])
    train(run, folder, decided.train, Callback())
    assert len(run.optimizer.old_dirs) > 2  # type: ignore[attr-defined]
    run, _ = resume_run(folder, ["optimizer.n_correction=2", "train.max_steps=4"], allowed=["optimizer.n_correction"])
    run.train_step()
    assert len(run.optimizer.old_dirs) <= 2  # type: ignore[attr-defined]


def test_a_schedule_is_added_as_if_it_had_been_there(folder: RunFolder) -> None:
    stopped(folder, 10)
    heard: list[str] = []
    run, _ = resume_run(folder, ["schedule.type=cosine"], heard.append, allowed=["schedule.type"])
    assert heard[0] == "schedule: cosine added; its learning rates follow from the step of the run, as from the start"
    assert rates(run, 20) == pytest.approx([PEAK * (1 + math.cos(math.pi * n / 42)) / 2 for n in range(15, 35)])


def test_a_schedule_is_replaced(folder: RunFolder) -> None:
    stopped(folder, 10, {"type": "cosine", "floor": 0.5, "cycles": 2})
    run, decided = resume_run(folder, ["schedule.type=step", "schedule.every=10"], allowed=["schedule"])
    assert decided.schedule.spec() == {"type": "step", "every": 10}
    assert rates(run, 20) == pytest.approx([PEAK * 0.1 ** (n // 10) for n in range(15, 35)])


def test_a_schedule_that_judges_starts_with_a_fresh_state(folder: RunFolder) -> None:
    stopped(folder, 10, {"type": "cosine"})
    run, _ = resume_run(folder, ["schedule.type=plateau"], allowed=["schedule"])
    assert rates(run, 20) == [PEAK] * 20
    # And its state is kept when only its options change.
    folder_of_plateau = RunFolder(folder.path.with_name("plateau"))
    stopped(folder_of_plateau, 10, {"type": "plateau", "patience": 1, "threshold": 100.0})
    run, _ = resume_run(folder_of_plateau, ["schedule.factor=0.5"], allowed=["schedule.factor"])
    # Two epochs are judged: the first sets the mark, the second is not better by 100.
    assert rates(run, 1) == pytest.approx([PEAK * 0.1])


def test_a_schedule_is_removed(folder: RunFolder) -> None:
    stopped(folder, 10, {"type": "cosine"})
    heard: list[str] = []
    run, _ = resume_run(folder, ["schedule={}"], heard.append, allowed=["schedule"])
    assert heard[0] == "schedule: cosine removed: the learning rate is 0.01 from now on"
    assert rates(run, 20) == [PEAK] * 20
    assert resume_run(folder)[1].schedule.spec() is None


def test_a_stretched_schedule_is_a_warning(folder: RunFolder) -> None:
    stopped(folder, 10, {"type": "cosine"})
    warned: list[str] = []
    run, _ = resume_run(folder, ["train.epochs=12"], warn=warned.append)
    was, now = (PEAK * (1 + math.cos(math.pi * 15 / steps)) / 2 for steps in (42, 84))
    assert warned == [
        f"the schedule is stretched from 42 to 84 steps, so the next learning rate is {now:.3g} instead of {was:.3g}, "
        "and a run of 12 epochs from the start would give other results: the run is marked as not exact"
    ]
    assert rates(run, 1) == pytest.approx([now])
    assert folder.read_metadata()["exact"] is False


@pytest.mark.parametrize("schedule", [None, {"type": "constant", "warm_up": 5}, {"type": "step", "every": 10}])
def test_a_schedule_that_counts_in_steps_is_not_stretched(folder: RunFolder, schedule: Any) -> None:
    stopped(folder, 10, schedule)
    warned: list[str] = []
    resume_run(folder, ["train.epochs=12"], warn=warned.append)
    assert (warned, folder.read_metadata()["exact"]) == ([], True)


@pytest.mark.parametrize(
    ("schedule", "train_keys", "told"),
    [
        ({"type": "constant", "warm_up": 100}, {}, "schedule.warm_up: 100 steps, but the run has 42, so the"),
        ({"type": "cosine", "warm_up": 42}, {}, "schedule.warm_up: 42 steps, but the run has 42, so the"),
        ({"type": "cosine", "warm_up": 0.5}, {"max_steps": 20}, "schedule.warm_up: 21 steps, but the run has 20,"),
        ({"type": "cosine", "warm_up": 41}, {}, None),
        (None, {}, None),
    ],
)
def test_a_warm_up_longer_than_the_run_is_reported(
    folder: RunFolder, schedule: Any, train_keys: dict[str, Any], told: str | None
) -> None:
    settings = build_config(config({"type": "sgd", "learning_rate": 0.5}, schedule, **train_keys))
    run, _ = start_run(settings, load_splits(settings), "", folder, [])
    found = list(run.find_long_warm_up())
    assert [line[: len(told or "")] for line in found] == ([] if told is None else [told])
    assert all("never reaches 0.5" in line for line in found)


def test_another_batch_size_ends_epochs_and_schedule_where_they_end(folder: RunFolder) -> None:
    stopped(folder, 10, {"type": "cosine"})
    # After 15 steps of 16 rows one of the 7 batches of the third epoch is done, so 16 of its 105 rows.
    run, decided = resume_run(folder, ["train.batch_size=8"], allowed=["train.batch_size"])
    assert decided.train.batch_size == 8
    # 105 rows make 13 batches of 8, the last of 9 rows; two of them are done.
    assert run.data_loader.position == 2
    total = 15 + 11 + 3 * 13
    assert rates(run, 1) == pytest.approx([PEAK * (1 + math.cos(math.pi * 15 / total)) / 2])
    train(run, folder, decided.train, Callback())
    assert (run.epoch, run.step) == (6, total)
    assert [line["epoch"] for line in folder.read_metrics()] == [1, 2, 3, 4, 5, 6]


def test_an_average_is_added_and_starts_with_the_next_step(folder: RunFolder) -> None:
    stopped(folder, 10)
    run, _ = resume_run(folder, ["train.ema=0.5"], allowed=["train.ema"])
    run.train_step()
    first = run.w.copy()
    run.train_step()
    assert run.ema is not None
    # Weights 0.5 and 1 of the parameters after the two steps.
    np.testing.assert_allclose(run.ema.average, (0.5 * first + run.w) / 1.5, rtol=1e-5, atol=1e-7)
