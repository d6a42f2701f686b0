"""``[train]``: length of training, batches, scores and checkpoints."""

import re
from functools import partial
from typing import Annotated, Any, Literal, NamedTuple, TypeAlias

from pydantic import BeforeValidator, ConfigDict, field_validator

from nntrain.config.section import Section, define_key, is_number, validate_strings

NUMBER = r"(\d+(?:\.\d+)?)"
DURATION = re.compile(rf"(?:{NUMBER}\s*h)?\s*(?:{NUMBER}\s*m(?:in)?)?\s*(?:{NUMBER}\s*s)?")
COUNT = re.compile(r"(\d+)\s*(step|epoch)s?")

# Looser patterns for editors: every valid value matches.
DURATION_PATTERN = r"^\s*\d[\d.\shmin]*[hmns]\s*$"
INTERVAL_PATTERN = r"^\s*\d[\d.\shmin]*(?:[hmns]|steps?|epochs?)\s*$"


def parse_duration(text: str) -> float:
    """The seconds in "90s", "10min" or "1h30m". ValueError for anything else, and for zero."""
    match = DURATION.fullmatch(text.strip())
    hours, minutes, rest = (float(part or 0) for part in match.groups()) if match else (0.0, 0.0, 0.0)
    total = 3600 * hours + 60 * minutes + rest
    if not total:
        raise ValueError(f"expected a time above 0, e.g. '90s', '10min' or '1h30m', got {text!r}")
    return total


class Interval(NamedTuple):
    """A number of steps, epochs or seconds."""

    amount: float
    unit: Literal["steps", "epochs", "seconds"]


def parse_interval(text: str) -> Interval:
    """Parse "500steps", "1epoch" or "10min". ValueError for anything else, and for zero."""
    match = COUNT.fullmatch(text.strip())
    if match and int(match[1]):
        return Interval(int(match[1]), "steps" if match[2] == "step" else "epochs")
    try:
        return Interval(parse_duration(text), "seconds")
    except ValueError:
        raise ValueError(f"expected an interval, e.g. '500steps', '10min' or '1epoch', got {text!r}") from None


def is_entry(value: object) -> bool:
    """Whether a value is a name, or a table with a type."""
    return isinstance(value, str) or (isinstance(value, dict) and isinstance(value.get("type"), str))


def validate_entry(value: Any, what: str) -> Any:
    """Return ``value`` if it is a name, or a TOML table with a type. ValueError for anything else."""
    if is_entry(value):
        return value
    raise ValueError(f"expected the name of {what}, or a TOML table with its type, got {value!r}")


MetricEntry: TypeAlias = Annotated[str | dict[str, Any], BeforeValidator(partial(validate_entry, what="a metric"))]
LoggerEntry: TypeAlias = Annotated[str | dict[str, Any], BeforeValidator(partial(validate_entry, what="a logger"))]
ScheduleEntry: TypeAlias = Annotated[str | dict[str, Any], BeforeValidator(partial(validate_entry, what="a schedule"))]


# Keys of [train] that are schedules.
SCHEDULE_KEYS = ("dropout_schedule", "weight_decay_schedule")


