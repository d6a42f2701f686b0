"""A run whose loss is no longer a number keeps what it has come to, and can be resumed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nntrain.checkpoint.reading import read_checkpoint
from nntrain.config.load import build_config
from nntrain.errors import DivergenceError
from nntrain.training.callback import Callback
from nntrain.training.objective import Objective
from nntrain.training.resuming.resume import resume_run
from nntrain.training.run_folder.run_folder import RunFolder
from nntrain.training.run_start import load_splits, start_run
from nntrain.training.trained_network import TrainedNetwork
from nntrain.training.trainer import Trainer
from nntrain.training.training_loop import train
from tests.training.stopping import config

SGD = {"type": "sgd", "learning_rate": 0.05}


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    return RunFolder(tmp_path / "run")


@pytest.fixture
def breaking(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Make the loss of a step, the first being 1, infinite at a learning rate of 0.05."""

    def at(step: int) -> None:
        advance = Trainer.train_step

        def broken(run: Trainer) -> float | None:
            if (
                run.step + 1 == step
                and run.peak_learning_rate == 0.05
                and run.data_loader.position < len(run.data_loader)
            ):
                raise DivergenceError(run.format_divergence(DivergenceError("the loss is inf")))
            return advance(run)

        monkeypatch.setattr(Trainer, "train_step", broken)

    return at


def started(folder: RunFolder, *, force: bool = False, **settings: Any) -> tuple[Trainer, Any]:
    told = build_config(config(SGD, **settings))
    return start_run(told, load_splits(told), "", folder, [], force=force)


def diverges(folder: RunFolder, run: Trainer, decided: Any) -> str:
    with pytest.raises(DivergenceError) as error:
        train(run, folder, decided.train, Callback())
    (line,) = str(error.value).splitlines()
    return line


def test_the_best_network_is_kept_although_no_checkpoint_has_it(folder: RunFolder, breaking: Any) -> None:
    breaking(25)  # in the fourth epoch of 7 steps
    run, decided = started(folder, checkpoint_every="1h")
    expected: dict[int, Any] = {}

    class Remember(Callback):
        def on_epoch_end(self, logs: dict[str, Any]) -> None:
            if logs["best"]:
                expected[logs["epoch"]] = run.w.copy()

    with pytest.raises(DivergenceError) as error:
        train(run, folder, decided.train, Remember())
    best = max(expected)
    assert f"; the best network, of epoch {best}, and the checkpoints up to step 0 are kept" in str(error.value)
    assert "nntrain resume" in str(error.value)
    assert "--set optimizer.learning_rate=0.005 --allow-change optimizer.learning_rate" in str(error.value)
    w, _ = TrainedNetwork.from_tree(read_checkpoint(folder.best_network), "best").model.get_parameters()
    np.testing.assert_array_equal(w, expected[best])
    known = json.loads(folder.metadata.read_text())["diverged"]
    assert (known["step"], known["epoch"], known["best"]) == (25, 4, best)


def test_it_is_resumed_from_the_last_checkpoint_and_the_best_network_is_put_aside(
    folder: RunFolder, breaking: Any
) -> None:
    breaking(25)
    diverges(folder, *started(folder, checkpoint_every="1h"))
    kept = folder.best_network.read_bytes()
    heard: list[str] = []
    run, decided = resume_run(
        folder, ["optimizer.learning_rate=0.005"], heard.append, allowed=["optimizer.learning_rate"]
    )
    (aside,) = folder.path.glob("best-epoch-*.h5")
    assert aside.read_bytes() == kept
    assert heard[0].startswith("resuming from step 0, before the best epoch so far (")
    assert heard[0].endswith(f"its network is kept as {aside}")
    assert "diverged" not in json.loads(folder.metadata.read_text())
    train(run, folder, decided.train, Callback())
    assert (run.epoch, folder.best_network.is_file(), aside.is_file()) == (6, True, True)
    # The folder is still one that --force may overwrite.
    started(folder, force=True)


def test_checkpoints_of_the_first_epoch_are_kept(folder: RunFolder, breaking: Any) -> None:
    breaking(6)
    told = diverges(folder, *started(folder, checkpoint_every="2steps"))
    assert folder.list_checkpoints()
    assert "the best network" not in told
    assert not folder.best_network.exists()
    run, decided = resume_run(folder, ["optimizer.learning_rate=0.005"], allowed=["optimizer"])
    assert 0 < run.step < 6
    train(run, folder, decided.train, Callback())
    assert run.epoch == 6


