"""Weights of rows and of classes in a run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nntrain.config.load import build_config
from nntrain.errors import ConfigError
from nntrain.training.building.trainer_assembly import assemble_trainer
from nntrain.training.run_start import build_resolved_config, load_splits
from nntrain.training.trainer import Trainer

RANDOM = np.random.default_rng(2)
FLAGS = RANDOM.integers(0, 2, (40, 4))
TIMES = RANDOM.integers(1, 4, 40)
CLASSES = ["low", "low", "mid", "low", "high"]


def line(row: int, weight: object = 1) -> str:
    # Flags and classes are encoded the same however often they occur, as numbers are not.
    flags = ",".join("true" if flag else "false" for flag in FLAGS[row])
    return f"{flags},{weight},{CLASSES[row % 5]},{'yes' if row % 3 else 'no'}\n"


HEAD = "a,b,c,d,w,t,late\n"
WEIGHED = HEAD + "".join(line(row, TIMES[row]) for row in range(40))
REPEATED = HEAD + "".join(line(row) for row in range(40) for _ in range(TIMES[row]))


def made(folder: Path, content: str = WEIGHED, **sections: Any) -> Trainer:
    (folder / "t.csv").write_text(content)
    tree: dict[str, dict[str, Any]] = {
        "data": {"path": str(folder / "t.csv"), "target": "t", "sample_weight": "w", "validation": 0, "test": 0},
        "model": {"hidden": [5], "dtype": "float64"},
        "optimizer": {"type": "sgd", "learning_rate": 0.5},
        "train": {"epochs": 3, "batch_size": 200, "patience": 0},
    }
    tree |= {name: tree.get(name, {}) | section for name, section in sections.items()}
    tree = {name: {key: value for key, value in section.items() if value is not None} for name, section in tree.items()}
    config = build_config(tree)
    return assemble_trainer(config, load_splits(config))[0]


def trained(run: Trainer) -> dict[str, Any]:
    for _ in range(3):
        while run.train_step() is not None:
            pass
        line = run.end_epoch()
    return dict(line["train"])


DATA = {"data": {"ignore": ["late"]}}
ENDS_IN_LOG_SOFT_MAX = [{"type": "Linear", "output_size": 3}, {"type": "LogSoftMax"}]
SMOOTHED = {"type": "CrossEntropyCriterion", "label_smoothing": 0.1}
WAYS: dict[str, dict[str, Any]] = {
    "cross entropy": DATA,
    "label smoothing": DATA | {"criterion": SMOOTHED},
    "label smoothing and class weights": DATA | {"criterion": SMOOTHED | {"class_weights": [2, 1, 0.5]}},
    "likelihood": DATA | {"model": {"hidden": None, "modules": ENDS_IN_LOG_SOFT_MAX}},
    "class weights": DATA | {"criterion": {"type": "CrossEntropyCriterion", "weights": [1, 2, 3]}},
    "labels": {"data": {"target": ["late"], "task": "multilabel", "ignore": ["t"]}},
    "accumulated": DATA | {"train": {"batch_size": 7, "accumulate": 6}},
}


@pytest.mark.parametrize("way", WAYS)
def test_a_row_that_counts_three_times_is_learnt_from_as_three_rows(tmp_path: Path, way: str) -> None:
    weighed = made(tmp_path, WEIGHED, **WAYS[way])
    repeated = made(tmp_path, REPEATED, **WAYS[way] | {"train": {"batch_size": 1000}})
    np.testing.assert_array_equal(weighed.w, repeated.w)
    scores, wanted = trained(weighed), trained(repeated)
    np.testing.assert_allclose(weighed.w, repeated.w, atol=1e-10)
    for name, score in wanted.items():
        assert scores[name] == pytest.approx(score, rel=1e-9), name


def test_rows_that_count_nothing_are_not_learnt_from(tmp_path: Path) -> None:
    zeros = HEAD + "".join(line(row, int(row % 5 != 4)) for row in range(40))
    without = HEAD + "".join(line(row, 1) for row in range(40) if row % 5 != 4)
    one = made(tmp_path, zeros + line(4, 0), **DATA)
    assert len(one.network.preprocessor.target.labels) == 3
    other = made(tmp_path, without + line(4, 0), **DATA)
    trained(one)
    trained(other)
    np.testing.assert_allclose(one.w, other.w, atol=1e-10)


def test_balanced_is_what_scikit_learn_computes(tmp_path: Path) -> None:
    compute_class_weight = pytest.importorskip("sklearn.utils.class_weight").compute_class_weight
    run = made(tmp_path, **DATA, criterion={"class_weights": "balanced"})
    labels = np.array([CLASSES[row % 5] for row in range(40)])
    assert run.network.preprocessor.target.labels == ["high", "low", "mid"]
    expected = compute_class_weight("balanced", classes=np.array(["high", "low", "mid"]), y=labels)
    np.testing.assert_allclose(run.network.criterion.weights, expected)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("given", "weights"),
    [({"mid": 3, "high": 0.5}, [0.5, 1, 3]), ([1, 2, 3.5], [1, 2, 3.5]), ("balanced", [5 / 3, 5 / 9, 5 / 3])],
)
@pytest.mark.parametrize("criterion", [None, "CrossEntropyCriterion", "MultiMarginCriterion"])
def test_class_weights_become_those_of_the_criterion(
    tmp_path: Path, given: Any, weights: list[float], criterion: str | None
) -> None:
    section = {"class_weights": given} | ({} if criterion is None else {"type": criterion})
    run = made(tmp_path, **DATA, criterion=section)
    np.testing.assert_allclose(run.network.criterion.weights, weights)  # type: ignore[attr-defined]


def test_class_weights_and_arguments_of_the_criterion_go_together(tmp_path: Path) -> None:
    run = made(tmp_path, **DATA, criterion=SMOOTHED | {"class_weights": "balanced"})
    weights = [1.6666666666666667, 0.5555555555555556, 1.6666666666666667]
    assert run.network.criterion.spec() == {**SMOOTHED, "weights": weights}


@pytest.mark.parametrize("model", [{"hidden": [5]}, {}], ids=["hidden", "default"])
def test_the_resolved_config_has_the_weights_themselves(tmp_path: Path, model: dict[str, Any]) -> None:
    (tmp_path / "t.csv").write_text(WEIGHED)
    data = {"path": str(tmp_path / "t.csv"), "target": "t", "ignore": ["late"]}
    config = build_config({"data": data, "model": model, "criterion": {"class_weights": {"low": 0.1}}})
    run, decided = assemble_trainer(config, load_splits(config))
    spec = build_resolved_config(decided, run).criterion
    weighted = {"type": "CrossEntropyCriterion", "weights": [1.0, 0.1, 1.0]}
    if not model:
        weighted = {"type": "MemberCriterion", "criterion": weighted | {"label_smoothing": 0.1}}
    assert spec.spec() == weighted
    assert spec.class_weights is None


def test_labels_have_weights_too(tmp_path: Path) -> None:
    sections = {"data": {"target": ["late", "a"], "ignore": ["t"]}}
    run = made(tmp_path, **sections, criterion={"class_weights": {"a": 4}})
    np.testing.assert_allclose(run.network.criterion.weights, [1, 4])  # type: ignore[attr-defined]
    counts = np.array(run.network.preprocessor.target.counts)  # type: ignore[union-attr]
    run = made(tmp_path, **sections, criterion={"class_weights": "balanced"})
    np.testing.assert_allclose(run.network.criterion.weights, counts.sum() / 2 / counts)  # type: ignore[attr-defined]


REFUSED: list[tuple[dict[str, Any], str]] = [
    (
        {"criterion": {"class_weights": {"lwo": 2}}},
        "criterion.class_weights: the training rows have no class 'lwo'; did",
    ),
    ({"criterion": {"class_weights": [1, 2]}}, "expected 3 weights, for high, low, mid, got 2"),
    (
        {"criterion": {"class_weights": "balancd"}},
        "class_weights: expected 'balanced', or a TOML table or a list",
    ),
    ({"criterion": {"class_weights": {"low": -1}}}, "finite numbers of at least 0, got a TOML table"),
    ({"criterion": {"class_weights": []}}, "finite numbers of at least 0, got []"),
    (
        {"criterion": {"type": "ClassSimplexCriterion", "n_classes": 3, "class_weights": "balanced"}},
        "ClassSimplexCriterion does not support class weights",
    ),
    (
        {"criterion": {"type": "CrossEntropyCriterion", "weights": [1, 2, 3], "class_weights": "balanced"}},
        "conflicts with criterion.weights; remove one of the two",
    ),
    (
        {"criterion": {"type": "BCECriterion", "class_weights": "balanced"}, "data": {"target": "late"}},
        "BCECriterion has one output for two classes",
    ),
    (
        {
            "criterion": {"class_weights": "balanced"},
            "data": {"target": "w", "sample_weight": None, "task": "regression"},
        },
        "the task is a regression, which has no classes",
    ),
    (
        {"criterion": {"type": "MultiLabelMarginCriterion"}},
        "data.sample_weight: MultiLabelMarginCriterion does not support sample weights: its loss is not known to be "
        "a sum over rows",
    ),
]


@pytest.mark.parametrize(("sections", "told"), REFUSED, ids=[told for _, told in REFUSED])
def test_what_cannot_be_weighed_is_one_line(tmp_path: Path, sections: dict[str, Any], told: str) -> None:
    data = {"ignore": ["late"]} if "data" not in sections else {}
    with pytest.raises(ConfigError) as caught:
        made(tmp_path, **{"data": data} | sections)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)
