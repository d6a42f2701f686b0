"""Criterions."""

from __future__ import annotations

from typing import Any

import numpy as np

from nntrain.exchange.torch7_argument import Torch7Argument
from nntrain.exchange.torch7_mapping import Torch7Mapping, TorchFields
from nntrain.nn.building.builder import build
from nntrain_torch7.format import Storage, TorchObject
from nntrain_torch7.mappings.arguments import (
    boolean,
    module_list,
    nested,
    number,
    tensor,
    to_list,
    to_number,
    to_sequence,
)

SIZE_AVERAGE = boolean("size_average", "sizeAverage")
MARGIN = number("margin")
WEIGHTS = tensor("weights")

# The unused label of Torch7 and of nntrain.
IGNORE_INDEX = -100


def read_ignore_index(value: Any, go: Any) -> int:
    """Convert a label that counts from 1."""
    label = int(to_number(value))
    return IGNORE_INDEX if label == IGNORE_INDEX else label - 1


def write_ignore_index(value: int, go: Any) -> float:
    """Convert a label that counts from 0."""
    return float(IGNORE_INDEX if value == IGNORE_INDEX else value + 1)


def parse_cross_entropy(fields: TorchFields) -> dict[str, Any]:
    """Read the weights and possibly the averaging from the inner ClassNLLCriterion."""
    nll = fields["nll"].fields if isinstance(fields.get("nll"), TorchObject) else {}
    weights = nll.get("weights")
    average = fields.get("sizeAverage", True) is not False and nll.get("sizeAverage", True) is not False
    return {"size_average": average, **({} if weights is None else {"weights": np.array(weights, np.float64)})}


def build_cross_entropy_fields(criterion: Any, go: Any) -> dict[str, Any]:
    """The inner LogSoftMax and ClassNLLCriterion."""
    weights = criterion.get_arguments().get("weights")
    spec = {"type": "ClassNLLCriterion", "weights": weights, "size_average": criterion.size_average}
    nll, lsm = build(spec, "criterion"), build({"type": "LogSoftMax"}, "module")
    return {"lsm": go(lsm.type(criterion.type())), "nll": go(nll.type(criterion.type()))}


def parse_soft_margin(fields: TorchFields) -> dict[str, Any]:
    """Read the weights, which in older versions are in an inner BCECriterion."""
    nll = fields["nll"].fields if isinstance(fields.get("nll"), TorchObject) else fields
    weights = nll.get("weights")
    return {} if weights is None else {"weights": np.array(weights, np.float64)}


def read_weights(value: Any, go: Any) -> list[float]:
    """Read a weight for each criterion from a table or a storage."""
    numbers = to_list(value.array) if isinstance(value, Storage) else to_sequence(value)
    return [float(to_number(number)) for number in numbers]


def write_weight_storage(value: Any, go: Any) -> Any:
    """Write weights as a DoubleStorage."""
    return None if value is None else Storage(np.array(value, np.float64))


def write_weight_table(value: Any, go: Any) -> Any:
    """Write weights as a table."""
    return None if value is None else {place: float(one) for place, one in enumerate(value, 1)}


def list_class_arguments(*more: Torch7Argument) -> tuple[Torch7Argument, ...]:
    """The arguments of a criterion over classes."""
    return (WEIGHTS, SIZE_AVERAGE, *more)


NLL_FIELDS = {
    "output_tensor": np.zeros(1),
    "total_weight_tensor": np.ones(1),
    "target": np.zeros(1, np.int64),
}

CRITERIONS = (
    *(
        Torch7Mapping(name, (SIZE_AVERAGE,))
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
    Torch7Mapping("DistanceRatioCriterion", (SIZE_AVERAGE,), tables=(False, True)),
    Torch7Mapping("L1Cost"),
    Torch7Mapping("MarginCriterion", (MARGIN, SIZE_AVERAGE)),
    Torch7Mapping("HingeEmbeddingCriterion", (MARGIN, SIZE_AVERAGE)),
    Torch7Mapping("L1HingeEmbeddingCriterion", (MARGIN,), tables=(False, True)),
    Torch7Mapping("CosineEmbeddingCriterion", (MARGIN, SIZE_AVERAGE), tables=(False, True)),
    Torch7Mapping("MarginRankingCriterion", (MARGIN, SIZE_AVERAGE), tables=(False, True)),
    Torch7Mapping(
        "ClassNLLCriterion",
        list_class_arguments(Torch7Argument("ignore_index", "ignoreIndex", read_ignore_index, write_ignore_index)),
        extra=lambda criterion, go: NLL_FIELDS,
    ),
    Torch7Mapping("SpatialClassNLLCriterion", list_class_arguments(), extra=lambda criterion, go: NLL_FIELDS),
    Torch7Mapping(
        "CrossEntropyCriterion", (SIZE_AVERAGE,), derived=parse_cross_entropy, extra=build_cross_entropy_fields
    ),
    Torch7Mapping("BCECriterion", list_class_arguments(), extra=lambda criterion, go: {"eps": 1e-12}),
    Torch7Mapping("MultiLabelSoftMarginCriterion", list_class_arguments(), derived=parse_soft_margin),
    Torch7Mapping("MultiMarginCriterion", (number("p"), WEIGHTS, MARGIN, SIZE_AVERAGE)),
    Torch7Mapping("WeightedMSECriterion", (tensor("weights", "weight"), SIZE_AVERAGE)),
    Torch7Mapping(
        "ClassSimplexCriterion",
        (number("n_classes", "nClasses"), SIZE_AVERAGE),
        extra=lambda criterion, go: {"simplex": np.array(criterion.simplex, np.float64)},
    ),
    Torch7Mapping(
        "MultiCriterion",
        (
            module_list("criterions", "criterions"),
            Torch7Argument("weights", "weights", read_weights, write_weight_storage),
        ),
        tables=(False, True),
    ),
    Torch7Mapping(
        "ParallelCriterion",
        (
            module_list("criterions", "criterions"),
            Torch7Argument("weights", "weights", read_weights, write_weight_table),
            boolean("repeat_target", "repeatTarget"),
        ),
        tables=(False, True),
    ),
    Torch7Mapping(
        "ModuleCriterion",
        (
            nested("criterion", "criterion"),
            nested("input_module", "inputModule"),
            nested("target_module", "targetModule"),
            boolean("cast_target", "castTarget"),
        ),
    ),
)