def test_a_resumed_run_that_diverges_at_once_is_kept(folder: RunFolder, breaking: Any) -> None:
    breaking(6)
    diverges(folder, *started(folder, checkpoint_every="2steps"))
    for _ in range(2):
        diverges(folder, *resume_run(folder))
        assert folder.is_started


def test_a_run_that_diverges_in_its_first_step_leaves_nothing(folder: RunFolder, breaking: Any) -> None:
    breaking(1)
    told = diverges(folder, *started(folder))
    assert told.startswith("step 1 (epoch 1): the loss is inf; try a smaller learning rate")
    assert not folder.path.exists()


def test_files_of_others_are_left(folder: RunFolder, breaking: Any) -> None:
    breaking(3)
    run, decided = started(folder)
    (folder.path / "notes.txt").write_text("mine")
    diverges(folder, run, decided)
    assert [path.name for path in folder.path.iterdir()] == ["notes.txt"]


def contents(folder: RunFolder) -> dict[str, bytes]:
    paths = [path for path in folder.path.rglob("*") if path.is_file() and path.name != ".lock"]
    return {str(path.relative_to(folder.path)): path.read_bytes() for path in paths}


def test_an_earlier_run_comes_back_if_the_one_that_replaces_it_comes_to_nothing(
    folder: RunFolder, breaking: Any
) -> None:
    run, decided = started(folder, epochs=2)
    train(run, folder, decided.train, Callback())
    before = contents(folder)
    breaking(3)
    diverges(folder, *started(folder, force=True, checkpoint_every="1h"))
    assert contents(folder) == before


def test_an_earlier_run_goes_when_the_new_one_is_worth_keeping(folder: RunFolder) -> None:
    run, decided = started(folder, epochs=2)
    train(run, folder, decided.train, Callback())
    run, decided = started(folder, force=True, epochs=1)
    assert (folder.path / ".replaced" / "best.h5").is_file()
    train(run, folder, decided.train, Callback())
    assert not (folder.path / ".replaced").exists()
    assert len(folder.read_metrics()) == 1


@pytest.mark.parametrize("moved", ["nothing", "some", "all"])
def test_a_replacement_that_was_killed_before_it_began_loses_nothing(folder: RunFolder, moved: str) -> None:
    run, decided = started(folder, epochs=2)
    train(run, folder, decided.train, Callback())
    before = contents(folder)
    aside = folder.path / (".replaced" if moved == "all" else ".replacing")
    aside.mkdir()
    for item in [folder.config, *folder.path.iterdir()][: {"nothing": 0, "some": 4, "all": 100}[moved]]:
        if item.exists() and item.name[0] != ".":
            item.rename(aside / item.name)
    if moved == "all":
        (folder.path / "run.json").write_text("{}")
    if moved != "nothing":
        folder.recover()
        assert contents(folder) == before
    # And it can be replaced after all.
    started(folder, force=True)


def test_no_checkpoint_is_written_of_parameters_that_are_no_numbers(folder: RunFolder) -> None:
    class Spoil(Callback):
        def on_step_end(self, step: int, loss: float) -> None:
            if step == 10:
                run.w[3] = np.nan

    run, decided = started(folder, checkpoint_every="2steps")
    with pytest.raises(DivergenceError, match=r"step 1\d"):
        train(run, folder, decided.train, Spoil())
    for path in folder.list_checkpoints():
        blocks = read_checkpoint(path)["network"]["state"]["blocks"].values()
        assert all(np.isfinite(block).all() for block in blocks if block.dtype.kind == "f")
    run, decided = resume_run(folder, ["optimizer.learning_rate=0.01"], allowed=["optimizer"])
    train(run, folder, decided.train, Callback())
    assert run.epoch == 6


def test_a_loss_that_is_no_number_is_what_ends_a_run(folder: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it is: the criterion of one batch gives NaN."""
    run, decided = started(folder, checkpoint_every="1epoch")
    back_propagated = Objective.backpropagate

    def spoiled(self: Objective, *given: Any) -> float:
        if run.step == 16:
            run.w[:] = np.nan
        return back_propagated(self, *given)

    monkeypatch.setattr(Objective, "backpropagate", spoiled)
    told = diverges(folder, run, decided)
    assert told.startswith("step 17 (epoch 3): the loss is nan")
    assert folder.best_network.is_file()
    assert [line["epoch"] for line in folder.read_metrics()] == [1, 2]
