"""The complete config of a run."""

from pydantic import Field

from nntrain.config.data_config import DataConfig
from nntrain.config.model_config import ModelConfig
from nntrain.config.registered_sections import CriterionConfig, OptimizerConfig, ScheduleConfig
from nntrain.config.run_name import NAME_PATTERN
from nntrain.config.section import Section, define_key
from nntrain.config.train_config import TrainConfig


class Config(Section):
    """The sections of a config. Only ``[data]`` is required."""

    name: str | None = define_key(
        None, "Name of the run and of its folder in runs/.", min_length=1, json_schema_extra={"pattern": NAME_PATTERN}
    )
    data: DataConfig = Field(description="The data: files, columns and splits.")
    model: ModelConfig = define_key(ModelConfig(), "The network.")
    criterion: CriterionConfig = define_key(CriterionConfig(), "The loss function.")
    optimizer: OptimizerConfig = define_key(OptimizerConfig(), "The optimizer.")
    schedule: ScheduleConfig = define_key(ScheduleConfig(), "The learning rate schedule.")
    train: TrainConfig = define_key(TrainConfig(), "Training: length, batches, scores and checkpoints.")


SECTIONS: dict[str, type[Section]] = {
    name: field.annotation
    for name, field in Config.model_fields.items()
    if isinstance(field.annotation, type) and issubclass(field.annotation, Section)
}
