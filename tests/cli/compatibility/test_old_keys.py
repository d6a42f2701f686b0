"""Renamed config keys: an error in a new config, and no hindrance to what was written with them.

``old_keys`` has a run, the first of two folds, and a converted table, all written before the keys were renamed; FOLDER
stands for the folder that they were in.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nntrain.config.load import load_config_or_defaults
from nntrain.training.building.trainer_assembly import get_data_options

Command = Callable[..., Any]

OLD = {
    "model.transfer=Tanh": "model.transfer: renamed to model.activation",
    "model.initial=he": "model.initial: renamed to model.weight_init",
    "model.double=true": 'model.double: renamed to model.dtype; set model.dtype = "float64"',
    "model.double=false": 'model.double: renamed to model.dtype; set model.dtype = "float32"',
    "data.weight=w": "data.weight: renamed to data.sample_weight",
    "data.separator=|": "data.separator: renamed to data.label_separator",
}

NEW = """
[data]
path = "rows.csv"
target = "kind"
ignore = ["tags"]
sample_weight = "w"
number_scaling = "standard"

[model]
hidden = [4]
activation = "Tanh"
weight_init = "glorot"
dtype = "float64"

[train]
epochs = 3
batch_size = 16
"""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """The old files, where they can be written to."""
    source = Path(__file__).parent / "old_keys"
    shutil.copytree(source, tmp_path, dirs_exist_ok=True)
    for path in [*tmp_path.rglob("*.toml"), *tmp_path.rglob("run.json")]:
        path.write_text(path.read_text("utf-8").replace("FOLDER", str(tmp_path)), "utf-8")
    return tmp_path


def same(nntrain: Command, one: str, other: str) -> bool:
    """Whether two runs have the same config, and about the same scores: the old ones may be another machine's."""
    found = json.loads(nntrain("diff", one, other, "--json").out)
    pairs = [pair for scores in found["scores"].values() for pair in scores.values()]
    # Old runs have none, which no config can say; a network that is given does not depend on it.
    found["config"].pop("train.quality", None)
    return found["config"] == {} and bool(pairs) and all(a == pytest.approx(b, abs=1e-9) for a, b in pairs)


@pytest.mark.parametrize(("override", "problem"), OLD.items())
def test_an_old_key_is_an_error_with_its_new_name(nntrain: Command, old: Path, override: str, problem: str) -> None:
    assert nntrain("check", "rows.csv", "--set", override).err == f"Error: --set {override}: {problem}\n"
    key, _, value = override.partition("=")
    section, _, name = key.partition(".")
    written = value if section == "model" and name == "double" else json.dumps(value)
    path = '[data]\npath = "rows.csv"\n'
    text = f"{path}{name} = {written}\n" if section == "data" else f"{path}[model]\n{name} = {written}\n"
    (old / "new.toml").write_text(text, "utf-8")
    line = 3 if section == "data" else 4
    assert nntrain("fit", "new.toml").err == f"Error: new.toml:{line}: {problem}\n"
    resumed = nntrain("resume", "run", "--set", override)
    assert (resumed.code, resumed.err) == (2, f"Error: --set {override}: {problem}\n")


def test_an_old_run_resumes_as_if_its_keys_were_new(nntrain: Command, old: Path) -> None:
    (old / "new.toml").write_text(NEW.replace("epochs = 3", "epochs = 5"), "utf-8")
    assert nntrain("fit", "new.toml", "--out", "new").code == 0
    assert nntrain("resume", "run", "--set", "train.epochs=5").code == 0
    assert same(nntrain, "run", "new")
    assert 'weight_init = "glorot"\ndtype = "float64"' in (old / "run" / "config.toml").read_text("utf-8")


def test_an_old_run_accepts_the_config_with_new_keys(nntrain: Command, old: Path) -> None:
    (old / "new.toml").write_text(NEW.replace("epochs = 3", "epochs = 4"), "utf-8")
    assert nntrain("fit", "new.toml", "--out", "run", "--resume").code == 0
    assert "epochs = 4" in (old / "run" / "config.toml").read_text("utf-8")


def test_the_config_of_an_old_run_starts_another(nntrain: Command, old: Path) -> None:
    assert nntrain("fit", "run/config.toml", "--out", "again").code == 0
    assert same(nntrain, "run", "again")
    assert nntrain("check", "run").code == 0
    assert nntrain("evaluate", "run").code == 0


def test_an_old_cross_validation_resumes(nntrain: Command, old: Path) -> None:
    assert nntrain("resume", "folds").code == 0
    config = (old / "folds" / "fold-2" / "config.toml").read_text("utf-8")
    assert 'label_separator = "|"' in config
    assert 'sample_weight = "w"' in config
    assert 'number_scaling = "standard"' in config
    assert "\nquality = " not in config
    assert nntrain("diff", "folds/fold-1", "folds/fold-2").code == 0


def test_an_old_converted_table_has_its_options(old: Path) -> None:
    options = get_data_options(load_config_or_defaults(old / "table.h5", {}))
    assert (options.label_separator, options.sample_weight, options.ignore) == ("|", "w", ("kind",))
