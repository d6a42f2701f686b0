"""``[train]``: how long, in what batches, and what is kept."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BeforeValidator, Field, field_validator

from nntrain.config.interval import DURATION_PATTERN, INTERVAL_PATTERN, Interval, parse_duration, parse_interval
from nntrain.config.section import Section


def validate_entry(value: Any, what: str) -> Any:
    """A name, or a table with a type. ValueError for anything else."""
    if isinstance(value, str) or (isinstance(value, dict) and isinstance(value.get("type"), str)):
        return value
    raise ValueError(f"expected the name of {what}, or a table with its type, got {value!r}")


def validate_metric(value: Any) -> Any:
    """A value that names a metric. ValueError if it does not."""
    return validate_entry(value, "a metric")


MetricEntry: TypeAlias = Annotated[str | dict[str, Any], BeforeValidator(validate_metric)]


def validate_logger(value: Any) -> Any:
    """A value that names a logger. ValueError if it does not."""
    return validate_entry(value, "a logger")


LoggerEntry: TypeAlias = Annotated[str | dict[str, Any], BeforeValidator(validate_logger)]


class TrainConfig(Section):
    """How a run trains."""

    epochs: int | None = Field(
        default=None, ge=1, description="The most passes over the rows; decided by the data if absent."
    )
    batch_size: int | None = Field(default=None, ge=1, description="Rows in a batch; decided by the data when absent.")
    seed: int = Field(default=1, ge=0, description="What every random stream of the run grows from.")
    patience: int | None = Field(
        default=None, ge=0, description="Epochs without improvement before training stops; 0 never stops it early."
    )
    min_delta: float = Field(
        default=0.0,
        ge=0,
        allow_inf_nan=False,
        description="By how much the monitored score must get better for patience to begin anew; best.h5 follows any "
        "improvement.",
    )
    max_time: str | None = Field(
        default=None,
        description="The most time to train, such as 90s, 10min or 1h30m, resumed runs counted together; no limit "
        "when absent.",
        examples=["10min"],
        json_schema_extra={"pattern": DURATION_PATTERN},
    )
    max_steps: int | None = Field(
        default=None, ge=1, description="The most steps to make; no limit when absent.", examples=[1000]
    )
    accumulate: int = Field(
        default=1,
        ge=1,
        description="Batches whose gradients make one step together, as one batch so many times as large would.",
    )
    clip_norm: float | None = Field(
        default=None,
        gt=0,
        allow_inf_nan=False,
        description="The longest gradient: a longer one is scaled down to this Euclidean norm.",
        examples=[1.0],
    )
    clip_value: float | None = Field(
        default=None,
        gt=0,
        allow_inf_nan=False,
        description="The largest element of the gradient: larger ones are cut off there, before clip_norm.",
        examples=[1.0],
    )
    l1: float = Field(
        default=0.0,
        ge=0,
        allow_inf_nan=False,
        description="The penalty l1 · Σ |w| on the weights (not biases, nor gains of normalization).",
    )
    l2: float = Field(
        default=0.0,
        ge=0,
        allow_inf_nan=False,
        description="The penalty l2 / 2 · Σ w² on the weights (not biases, nor gains of normalization).",
    )
    ema: float | None = Field(
        default=None,
        gt=0,
        lt=1,
        allow_inf_nan=False,
        description="The decay, such as 0.99, of a moving average of the parameters, which is then what is validated "
        "and kept in best.h5; no average when absent.",
        examples=[0.99],
    )
    checkpoint_every: str = Field(
        default="1min",
        description="How often a checkpoint is written while training goes on, such as 500steps, 10min or 1epoch.",
        json_schema_extra={"pattern": INTERVAL_PATTERN},
    )
    metrics: tuple[MetricEntry, ...] | None = Field(
        default=None,
        strict=False,
        description="What is scored beside the loss: names of metrics, or tables of a type and its options; decided by "
        "the task when absent.",
        examples=[["accuracy", "f1", {"type": "top_k", "k": 3}]],
    )
    train_metrics: Literal["bounded", "all"] = Field(
        default="bounded",
        description="Which of the metrics are scored on the training rows too, as they go by: those whose memory does "
        "not grow with the rows, or all.",
    )
    monitor: str = Field(
        default="loss",
        min_length=1,
        description="The score of the validation rows that says which epoch is best: loss, or a metric that is one "
        "number.",
    )
    threshold: float | str | dict[str, Any] | None = Field(
        default=None,
        description="The probability above which the positive one of two classes, or a label, is predicted; or the "
        "metric that chooses it: the threshold with the best score of the validation rows; default: 0.5.",
        examples=["f1"],
    )
    loggers: tuple[LoggerEntry, ...] = Field(
        default=(),
        strict=False,
        description="Who listens to the run beside the terminal: names of loggers, or tables of a type and its "
        "options.",
        examples=[["tensorboard"]],
    )
    keep: int = Field(default=3, ge=1, description="Checkpoints kept.")

    @property
    def max_seconds(self) -> float | None:
        """``max_time`` in seconds."""
        return None if self.max_time is None else parse_duration(self.max_time)

    @property
    def checkpoint_interval(self) -> Interval:
        """``checkpoint_every`` as a count of something."""
        return parse_interval(self.checkpoint_every)

    @field_validator("threshold", mode="before")
    @classmethod
    def _validate_threshold(cls, threshold: Any) -> Any:
        if isinstance(threshold, int | float) and not isinstance(threshold, bool) and 0 < threshold < 1:
            return float(threshold)
        try:
            return None if threshold is None else validate_metric(threshold)
        except ValueError:
            expected = "a number between 0 and 1, the name of a metric, or a table with its type"
            raise ValueError(f"expected {expected}, got {threshold!r}") from None

    @field_validator("checkpoint_every")
    @classmethod
    def _validate_checkpoint_every(cls, checkpoint_every: str) -> str:
        parse_interval(checkpoint_every)
        return checkpoint_every

    @field_validator("max_time")
    @classmethod
    def _validate_max_time(cls, max_time: str | None) -> str | None:
        if max_time is not None:
            parse_duration(max_time)
        return max_time
