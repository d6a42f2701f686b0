"""The JSON Schema agrees with what the program takes."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from nntrain.config.json_schema import JSON_SCHEMA_DRAFT, build_json_schema, list_registered
from nntrain.config.load import build_config
from nntrain.errors import ConfigError
from nntrain.hooks.registry import get_registry
from tests.paths import ROOT

CONFIGS = sorted((ROOT / "configs").glob("*.toml"))


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    return build_json_schema()


@pytest.fixture(scope="module")
def validator(schema: dict[str, Any]) -> Draft7Validator:
    return Draft7Validator(schema)


def test_the_schema_is_one_of_its_draft(schema: dict[str, Any]) -> None:
    assert schema["$schema"] == JSON_SCHEMA_DRAFT
    Draft7Validator.check_schema(schema)


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)
def test_a_config_that_comes_with_nntrain_is_valid(path: Path, validator: Draft7Validator) -> None:
    assert [error.message for error in validator.iter_errors(tomllib.loads(path.read_text("utf-8")))] == []


GOOD = {
    "modules": '[model]\nmodules = [{type="Concat", dim=1, modules=[{type="Linear"}, {ref="a"}]}]',
    "a criterion in another": '[criterion]\ntype = "ModuleCriterion"\ncriterion = {type="MSECriterion"}',
    "the default optimizer's argument": "[optimizer]\nlearning_rate = 0.1",
    "another optimizer": '[optimizer]\ntype = "sgd"\nmomentum = 0.9',
    "an undecided criterion": "[criterion]",
    "metrics and loggers": '[train]\nmetrics = ["f1", {type="top_k", k=3}]\nloggers = [{type="tensorboard", every=2}]',
    "a size": '[data]\nmemory = "1.5 GiB"',
    "times": '[train]\nmax_time = "1h 30m"\ncheckpoint_every = "9 epochs"',
    "an activation": '[model]\nactivation = "ELU"',
    "a column": '[data.columns."a.b"]\ntype = "category"',
}
BAD = {
    "an unknown section": "[modle]\nhidden = [3]",
    "an unknown key": "[train]\nbatchsize = 3",
    "a text for a number": '[train]\nepochs = "ten"',
    "a number out of its range": "[train]\nepochs = 0",
    "an unknown module": '[model]\nmodules = [{type="Liner"}]',
    "an argument of another module": '[model]\nmodules = [{type="Tanh", output_size=3}]',
    "an unknown module inside another": '[model]\nmodules = [{type="Sequential", modules=[{type="Liner"}]}]',
    "an argument of another optimizer": "[optimizer]\nmomentum = 0.9",
    "an argument without a criterion": "[criterion]\nsize_average = true",
    "an unknown metric": '[train]\nmetrics = ["acuracy"]',
    "an argument of another metric": '[train]\nmetrics = [{type="f1", k=3}]',
    "an average that there is not": '[train]\nmetrics = [{type="f1", average="mikro"}]',
    "an unknown logger": '[train]\nloggers = ["tensorbord"]',
    "an unknown activation": '[model]\nactivation = "Relu"',
    "no time": '[train]\nmax_time = "soon"',
    "no interval": '[train]\ncheckpoint_every = "5 minutes past"',
    "no size": '[data]\nmemory = "lots"',
    "an unknown encoding": '[data.columns.a]\nencoding = "hot"',
}


def parsed(text: str) -> dict[str, Any]:
    tree = tomllib.loads(text)
    tree.setdefault("data", {}).setdefault("path", "x.csv")
    return tree


@pytest.mark.parametrize("name", [name for name in GOOD if "ref" not in GOOD[name]])
def test_the_program_takes_what_the_schema_does(name: str) -> None:
    build_config(parsed(GOOD[name]))


@pytest.mark.parametrize("name", GOOD)
def test_what_is_right_is_valid(name: str, validator: Draft7Validator) -> None:
    assert [error.message for error in validator.iter_errors(parsed(GOOD[name]))] == []


@pytest.mark.parametrize("name", BAD)
def test_what_is_wrong_is_invalid_to_both(name: str, validator: Draft7Validator) -> None:
    assert not validator.is_valid(parsed(BAD[name]))
    with pytest.raises(ConfigError):
        build_config(parsed(BAD[name]))


@pytest.mark.parametrize("kind", ["module", "criterion", "optimizer", "schedule", "metric", "logger"])
def test_every_registered_class_can_be_named(kind: str, schema: dict[str, Any]) -> None:
    named = {name for node in nodes(schema) for name in node.get("properties", {}).get("type", {}).get("enum", ())}
    assert set(list_registered(kind)) <= named
    assert len(list_registered(kind)) == len(get_registry().names(kind))


def test_nothing_is_beside_a_reference_and_nothing_is_null(schema: dict[str, Any]) -> None:
    for node in nodes(schema):
        assert "$ref" not in node or len(node) == 1
        assert node.get("type") != "null"
        assert node.get("default", 0) is not None


def test_every_key_has_a_description(schema: dict[str, Any]) -> None:
    for name, node in schema["definitions"].items():
        if name.endswith("Config") and "properties" in node:
            inner = {key: value for key, value in node["properties"].items() if "$ref" not in value}
            assert [key for key, value in inner.items() if not value.get("description")] == []


def nodes(node: Any) -> list[dict[str, Any]]:
    """Every object of the schema."""
    inner = list(node.values()) if isinstance(node, dict) else node if isinstance(node, list) else []
    return [*([node] if isinstance(node, dict) else []), *(found for item in inner for found in nodes(item))]
