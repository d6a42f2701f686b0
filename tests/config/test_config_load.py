from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from nntrain.config.load import build_config, load_config
from nntrain.errors import ConfigError

DATA = '[data]\npath = "x.csv"\n'

# Each text follows DATA, so its first line is line 3.
ONE_PROBLEM = {
    '[train]\nepochs = "ten"': "c.toml:4: train.epochs: expected an integer, got 'ten'",
    "[train]\nepochs = 2.0": "c.toml:4: train.epochs: expected an integer, got 2.0",
    "[train]\nepochs = true": "c.toml:4: train.epochs: expected an integer, got true",
    "[train]\nepochs = 0": "c.toml:4: train.epochs: expected at least 1, got 0",
    "[train]\nseed = -1": "c.toml:4: train.seed: expected at least 0, got -1",
    "[train]\nmin_delta = nan": "c.toml:4: train.min_delta: expected a finite number, got nan",
    "[train]\nmin_delta = -0.5": "c.toml:4: train.min_delta: expected at least 0, got -0.5",
    "[train]\nmin_delta = false": "c.toml:4: train.min_delta: expected a number, got false",
    '[train]\nmonitor = ""': "c.toml:4: train.monitor: expected a non-empty string, got ''",
    "[train]\nepoch = 2": "c.toml:4: train.epoch: unknown key; did you mean 'epochs'?",
    "[train]\nzzz = 2": "c.toml:4: train.zzz: unknown key",
    "[train]\ndropout = 0.1": "c.toml:4: train.dropout: unknown key; did you mean 'model.dropout'?",
    "[trian]\nepochs = 2": "c.toml:3: trian: unknown section; did you mean 'train'?",
    "[zzz]": "c.toml:3: zzz: unknown section",
    "[[train]]": "c.toml:3: train: expected a TOML table, got [a TOML table]",
    'task = "clasification"': "c.toml:3: data.task: expected one of 'auto', 'classification', 'regression', "
    "'multilabel', got 'clasification'; did you mean 'classification'?",
    "task = 3": "c.toml:3: data.task: expected one of 'auto', 'classification', 'regression', 'multilabel', got 3",
    "target = 3": "c.toml:3: data.target: expected a quoted string, or a list of them, got 3",
    "target = 1979-05-27": "c.toml:3: data.target: expected a quoted string, or a list of them, got 1979-05-27",
    "stratify = 1": "c.toml:3: data.stratify: expected a boolean, got 1",
    'ignore = "name"': "c.toml:3: data.ignore: expected a list, e.g. ['name'], got 'name'",
    'ignore = [\n  "a",\n  7,\n]': "c.toml:5: data.ignore[1]: expected a quoted string, got 7",
    "ignore = {}": "c.toml:3: data.ignore: expected a list, got a TOML table",
    "columns = [1, 2, 3, 4, 5]": "c.toml:3: data.columns: expected a TOML table, got a list of 5",
    "validation = 1": "c.toml:3: data.validation: expected less than 1, got 1",
    "validation = 0.5\ntest = 0.5": "c.toml:4: data.test: expected validation + test below 1, got 0.5 + 0.5",
    "validation = 0.9": "c.toml:1: data.test: expected validation + test below 1, got 0.9 + 0.15",
    '[data.columns."a b"]\ntpye = "category"': "c.toml:4: data.columns.a b.tpye: unknown key; did you mean 'type'?",
    '[data.columns]\nage = "number"': "c.toml:4: data.columns.age: expected a TOML table, got 'number'",
    "[model]\nhidden = [64,\n 0]": "c.toml:5: model.hidden[1]: expected at least 1, got 0",
    '[model]\nhidden = ["64"]': "c.toml:4: model.hidden[0]: expected an integer, got '64'",
    "[model]\nmodules = []": "c.toml:4: model.modules: expected at least one element, got []",
    '[model]\nmodules = ["Linear"]': "c.toml:4: model.modules[0]: expected a TOML table, got 'Linear'",
    '[model]\nactivation = "Relu6"': "c.toml:4: model.activation: unknown module 'Relu6'; did you mean 'ReLU6'?",
    '[model]\nhidden = [3]\nmodules = [{type = "Tanh"}]': "c.toml:5: model.modules: conflicts with 'hidden': "
    "modules is the complete network; remove one of the two",
    '[model]\nmodules = [{type = "Tanh"}]\ndropout = 0.5': "c.toml:4: model.modules: conflicts with 'dropout': "
    "modules is the complete network; remove one of the two",
    '[[model.modules]]\ntype = "Tanh"\n[[model.modules]]\ntype = "Liner"': "c.toml:6: model.modules[1].type: "
    "unknown module 'Liner'; did you mean 'Linear'?",
    '[[model.modules]]\ntype = "Linear"\noutput_szie = 2': "c.toml:5: model.modules[0].output_szie: "
    "Linear has no argument 'output_szie'; did you mean 'output_size'?",
    '[[model.modules]]\ntype = "Sequential"\nmodules = [\n  {type = "Tanh"},\n  {type = "Tahn"}]': "c.toml:7: "
    "model.modules[0].modules[1].type: unknown module 'Tahn'; did you mean 'Tanh'?",
    "[[model.modules]]\noutput_size = 2": "c.toml:3: model.modules[0]: "
    "expected a table with a 'type', got {'output_size': 2}",
    '[criterion]\ntype = "CrossEntropy"': "c.toml:4: criterion.type: unknown criterion 'CrossEntropy'; "
    "did you mean 'CrossEntropyCriterion'?",
    "[criterion]\nsize_average = true": "c.toml:3: criterion: missing type: "
    "'size_average' is an argument of a criterion; set its type",
    "[criterion]\ntype = 3": "c.toml:4: criterion.type: expected a quoted string, got 3",
    '[optimizer]\ntype = "adm"': "c.toml:4: optimizer.type: unknown optimizer 'adm'; did you mean 'adam'?",
    "[optimizer]\nlearning_rat = 1": "c.toml:4: optimizer.learning_rat: Adam has no argument 'learning_rat'; "
    "did you mean 'learning_rate'?",
    "[optimizer]\ntype = 3": "c.toml:4: optimizer.type: expected a quoted string, got 3",
    '[schedule]\ntype = "cosin"': "c.toml:4: schedule.type: unknown schedule 'cosin'; did you mean 'cosine'?",
    "[schedule]\nfloor = 0.1": "c.toml:3: schedule: missing type: 'floor' is an argument of a schedule; set its type",
    "[train]\nclip_norm = 0": "c.toml:4: train.clip_norm: expected more than 0, got 0",
    '[train]\nmax_time = "1 day"': "c.toml:4: train.max_time: expected a time above 0, e.g. '90s', '10min' or '1h30m', "
    "got '1 day'",
}

