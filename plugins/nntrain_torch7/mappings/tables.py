"""Table layers."""

from __future__ import annotations

from typing import Any

from nntrain.exchange import Torch7Mapping
from nntrain.exchange.torch7_argument import Torch7Argument
from nntrain_torch7.mappings.arguments import axis, boolean, index, nested, number, to_one_based, to_zero_based

AXIS_ARGUMENTS = (axis("dim", "dimension"), number("n_input_dims", "nInputDims"))
IN, OUT, BOTH = (False, True), (True, False), (True, True)


def read_index(value: Any, go: Any) -> Any:
    """Read an index, which may be a string."""
    return value if isinstance(value, str) else to_zero_based(value)


def write_index(value: Any, go: Any) -> Any:
    """Write an index, which may be a string."""
    return value if isinstance(value, str) else to_one_based(value)


TABLES = (
    *(
        Torch7Mapping(name, tables=IN)
        for name in (
            "CDivTable",
            "CMaxTable",
            "CMinTable",
            "CMulTable",
            "CSubTable",
            "CosineDistance",
            "DotProduct",
        )
    ),
    *(
        Torch7Mapping(name, tables=BOTH)
        for name in ("CAddTensorTable", "FlattenTable", "ZipTable", "ZipTableOneToMany")
    ),
    Torch7Mapping("CAddTable", (boolean("inplace"),), tables=IN),
    Torch7Mapping("SplitTable", AXIS_ARGUMENTS, tables=OUT),
    Torch7Mapping("JoinTable", AXIS_ARGUMENTS, tables=IN),
    Torch7Mapping("MixtureTable", (axis("dim"),), tables=IN),
    Torch7Mapping("SelectTable", (Torch7Argument("index", "index", read_index, write_index),), tables=IN),
    Torch7Mapping("NarrowTable", (index("offset"), number("length")), tables=BOTH),
    Torch7Mapping("PairwiseDistance", (number("p", "norm"),), tables=IN),
    Torch7Mapping("CriterionTable", (nested("criterion", "criterion"),), tables=IN),
)
