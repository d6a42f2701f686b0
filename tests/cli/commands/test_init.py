"""What ``nntrain init`` prints is complete, explained, and runs as it is."""

import csv
import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

from nntrain.config.config_table import list_tables
from nntrain.config.load import build_config, load_config
from tests.paths import ROOT

Command = Callable[..., Any]

ODD_NAMES = ['say "hi"', "a.b", "größe", "two words", "#", "it's", "[x]", "=", "back\\slash", "{}", "日本", "tab\there"]


def written(nntrain: Command, tmp_path: Path, *arguments: object, place: str = "config.toml") -> tuple[Path, str]:
    outcome = nntrain("init", *arguments)
    assert outcome.code == 0, outcome.err
    path = tmp_path / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(outcome.out, encoding="utf-8")
    return path, outcome.err


def trained(nntrain: Command, path: Path) -> dict[str, Any]:
    outcome = nntrain("fit", path, "--out", "run", "--set", "train.epochs=2")
    assert outcome.code == 0, outcome.err
    return json.loads((path.parents[0] / "run" / "scores.json").read_text())


def test_iris_is_fitted_from_another_folder(nntrain: Command, iris: Path, tmp_path: Path) -> None:
    path, told = written(nntrain, tmp_path, iris, "--target", "species", place="deep/down/config.toml")
    assert nntrain("fit", path, "--set", "train.epochs=2").code == 0
    assert (tmp_path / "runs" / "iris" / "scores.json").exists()
    assert "Error" not in told


def test_it_says_the_same_as_what_fit_decides(nntrain: Command, iris: Path, tmp_path: Path) -> None:
    path, _ = written(nntrain, tmp_path, iris, "--target", "species")
    assert nntrain("fit", path, "--out", "a", "--set", "train.epochs=3").code == 0
    assert nntrain("fit", iris, "--target", "species", "--out", "b", "--set", "train.epochs=3").code == 0
    assert (tmp_path / "a" / "metrics.jsonl").read_bytes() == (tmp_path / "b" / "metrics.jsonl").read_bytes()


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    random = np.random.default_rng(4)
    path = tmp_path / "odd names #1 'x'.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow([*ODD_NAMES, 'the "answer".'])
        for row in random.random((90, len(ODD_NAMES))).round(3):
            writer.writerow([*row[:-1], "a\nb" if row[-1] > 0.5 else "# c", "yes" if row[0] > 0.5 else "no"])
    return path


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_a_table_with_odd_names_is_fitted(suffix: str, nntrain: Command, odd: Path, tmp_path: Path) -> None:
    if suffix == ".parquet":
        table = duckdb.read_csv(str(odd), header=True)
        odd = odd.with_suffix(suffix)
        table.write_parquet(str(odd))
    path, _ = written(nntrain, tmp_path, odd, "--target", 'the "answer".')
    assert tomllib.loads(path.read_text("utf-8"))["data"]["target"] == 'the "answer".'
    assert "test" in trained(nntrain, path)


def test_lines_of_columns_hold_without_their_hash(nntrain: Command, odd: Path, tmp_path: Path) -> None:
    path, _ = written(nntrain, tmp_path, odd, "--target", 'the "answer".')
    path.write_text(path.read_text("utf-8").replace("# columns.", "columns."), encoding="utf-8")
    columns = tomllib.loads(path.read_text("utf-8"))["data"]["columns"]
    assert set(columns) == {name.replace("\t", " ") for name in ODD_NAMES}
    assert columns["tab here"] == {"type": "category"}
    assert "test" in trained(nntrain, path)


def test_digits_are_fitted(nntrain: Command, tmp_path: Path) -> None:
    path, _ = written(nntrain, tmp_path, ROOT / "datasets" / "digits.h5")
    assert trained(nntrain, path)["train"]["accuracy"] > 0.5
    assert "array" in path.read_text("utf-8")


def test_every_section_and_key_is_there_with_its_description(nntrain: Command, iris: Path, tmp_path: Path) -> None:
    path, _ = written(nntrain, tmp_path, iris, "--target", "species")
    text = path.read_text("utf-8")
    for table in list_tables():
        if "NAME" in table.path:
            continue
        assert not table.path or f"\n[{'.'.join(table.path)}]\n" in text
        for option in table.options:
            assert f"\n# {option.name} = " in text or f"\n{option.name} = " in text
            assert option.description in text.replace("\n# ", " ")


def test_every_key_holds_without_its_hash(nntrain: Command, iris: Path, tmp_path: Path) -> None:
    path, _ = written(nntrain, tmp_path, iris, "--target", "species")
    lines = path.read_text("utf-8").splitlines()
    for table in list_tables():
        for option in table.options:
            if "NAME" in table.path or f"# {option.name} = " not in "\n".join(lines):
                continue
            start = lines.index(f"[{'.'.join(table.path)}]") if table.path else 0
            place = next(n for n in range(start, len(lines)) if lines[n].startswith(f"# {option.name} = "))
            tree = tomllib.loads("\n".join([*lines[:place], lines[place][2:], *lines[place + 1 :]]))
            if option.name in ("modules", "from", "drop_last", "frozen"):
                tree["model"].pop("hidden", None)
            if option.name in ("drop_last", "frozen"):
                tree["model"]["from"] = "old.t7"
            if option.name == "fold":
                tree["data"]["folds"] = 5
            if option.name == "split_values":
                tree["data"] |= {"split": "column", "split_column": "x"}
            build_config(tree)


def test_suspects_are_reported_and_suggested(nntrain: Command, tmp_path: Path) -> None:
    body = "".join(f"{k},k{k},{k % 7 / 10},{'AB'[k % 2]},{'ab'[k % 2]}\n" for k in range(90))
    (tmp_path / "t.csv").write_text("id,key,x,shout,y\n" + body)
    path, told = written(nntrain, tmp_path, "t.csv", "--target", "y")
    text = path.read_text("utf-8")
    assert '\n# ignore = ["id", "key", "shout"]\n' in text
    assert all(f"column {name!r}" in told for name in ("id", "key", "shout"))
    assert all(line.startswith(("Note: column ", "Warning: ")) for line in told.splitlines())
    assert load_config(path).data.ignore == ()


def test_a_config_becomes_a_complete_one(nntrain: Command, tmp_path: Path) -> None:
    path, _ = written(
        nntrain, tmp_path, ROOT / "configs" / "iris.toml", "--set", "data.columns.petal_width.type=number"
    )
    config = load_config(path)
    given = load_config(ROOT / "configs" / "iris.toml")
    assert config.data.path == given.data.path
    assert (config.data.test, config.model.hidden, config.model.activation) == (0.3, (16, 16), "Tanh")
    assert (config.train.epochs, config.train.batch_size) == (60, 16)
    assert config.data.columns["petal_width"].type == "number"


def test_what_cannot_be_read_prints_nothing(nntrain: Command) -> None:
    outcome = nntrain("init", "gone.csv", "--target", "y")
    assert (outcome.code, outcome.out) == (3, "")
    assert "gone.csv: no such file" in outcome.err
