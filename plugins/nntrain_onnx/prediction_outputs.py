"""Predictions after the network: classes and their probabilities, numbers, labels."""

import math
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

import numpy as np

from nntrain.compute.array import Array, Shape
from nntrain.nn.criterion import Criterion
from nntrain.nn.output_form import OutputForm
from nntrain_onnx.module_graph import ModuleGraph
from nntrain_onnx.onnx_graph import ValueInfo
from nntrain_onnx.traced_array import TracedArray, TracedValue

# The output that corresponds to a probability of one half, by the form of outputs.
HALF_THRESHOLDS: dict[OutputForm, float] = {"logits": 0.0, "log_probabilities": math.log(0.5), "probabilities": 0.5}

LABELS_MEANING = "the probability of each of the labels in the metadata"


def add_raw_outputs(g: ModuleGraph, y: TracedValue, name: str = "output") -> list[ValueInfo]:
    """Add the outputs as they are; those of a list are ``output.0``, ``output.1`` and so on."""
    if isinstance(y, list):
        return [feed for index, item in enumerate(y) for feed in add_raw_outputs(g, item, f"{name}.{index}")]
    kind = y.small_batch.dtype
    value = g.op("Cast", y.name, to=kind.name) if kind.kind == "f" and kind.name != "float32" else y.name
    g.rename(value, name)
    return [ValueInfo(name, kind.name, y.shape, "output of the network")]


@dataclass
class PredictionOutputs:
    """The predictions for a fitted ``target``, from its state, and the outputs ``y`` of a network.

    ``criterion``: declares the form of y. ``threshold``: for decisions (None: one half). Names in ``used_names`` get a
    trailing underscore.
    """

    g: ModuleGraph
    y: TracedArray
    target: dict[str, Any]
    criterion: Criterion
    threshold: float | list[float] | None
    used_names: Collection[str]

    def add(self) -> list[ValueInfo]:
        """Add the predictions. CheckpointError if the criterion's form of outputs does not fit the target."""
        self.g.place = "answers"
        self.y = self.g.add_readout(self.criterion, self.y)
        return OUTPUT_WRITERS[self.target["type"]](self)

    def add_numbers(self) -> list[ValueInfo]:
        """y std + mean, exponentiated where it is a logarithm, clipped to the range of the target."""
        g, target = self.g, self.target
        self.get_output_form("values")
        value = g.op("Cast", self.y.name, to="float64")
        for kind, constant in (("Mul", target["std"]), ("Add", target["mean"])):
            value = g.op(kind, value, g.float64(constant))
        if np.any(target["log_start"]):
            value = exponentiate(g, value, np.asarray(target["log_start"]))
        for kind, limit in (("Max", target["low"]), ("Min", target["high"])):
            if np.isfinite(limit).any():
                value = g.op(kind, value, g.float64(limit))
        return [self.name_output("prediction", value, "float64", (-1, len(target["mean"])), "in the units of the file")]

    def add_classes(self) -> list[ValueInfo]:
        """The name of the most probable class (N,), and the probabilities (N, C); y may be one output for two."""
        g, y = self.g, self.y
        form, names = self.get_output_form(*HALF_THRESHOLDS), self.target["labels"]
        if y.shape[1] < len(names):
            second = self.add_probabilities(form, "Sigmoid")
            p = g.op("Concat", g.op("Sub", 1.0, second), second, axis=1)
            best = g.to_integers(g.reshape(g.op("Greater", y.name, HALF_THRESHOLDS[form]), (-1,)))
        else:
            p = self.add_probabilities(form, "Softmax", axis=1)
            best = g.op("ArgMax", y.name, axis=1, keepdims=0)
        meaning = "the most probable class"
        if self.threshold is not None:
            best = g.to_integers(g.reshape(self.is_above_threshold(g.slice(p, 1, 1, 2)), (-1,)))
            meaning = f"{names[1]} where its probability is above {self.threshold:.6g}, else {names[0]}"
        pairs = {"keys_int64s": list(range(len(names))), "values_strings": names}
        words = g.op("LabelEncoder", best, domain="ai.onnx.ml", **pairs)
        return [
            self.name_output("prediction", words, "string", (-1,), meaning),
            self.name_output("probabilities", p, "float32", (-1, len(names)), LABELS_MEANING),
        ]

    def add_labels(self) -> list[ValueInfo]:
        """Whether each label's probability is above one half or its threshold, and the probabilities, both (N, L)."""
        form = self.get_output_form(*HALF_THRESHOLDS)
        p = self.add_probabilities(form, "Sigmoid")
        half = self.threshold is None
        above = self.g.op("Greater", self.y.name, HALF_THRESHOLDS[form]) if half else self.is_above_threshold(p)
        meaning = "whether the row has each of the labels in the metadata"
        return [
            self.name_output("prediction", above, "bool", self.y.shape, meaning),
            self.name_output("probabilities", p, "float32", (-1, self.y.shape[1]), LABELS_MEANING),
        ]

    def is_above_threshold(self, p: str) -> str:
        """p > threshold, compared in double precision, as in nntrain."""
        return self.g.op("Greater", self.g.op("Cast", p, to="float64"), self.g.float64(self.threshold))

    def get_output_form(self, *forms: OutputForm) -> OutputForm:
        """Return the form of the outputs. CheckpointError unless it is one of ``forms``."""
        form = self.criterion.output_form
        if form not in forms:
            expected, label = " or ".join(forms), self.criterion.label()
            raise self.g.create_error(f"criterion: expected an output_form of {expected}, got {form} of {label}")
        return form

    def add_probabilities(self, form: OutputForm, kind: str, **attributes: Any) -> str:
        """Add the probabilities; ``kind`` is the operator that computes them from logits."""
        if form == "logits":
            return self.g.op(kind, self.y.name, **attributes)
        return self.g.op("Exp", self.y.name) if form == "log_probabilities" else self.y.name

    def name_output(self, name: str, value: str, dtype: str, shape: Shape, meaning: str) -> ValueInfo:
        """Name a value as an output, with underscores appended until the name is unused."""
        while name in self.used_names:
            name += "_"
        self.g.rename(value, name)
        return ValueInfo(name, dtype, shape, meaning)


OUTPUT_WRITERS: dict[str, Callable[[PredictionOutputs], list[ValueInfo]]] = {
    "ClassTarget": PredictionOutputs.add_classes,
    "FlagTarget": PredictionOutputs.add_labels,
    "ListTarget": PredictionOutputs.add_labels,
    "NumberTarget": PredictionOutputs.add_numbers,
}


def exponentiate(g: ModuleGraph, value: str, start: Array) -> str:
    """exp(value) where ``start`` is not 0, continued by the tangent below ln ``start``."""
    low, is_log = np.where(start > 0, start, 1.0), start > 0
    edge = g.float64(np.log(low))
    below = g.op("Mul", g.float64(low), g.op("Add", g.op("Sub", value, edge), g.float64(1.0)))
    above = g.op("Where", g.op("Less", value, edge), below, g.op("Exp", g.op("Max", value, edge)))
    return g.op("Where", g.constant(is_log), above, value)
