"""Which network, and which training, a run gets if its config says nothing about them."""

from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from nntrain.config.load import build_config
from nntrain.nn.building.spec_validation import iterate_tables
from nntrain.training.best_model import BestModel
from nntrain.training.building.recipe import RECIPES, choose_recipe
from nntrain.training.building.trainer_assembly import assemble_trainer
from nntrain.training.run_start import load_splits

GENERATOR = np.random.default_rng(1)
WORDS = [
    "a",
    "brown",
    "day",
    "dog",
    "fox",
    "in",
    "it",
    "jumps",
    "lazy",
    "over",
    "quick",
    "rains",
    "the",
    "town",
    "while",
]


def write_table(path: Path, columns: dict[str, list[Any]]) -> str:
    lines = [",".join(columns), *(",".join(map(str, row)) for row in zip(*columns.values(), strict=True))]
    path.write_text("\n".join(lines) + "\n")
    return str(path)


def write_arrays(path: Path, inputs: Any, targets: Any) -> str:
    with h5py.File(path, "w") as file:
        file["inputs"], file["targets"] = inputs, targets
    return str(path)


def decide(path: str, **sections: dict[str, Any]) -> Any:
    """The resolved config."""
    tree = {"data": {"path": path, **sections.pop("data", {})}, **sections}
    config = build_config(tree)
    return assemble_trainer(config, load_splits(config))[1]


def list_types(config: Any) -> set[str]:
    return {table["type"] for table in iterate_tables(list(config.model.modules)) if "type" in table}


