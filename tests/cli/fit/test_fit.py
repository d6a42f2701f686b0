"""The way of a user: fit, look, evaluate, predict, run again."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nntrain.checkpoint.reading import read_checkpoint
from nntrain.checkpoint.writing import write_checkpoint
from tests.paths import ROOT


def blocks(path: Path) -> dict[str, bytes]:
    """The arrays of the network of a checkpoint, as bytes."""
    return {name: array.tobytes() for name, array in read_checkpoint(path)["network"]["state"]["blocks"].items()}


def test_the_readme_s_iris_is_learnt(nntrain: Callable[..., Any], tmp_path: Path) -> None:
    outcome = nntrain("fit", ROOT / "configs" / "iris.toml")
    assert outcome.code == 0, outcome.err
    assert "Best epoch" in outcome.out
    run = tmp_path / "runs" / "iris"
    assert json.loads((run / "scores.json").read_text())["test"]["accuracy"] >= 0.93
    assert {path.name for path in run.iterdir()} == {
        *("given.toml", "config.toml", "run.json", "metrics.jsonl", "checkpoints", "best.h5", "scores.json")
    }
    about = json.loads((run / "run.json").read_text())
    assert about["seed"] == 1
    assert about["data"]["rows"]["train"] + about["data"]["rows"]["validation"] + about["data"]["rows"]["test"] == 150
    assert len(about["data"]["fingerprint"]) == 64


@pytest.fixture
def trained(nntrain: Callable[..., Any], iris: Path, tmp_path: Path) -> Path:
    assert nntrain("fit", iris, "--target", "species", "--set", "train.epochs=5").code == 0
    return tmp_path / "runs" / "iris"


def test_the_resolved_config_runs_again_to_the_same_bits(
    trained: Path, nntrain: Callable[..., Any], tmp_path: Path
) -> None:
    assert nntrain("fit", trained / "config.toml", "--out", "again").code == 0
    assert blocks(tmp_path / "again" / "best.h5") == blocks(trained / "best.h5")
    assert (tmp_path / "again" / "metrics.jsonl").read_bytes() == (trained / "metrics.jsonl").read_bytes()
    assert (tmp_path / "again" / "config.toml").read_bytes() == (trained / "config.toml").read_bytes()


@pytest.mark.parametrize(
    ("options", "command"),
    [
        ((), "nntrain resume run --set train.epochs=2 "),
        (("--set", 'schedule.type="cosine"'), "nntrain fit run/config.toml --set train.epochs=2 --out OTHER_RUN "),
    ],
)
def test_more_epochs_are_proposed_after_a_last_best_epoch_in_a_new_run_if_a_schedule_has_ended(
    options: tuple[str, ...], command: str, nntrain: Callable[..., Any], iris: Path
) -> None:
    plain = ("--set", "model.hidden=[8]", "--set", "train.epochs=1")
    outcome = nntrain("fit", iris, "--target", "species", "--out", "run", *plain, *options)
    assert outcome.out.splitlines()[-1].startswith(f"  {command}   (best epoch was the last")
    said = nntrain("resume", "run").out
    assert ("to train longer, start a new run: nntrain fit run/config.toml" in said) is bool(options)
    assert ("to train longer: --set train.epochs=NUMBER" in said) is not bool(options)
    words = command.replace("OTHER_RUN", "longer").split()[1:]
    longer = nntrain(*words)
    assert longer.code == 0, longer.err
    assert "Done: reached 2 epochs." in longer.out


def test_a_second_fit_into_the_folder_stops_and_says_how_to_go_on(
    trained: Path, nntrain: Callable[..., Any], iris: Path
) -> None:
    before = (trained / "metrics.jsonl").read_bytes()
    outcome = nntrain("fit", iris, "--target", "species")
    assert outcome.code == 2
    assert "nntrain resume runs/iris" in outcome.err
    assert "--force" in outcome.err
    assert (trained / "metrics.jsonl").read_bytes() == before
    assert nntrain("fit", iris, "--target", "species", "--force", "--set", "train.epochs=1").code == 0
    assert len((trained / "metrics.jsonl").read_text().splitlines()) == 1


def test_a_folder_with_other_things_is_not_overwritten(nntrain: Callable[..., Any], iris: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    outcome = nntrain("fit", iris, "--target", "species", "--out", "mine", "--force")
    assert outcome.code == 2
    assert "thesis.txt" in outcome.err
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "years of work"


def test_evaluate_gives_the_scores_of_the_test_rows(trained: Path, nntrain: Callable[..., Any]) -> None:
    scored = json.loads(nntrain("evaluate", trained, "--json").out)
    final = json.loads((trained / "scores.json").read_text())["test"]
    assert {name: scored[name] for name in final} == final
    assert "accuracy" in nntrain("evaluate", trained).out


def test_evaluate_takes_another_file_and_a_bare_checkpoint(
    trained: Path, nntrain: Callable[..., Any], iris: Path
) -> None:
    of_run = json.loads(nntrain("evaluate", trained, iris, "--json").out)
    of_file = json.loads(nntrain("evaluate", trained / "best.h5", iris, "--json").out)
    assert of_run["rows"] == 150
    assert of_run["accuracy"] == of_file["accuracy"]


def test_predict_keeps_the_order_and_needs_no_target(
    trained: Path, nntrain: Callable[..., Any], iris: Path, tmp_path: Path
) -> None:
    rows = list(csv.reader(iris.read_text().splitlines()))
    with (tmp_path / "new.csv").open("w", newline="") as file:
        csv.writer(file).writerows([row[:-1] for row in [rows[0], *rows[:0:-1]]])
    assert nntrain("predict", trained, iris, "-o", "forward.csv").code == 0
    assert nntrain("predict", trained, "new.csv", "-o", "backward.csv").code == 0
    forward = list(csv.DictReader((tmp_path / "forward.csv").read_text().splitlines()))
    backward = list(csv.DictReader((tmp_path / "backward.csv").read_text().splitlines()))
    assert [row["species"] for row in forward] == [row["species"] for row in reversed(backward)]
    assert list(forward[0]) == ["species", "p(setosa)", "p(versicolor)", "p(virginica)"]
    for row in forward:
        assert sum(float(row[name]) for name in list(row)[1:]) == pytest.approx(1, abs=1e-5)


def test_predict_writes_to_stdout_without_a_file(trained: Path, nntrain: Callable[..., Any], iris: Path) -> None:
    lines = nntrain("predict", trained, iris).out.splitlines()
    assert len(lines) == 151
    assert lines[0].startswith("species,")


def test_a_missing_column_leaves_no_predictions(trained: Path, nntrain: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "new.csv").write_text("sepal_length,petal_length\n1,2\n")
    outcome = nntrain("predict", trained, "new.csv", "-o", "out.csv")
    assert outcome.code == 3
    assert "sepal_width" in outcome.err
    assert not (tmp_path / "out.csv").exists()


def test_show_needs_no_data(nntrain: Callable[..., Any], iris: Path, tmp_path: Path) -> None:
    plain = ("--set", "model.hidden=[128, 64]", "--set", "train.epochs=1")
    assert nntrain("fit", iris, "--target", "species", *plain).code == 0
    trained = tmp_path / "runs" / "iris"
    shown = nntrain("show", trained).out
    assert "Linear(4 -> 128)" in shown
    assert "setosa, versicolor, virginica" in shown
    assert "0.weight" in shown
    told = json.loads(nntrain("show", trained / "best.h5", "--json").out)
    assert told["parameters"] == 4 * 128 + 128 + 128 * 64 + 64 + 64 * 3 + 3
    assert told["network"]["type"] == "Sequential"


def test_a_missing_plugin_is_named_with_what_to_install(
    trained: Path, nntrain: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = read_checkpoint(trained / "best.h5")
    tree["network"]["spec"]["modules"][1] = {"type": "Swish"}
    tree["network"]["origins"] = {"Linear": "nntrain 0.1.0", "Swish": "nntrain-swish 1.2"}
    write_checkpoint(trained / "best.h5", tree)
    outcome = nntrain("predict", trained, "x.csv")
    assert outcome.code == 4
    assert outcome.err == (
        "Error: " + f"{trained}/best.h5: layer 'Swish' comes from nntrain-swish 1.2, which is not installed: "
        'pip install "nntrain-swish==1.2"\n'
    )


def test_regression_predicts_in_the_units_of_the_column(nntrain: Callable[..., Any], tmp_path: Path) -> None:
    x = np.random.default_rng(1).random(400)
    (tmp_path / "line.csv").write_text("x,y\n" + "".join(f"{v},{1000 + 500 * v}\n" for v in x))
    assert nntrain("fit", "line.csv", "--target", "y").code == 0
    (tmp_path / "new.csv").write_text("x\n0.5\n0.25\n")
    values = [float(line) for line in nntrain("predict", "runs/line", "new.csv").out.splitlines()[1:]]
    assert values == pytest.approx([1250, 1125], abs=15)
    assert json.loads(nntrain("evaluate", "runs/line", "--json").out)["r2"] > 0.99


def test_hdf5_images_are_learnt(nntrain: Callable[..., Any], tmp_path: Path) -> None:
    assert nntrain("fit", ROOT / "configs" / "digits.toml", "--set", "train.epochs=10").code == 0
    assert json.loads((tmp_path / "runs" / "digits" / "scores.json").read_text())["test"]["accuracy"] > 0.93


def test_categories_beyond_the_limit_are_looked_up(nntrain: Callable[..., Any], tmp_path: Path) -> None:
    random = np.random.default_rng(3)
    city, size = random.integers(0, 60, 1500), random.random(1500)
    (tmp_path / "flats.csv").write_text(
        "city,size,dear\n"
        + "".join(f"c{c},{s:.3f},{'yes' if c % 2 else 'no'}\n" for c, s in zip(city, size, strict=True))
    )
    outcome = nntrain("fit", "flats.csv", "--target", "dear", "--set", "train.epochs=30")
    assert outcome.code == 0, outcome.err
    assert "LookupTable" in outcome.out
    (tmp_path / "new.csv").write_text("city,size,dear\nc1,0.5,yes\natlantis,,no\n")
    outcome = nntrain("predict", "runs/flats", "new.csv")
    assert outcome.out.splitlines()[1].startswith("yes,")
    for command in ("predict", "evaluate"):
        outcome = nntrain(command, "runs/flats", "new.csv")
        said = outcome.out + outcome.err
        assert "1 value of column 'city' was never seen in training" in said
        assert "1 value of column 'size' is missing; no training row had a missing value, so the median is used" in said


def test_xor_is_learnt_by_heart(nntrain: Callable[..., Any], tmp_path: Path) -> None:
    assert nntrain("fit", ROOT / "configs" / "xor.toml").code == 0
    assert json.loads((tmp_path / "runs" / "xor" / "scores.json").read_text())["train"]["accuracy"] == 1


def test_one_output_shows_two_classes_under_bce(nntrain: Callable[..., Any], tmp_path: Path) -> None:
    x = np.linspace(-1, 1, 200)
    (tmp_path / "sign.csv").write_text("x,y\n" + "".join(f"{v:.4f},{'up' if v > 0 else 'down'}\n" for v in x))
    outcome = nntrain(
        *("fit", "sign.csv", "--target", "y", "--set", 'criterion.type="BCECriterion"'),
        *("--set", 'model.modules=[{type="Linear"}, {type="Sigmoid"}]', "--set", "optimizer.learning_rate=0.1"),
    )
    assert outcome.code == 0, outcome.err
    assert "Linear(1 -> 1)" in outcome.out
    (tmp_path / "new.csv").write_text("x\n0.9\n-0.9\n")
    lines = nntrain("predict", "runs/sign", "new.csv").out.splitlines()
    assert lines[0] == "y,p(down),p(up)"
    assert [line.split(",")[0] for line in lines[1:]] == ["up", "down"]
