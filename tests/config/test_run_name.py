"""The name of a run is that of a folder, on every system."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from nntrain.cli.main import run_command
from nntrain.config.load import build_config
from nntrain.config.run_name import derive_run_name
from nntrain.errors import ConfigError

REFUSED = [
    *("..", ".", "../up", "a/b", "/abs", "a\\b", "C:\\x", "a..b", "-rf", ".hidden", "end."),
    *(" ", " a", "a ", "a\nb", "a\x1b[31m", "a\x7f", "a\x85", "a\u2028b", "x" * 201, "é" * 101),
    *("con", "NUL", "nul.txt", "Com1", "lpt9.h5", "aux"),
]

ACCEPTED = ["iris", "v1.2", "lr=0.1: try 3", "Käse", "日本", "x" * 200, "é" * 100, "console", "a-b_c", "com", "1"]


@pytest.mark.parametrize("name", REFUSED)
def test_what_no_folder_can_be_named_is_refused(name: str) -> None:
    with pytest.raises(ConfigError) as raised:
        build_config({"name": name, "data": {"path": "x.csv"}})
    (problem,) = raised.value.problems
    assert problem.startswith("command line: name: expected a valid folder name, got ")
    assert len(problem) < 200
    assert problem.isprintable()


@pytest.mark.parametrize("name", ACCEPTED)
def test_others_are_accepted(name: str) -> None:
    assert build_config({"name": name, "data": {"path": "x.csv"}}).name == name


def test_the_line_of_the_key_is_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "c.toml").write_text('[data]\npath = "x.csv"\n'.replace("[data]", 'name = "../x"\n[data]'))
    assert run_command(["fit", str(tmp_path / "c.toml")]) == 2
    assert capsys.readouterr().err.startswith(f"Error: {tmp_path}/c.toml:1: name: expected a valid folder name, got ")


@pytest.mark.parametrize(
    ("path", "name"), [("iris.csv", "iris"), ("a/b.csv.gz", "b"), ("con.csv", "con"), ("-x.csv", "-x")]
)
def test_a_run_on_a_file_has_its_name(path: str, name: str) -> None:
    assert derive_run_name(Path(path)) == name


@pytest.mark.parametrize("path", [".csv", " .csv", "a\nb.csv", os.fsdecode(b"\xff.csv")])
def test_a_file_that_gives_no_name_needs_a_folder(path: str) -> None:
    with pytest.raises(ConfigError, match="choose a folder with --out"):
        derive_run_name(Path(path))


def test_an_older_run_of_any_name_goes_on(tmp_path: Path) -> None:
    from tests.training.stopping import IRIS

    run = tmp_path / "run"
    quick = ("--set", "train.epochs=1", "--set", "model.hidden=[2]")
    assert run_command(["fit", str(IRIS), "--target", "species", *quick, "--out", str(run)]) == 0
    config = (run / "config.toml").read_text()
    (run / "config.toml").write_text(f'name = "a/b"\n{config}')
    assert run_command(["resume", str(run), "--set", "train.epochs=2"]) == 0
    assert run_command(["evaluate", str(run)]) == 0
