"""The threshold of a network in training, and of a checkpoint."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nntrain.config.load import build_config
from nntrain.errors import CheckpointError
from nntrain.training.building.trainer_assembly import assemble_trainer
from nntrain.training.run_start import load_splits
from nntrain.training.tasks.threshold import is_above_threshold
from nntrain.training.tasks.threshold_tuning import tune_threshold
from nntrain.training.trained_network import TrainedNetwork
from nntrain.training.trainer import Trainer


@pytest.fixture
def run(tmp_path: Path) -> Trainer:
    x = np.random.default_rng(0).normal(size=(200, 3))
    lines = [f"{a:.4f},{b:.4f},{'yes' if a + b + noise > 1.5 else 'no'}" for a, b, noise in x]
    (tmp_path / "t.csv").write_text("\n".join(["a,b,y", *lines]) + "\n")
    tree = {"data": {"path": str(tmp_path / "t.csv")}, "train": {"threshold": "f1", "metrics": ["f1"]}}
    config = build_config(tree)
    return assemble_trainer(config, load_splits(config))[0]


def epoch(run: Trainer) -> dict[str, object]:
    while run.train_step() is not None:
        pass
    return run.end_epoch()


def test_the_best_network_has_its_threshold_before_the_run_ends(run: Trainer) -> None:
    line = epoch(run)
    assert run.best_model.network is not None
    assert run.splits.validation is not None
    threshold = run.best_model.network["threshold"]
    assert threshold == run.best_model.threshold == tune_threshold(run.network, run.splits.validation, "f1")
    # Training goes on, and is scored, as without one.
    assert run.network.task.threshold is None
    assert run.to_tree()["threshold"] is None
    # The loss of the best network is that of its calibrated outputs.
    assert line["validation"]["f1"] == run.network.score(run.splits.validation)["f1"]  # type: ignore[index]


@pytest.mark.parametrize("threshold", [1.5, -0.1, [0.5, 0.5], [], float("nan"), "f1", True])
def test_a_threshold_that_cannot_be_is_refused(run: Trainer, threshold: object) -> None:
    tree = run.network.to_tree() | {"threshold": threshold}
    with pytest.raises(CheckpointError, match="threshold"):
        TrainedNetwork.from_tree(tree, "best.h5")


def test_a_checkpoint_of_before_there_were_thresholds_is_read(run: Trainer) -> None:
    tree = run.network.to_tree()
    del tree["threshold"]
    assert TrainedNetwork.from_tree(tree, "best.h5").task.threshold is None


def test_a_probability_is_compared_as_it_is_written() -> None:
    p = np.array([0.3, 0.30000001, 0.29999998, 0.5], np.float32)
    usual = np.zeros(4, bool)
    expected = [float(value) > 0.3 for value in p.tolist()]
    assert is_above_threshold(p, 0.3, usual).tolist() == expected == [True, True, False, True]
    assert not is_above_threshold(p, 0.5, usual).any()
