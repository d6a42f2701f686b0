"""Layers that take or give tables."""

from __future__ import annotations

from typing import Any

from nntrain.exchange import Torch7Mapping
from nntrain.exchange.torch7_argument import Torch7Argument
from nntrain_torch7.classes.argument import axis, flag, from_one, index, inner, number, to_one

__all__ = ["TABLE"]

ALONG = (axis("dim", "dimension"), number("n_input_dims", "nInputDims"))
IN, OUT, BOTH = (False, True), (True, False), (True, True)


def slot(value: Any, go: Any) -> Any:
    """A slot by its number, or by its name."""
    return value if isinstance(value, str) else from_one(value)


def slot_told(value: Any, go: Any) -> Any:
    """A slot's number from 1, or its name."""
    return value if isinstance(value, str) else to_one(value)


TABLE = (
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
    Torch7Mapping("CAddTable", (flag("inplace"),), tables=IN),
    Torch7Mapping("SplitTable", ALONG, tables=OUT),
    Torch7Mapping("JoinTable", ALONG, tables=IN),
    Torch7Mapping("MixtureTable", (axis("dim"),), tables=IN),
    Torch7Mapping("SelectTable", (Torch7Argument("index", "index", slot, slot_told),), tables=IN),
    Torch7Mapping("NarrowTable", (index("offset"), number("length")), tables=BOTH),
    Torch7Mapping("PairwiseDistance", (number("p", "norm"),), tables=IN),
    Torch7Mapping("CriterionTable", (inner("criterion", "criterion"),), tables=IN),
)
