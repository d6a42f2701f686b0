"""Criterions."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from nntrain.exchange.torch7_argument import Torch7Argument
from nntrain.exchange.torch7_mapping import TorchFields
from nntrain.nn.building.builder import build
from nntrain.nn.criterion import Criterion
from nntrain_torch7.format import Storage, TorchObject
from nntrain_torch7.mappings.conversions import to_list, to_number, to_sequence
from nntrain_torch7.mappings.derivation import MappingBuilder, build_argument, derive

# The unused label of Torch7 and of nntrain.
IGNORE_INDEX = -100


def read_ignore_index(value: Any, go: Any) -> int:
    """Convert a label that counts from 1."""
    label = int(to_number(value))
    return IGNORE_INDEX if label == IGNORE_INDEX else label - 1


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


NLL_FIELDS = {
    "output_tensor": np.zeros(1),
    "total_weight_tensor": np.ones(1),
    "target": np.zeros(1, np.int64),
}

IGNORE_INDEX_ARGUMENT = Torch7Argument(
    "ignore_index",
    "ignoreIndex",
    read_ignore_index,
    lambda value, go: float(IGNORE_INDEX if value == IGNORE_INDEX else value + 1),
)

# A field that only nntrain reads: Torch7 has no label smoothing.
SMOOTHING = Torch7Argument(
    "label_smoothing", "labelSmoothing", lambda value, go: float(to_number(value)), lambda value, go: value or None
)

# A storage in one class, a table in the other.
WEIGHT_STORAGE = Torch7Argument(
    "weights",
    "weights",
    read_weights,
    lambda value, go: None if value is None else Storage(np.array(value, np.float64)),
)
WEIGHT_TABLE = Torch7Argument(
    "weights",
    "weights",
    read_weights,
    lambda value, go: None if value is None else {place: float(one) for place, one in enumerate(value, 1)},
)
NAMES = (
    *("AbsCriterion", "DistKLDivCriterion", "HingeEmbeddingCriterion", "L1Cost", "MSECriterion", "MarginCriterion"),
    *("ModuleCriterion", "MultiLabelMarginCriterion", "MultiMarginCriterion", "SmoothL1Criterion"),
    *("SoftMarginCriterion", "SpatialAutoCropMSECriterion"),
)
PAIRS = ("CosineEmbeddingCriterion", "DistanceRatioCriterion", "L1HingeEmbeddingCriterion", "MarginRankingCriterion")

CRITERIONS: dict[str, MappingBuilder] = {
    **dict.fromkeys(NAMES, derive()),
    **dict.fromkeys(PAIRS, derive(tables=(False, True))),
    "ClassNLLCriterion": derive({}, IGNORE_INDEX_ARGUMENT, extra=NLL_FIELDS),
    "SpatialClassNLLCriterion": derive(extra=NLL_FIELDS),
    "CrossEntropyCriterion": derive(
        {}, SMOOTHING, omitted={"weights"}, derived=parse_cross_entropy, extra=build_cross_entropy_fields
    ),
    "BCECriterion": derive(extra={"eps": 1e-12}),
    "MultiLabelSoftMarginCriterion": derive(derived=parse_soft_margin),
    "WeightedMSECriterion": derive({"weights": "weight"}),
    "ClassSimplexCriterion": derive(extra=lambda c, go: {"simplex": np.array(c.simplex, np.float64)}),
    "MultiCriterion": derive({}, WEIGHT_STORAGE, tables=(False, True)),
    "ParallelCriterion": derive(
        arguments=(
            build_argument("criterions", None, Sequence[Criterion]),
            WEIGHT_TABLE,
            build_argument("repeat_target", None, bool),
        ),
        tables=(False, True),
    ),
}
