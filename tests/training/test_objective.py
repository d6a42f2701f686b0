"""What a step lowers: one large batch in pieces, penalties, clipping, and the same pass made again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nntrain import nn
from nntrain.training.objective import clip_gradients
from nntrain.training.regularizer import Regularizer
from nntrain.training.trainer import Trainer
from tests.training.stepping import after_two_epochs, made
from tests.training.stopping import MODULES

# Two codes and a number: the inputs are a table of arrays.
TABLE = "a,b,x,y\n" + "".join(f"{'uvw'[i % 3]},{'pq'[i % 2]},{i * 37 % 11},{i * 7 % 13}\n" for i in range(60))


@pytest.mark.parametrize(
    "sections",
    [
        {},
        {"criterion": {"type": "CrossEntropyCriterion", "weights": [0.2, 5.0, 1.0]}},
        {"criterion": {"type": "CrossEntropyCriterion", "size_average": False}},
    ],
    ids=["mean", "weighted", "sum"],
)
def test_micro_batches_make_the_step_of_one_large_batch(sections: dict[str, Any]) -> None:
    # 105 rows: steps of 32 and one of 9; and of 52 and one of 53, whose last row would be alone.
    for large, small, pieces in ((32, 8, 4), (52, 13, 4)):
        rate = {"optimizer": {"type": "sgd", "learning_rate": 0.1 if "criterion" not in sections else 0.003}}
        whole = made({"batch_size": large}, **sections, **rate)
        parts = made({"batch_size": small, "accumulate": pieces}, **sections, **rate)
        assert len(whole.micro_batches) == len(parts.micro_batches)
        expected, told = after_two_epochs(whole)
        got, also_told = after_two_epochs(parts)
        np.testing.assert_allclose(got, expected, rtol=1e-12, atol=1e-13)
        assert also_told[1]["validation"] == pytest.approx(told[1]["validation"])
        assert also_told[1]["step"] == told[1]["step"]


def test_micro_batches_of_tables_are_copied_whole(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text(TABLE)
    data = {"data": {"path": str(path), "target": "y", "task": "regression", "one_hot_limit": 0}}
    model = {"model": {"hidden": [4], "dtype": "float64"}}
    expected, _ = after_two_epochs(made({"batch_size": 16}, **data, **model))
    got, _ = after_two_epochs(made({"batch_size": 4, "accumulate": 4}, **data, **model))
    np.testing.assert_allclose(got, expected, rtol=1e-12, atol=1e-13)


def begun(run: Trainer) -> Any:
    """The objective of the run's first step."""
    run.micro_batches.gather()
    run.objective.start_step(run.micro_batches.current, run.train_metrics)
    return run.objective


@pytest.mark.parametrize("train", [{}, {"accumulate": 3}, {"l1": 0.3, "l2": 0.7, "accumulate": 3}], ids=str)
def test_the_gradient_is_the_slope_of_the_objective(train: dict[str, Any]) -> None:
    run = made({"batch_size": 8} | train)
    objective = begun(run)
    _, dw = objective(run.w)
    gradient = dw.copy()
    for index in range(0, run.w.size, 5):
        kept, losses = run.w[index], []
        for offset in (1e-6, -1e-6):
            run.w[index] = kept + offset
            losses.append(objective(run.w)[0])
        run.w[index] = kept
        assert gradient[index] == pytest.approx((losses[0] - losses[1]) / 2e-6, rel=1e-5, abs=1e-8)


def test_penalties_are_on_weights_alone_and_not_in_the_loss_that_is_reported() -> None:
    # One after the other: a run's streams of noise are those of the last seed.
    plain = made({"batch_size": 200}, modules=MODULES)
    _, dw = begun(plain)(plain.w)
    penalised = made({"batch_size": 200, "l1": 0.3, "l2": 0.7}, modules=MODULES)
    loss, penalised_dw = begun(penalised)(penalised.w)
    weights = [module.weight for module in penalised.network.model.find_modules("Linear")[0]]
    expected = sum(0.3 * np.abs(weight).sum() + 0.35 * np.square(weight).sum() for weight in weights)
    assert plain.objective.loss == penalised.objective.loss
    assert loss == pytest.approx(plain.objective.loss + expected, rel=1e-12)
    difference = penalised_dw - dw
    assert np.count_nonzero(difference) == sum(weight.size for weight in weights)


def test_a_shared_weight_is_penalised_once() -> None:
    first, second = nn.Linear(3, 3), nn.Linear(3, 3)
    second.share(first, "weight", "bias", "grad_weight", "grad_bias")
    model = nn.Sequential([first, second])
    w, dw = model.get_parameters()
    dw.fill(0)
    cost = Regularizer(model, w, 0.0, 2.0).add_gradient(w, dw)
    assert cost == pytest.approx(float(np.square(first.weight).sum()))
    np.testing.assert_array_equal(first.grad_weight, 2 * first.weight)
    assert not first.grad_bias.any()


def test_clipping_cuts_values_then_the_norm() -> None:
    g = np.array([3.0, -4.0, 0.5])
    clip_gradients(g, None, 100)
    np.testing.assert_array_equal(g, [3, -4, 0.5])
    clip_gradients(g, 1.0, None)
    np.testing.assert_array_equal(g, [1, -1, 0.5])
    clip_gradients(g, 1.0, 0.75)
    np.testing.assert_allclose(g, np.array([1, -1, 0.5]) / 2)
    g[...] = 0
    clip_gradients(g, 1, 1)
    assert not g.any()


def test_a_clipped_step_is_no_longer_than_the_rate_times_the_norm() -> None:
    run = made({"batch_size": 8, "clip_norm": 0.01})
    before = run.w.copy()
    run.train_step()
    assert np.linalg.norm(run.w - before) == pytest.approx(0.1 * 0.01)


def test_a_step_of_several_evaluations_meets_the_same_noise_in_each() -> None:
    several = made({"batch_size": 16}, modules=MODULES, optimizer={"type": "lbfgs"})
    objective = begun(several)
    loss, dw = objective(several.w)
    first = dw.copy()
    for _ in range(3):
        again, dw = objective(several.w)
        assert again == loss
        np.testing.assert_array_equal(dw, first)
    ours = several.network.model.state()

    single = made({"batch_size": 16}, modules=MODULES)
    assert begun(single)(single.w)[0] == loss
    theirs = single.network.model.state()
    # Streams and running statistics are where one evaluation leaves them, and the scores are those of one.
    assert ours["streams"] == theirs["streams"]
    for name, block in ours["blocks"].items():
        np.testing.assert_array_equal(block, theirs["blocks"][name])
    assert several.train_metrics.compute() == single.train_metrics.compute()


def test_lbfgs_learns_iris() -> None:
    run = made({"batch_size": 200, "epochs": 2}, optimizer={"type": "lbfgs", "line_search": "lswolfe"})
    _, lines = after_two_epochs(run)
    assert lines[0]["step"] == 1
    assert lines[1]["train"]["accuracy"] > 0.9
    assert run.network.score(run.splits.train)["accuracy"] > 0.95
