"""The whole of a config."""

from __future__ import annotations

from pydantic import Field

from nntrain.config.criterion_config import CriterionConfig
from nntrain.config.data_config import DataConfig
from nntrain.config.model_config import ModelConfig
from nntrain.config.optimizer_config import OptimizerConfig
from nntrain.config.run_name import NAME_PATTERN
from nntrain.config.schedule_config import ScheduleConfig
from nntrain.config.section import Section
from nntrain.config.train_config import TrainConfig


class Config(Section):
    """What a run is made of. Only ``[data]`` must be there."""

    name: str | None = Field(
        default=None,
        min_length=1,
        description="The run's name, and that of its folder in runs/.",
        json_schema_extra={"pattern": NAME_PATTERN},
    )
    data: DataConfig = Field(description="The rows and their parts.")
    model: ModelConfig = Field(default=ModelConfig(), description="The network.")
    criterion: CriterionConfig = Field(default=CriterionConfig(), description="The loss.")
    optimizer: OptimizerConfig = Field(
        default=OptimizerConfig(), description="How the parameters follow their gradients."
    )
    schedule: ScheduleConfig = Field(default=ScheduleConfig(), description="How the learning rate changes.")
    train: TrainConfig = Field(default=TrainConfig(), description="How long, in what batches, and what is kept.")


SECTIONS: dict[str, type[Section]] = {
    name: field.annotation
    for name, field in Config.model_fields.items()
    if isinstance(field.annotation, type) and issubclass(field.annotation, Section)
}
