"""A network with all that is needed to use it on new rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from nntrain import __version__
from nntrain.checkpoint.contents import contents_of
from nntrain.checkpoint.layout import Tree
from nntrain.compute.allocation_budget import get_allowed_elements, limit_elements, skip_allocation
from nntrain.compute.array import Array, Value
from nntrain.data.array_schema import ArraySchema
from nntrain.data.class_target import ClassTarget
from nntrain.data.label_target import LabelTarget
from nntrain.data.number_target import NumberTarget
from nntrain.data.part import Part
from nntrain.data.restored import restored_schema
from nntrain.data.schema import Schema
from nntrain.errors import CheckpointError, ShapeError
from nntrain.nn.building.builder import build
from nntrain.nn.criterion import Criterion
from nntrain.nn.module import Module
from nntrain.nn.state import count_elements, update_state
from nntrain.specs.state_schema import validate_state
from nntrain.training.best import SCORES
from nntrain.training.classification import Classification
from nntrain.training.metrics.chosen import Entry, made
from nntrain.training.multilabel import Multilabel
from nntrain.training.origins import Origins, names_of, origins_of, origins_within, require
from nntrain.training.regression import Regression
from nntrain.training.row_limit import ROWS, RowLimit, forward_rows
from nntrain.training.scoreboard import Scoreboard
from nntrain.training.task import Task
from nntrain.training.threshold import Threshold

__all__ = ["ROWS", "TrainedNetwork", "model_tree", "restored_criterion", "restored_model", "rows", "rows_of", "typed"]

# What a checkpoint says beside the network and its preprocessing. Older ones tell no threshold.
KNOWN = {
    "scores": SCORES,
    "metrics": list[str | dict[str, Any]],
    "threshold": float | list[float] | None,
}
OLDER: dict[str, Any] = {"threshold": None}


@dataclass
class TrainedNetwork:
    """A model, its criterion, the fitted preprocessing of rows, and what is scored, as a config names it."""

    model: Module
    criterion: Criterion
    schema: Schema | ArraySchema
    scores: dict[str, Any] = field(default_factory=dict)
    metrics: list[Entry] = field(default_factory=list)

    # Where the modules, the criterion and the metrics of a checkpoint came from.
    origins: Origins = field(default_factory=dict)

    # What it may take for its rows, where it came from a file.
    limit: RowLimit | None = None

    @cached_property
    def task(self) -> Task:
        """What the outputs mean."""
        target = self.schema.target
        if isinstance(target, ClassTarget):
            return Classification(target, self.criterion)
        if isinstance(target, LabelTarget):
            return Multilabel(target, self.criterion)
        assert isinstance(target, NumberTarget)
        return Regression(target, self.criterion)

    def outputs(self, inputs: Value) -> Iterator[Array]:
        """The outputs for rows, block by block, as in prediction; each block is overwritten by the next."""
        self.model.evaluate()
        blocks = forward_rows(
            self.model, lambda start, stop: self.typed(rows(inputs, start, stop)), rows_of(inputs), self.limit
        )
        for _, y in blocks:
            yield self.fitting(y)

    def fitting(self, y: Value) -> Array:
        """The outputs, if they are as many a row as the target needs; else ShapeError."""
        if isinstance(y, list) or y.ndim != 2 or y.shape[1] != self.task.outputs:
            given = "a table" if isinstance(y, list) else f"the shape {y.shape}"
            raise ShapeError(
                f"expected outputs of the shape (N, {self.task.outputs}) for the target {self.schema.target.name!r}, "
                f"got {given}"
            )
        return y

    def typed(self, value: Value) -> Value:
        """The floating arrays of ``value`` in the type of the model."""
        return typed(value, self.model.type())

    def board(self, *, bounded: bool = False) -> Scoreboard:
        """An empty board of the metrics; ``bounded``: of those whose memory does not grow with the rows."""
        metrics = made(self.task, self.metrics)
        return Scoreboard(self.task, [metric for metric in metrics if not (bounded and metric.keeps_rows)])

    def score(self, part: Part, board: Scoreboard | None = None) -> dict[str, Any]:
        """The loss and the metrics on rows with targets. ``board``: in place of that of ``board()``; begins anew."""
        assert part.targets is not None
        board = self.board() if board is None else board
        board.begin()
        start = 0
        for y in self.outputs(part.inputs):
            stop = start + len(y)
            t = part.targets[start:stop]
            weights = None if part.weights is None else part.weights[start:stop]
            self.criterion.set_row_weights(weights)
            loss = self.criterion.forward(y, self.typed(self.task.fitted(t)))
            board.update(loss, y, t, weights)
            start = stop
        return board.values()

    def tree(self, before: Tree | None = None) -> Tree:
        """The whole as arrays and JSON values. ``before``: one taken since training began, to be made the new one."""
        if before is not None:
            update_state(before["network"]["state"], self.model)
            before["scores"] = self.scores
            return before
        return {
            "nntrain": __version__,
            "network": model_tree(self.model),
            "criterion": self.criterion.spec(),
            "data": self.schema.state(),
            "metrics": self.metrics,
            "scores": self.scores,
            "threshold": self.task.threshold,
            "origins": {
                "criterion": origins_of("criterion", [type(self.criterion).__name__]),
                "metric": origins_of("metric", names_of(self.metrics)),
            },
        }

    @classmethod
    def from_tree(cls, tree: Tree, where: str) -> TrainedNetwork:
        """The network of a checkpoint. CheckpointError if there is none, PluginError if a class is not installed."""
        with contents_of(where):
            model = restored_model(tree, where)
            schema = restored_schema(tree["data"])
            told = validate_state({**OLDER, **tree}, KNOWN, "network")
            for entry in told["metrics"]:
                validate_state({"type": entry} if isinstance(entry, str) else entry, {"type": str}, "metrics")
            origins = origins_within(tree)
            require("criterion", origins.get("criterion", {}), where)
            criterion = restored_criterion(tree["criterion"], len(schema.target.labels))
            network = cls(model, criterion, schema, told["scores"], told["metrics"], origins)
            network.task.threshold = fitting_threshold(told["threshold"], network.task)
            return network


def fitting_threshold(threshold: Threshold | None, task: Task) -> Threshold | None:
    """The threshold of a checkpoint. CheckpointError if the task has none, or as many of another number."""
    values = threshold if isinstance(threshold, list) else [0.5 if threshold is None else threshold]
    expected = task.thresholds if isinstance(threshold, list) else 1
    if (
        (threshold is not None and not task.thresholds)
        or len(values) != expected
        or not all(0 <= v <= 1 for v in values)
    ):
        raise CheckpointError(f"threshold: expected {task.thresholds} from 0 to 1, got {str(threshold)[:40]}")
    return threshold


def typed(value: Value, dtype: str) -> Value:
    """The floating arrays of ``value`` in a type."""
    if isinstance(value, list):
        return [typed(item, dtype) for item in value]
    return value.astype(dtype, copy=False) if value.dtype.kind == "f" else value


def rows_of(inputs: Value) -> int:
    """The number of rows of an array or of a table of arrays."""
    return len(inputs[0]) if isinstance(inputs, list) else len(inputs)


def rows(inputs: Value, start: int, stop: int) -> Value:
    """A stretch of rows of an array or of a table of arrays."""
    return [column[start:stop] for column in inputs] if isinstance(inputs, list) else inputs[start:stop]


def model_tree(model: Module) -> Tree:
    """A model as arrays and JSON values."""
    names = (type(inner).__name__ for inner in model.list_modules())
    return {"spec": model.spec(), "origins": origins_of("module", names), "state": model.state()}


def restored_model(tree: Tree, where: str) -> Module:
    """The model of a checkpoint's tree. PluginError if a class is not installed."""
    require("module", origins_within(tree)["module"], where)
    network = tree["network"]
    with limit_elements(get_allowed_elements(count_elements(network["state"]))), skip_allocation():
        model: Module = build(network["spec"], "module", allow_inplace=True)
    model.restore(network["state"])
    return model


def restored_criterion(spec: dict[str, Any], classes: int) -> Criterion:
    """The criterion of a spec, for so many classes or numbers."""
    with limit_elements(get_allowed_elements(classes**2)):
        criterion: Criterion = build(spec, "criterion")
    return criterion
