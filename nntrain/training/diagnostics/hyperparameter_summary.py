"""A summary of learning rate, weight decay and dropout: their schedules, and the factors of single parameters."""

from collections.abc import Iterator

from nntrain.config.config import Config
from nntrain.config.toml import format_toml_value
from nntrain.config.train_config import ScheduleEntry
from nntrain.nn.module import Module
from nntrain.nn.parameter_factors import FACTOR_KEYS, FactorKey, group_by_factor

# Maximum number of parameters to list for a factor.
MAX_LISTED = 8


def summarize_hyperparameters(model: Module, config: Config | None) -> list[str]:
    """Return a line for each that has a schedule or factors, and one for each factor; the rest have the factor 1.

    Without a config, values and schedules are not known.
    """
    rates, decays = (list_factors(model, key) for key in FACTOR_KEYS)
    if config is None:
        return [*describe("learning rate", None, None, rates), *describe("weight decay", None, None, decays)]
    optimizer, train = config.optimizer.spec(), config.train
    return [
        *describe("learning rate", optimizer.get("learning_rate"), config.schedule.spec(), rates),
        *describe("weight decay", optimizer.get("weight_decay"), train.weight_decay_schedule, decays),
        *describe("dropout", None, train.dropout_schedule, []),
    ]


def describe(name: str, value: float | None, schedule: ScheduleEntry | None, factors: list[str]) -> Iterator[str]:
    """Yield a line with the value and the schedule, and one for each factor; nothing without both."""
    if not schedule and not factors:
        return
    parts = [*([] if value is None else [f"{value:g}"]), *([format_schedule(schedule)] if schedule else [])]
    yield f"{name}: {', '.join(parts)}" if parts else f"{name} factors:"
    yield from factors


def format_schedule(entry: ScheduleEntry) -> str:
    """Format a schedule with its options."""
    if isinstance(entry, str):
        return entry
    options = ", ".join(f"{key}={format_toml_value(value)}" for key, value in entry.items() if key != "type")
    return f"{entry['type']}({options})" if options else str(entry["type"])


def list_factors(model: Module, key: FactorKey) -> list[str]:
    """Return a line for each factor other than 1, with its parameters, or those that do not have it if they are few."""
    groups = group_by_factor(model, key)
    lines = []
    for factor, places in groups.items():
        others = [place for other, found in groups.items() if other != factor for place in found]
        shown = shorten_list(places) if len(places) <= len(others) else f"all but {shorten_list(others)}"
        if factor != 1:
            lines.append((f"  × {factor:.4g}", shown if others else "all"))
    width = max((len(head) for head, _ in lines), default=0)
    return [f"{head.ljust(width)}  {shown}" for head, shown in lines]


def shorten_list(places: list[str]) -> str:
    """Join the first places, with the number of the others."""
    more = len(places) - MAX_LISTED
    return ", ".join(places) if more <= 1 else f"{', '.join(places[:MAX_LISTED])} and {more:,} more"
