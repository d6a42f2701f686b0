"""A network with everything needed to use it on new rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from nntrain import __version__
from nntrain.checkpoint.error_location import add_checkpoint_location
from nntrain.checkpoint.layout import Tree
from nntrain.compute.allocation_budget import get_allowed_elements, limit_elements, skip_allocation
from nntrain.compute.array import Array, Value
from nntrain.data.dataset import Dataset
from nntrain.data.preprocessing.preprocessor import Preprocessor
from nntrain.data.preprocessing.preprocessor_types import restore_preprocessor
from nntrain.data.targets.target import TaskType
from nntrain.errors import CheckpointError, ShapeError
from nntrain.nn.building.builder import build
from nntrain.nn.building.component_spec import iterate_components
from nntrain.nn.criterion import Criterion
from nntrain.nn.module import Module
from nntrain.nn.state import count_elements, update_state
from nntrain.specs.state_schema import validate_state
from nntrain.training.best_model import SCORES_SCHEMA
from nntrain.training.metric_collection import MetricCollection
from nntrain.training.metrics.metric_selection import MetricEntry, build_metrics
from nntrain.training.row_limit import RowLimit, forward_rows
from nntrain.training.run_folder.provenance import (
    Provenance,
    get_provenance,
    get_type_names,
    read_provenance,
    require_installed,
)
from nntrain.training.tasks.classification import Classification
from nntrain.training.tasks.multilabel import Multilabel
from nntrain.training.tasks.regression import Regression
from nntrain.training.tasks.task import Task
from nntrain.training.tasks.threshold import Threshold

TASKS: dict[TaskType, type[Task]] = {
    "classification": Classification,
    "multilabel": Multilabel,
    "regression": Regression,
}

# The keys of a checkpoint besides the network and its preprocessing. Older checkpoints have no threshold.
STATE_SCHEMA = {"scores": SCORES_SCHEMA, "metrics": list[str | dict[str, Any]], "threshold": Threshold | None}

OutputObserver = Callable[[int, Array], object]


@dataclass
class TrainedNetwork:
    """A model, its criterion, the fitted preprocessing of rows, and the metrics as a config names them."""

    model: Module
    criterion: Criterion
    preprocessor: Preprocessor
    scores: dict[str, Any] = field(default_factory=dict)
    metrics: list[MetricEntry] = field(default_factory=list)

    # The distributions of the modules, the criterion and the metrics of a checkpoint.
    provenance: Provenance = field(default_factory=dict)

    # The memory limit for its rows, if it was loaded from a file.
    row_limit: RowLimit | None = None

    @cached_property
    def task(self) -> Task:
        """The task, which defines the meaning of the outputs."""
        target = self.preprocessor.target
        return TASKS[target.task](target, self.criterion)

    @cached_property
    def scoring_criterion(self) -> Criterion:
        """The criterion without label smoothing: scores compare outputs with the targets themselves."""
        if not any(inner.label_smoothing for inner in list_criterions(self.criterion)):
            return self.criterion
        criterion: Criterion = self.criterion.clone()
        for inner in list_criterions(criterion):
            inner.label_smoothing = 0.0
        return criterion

    def iterate_outputs(self, inputs: Value) -> Iterator[Array]:
        """Yield the outputs for rows in blocks, in evaluation mode; the next block overwrites them."""
        self.model.evaluate()

        def read_batch(start: int, stop: int) -> Value:
            return self.cast_floats(slice_rows(inputs, start, stop))

        for _, y in forward_rows(self.model, read_batch, count_rows(inputs), self.row_limit):
            yield self.check_outputs(y)

    def check_outputs(self, y: Value) -> Array:
        """Return the outputs. ShapeError if their number per row does not fit the target."""
        if isinstance(y, list) or y.ndim != 2 or y.shape[1] != self.task.output_count:
            given = "a list of arrays" if isinstance(y, list) else f"the shape {y.shape}"
            raise ShapeError(
                f"expected outputs of the shape (N, {self.task.output_count}) for the target "
                f"{self.preprocessor.target.name!r}, got {given}"
            )
        return y

    def cast_floats(self, value: Value) -> Value:
        """Return ``value`` with its floating-point arrays in the type of the model."""
        return cast_floats(value, self.model.type())

    def create_metrics(self, *, bounded: bool = False) -> MetricCollection:
        """Return the metrics without rows; ``bounded``: only those whose memory does not grow with the rows."""
        metrics = build_metrics(self.task, self.metrics)
        return MetricCollection(self.task, [metric for metric in metrics if not (bounded and metric.keeps_rows)])

    def score(
        self,
        dataset: Dataset,
        metrics: MetricCollection | None = None,
        *,
        smooth: bool = False,
        observe: OutputObserver | None = None,
    ) -> dict[str, Any]:
        """Return the loss and the metrics on rows with targets.

        ``metrics``: replace its own; they are reset first. ``smooth``: whether the loss is with label smoothing.
        ``observe``: called with the position of each block of rows and its outputs.
        """
        metrics = self.create_metrics() if metrics is None else metrics
        metrics.reset()
        self.update_metrics(dataset, metrics, smooth=smooth, observe=observe)
        return metrics.compute()

    def update_metrics(
        self,
        dataset: Dataset,
        metrics: MetricCollection,
        *,
        smooth: bool = False,
        observe: OutputObserver | None = None,
    ) -> None:
        """Add rows with targets to metrics, with the options of ``score``."""
        criterion = self.criterion if smooth else self.scoring_criterion
        assert dataset.targets is not None
        start = 0
        for y in self.iterate_outputs(dataset.inputs):
            if observe is not None:
                observe(start, y)
            stop = start + len(y)
            t = dataset.targets[start:stop]
            weights = None if dataset.weights is None else dataset.weights[start:stop]
            criterion.set_row_weights(weights)
            loss = criterion.forward(y, self.cast_floats(self.task.to_criterion_targets(t)))
            metrics.update(loss, y, t, weights)
            start = stop

    def to_tree(self, previous: Tree | None = None) -> Tree:
        """Return everything as arrays and JSON values. ``previous``: an earlier tree of this run, to be updated."""
        if previous is not None:
            update_state(previous["network"]["state"], self.model)
            previous["scores"] = self.scores
            return previous
        return {
            "nntrain": __version__,
            "network": build_model_tree(self.model),
            "criterion": self.criterion.spec(),
            "data": self.preprocessor.state(),
            "metrics": self.metrics,
            "scores": self.scores,
            "threshold": self.task.threshold,
            "origins": {
                "criterion": get_provenance("criterion", [type(c).__name__ for c in list_criterions(self.criterion)]),
                "metric": get_provenance("metric", get_type_names(self.metrics)),
            },
        }

    @classmethod
    def from_tree(cls, tree: Tree, where: str) -> TrainedNetwork:
        """Return the network of a checkpoint. CheckpointError if it is invalid, PluginError if a class is missing."""
        with add_checkpoint_location(where):
            model = restore_model(tree, where)
            preprocessor = restore_preprocessor(tree["data"])
            known = validate_state({"threshold": None, **tree}, STATE_SCHEMA, "network")
            for entry in known["metrics"]:
                validate_state({"type": entry} if isinstance(entry, str) else entry, {"type": str}, "metrics")
            origins = read_provenance(tree)
            require_installed("criterion", origins.get("criterion", {}), where)
            criterion = restore_criterion(tree["criterion"], len(preprocessor.target.labels))
            network = cls(model, criterion, preprocessor, known["scores"], known["metrics"], origins)
            network.task.threshold = validate_threshold(known["threshold"], network.task)
            return network


def list_criterions(criterion: Criterion) -> list[Criterion]:
    """Return a criterion and those inside it."""
    return [component for component in iterate_components(criterion) if isinstance(component, Criterion)]


def validate_threshold(threshold: Threshold | None, task: Task) -> Threshold | None:
    """Return the threshold of a checkpoint. CheckpointError if the task has none, or another number of them."""
    values = threshold if isinstance(threshold, list) else [0.5 if threshold is None else threshold]
    expected = task.threshold_count if isinstance(threshold, list) else 1
    if (
        (threshold is not None and not task.threshold_count)
        or len(values) != expected
        or not all(0 <= v <= 1 for v in values)
    ):
        raise CheckpointError(f"threshold: expected {task.threshold_count} from 0 to 1, got {str(threshold)[:40]}")
    return threshold


def cast_floats(value: Value, dtype: str) -> Value:
    """Return ``value`` with its floating-point arrays in a type."""
    if isinstance(value, list):
        return [cast_floats(item, dtype) for item in value]
    return value.astype(dtype, copy=False) if value.dtype.kind == "f" else value


def count_rows(inputs: Value) -> int:
    """Return the number of rows of an array or of a list of arrays."""
    return len(inputs[0]) if isinstance(inputs, list) else len(inputs)


def slice_rows(inputs: Value, start: int, stop: int) -> Value:
    """Return a range of rows of an array or of a list of arrays."""
    return [column[start:stop] for column in inputs] if isinstance(inputs, list) else inputs[start:stop]


def build_model_tree(model: Module) -> Tree:
    """Return a model as arrays and JSON values."""
    names = (type(inner).__name__ for inner in model.list_modules())
    return {"spec": model.spec(), "origins": get_provenance("module", names), "state": model.state()}


def restore_model(tree: Tree, where: str) -> Module:
    """Return the model of a checkpoint's tree. PluginError if a class is not installed."""
    require_installed("module", read_provenance(tree)["module"], where)
    network = tree["network"]
    with limit_elements(get_allowed_elements(count_elements(network["state"]))), skip_allocation():
        model: Module = build(network["spec"], "module", allow_inplace=True)
    model.restore(network["state"])
    return model


def restore_criterion(spec: dict[str, Any], classes: int) -> Criterion:
    """Return the criterion of a spec, for a number of classes or numbers."""
    with limit_elements(get_allowed_elements(classes**2)):
        return build(spec, "criterion")
