from __future__ import annotations

import pytest
from pydantic import ValidationError

from nntrain.config.config import Config
from nntrain.config.data_config import ColumnConfig, DataConfig
from nntrain.config.model_config import ModelConfig
from nntrain.config.registered_sections import CriterionConfig, OptimizerConfig, ScheduleConfig
from nntrain.config.section import Section
from nntrain.config.train_config import TrainConfig

SECTIONS = (
    ColumnConfig,
    Config,
    CriterionConfig,
    DataConfig,
    ModelConfig,
    OptimizerConfig,
    ScheduleConfig,
    TrainConfig,
)

every_section = pytest.mark.parametrize("section", SECTIONS)


@every_section
def test_every_field_has_a_description(section: type[Section]) -> None:
    assert [name for name, field in section.model_fields.items() if not field.description] == []


@every_section
def test_defaults_keep_their_own_rules(section: type[Section]) -> None:
    defaults = {name: field.get_default(call_default_factory=True) for name, field in section.model_fields.items()}
    given = {"data": {"path": "x.csv"}} if section is Config else {"path": "x.csv"} if section is DataConfig else {}
    section.model_validate(defaults | given)


def test_a_config_is_frozen() -> None:
    with pytest.raises(ValidationError):
        TrainConfig().epochs = 3


def test_only_data_path_is_required() -> None:
    config = Config.model_validate({"data": {"path": "x.csv"}})
    assert config.train.seed == 1
    assert config.model.hidden is None
    assert config.optimizer.spec() == {"type": "adam"}
    assert config.criterion.spec() is None
    assert config.schedule.spec() is None


def test_other_keys_of_a_spec_are_its_arguments() -> None:
    criterion = CriterionConfig.model_validate({"type": "CrossEntropyCriterion", "size_average": True})
    optimizer = OptimizerConfig.model_validate({"learning_rate": 0.1})
    assert criterion.spec() == {"type": "CrossEntropyCriterion", "size_average": True}
    assert optimizer.spec() == {"type": "adam", "learning_rate": 0.1}


def test_the_json_schema_describes_every_section() -> None:
    schema = Config.model_json_schema()
    assert set(schema["properties"]) == {"name", "data", "model", "criterion", "optimizer", "schedule", "train"}
    assert schema["required"] == ["data"]


def test_a_whole_number_is_a_number() -> None:
    assert TrainConfig.model_validate({"min_delta": 0}).min_delta == 0.0


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("500steps", (500, "steps")),
        ("1 step", (1, "steps")),
        ("2epochs", (2, "epochs")),
        ("10min", (600, "seconds")),
        ("1h30m", (5400, "seconds")),
    ],
)
def test_an_interval_counts_steps_epochs_or_seconds(text: str, wanted: tuple[float, str]) -> None:
    assert TrainConfig.model_validate({"checkpoint_every": text}).checkpoint_interval == wanted


def test_no_hidden_layers_differs_from_undecided_ones() -> None:
    assert ModelConfig.model_validate({"hidden": []}).hidden == ()
    assert ModelConfig().hidden is None


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90s", 90), ("10min", 600), ("10m", 600), ("1h30m", 5400), ("1h 30min 5s", 5405), ("1.5h", 5400), (" 2 s ", 2)],
)
def test_a_time_is_written_as_people_do(text: str, seconds: float) -> None:
    assert TrainConfig(max_time=text).max_seconds == seconds


@pytest.mark.parametrize("text", ["", "90", "1d", "s", "0s", "30m1h", "-5s", "1h-5s", "1e3s", "nan"])
def test_invalid_time_is_reported(text: str) -> None:
    with pytest.raises(ValidationError, match=r"expected a time above 0, e\.g\. '90s', '10min' or '1h30m', got"):
        TrainConfig(max_time=text)
