"""A complete config for a file of rows, with what the data decide filled in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nntrain.config.config import Config
from nntrain.config.config_template import format_template
from nntrain.config.run_name import find_name_problem
from nntrain.config.toml import format_toml_key, format_toml_value
from nntrain.data.checks.column_facts import ColumnFacts
from nntrain.data.checks.inspection import Inspection, inspect_data
from nntrain.training.building.network_design import DEFAULT_HIDDEN
from nntrain.training.building.trainer_assembly import assemble_trainer, get_data_options
from nntrain.training.resuming.run_start import resolve_config

__all__ = ["build_config_template"]

HEADER = (
    "#:schema ./nntrain.schema.json",
    "# A config of nntrain with every key: a line behind a # has the default, or an example where there is none.",
    "# Train with it: nntrain fit config.toml. An editor that knows JSON Schema completes and checks it after",
    "# nntrain schema > nntrain.schema.json in this folder.",
)


def build_config_template(config: Config) -> tuple[str, Inspection]:
    """The text of the config, and what was seen in the data. Raises what ``fit`` would."""
    found = inspect_data(get_data_options(config), config.train.seed)
    run, assembled = assemble_trainer(config, found.splits)
    decided = resolve_config(assembled, run)
    values = {
        **get_changed_values(config),
        **get_run_name(config),
        "data": {**get_changed_values(config)["data"], **get_changed_values(decided)["data"]},
        "model": {**get_changed_values(config).get("model", {}), **get_network_values(config, decided)},
        "criterion": decided.criterion.spec(),
        "optimizer": decided.optimizer.spec(),
        "train": get_changed_values(decided)["train"],
    }
    values["data"].pop("columns", None)
    given = {name: column.model_dump(exclude_none=True) for name, column in config.data.columns.items()}
    if given:
        values["data"]["columns"] = given
    return format_template(
        values, HEADER, {("data", "ignore"): format_suggestions(found), ("data",): format_columns(found, given)}
    ), found


def get_run_name(config: Config) -> dict[str, str]:
    """The name of the run; nothing where the file of rows gives none that a config may have."""
    name = config.name or Path(config.data.path).name.split(".")[0]
    return {} if find_name_problem(name) else {"name": name}


def get_changed_values(config: Config) -> dict[str, Any]:
    """The values that are not their defaults."""
    return config.model_dump(exclude_defaults=True, exclude_none=True)


def get_network_values(config: Config, decided: Config) -> dict[str, Any]:
    """How the network is said, where the config leaves it open: by its hidden layers."""
    weight_init = {"weight_init": decided.model.weight_init}
    if config.model.modules is not None or config.model.hidden is not None:
        return weight_init
    return {"hidden": DEFAULT_HIDDEN, **weight_init}


def format_suggestions(inspection: Inspection) -> list[str]:
    """The columns that had better be ignored, each with the reason."""
    wrong = [fact for fact in inspection.columns if fact.id or fact.giveaway]
    if not wrong:
        return []
    reasons = [f"  {format_toml_value(fact.name)}: {fact.warning}" for fact in wrong]
    return ["Suggested:", *reasons, f"ignore = {format_toml_value([fact.name for fact in wrong])}", "The default:"]


def format_columns(inspection: Inspection, given: dict[str, Any]) -> list[str]:
    """What each column was taken for, in lines that change it when the # is taken away."""
    lines = ["The columns, as their values read. Without the # such a line says what a column is:"]
    return [*lines, *(format_column(fact) for fact in inspection.columns if fact.name not in given)]


def format_column(fact: ColumnFacts) -> str:
    """One column."""
    count = "many" if fact.distinct is None else f"{fact.distinct:,}"
    seen = f"{count} different values" + (f", {fact.missing:,} missing" if fact.missing else "")
    if fact.role == "input" and fact.type.startswith("array"):
        return f"{fact.name}: {fact.type}, {fact.remark}"
    if fact.role == "target":
        return f"{format_toml_key(fact.name)} is the target: {fact.remark}, {seen}"
    role = "" if fact.role == "input" else f"{fact.role}: "
    return f"columns.{format_toml_key(fact.name)}.type = {format_toml_value(fact.type)}  # {role}{fact.remark}, {seen}"
