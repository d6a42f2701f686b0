"""Criterions."""

from __future__ import annotations

from typing import Any

import numpy as np

from nntrain.exchange.torch7_argument import Torch7Argument
from nntrain.exchange.torch7_mapping import Torch7Mapping, TorchFields
from nntrain.nn.building.builder import build
from nntrain_torch7.classes.argument import array, as_list, as_number, as_values, children, flag, inner, number
from nntrain_torch7.format import Storage, TorchObject

__all__ = ["CRITERIONS"]

AVERAGE = flag("size_average", "sizeAverage")
MARGIN = number("margin")
WEIGHTS = array("weights")

# Torch's label that never is, and ours.
NONE = -100


def ignored(value: Any, go: Any) -> int:
    """A label from 1 as one from 0."""
    label = int(as_number(value))
    return NONE if label == NONE else label - 1


def ignored_told(value: int, go: Any) -> float:
    """A label from 0 as one from 1."""
    return float(NONE if value == NONE else value + 1)


def cross_entropy(fields: TorchFields) -> dict[str, Any]:
    """The weights lie in its ClassNLLCriterion, which may say of the average too."""
    nll = fields["nll"].fields if isinstance(fields.get("nll"), TorchObject) else {}
    weights = nll.get("weights")
    average = fields.get("sizeAverage", True) is not False and nll.get("sizeAverage", True) is not False
    return {"size_average": average, **({} if weights is None else {"weights": np.array(weights, np.float64)})}


def cross_entropy_told(criterion: Any, go: Any) -> dict[str, Any]:
    """Its two parts."""
    weights = criterion.get_arguments().get("weights")
    spec = {"type": "ClassNLLCriterion", "weights": weights, "size_average": criterion.size_average}
    nll, lsm = build(spec, "criterion"), build({"type": "LogSoftMax"}, "module")
    return {"lsm": go(lsm.type(criterion.type())), "nll": go(nll.type(criterion.type()))}


def soft_margin(fields: TorchFields) -> dict[str, Any]:
    """Older ones hold a BCECriterion, which has the weights."""
    nll = fields["nll"].fields if isinstance(fields.get("nll"), TorchObject) else fields
    weights = nll.get("weights")
    return {} if weights is None else {"weights": np.array(weights, np.float64)}


def weights_of(value: Any, go: Any) -> list[float]:
    """A weight for each criterion: a table, or a storage."""
    held = as_values(value.array) if isinstance(value, Storage) else as_list(value)
    return [float(as_number(one)) for one in held]


def stored(value: Any, go: Any) -> Any:
    """Weights in a DoubleStorage."""
    return None if value is None else Storage(np.array(value, np.float64))


def listed(value: Any, go: Any) -> Any:
    """Weights in a table."""
    return None if value is None else {place: float(one) for place, one in enumerate(value, 1)}


def of_classes(*more: Torch7Argument) -> tuple[Torch7Argument, ...]:
    """What a criterion over classes may be told."""
    return (WEIGHTS, AVERAGE, *more)


NLL = {
    "output_tensor": np.zeros(1),
    "total_weight_tensor": np.ones(1),
    "target": np.zeros(1, np.int64),
}

CRITERIONS = (
    *(
        Torch7Mapping(name, (AVERAGE,))
        for name in (
            "AbsCriterion",
            "DistKLDivCriterion",
            "MSECriterion",
            "MultiLabelMarginCriterion",
            "SmoothL1Criterion",
            "SoftMarginCriterion",
            "SpatialAutoCropMSECriterion",
        )
    ),
    Torch7Mapping("DistanceRatioCriterion", (AVERAGE,), tables=(False, True)),
    Torch7Mapping("L1Cost"),
    Torch7Mapping("MarginCriterion", (MARGIN, AVERAGE)),
    Torch7Mapping("HingeEmbeddingCriterion", (MARGIN, AVERAGE)),
    Torch7Mapping("L1HingeEmbeddingCriterion", (MARGIN,), tables=(False, True)),
    Torch7Mapping("CosineEmbeddingCriterion", (MARGIN, AVERAGE), tables=(False, True)),
    Torch7Mapping("MarginRankingCriterion", (MARGIN, AVERAGE), tables=(False, True)),
    Torch7Mapping(
        "ClassNLLCriterion",
        of_classes(Torch7Argument("ignore_index", "ignoreIndex", ignored, ignored_told)),
        extra=lambda criterion, go: NLL,
    ),
    Torch7Mapping("SpatialClassNLLCriterion", of_classes(), extra=lambda criterion, go: NLL),
    Torch7Mapping("CrossEntropyCriterion", (AVERAGE,), derived=cross_entropy, extra=cross_entropy_told),
    Torch7Mapping("BCECriterion", of_classes(), extra=lambda criterion, go: {"eps": 1e-12}),
    Torch7Mapping("MultiLabelSoftMarginCriterion", of_classes(), derived=soft_margin),
    Torch7Mapping("MultiMarginCriterion", (number("p"), WEIGHTS, MARGIN, AVERAGE)),
    Torch7Mapping("WeightedMSECriterion", (array("weights", "weight"), AVERAGE)),
    Torch7Mapping(
        "ClassSimplexCriterion",
        (number("n_classes", "nClasses"), AVERAGE),
        extra=lambda criterion, go: {"simplex": np.array(criterion.simplex, np.float64)},
    ),
    Torch7Mapping(
        "MultiCriterion",
        (children("criterions", "criterions"), Torch7Argument("weights", "weights", weights_of, stored)),
        tables=(False, True),
    ),
    Torch7Mapping(
        "ParallelCriterion",
        (
            children("criterions", "criterions"),
            Torch7Argument("weights", "weights", weights_of, listed),
            flag("repeat_target", "repeatTarget"),
        ),
        tables=(False, True),
    ),
    Torch7Mapping(
        "ModuleCriterion",
        (
            inner("criterion", "criterion"),
            inner("input_module", "inputModule"),
            inner("target_module", "targetModule"),
            flag("cast_target", "castTarget"),
        ),
    ),
)