NO_DATA = {
    "": 'c.toml:1: data: missing: set the data file, e.g. data.path = "rows.csv"',
    "data = 3": "c.toml:1: data: expected a TOML table, got 3",
    '\n[data]\ntarget = "y"': 'c.toml:2: data.path: missing: set the data file, e.g. data.path = "rows.csv"',
    '[data]\npath = ""': "c.toml:2: data.path: expected a non-empty string, got ''",
    'epochs = 3\n[data]\npath = "x"': "c.toml:1: epochs: unknown key; did you mean 'train.epochs'?",
    'nam = "x"\n[data]\npath = "x"': "c.toml:1: nam: unknown key; did you mean 'name'?",
}

BAD_SYNTAX = {
    "[optimizer]\ntype = adam # fast": "c.toml:2: expected a value, got 'adam # fast'; strings need quotes",
    "[data]\n\npath 3": "c.toml:3: Expected '=' after a key in a key/value pair",
    "a = 1\na = 2": "c.toml:2: 'a' is defined twice",
    "a = 1\na = 2\nb = 3": "c.toml:2: 'a' is defined twice",
    "[data]\na = 1\n[data]\nb = 2": "c.toml:3: '[data]' is defined twice",
    "a = [1,\n2": "c.toml:2: Unclosed array at the end of the file",
}


@pytest.mark.parametrize(("text", "problem"), ONE_PROBLEM.items())
def test_a_wrong_value_is_one_sentence_at_its_line(problems_of, text: str, problem: str) -> None:
    assert problems_of(DATA + text) == (problem,)


@pytest.mark.parametrize(("text", "problem"), NO_DATA.items())
def test_wrong_keys_at_the_top_are_one_sentence_too(problems_of, text: str, problem: str) -> None:
    assert problems_of(text) == (problem,)


@pytest.mark.parametrize(("text", "problem"), BAD_SYNTAX.items())
def test_text_that_is_no_toml_is_one_line(problems_of, text: str, problem: str) -> None:
    (found,) = problems_of(text)
    assert found.startswith(problem)


def test_all_problems_are_reported_at_once_in_the_order_of_the_file(problems_of) -> None:
    text = """
[train]
epochs = "ten"

[[model.modules]]
type = "Linear"
output_size = 3

[[model.modules]]
type = "Liner"

[data]
pth = "x.csv"
path = "x.csv"
"""
    assert problems_of(text) == (
        "c.toml:3: train.epochs: expected an integer, got 'ten'",
        "c.toml:10: model.modules[1].type: unknown module 'Liner'; did you mean 'Linear'?",
        "c.toml:13: data.pth: unknown key; did you mean 'path'?",
    )


