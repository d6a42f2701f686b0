"""Every optimizer trains a network, and a run that is stopped ends with the same bits."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nntrain.errors import CheckpointError
from nntrain.nn.building.factory import list_classes
from nntrain.optim.algorithms.lbfgs import LBFGS
from nntrain.training.callback import Callback
from nntrain.training.run_folder.run_folder import RunFolder
from tests.training.stopping import StopAfter, config, outcome, run_to_the_end

OPTIMIZERS: dict[str, dict[str, Any]] = {
    "sgd": {"learning_rate": 0.05},
    "nag": {"learning_rate": 0.02},
    "adam": {"learning_rate": 0.01},
    "adamw": {"learning_rate": 0.01},
    "adamax": {"learning_rate": 0.02},
    "adagrad": {"learning_rate": 0.1},
    "adadelta": {},
    "rmsprop": {},
    "rprop": {"stepsize": 0.01, "niter": 2},
    "asgd": {"eta0": 0.05, "t0": 4},
    "cg": {"max_iter": 3},
    "lbfgs": {"max_iter": 2, "n_correction": 3},
    "fista": {"l1": 1e-3, "max_iter": 2},
    "cmaes": {"sigma": 0.05, "popsize": 6, "max_eval": 12},
    "de": {"scale_factor": 0.5, "crossover_rate": 0.9, "popsize": 4, "max_fes": 8, "min_region": -1, "max_region": 1},
}


def test_no_optimizer_is_left_out() -> None:
    assert set(OPTIMIZERS) == {
        name for name, cls in list_classes("optimizer").items() if cls.__module__.startswith("nntrain.")
    }


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_stopped_run_ends_with_the_same_bits(name: str, tmp_path: Path) -> None:
    given = config({"type": name, **OPTIMIZERS[name]}, epochs=2, batch_size=32)
    straight, stopped = RunFolder(tmp_path / "straight"), RunFolder(tmp_path / "stopped")
    run_to_the_end(straight, given, Callback())
    run_to_the_end(stopped, given, StopAfter(3))
    assert outcome(stopped) == outcome(straight)


def test_curvature_of_another_network_is_refused() -> None:
    w = np.ones(3)
    optimizer = LBFGS(max_iter=3)
    optimizer.advance(lambda w: (float(w @ w), 2 * w), w)
    optimizer.d = optimizer.g_old = np.ones(4)
    with pytest.raises(CheckpointError, match=r"the optimizer's old_dirs has shape \(3,\), the parameters \(4,\)"):
        optimizer.check_state_sizes(np.ones(4))
