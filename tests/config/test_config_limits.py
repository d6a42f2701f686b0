"""Configs that would take minutes or exhaust the interpreter are refused in one line, in milliseconds."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from nntrain.config.load import build_config, load_config
from nntrain.config.toml import has_long_key
from nntrain.errors import ConfigError

# Seconds that a small config may take where the machine is busy. The square of 20,000 parts takes minutes.
PATIENCE = 10

DATA = 'data.path = "x.csv"\n'


def loaded(tmp_path: Path, text: str, *overrides: str) -> str:
    """The problems of a config, and in how much time they are found."""
    (tmp_path / "c.toml").write_text(text)
    begun = time.process_time()
    with pytest.raises(ConfigError) as raised:
        load_config(tmp_path / "c.toml", overrides)
    assert time.process_time() - begun < PATIENCE
    assert "\n" not in "".join(raised.value.problems)
    return "\n".join(raised.value.problems)


@pytest.mark.parametrize("part", ["a", '"a"', "'a.b'", '"\\"."'])
@pytest.mark.parametrize("form", ["{} = 1", "[{}]\nb = 1", "[[{}]]", "x = {{ b = 1, {} = 2 }}", "  {}\t= 1"])
def test_a_key_of_thousands_of_parts(tmp_path: Path, part: str, form: str) -> None:
    for dot in (".", " . "):
        told = loaded(tmp_path, DATA + form.format(dot.join([part] * 20_000)))
        assert told.endswith("c.toml: expected keys of at most 100 parts")


@pytest.mark.parametrize(
    "text",
    [
        ".".join(["a"] * 100) + " = 1",
        'path = "' + ".".join(["a"] * 5000) + '"',
        "names = [" + '"a", ' * 5000 + "]",
        "numbers = [" + "1.5, " * 5000 + "]",
        "k" * 10**6 + " = 1",
        '"' + "k" * 10**6,
        '"' * 10**5,
        ", 'a" * 10**5,
    ],
)
def test_what_is_no_long_key(text: str) -> None:
    begun = time.process_time()
    assert not has_long_key(text)
    assert time.process_time() - begun < PATIENCE


@pytest.mark.parametrize(
    "value", ["[" * 20_000 + "]" * 20_000, "[" * 150 + "]" * 150, "{a=" * 150 + "1" + "}" * 150], ids=len
)
def test_lists_and_tables_nested_deep(tmp_path: Path, value: str) -> None:
    assert "nested more than 100 deep" in loaded(tmp_path, f"{DATA}model.modules = {value}")


def test_a_tree_nested_deep_is_refused_however_it_is_made() -> None:
    tree: dict[str, Any] = {"data": {"path": "x.csv"}}
    tree["model"] = inner = {}
    for _ in range(5000):
        inner["modules"] = inner = {}
    with pytest.raises(ConfigError, match="nested more than 100 deep"):
        build_config(tree)


@pytest.mark.parametrize(
    ("override", "told"),
    [
        (".".join(["a"] * 20_000) + "=1", "expected a key of at most 100 parts, got 20,000"),
        (f"model.modules[{'9' * 5000}]=1", "expected a valid TOML key"),
        (f"model.modules={'[' * 150}{']' * 150}", "nested more than 100 deep"),
        (
            f"train.epochs=0x{'f' * 5000}",
            "train.epochs: expected a number below 1.8e308, got an integer of 20,000 bits",
        ),
    ],
    ids=["parts", "index", "deep", "large"],
)
def test_overrides_have_the_same_limits(tmp_path: Path, override: str, told: str) -> None:
    assert told in loaded(tmp_path, DATA, override)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("0x" + "f" * 10_000, "c.toml:2: train.epochs: expected a number below 1.8e308, got an integer of 40,000 bits"),
        ("9" * 4000, "c.toml:2: train.epochs: expected a number below 1.8e308, got an integer of 13,288 bits"),
        ("9" * 10_000, "c.toml: cannot be read: "),
    ],
)
def test_integers_of_thousands_of_digits(tmp_path: Path, value: str, told: str) -> None:
    assert told in loaded(tmp_path, f"{DATA}train.epochs = {value}")


def test_thousands_of_unknown_keys_are_one_problem(tmp_path: Path) -> None:
    told = loaded(tmp_path, "[data]\npath = 'x.csv'\n" + "".join(f"k{i} = 1\n" for i in range(5000)))
    assert told.endswith("c.toml:3: data.k0: 5,000 unknown keys; this is the first")


def test_a_hundred_problems_are_reported_and_that_there_are_more(tmp_path: Path) -> None:
    told = loaded(tmp_path, DATA + "model.modules = [" + '{type = "Tahn"},\n' * 5000 + "]").splitlines()
    assert told[0].endswith("c.toml:2: model.modules[0].type: unknown module 'Tahn'; did you mean 'Tanh'?")
    assert told[99].endswith("c.toml:101: model.modules[99].type: unknown module 'Tahn'; did you mean 'Tanh'?")
    assert len(told) == 101
    assert told[100].endswith("and more problems")


@pytest.mark.parametrize("count", [100_000, 1_000_000])
def test_more_modules_than_any_network_has(tmp_path: Path, count: int) -> None:
    tree = {"data": {"path": "x.csv"}, "model": {"modules": [{"type": "Tanh"}] * count}}
    with pytest.raises(ConfigError, match="model: more than 100,000 modules"):
        build_config(tree)


@pytest.mark.parametrize("key", ["max_iter", "max_eval"])
def test_a_step_of_an_optimizer_has_at_most_a_million_iterations(tmp_path: Path, key: str) -> None:
    told = loaded(tmp_path, DATA + f'optimizer.type = "lbfgs"\noptimizer.{key} = 1_000_001\n')
    assert f"optimizer.{key}: expected at most 1,000,000, because a step cannot be interrupted" in told
