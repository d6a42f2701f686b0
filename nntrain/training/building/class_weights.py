"""The weight of each class in the loss: ``criterion.class_weights``."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeAlias

import numpy as np

from nntrain.data.targets.class_target import ClassTarget, format_labels
from nntrain.data.targets.label_target import LabelTarget
from nntrain.data.targets.target import Target
from nntrain.errors import ConfigError, suggest_name
from nntrain.hooks.registry import get_registry
from nntrain.nn.bases.class_criterion import ClassCriterion
from nntrain.nn.bases.weighted_pointwise_criterion import WeightedPointwiseCriterion
from nntrain.specs.configurable import get_signature

ClassWeights: TypeAlias = Literal["balanced"] | Mapping[str, float] | Sequence[float]


def add_class_weights(spec: dict[str, Any], given: ClassWeights | None, target: Target) -> dict[str, Any]:
    """Return the spec of a criterion with ``weights`` for the classes or labels of ``target``.

    ConfigError for a task without classes, an unknown class, and a criterion without class weights.
    """
    if given is None:
        return spec
    if not isinstance(target, ClassTarget | LabelTarget):
        raise build_error(
            "the task is a regression, which has no classes; remove it, or weight rows with data.sample_weight"
        )
    if isinstance(inner := spec.get("criterion"), dict):
        return spec | {"criterion": add_class_weights(inner, given, target)}
    cls = get_registry().find("criterion", spec["type"]).cls
    if (
        not issubclass(cls, ClassCriterion | WeightedPointwiseCriterion)
        or "weights" not in get_signature(cls).parameters
    ):
        raise build_error(f"{spec['type']} does not support class weights; remove them, or choose another criterion")
    if isinstance(target, ClassTarget) and not issubclass(cls, ClassCriterion):
        raise build_error(
            f"{spec['type']} has one output for two classes and weights outputs only; use CrossEntropyCriterion"
        )
    if "weights" in spec:
        raise build_error("conflicts with criterion.weights; remove one of the two")
    return spec | {"weights": compute_class_weights(given, target)}


def compute_class_weights(given: ClassWeights, target: ClassTarget | LabelTarget) -> list[float]:
    """Return the weight of each class or label in order. "balanced": n / (k n_c), n = Σ n_c the training rows."""
    if given == "balanced":
        counts = np.array(target.counts)
        return [float(weight) for weight in counts.sum() / (len(counts) * counts)]
    if isinstance(given, Mapping):
        for name in given:
            if name not in target.labels:
                raise build_error(f"the training rows have no class {name!r}{suggest_name(name, target.labels)}")
        return [float(given.get(label, 1.0)) for label in target.labels]
    assert not isinstance(given, str)
    if len(given) != len(target.labels):
        raise build_error(
            f"expected {len(target.labels)} weights, for {format_labels(target.labels)}, got {len(given)}"
        )
    return [float(weight) for weight in given]


def build_error(message: str) -> ConfigError:
    return ConfigError(f"criterion.class_weights: {message}")