def test_no_message_is_left_in_the_words_of_pydantic(problems_of) -> None:
    bad_values = ("3", "-1", "nan", "''", "[]", "[[]]", "{}", "true", "07:00:00", '"9"', "[{}]", "2.5")
    keys = [
        *("name", "data", "model", "criterion", "optimizer", "schedule", "train"),
        *("data.path", "data.task", "data.ignore", "data.validation", "data.columns", "data.columns.x.type"),
        *("model.hidden", "model.modules", "model.weight_init", "model.dtype", "model.dropout", "train.keep"),
        *("train.clip_norm", "train.ema", "train.accumulate", "train.max_time", "schedule.type"),
    ]
    for key in keys:
        for value in bad_values:
            for problem in problems_of(f"{key} = {value}"):
                assert "nput" not in problem
                assert "hould" not in problem


@pytest.mark.parametrize("text", ["[criterion]", '[criterion]\ntype = "CrossEntropyCriterion"\nsize_average = true'])
def test_a_right_config_loads(problems_of, text: str) -> None:
    assert problems_of(DATA + text) == ()


def test_paths_of_a_file_are_relative_to_its_folder(tmp_path: Path) -> None:
    (tmp_path / "configs").mkdir()
    file = tmp_path / "configs" / "c.toml"
    file.write_text('[data]\npath = "../data/x.csv"\ntest_path = "/y.csv"\n')
    config = load_config(file)
    assert config.data.path == str(tmp_path / "data" / "x.csv")
    assert config.data.test_path == str(Path("/y.csv").absolute())
    assert config.data.validation_path is None


def test_paths_of_the_command_line_are_relative_to_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "configs").mkdir()
    file = tmp_path / "configs" / "c.toml"
    file.write_text('[data]\npath = "x.csv"\n')
    assert load_config(file, ["data.path=y.csv"]).data.path == str(tmp_path / "y.csv")
    assert build_config({"data": {"path": "y.csv"}}).data.path == str(tmp_path / "y.csv")


def test_a_file_that_is_no_config_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("folder").mkdir()
    Path("latin.toml").write_bytes(b"[data]\npath = 'caf\xe9'\n")
    Path("deep.toml").write_text("a = " + "[" * 5000 + "]" * 5000)
    problems = {
        "no.toml": "no.toml: no such file",
        "folder": "folder: expected a TOML file, got a folder",
        "latin.toml": "latin.toml:2: expected UTF-8, got the byte 0xe9",
    }
    for name, problem in problems.items():
        with pytest.raises(ConfigError) as caught:
            load_config(Path(name))
        assert caught.value.problems == (problem,)
    with pytest.raises(ConfigError, match=r"^deep.toml"):
        load_config(Path("deep.toml"))


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "c.toml"
    file.write_bytes(b"\xef\xbb\xbf[data]\r\npath = 'x'\r\n")
    assert load_config(file).data.path == str(tmp_path / "x")


def test_a_tree_without_a_file_is_named_by_its_name() -> None:
    with pytest.raises(ConfigError) as caught:
        build_config({"train": {"epochs": "ten"}})
    assert caught.value.problems == (
        'command line: data: missing: set the data file, e.g. data.path = "rows.csv"',
        "command line: train.epochs: expected an integer, got 'ten'",
    )
    with pytest.raises(ConfigError, match=r"^run 7: data: missing: "):
        build_config({}, name="run 7")


def test_a_tree_is_left_as_it_was() -> None:
    tree = {"data": {"path": "x.csv"}, "model": {"hidden": [3]}}
    build_config(tree, ["train.epochs=3", "model.hidden=[4]"])
    assert tree == {"data": {"path": "x.csv"}, "model": {"hidden": [3]}}


def test_the_package_imports_nothing_by_itself() -> None:
    code = "import sys, nntrain.config; sys.exit('pydantic' in sys.modules or 'numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_registries_are_asked_unless_others_are_given(monkeypatch: pytest.MonkeyPatch) -> None:
    def layer(spec: dict[str, object], kind: str, incomplete: bool) -> list[tuple[tuple[str, ...], str]]:
        return [((), f"{kind} {spec['type']}, {'incomplete' if incomplete else 'whole'}")]

    def optim(spec: dict[str, object], kind: str = "optimizer") -> list[tuple[tuple[str, ...], str]]:
        return [(("type",), f"{kind} {spec}")]

    monkeypatch.setitem(sys.modules, "nntrain.nn.building.builder", SimpleNamespace(find_problems=layer))
    monkeypatch.setitem(sys.modules, "nntrain.nn.building.factory", SimpleNamespace(find_option_problems=optim))
    tree = {
        "data": {"path": "x.csv"},
        "model": {"modules": [{"type": "A"}], "activation": "ReLU"},
        "criterion": {"type": "C"},
        "optimizer": {"rate": 1},
        "schedule": {"type": "S"},
    }
    with pytest.raises(ConfigError) as caught:
        build_config(tree)
    assert caught.value.problems == (
        "command line: model: module Sequential, incomplete",
        "command line: model.activation: module ReLU, incomplete",
        "command line: criterion: criterion C, whole",
        "command line: optimizer.type: optimizer {'type': 'adam', 'rate': 1}",
        "command line: schedule.type: schedule {'type': 'S'}",
    )
