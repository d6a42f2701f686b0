"""A complete config for a data file, with the keys that depend on the data filled in."""

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
from nntrain.training.building.training_defaults import is_recipe_applicable
from nntrain.training.run_start import build_resolved_config

HEADER = (
    "#:schema ./nntrain.schema.json",
    "# A config of nntrain with every key: commented lines show the default, or an example if there is none.",
    "# Train with it: nntrain fit config.toml. An editor with JSON Schema support completes and checks it after",
    "# nntrain schema > nntrain.schema.json in this folder.",
)


def build_config_template(config: Config) -> tuple[str, Inspection]:
    """Return the text of the config and the inspected data. Raises the same errors as ``fit``."""
    found = inspect_data(get_data_options(config), config.train.seed)
    trainer, assembled = assemble_trainer(config, found.splits)
    decided = build_resolved_config(assembled, trainer)
    # The name of the data file may not be valid in a config.
    name = config.name or Path(config.data.path).name.split(".")[0]
    values = {
        **get_changed_values(config),
        **({} if find_name_problem(name) else {"name": name}),
        "data": {**get_changed_values(config)["data"], **get_changed_values(decided)["data"]},
    }
    if not is_recipe_applicable(config, found.splits):
        is_default = config.model.modules is None and config.model.hidden is None
        hidden = {"hidden": DEFAULT_HIDDEN} if is_default else {}
        model = {**get_changed_values(config).get("model", {}), **hidden, "weight_init": decided.model.weight_init}
        values |= {
            "model": model,
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


def get_changed_values(config: Config) -> dict[str, Any]:
    """Return the values that differ from their defaults."""
    return config.model_dump(exclude_defaults=True, exclude_none=True)


def format_suggestions(inspection: Inspection) -> list[str]:
    """Format the columns that are better ignored, each with the reason."""
    wrong = [fact for fact in inspection.columns if fact.id or fact.leakage]
    if not wrong:
        return []
    reasons = [f"  {format_toml_value(fact.name)}: {fact.warning}" for fact in wrong]
    return ["Suggested:", *reasons, f"ignore = {format_toml_value([fact.name for fact in wrong])}", "The default:"]


def format_columns(inspection: Inspection, given: dict[str, Any]) -> list[str]:
    """Format the inferred type of each column, as lines that set it once the # is removed."""
    lines = ["The inferred columns. Remove the # of a line to set the type of a column:"]
    return [*lines, *(format_column(fact) for fact in inspection.columns if fact.name not in given)]


def format_column(fact: ColumnFacts) -> str:
    """Format one column."""
    count = "many" if fact.distinct is None else f"{fact.distinct:,}"
    seen = f"{count} distinct values" + (f", {fact.missing:,} missing" if fact.missing else "")
    if fact.role == "input" and fact.type.startswith("array"):
        return f"{fact.name}: {fact.type}, {fact.remark}"
    if fact.role == "target":
        return f"{format_toml_key(fact.name)} is the target: {fact.remark}, {seen}"
    role = "" if fact.role == "input" else f"{fact.role}: "
    return f"columns.{format_toml_key(fact.name)}.type = {format_toml_value(fact.type)}  # {role}{fact.remark}, {seen}"
