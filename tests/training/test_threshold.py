"""The threshold of a network in training, and of a checkpoint."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nntrain.config.load import config_of
from nntrain.errors import CheckpointError
from nntrain.training.assemble import assemble
from nntrain.training.run import Run
from nntrain.training.start import prepare
from nntrain.training.threshold import exceeds
from nntrain.training.trained_network import TrainedNetwork
from nntrain.training.tuned_threshold import tuned_threshold


@pytest.fixture
def run(tmp_path: Path) -> Run:
    x = np.random.default_rng(0).normal(size=(200, 3))
    lines = [f"{a:.4f},{b:.4f},{'yes' if a + b + noise > 1.5 else 'no'}" for a, b, noise in x]
    (tmp_path / "t.csv").write_text("\n".join(["a,b,y", *lines]) + "\n")
    tree = {"data": {"path": str(tmp_path / "t.csv")}, "train": {"threshold": "f1", "metrics": ["f1"]}}
    config = config_of(tree)
    return assemble(config, prepare(config))[0]


def epoch(run: Run) -> dict[str, object]:
    while run.advance() is not None:
        pass
    return run.end_epoch()


def test_the_best_network_has_its_threshold_before_the_run_ends(run: Run) -> None:
    line = epoch(run)
    assert run.best.network is not None
    assert run.data.validation is not None
    threshold = run.best.network["threshold"]
    assert threshold == run.best.threshold == tuned_threshold(run.network, run.data.validation, "f1")
    # Training goes on, and is scored, as without one.
    assert run.network.task.threshold is None
    assert run.tree()["threshold"] is None
    assert line["validation"] == run.network.score(run.data.validation)


@pytest.mark.parametrize("threshold", [1.5, -0.1, [0.5, 0.5], [], float("nan"), "f1", True])
def test_a_threshold_that_cannot_be_is_refused(run: Run, threshold: object) -> None:
    tree = run.network.tree() | {"threshold": threshold}
    with pytest.raises(CheckpointError, match="threshold"):
        TrainedNetwork.from_tree(tree, "best.h5")


def test_a_checkpoint_of_before_there_were_thresholds_is_read(run: Run) -> None:
    tree = run.network.tree()
    del tree["threshold"]
    assert TrainedNetwork.from_tree(tree, "best.h5").task.threshold is None


def test_a_probability_is_compared_as_it_is_written() -> None:
    p = np.array([0.3, 0.30000001, 0.29999998, 0.5], np.float32)
    usual = np.zeros(4, bool)
    expected = [float(value) > 0.3 for value in p.tolist()]
    assert exceeds(p, 0.3, usual).tolist() == expected == [True, True, False, True]
    assert not exceeds(p, 0.5, usual).any()
    assert exceeds(p, None, usual) is usual