class TrainConfig(Section):
    """How to train."""

    model_config = ConfigDict(allow_inf_nan=False)

    quality: Literal["fast", "good", "best"] | None = define_key(
        "good",
        "How much time to spend on the network that is made for tables or images: fast or good; best is good with "
        "data.validation_folds = 5, the average of five networks. If the config defines the network, the loss, the "
        "optimizer or the schedule, fast and good have no effect.",
        examples=["fast"],
    )
    epochs: int | None = define_key(None, "Maximum number of epochs; default: chosen from the number of rows.", ge=1)
    batch_size: int | None = define_key(None, "Rows per batch; default: chosen from the number of rows.", ge=1)
    seed: int = define_key(1, "Seed for all random numbers of the run.", ge=0)
    patience: int | None = define_key(
        None,
        "Epochs without improvement before training stops; 0 disables early stopping; default: chosen from "
        "the number of rows and the batch size, at least 20.",
        ge=0,
    )
    min_delta: float = define_key(
        0.0,
        "Minimum improvement of the monitored score that resets patience; best.h5 is saved at any improvement.",
        ge=0,
    )
    max_time: str | None = define_key(
        None,
        "Maximum training time, e.g. 90s, 10min or 1h30m, including time before a resume; default: no limit.",
        examples=["10min"],
        json_schema_extra={"pattern": DURATION_PATTERN},
    )
    max_steps: int | None = define_key(None, "Maximum number of steps; default: no limit.", ge=1, examples=[1000])
    accumulate: int = define_key(1, "Batches to accumulate per step; equals one batch that many times larger.", ge=1)
    clip_norm: float | None = define_key(
        None, "Maximum gradient norm (Euclidean); larger gradients are scaled down to it.", gt=0, examples=[1.0]
    )
    clip_value: float | None = define_key(
        None,
        "Maximum absolute value of a gradient element; larger ones are clipped to it, before clip_norm.",
        gt=0,
        examples=[1.0],
    )
    l1: float = define_key(0.0, "Penalty l1 · Σ |w| on the weights (not biases or gains of normalization).", ge=0)
    l2: float = define_key(0.0, "Penalty l2 / 2 · Σ w² on the weights (not biases or gains of normalization).", ge=0)
    dropout_schedule: ScheduleEntry | None = define_key(
        None,
        "Schedule of the probability p of every Dropout, times its value: a name, or a TOML table with a type and its "
        "options; default: constant.",
        examples=["flat_cosine"],
    )
    weight_decay_schedule: ScheduleEntry | None = define_key(
        None,
        "Schedule of optimizer.weight_decay: a name, or a TOML table with a type and its options; default: constant.",
        examples=["flat_cosine"],
    )
    ema: float | None = define_key(
        None,
        "Decay, e.g. 0.99, of an exponential moving average of the parameters, which is then validated and "
        "saved in best.h5; default: no average.",
        gt=0,
        lt=1,
        examples=[0.99],
    )
    checkpoint_every: str = define_key(
        "1min",
        "How often to write a checkpoint, e.g. 500steps, 10min or 1epoch.",
        json_schema_extra={"pattern": INTERVAL_PATTERN},
    )
    metrics: tuple[MetricEntry, ...] | None = define_key(
        None,
        "Metrics in addition to the loss: names, or TOML tables with a type and its options; default: "
        "chosen by the task.",
        strict=False,
        examples=[["accuracy", "f1", {"type": "top_k", "k": 3}]],
    )
    train_metrics: Literal["bounded", "all"] = define_key(
        "bounded",
        "Metrics to compute on the training rows too, during the epoch: those whose memory does not grow "
        "with the rows (bounded), or all.",
    )
    monitor: str = define_key(
        "loss", "Validation score that selects the best epoch: loss, or a metric that is a single number.", min_length=1
    )
    select_epoch: Literal["best", "last"] = define_key(
        "best", "Epoch whose network is kept: the best by monitor, or the last."
    )
    refit: bool = define_key(
        False,
        "Whether to train once more, on training and validation rows, for the number of epochs that validation chose.",
    )
    threshold: float | str | dict[str, Any] | None = define_key(
        None,
        "Probability above which the positive class of two, or a label, is predicted; or a metric: the "
        "threshold with its best validation score; default: 0.5.",
        examples=["f1"],
    )
    loggers: tuple[LoggerEntry, ...] = define_key(
        (),
        "Loggers besides the terminal: names, or TOML tables with a type and its options.",
        strict=False,
        examples=[["tensorboard"]],
    )
    keep: int = define_key(3, "Number of checkpoints to keep.", ge=1)

    @property
    def max_seconds(self) -> float | None:
        """``max_time`` in seconds."""
        return None if self.max_time is None else parse_duration(self.max_time)

    @property
    def checkpoint_interval(self) -> Interval:
        """``checkpoint_every`` as a number of steps, epochs or seconds."""
        return parse_interval(self.checkpoint_every)

    @field_validator("threshold", mode="before")
    @classmethod
    def _validate_threshold(cls, threshold: Any) -> Any:
        if is_number(threshold) and 0 < threshold < 1:
            return float(threshold)
        try:
            return None if threshold is None else validate_entry(threshold, "a metric")
        except ValueError:
            expected = "a number between 0 and 1, the name of a metric, or a TOML table with its type"
            raise ValueError(f"expected {expected}, got {threshold!r}") from None

    _validate_checkpoint_every = validate_strings("checkpoint_every", parse_interval)
    _validate_max_time = validate_strings("max_time", parse_duration)
