"""A run on streamed rows learns, and one that is stopped goes on to the same bits."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from nntrain.checkpoint.reading import read_checkpoint
from nntrain.config.load import build_config
from nntrain.data.streaming import block_sampler, cache_file, dataset_writer
from nntrain.data.streaming.cache_file import CachedDataset
from nntrain.errors import InterruptedRunError
from nntrain.training.callback import Callback
from nntrain.training.inference.evaluation import evaluate_test_set
from nntrain.training.resuming.resume import resume_run
from nntrain.training.run_folder.run_folder import RunFolder
from nntrain.training.run_start import load_splits, start_run
from nntrain.training.trainer import Trainer
from nntrain.training.training_loop import score_best_network, train
from tests.training.stopping import StopAfter

ROWS = 600


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dataset_writer, "BLOCK_BYTES", 200)
    monkeypatch.setattr(block_sampler, "MAX_GROUP_BYTES", 2000)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Numbers and two columns of categories, one of them looked up."""
    generator = np.random.default_rng(2)
    path = tmp_path / "rows.csv"
    lines = ["a,b,few,many,y"]
    for _ in range(ROWS):
        a, b, many = generator.normal(), generator.normal(), generator.integers(60)
        lines.append(f"{a},{b},{'xyz'[many % 3]},m{many},{'yes' if a + b + (many % 3) > 1 else 'no'}")
    path.write_text("\n".join(lines) + "\n")
    return path


def config(data: Path, **said: Any) -> Any:
    train_settings = {"epochs": 4, "batch_size": 16, "patience": 0, "checkpoint_every": "1epoch", **said}
    return build_config(
        {
            "data": {"path": str(data), "target": "y", "stream": True, "cache": str(data.parent / "cache")},
            "model": {"hidden": [8], "dropout": 0.2},
            "train": train_settings,
        }
    )


def run_to_the_end(folder: RunFolder, settings: Any, *stops: int) -> Trainer:
    run, decided = start_run(settings, load_splits(settings), "", folder, [])
    events = StopAfter(*stops)
    while True:
        try:
            train(run, folder, decided.train, events)
            break
        except InterruptedRunError:
            run, decided = resume_run(folder)
    score_best_network(run, folder)
    return run


def outcome(folder: RunFolder) -> Any:
    blocks = read_checkpoint(folder.best_network)["network"]["state"]["blocks"]
    return (
        {name: block.tobytes() for name, block in blocks.items()},
        folder.metrics.read_bytes(),
        folder.scores.read_bytes(),
    )


# 420 training rows make 27 batches; blocks of 4 rows or so, groups of a few dozen.
@pytest.mark.parametrize("stops", [(5,), (27,), (3, 33, 54, 80)])
def test_a_stopped_run_ends_with_the_same_bits(data: Path, stops: tuple[int, ...], tmp_path: Path) -> None:
    straight, stopped = RunFolder(tmp_path / "straight"), RunFolder(tmp_path / "stopped")
    run_to_the_end(straight, config(data))
    run = run_to_the_end(stopped, config(data), *stops)
    assert isinstance(run.splits.train, CachedDataset)
    assert outcome(stopped) == outcome(straight)


class Damages(Callback):
    """Cuts the cache file off while its rows are learned."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def on_step_end(self, step: int, loss: float) -> None:
        if step == 33:
            os.truncate(self.path, 2000)


def test_rows_that_are_damaged_in_the_middle_of_training_are_built_again(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache_file, "HDF5_CACHE_SIZE", 0)  # HDF5 would not read them again
    straight, damaged = RunFolder(tmp_path / "straight"), RunFolder(tmp_path / "damaged")
    run_to_the_end(straight, config(data))
    (path,) = (data.parent / "cache").glob("*.h5")
    whole = path.read_bytes()
    told: list[str] = []
    run, decided = start_run(config(data), load_splits(config(data), told.append), "", damaged, [])
    with h5py.File(path) as file:
        place = file["train/targets"].id.get_chunk_info(5).byte_offset
    with path.open("r+b") as raw:
        raw.seek(place)
        raw.write(bytes([whole[place] ^ 1]))
    train(run, damaged, decided.train, Damages(path))
    score_best_network(run, damaged)
    assert outcome(damaged) == outcome(straight)
    assert path.read_bytes() == whole
    assert len(told) == 2
    assert told[0] == f"the cache file {path} is corrupt (block 5 of train/targets); rebuilding it"
    assert told[1].startswith(f"the cache file {path} is corrupt (")


def test_a_streamed_run_learns_and_is_scored(data: Path, tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "run")
    run = run_to_the_end(folder, config(data, epochs=30))
    scored = evaluate_test_set(folder.path)
    assert scored.scores["accuracy"] > 0.8
    assert scored.rows == run.splits.test.rows


def test_the_config_remembers_that_rows_are_streamed(data: Path, tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "run")
    run_to_the_end(folder, config(data, epochs=1))
    assert "stream = true" in folder.config.read_text()
    run, _ = resume_run(folder, ["train.epochs=2", 'data.memory="1GB"'])
    assert isinstance(run.splits.train, CachedDataset)


def test_resuming_finds_the_encoded_rows(data: Path, tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "run")
    run_to_the_end(folder, config(data, epochs=1))
    run, _ = resume_run(folder, ["train.epochs=2"])
    assert run.splits.notes[-1].endswith("written by an earlier run")


def test_double_precision_is_streamed_too(data: Path, tmp_path: Path) -> None:
    settings = config(data, epochs=1)
    settings = settings.model_copy(update={"model": settings.model.model_copy(update={"dtype": "float64"})})
    run = run_to_the_end(RunFolder(tmp_path / "run"), settings)
    assert run.w.dtype == np.float64
