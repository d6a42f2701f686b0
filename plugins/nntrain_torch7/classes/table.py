"""Layers that take or give tables."""

from __future__ import annotations

from typing import Any

from nntrain_torch7.classes.argument import Argument, axis, flag, from_one, index, inner, number, to_one
from nntrain_torch7.classes.description import Description

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
        Description(name, tables=IN)
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
    *(Description(name, tables=BOTH) for name in ("CAddTensorTable", "FlattenTable", "ZipTable", "ZipTableOneToMany")),
    Description("CAddTable", (flag("inplace"),), tables=IN),
    Description("SplitTable", ALONG, tables=OUT),
    Description("JoinTable", ALONG, tables=IN),
    Description("MixtureTable", (axis("dim"),), tables=IN),
    Description("SelectTable", (Argument("index", "index", slot, slot_told),), tables=IN),
    Description("NarrowTable", (index("offset"), number("length")), tables=BOTH),
    Description("PairwiseDistance", (number("p", "norm"),), tables=IN),
    Description("CriterionTable", (inner("criterion", "criterion"),), tables=IN),
)