def draw_columns(rows: int = 120, numbers: int = 2) -> dict[str, list[Any]]:
    columns: dict[str, list[Any]] = {
        f"x{index}": GENERATOR.normal(size=rows).round(4).tolist() for index in range(numbers)
    }
    return {**columns, "c": ["uvw"[row % 3] for row in range(rows)], "y": ["no", "yes"] * (rows // 2)}


def test_a_table_gets_members_and_their_training(tmp_path: Path) -> None:
    decided = decide(write_table(tmp_path / "t.csv", draw_columns()))
    expected = {"PeriodicEmbedding", "PiecewiseLinearEncoding", "LinearBatchEnsemble", "AverageMembers"}
    assert expected <= list_types(decided)
    assert (decided.optimizer.type, decided.schedule.type, decided.criterion.type) == (
        "adamw",
        "log_cosine",
        "MemberCriterion",
    )
    assert (decided.train.monitor, decided.train.patience) == ("loss", 0)
    assert decided.train.dropout_schedule == decided.train.weight_decay_schedule == "flat_cosine"


@pytest.mark.parametrize(
    ("target", "loss", "average"),
    [("y", "CrossEntropyCriterion", "probabilities"), ("x0", "MSECriterion", "values")],
)
def test_the_loss_of_a_member_is_that_of_the_task(tmp_path: Path, target: str, loss: str, average: str) -> None:
    decided = decide(write_table(tmp_path / "t.csv", draw_columns()), data={"target": target})
    assert decided.criterion.spec()["criterion"]["type"] == loss
    assert decided.model.modules[-1]["average"] == average


def test_labels_are_averaged_as_values(tmp_path: Path) -> None:
    columns = draw_columns()
    labels = {"y": [0, 1] * 60, "z": [0, 0, 1] * 40}
    path = write_table(tmp_path / "t.csv", columns | labels)
    decided = decide(path, data={"target": ["y", "z"], "task": "multilabel"})
    assert decided.criterion.spec()["criterion"]["type"] == "MultiLabelSoftMarginCriterion"
    assert decided.model.modules[-1]["average"] == "values"


def test_the_numbers_of_an_array_are_embedded_and_its_indicators_are_not(tmp_path: Path) -> None:
    inputs = GENERATOR.normal(size=(90, 3)).astype(np.float32)
    inputs[::7, 1] = np.nan
    decided = decide(write_arrays(tmp_path / "a.h5", inputs, np.arange(90) % 2))
    selected = [table["columns"] for table in iterate_tables(list(decided.model.modules)) if "columns" in table]
    assert selected == [[0, 1, 2], [0, 1, 2], [3]]


def test_many_columns_enter_as_they_are(tmp_path: Path) -> None:
    decided = decide(write_arrays(tmp_path / "a.h5", GENERATOR.normal(size=(60, 500)), np.arange(60) % 2))
    assert "LinearBatchEnsemble" in list_types(decided)
    assert not list_types(decided) & {"PeriodicEmbedding", "PiecewiseLinearEncoding", "SelectColumns"}


@pytest.mark.parametrize(("size", "pools"), [(8, False), (130, True)])
def test_images_get_convolutions(tmp_path: Path, size: int, pools: bool) -> None:
    images = GENERATOR.integers(0, 255, size=(30, 1, size, size + 2), dtype=np.uint8)
    decided = decide(write_arrays(tmp_path / "a.h5", images, np.arange(30) % 2))
    assert "SpatialConvolution" in list_types(decided)
    assert ("SpatialAveragePooling" in list_types(decided)) is pools
    assert (decided.optimizer.type, decided.schedule.type) == ("adam", "cosine")


@pytest.mark.parametrize("shape", [(30, 1, 3, 40), (30, 4, 5)])
def test_other_arrays_get_hidden_layers(tmp_path: Path, shape: tuple[int, ...]) -> None:
    decided = decide(write_arrays(tmp_path / "a.h5", GENERATOR.normal(size=shape), np.arange(30) % 2))
    assert list_types(decided) == {"Reshape", "Linear", "ReLU"}


def test_free_text_gets_hidden_layers(tmp_path: Path) -> None:
    texts = [" ".join(GENERATOR.permutation(WORDS)[:9]) for _ in range(120)]
    decided = decide(write_table(tmp_path / "t.csv", {"text": texts, **draw_columns()}))
    assert "SparseLinear" in list_types(decided)
    assert decided.schedule.type is None


@pytest.mark.parametrize(
    "sections",
    [
        {"model": {"hidden": [8]}},
        {"model": {"activation": "Tanh"}},
        {"criterion": {"type": "CrossEntropyCriterion"}},
        {"optimizer": {"type": "sgd"}},
        {"schedule": {"type": "cosine"}},
    ],
    ids=lambda sections: str(*sections),
)
def test_a_config_that_decides_a_part_gets_hidden_layers(tmp_path: Path, sections: dict[str, Any]) -> None:
    decided = decide(write_table(tmp_path / "t.csv", draw_columns()), **sections)
    assert "LinearBatchEnsemble" not in list_types(decided)
    assert decided.train.patience > 0


def test_keys_that_are_set_stay(tmp_path: Path) -> None:
    given = {"optimizer": {"learning_rate": 0.5}, "train": {"batch_size": 7, "epochs": 3, "monitor": "accuracy"}}
    decided = decide(write_table(tmp_path / "t.csv", draw_columns()), **given)
    assert decided.optimizer.spec()["learning_rate"] == 0.5
    assert (decided.train.batch_size, decided.train.epochs, decided.train.monitor) == (7, 3, "accuracy")
    assert "LinearBatchEnsemble" in list_types(decided)


@pytest.mark.parametrize("quality", RECIPES)
def test_more_rows_get_longer_training_in_fewer_epochs(quality: str) -> None:
    chosen = [choose_recipe(quality, rows, 2) for rows in (0, 1_000, 5_000, 30_000, 100_000, 10**6, 10**9)]
    assert [recipe.steps for recipe in chosen] == sorted(recipe.steps for recipe in chosen)
    assert [recipe.batch_size for recipe in chosen] == sorted(recipe.batch_size for recipe in chosen)
    assert [-recipe.min_epochs for recipe in chosen] == sorted(-recipe.min_epochs for recipe in chosen)


# The best of equal epochs


def test_of_equal_epochs_the_one_with_the_lowest_loss_is_the_best() -> None:
    best = BestModel("accuracy", higher_is_better=True)
    for epoch, (accuracy, loss) in enumerate([(0.9, 0.5), (0.9, 0.6), (0.9, 0.4), (0.8, 0.1)], 1):
        if best.is_better(accuracy, loss):
            best.update(epoch, {"validation": {"accuracy": accuracy, "loss": loss}}, accuracy, {})
    assert (best.epoch, best.loss) == (3, 0.4)
    again = BestModel("accuracy", higher_is_better=True)
    again.restore(best.state())
    assert again.is_better(0.9, 0.39)
    assert not again.is_better(0.9, 0.4)


def test_old_runs_keep_the_first_of_equal_epochs() -> None:
    best = BestModel("accuracy", higher_is_better=True)
    scores = {"validation": {"accuracy": 0.9, "loss": 0.5}}
    best.restore({"score": 0.9, "epoch": 4, "scores": scores, "threshold": None})
    assert not best.is_better(0.9, 0.1)
    assert best.is_better(0.91, 0.9)
    again = BestModel("accuracy", higher_is_better=True)
    again.restore(best.state())
    assert not again.is_better(0.9, 0.1)
