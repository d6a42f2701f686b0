"""A summary of the content of a checkpoint."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nntrain.checkpoint.error_location import add_checkpoint_location
from nntrain.checkpoint.layout import Tree
from nntrain.checkpoint.reading import read_checkpoint
from nntrain.config.config import Config
from nntrain.config.load import load_config
from nntrain.config.spec_checks import NO_CHECKS
from nntrain.data.preprocessing.preprocessor_types import restore_preprocessor
from nntrain.data.targets.class_target import ClassTarget, format_label
from nntrain.data.targets.label_target import LabelTarget
from nntrain.data.targets.target import Target
from nntrain.errors import ConfigError, PluginError
from nntrain.exchange.network_files import is_importable, read_network
from nntrain.formatting import escape_line
from nntrain.nn.module import Module
from nntrain.nn.state import is_gradient
from nntrain.specs.state_schema import validate_state
from nntrain.training.best_model import SCORES_SCHEMA
from nntrain.training.diagnostics.hyperparameter_summary import summarize_hyperparameters
from nntrain.training.diagnostics.layer_summary import LayerSummary, summarize_layers
from nntrain.training.inference.network_loading import find_checkpoint
from nntrain.training.inference.raw_network import build_raw_tree, restore_raw_network
from nntrain.training.run_folder.provenance import build_version_warnings
from nntrain.training.run_folder.run_folder import RunFolder
from nntrain.training.tasks.threshold import Threshold
from nntrain.training.trained_network import TrainedNetwork


@dataclass(frozen=True)
class CheckpointSummary:
    """The network of a checkpoint; ``outline``: its spec and the reason, if a class is not installed."""

    path: str
    version: str | None
    spec: dict[str, Any]
    layers: list[LayerSummary]
    outline: str
    hyperparameters: list[str]
    parameters: list[list[str]]
    parameter_count: int
    criterion: str | None
    prediction: str | None
    scores: dict[str, dict[str, float]]
    notes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the summary as JSON values."""
        return {
            "path": self.path,
            "nntrain": self.version,
            "network": self.spec,
            "parameters": self.parameter_count,
            "criterion": self.criterion,
            "predicts": self.prediction,
            "scores": self.scores,
            "notes": list(self.notes),
        }


def format_outline(tree: Tree, error: PluginError, path: Path) -> str:
    """Format the spec of a network with a class that is not installed, and the error."""
    with add_checkpoint_location(str(path)):
        return "\n".join([*iterate_outline(tree["network"]["spec"]), "", escape_line(f"Not loaded: {error}")])


def iterate_outline(spec: Mapping[str, Any], lead: str = "") -> Iterator[str]:
    """Yield a line for each module of a spec, indented by nesting."""
    children = spec.get("modules") if isinstance(spec.get("modules"), list) else []
    arguments = ", ".join(f"{key}={value!r}" for key, value in spec.items() if key not in ("type", "modules"))
    yield escape_line(f"{lead}{spec.get('type', 'the module above')}({arguments})")
    for module in children or []:
        yield from iterate_outline(module, f"{lead}  ")


def summarize_checkpoint(
    path: Path, *, partial: bool = False, long_size: int | None = None, warn: Callable[[str], object] = str
) -> CheckpointSummary:
    """Read and summarize the checkpoint of a run folder or a file, or a network of another framework."""
    found = find_checkpoint(path)
    if is_importable(found):
        network = read_network(found, partial=partial, long_size=long_size)
        return build_summary({**build_raw_tree(network), "nntrain": None}, found, network.model, notes=network.notes)
    tree = read_checkpoint(found)
    model, outline = None, ""
    try:
        model = (TrainedNetwork.from_tree if "data" in tree else restore_raw_network)(tree, str(found)).model
    except PluginError as error:
        outline = format_outline(tree, error, found)
    with add_checkpoint_location(str(found)):
        for warning in build_version_warnings(tree, str(found)):
            warn(warning)
        return build_summary(tree, found, model, outline, config=read_run_config(path, warn))


def read_run_config(path: Path, warn: Callable[[str], object]) -> Config | None:
    """Return the config of a run folder; None for a file, and if it cannot be read, which ``warn`` receives."""
    config = RunFolder(path).config
    if not config.is_file():
        return None
    try:
        return load_config(config, checks=NO_CHECKS)
    except ConfigError as error:
        warn(str(error))
        return None


def build_summary(
    tree: Tree,
    path: Path,
    model: Module | None,
    outline: str = "",
    config: Config | None = None,
    notes: Sequence[str] = (),
) -> CheckpointSummary:
    """Summarize a tree and its network; None if that cannot be built."""
    views = tree["network"]["state"]["views"]
    values = {name: view for name, view in views.items() if not is_gradient(name)}
    gradients = {name.replace("grad_", "") for name in views if is_gradient(name)}
    own = {name: view for name, view in values.items() if view[0] == name}
    schema = {"nntrain": str | None, "scores": SCORES_SCHEMA, "threshold": Threshold | None}
    known = validate_state({"scores": {}, "threshold": None, **tree}, schema, "network")
    return CheckpointSummary(
        path=str(path),
        version=known["nntrain"],
        spec=tree["network"]["spec"],
        layers=[] if model is None else summarize_layers(model),
        outline=outline,
        hyperparameters=[] if model is None else summarize_hyperparameters(model, config),
        parameters=[[name, "×".join(map(str, view[2])), f"{math.prod(view[2]):,}"] for name, view in own.items()],
        parameter_count=sum(math.prod(view[2]) for name, view in own.items() if name in gradients),
        criterion=tree["criterion"]["type"] if tree["criterion"] else None,
        prediction=describe_target(restore_preprocessor(tree["data"]).target, known["threshold"])
        if "data" in tree
        else None,
        scores=known["scores"],
        notes=tuple(notes),
    )


def describe_target(target: Target, threshold: Threshold | None = None) -> str:
    """Describe the prediction. ``threshold``: of the probability of the positive class, or of the labels."""
    above = "" if threshold is None else f" above {threshold}"
    if isinstance(target, ClassTarget):
        positive = f"; positive: {format_label(target.labels[1])}{above}" if len(target.labels) == 2 else ""
        return f"the class {target.name!r}: {', '.join(map(format_label, target.labels))}{positive}"
    if isinstance(target, LabelTarget):
        return f"labels ({', '.join(map(repr, target.names))}): {', '.join(map(format_label, target.labels))}{above}"
    if len(target.labels) > 1:
        return f"{len(target.labels)} numbers: {', '.join(target.labels)}"
    return f"the number {target.name!r}"
