"""Table layers."""

from nntrain.exchange.torch7_argument import Torch7Argument
from nntrain_torch7.mappings.conversions import to_one_based, to_zero_based
from nntrain_torch7.mappings.derivation import DIMENSION, MappingBuilder, derive

IN, OUT, BOTH = (False, True), (True, False), (True, True)


# An index may be a string.
INDEX = Torch7Argument(
    "index",
    "index",
    lambda value, go: value if isinstance(value, str) else to_zero_based(value),
    lambda value, go: value if isinstance(value, str) else to_one_based(value),
)
PAIRS = ("CAddTable", "CDivTable", "CMaxTable", "CMinTable", "CMulTable", "CSubTable", "CosineDistance", "DotProduct")
LISTS = ("CAddTensorTable", "FlattenTable", "NarrowTable", "ZipTable", "ZipTableOneToMany")

TABLES: dict[str, MappingBuilder] = {
    **dict.fromkeys((*PAIRS, "MixtureTable", "CriterionTable"), derive(tables=IN)),
    **dict.fromkeys(LISTS, derive(tables=BOTH)),
    "SplitTable": derive(DIMENSION, tables=OUT),
    "JoinTable": derive(DIMENSION, tables=IN),
    "SelectTable": derive({}, INDEX, tables=IN),
    "PairwiseDistance": derive({"p": "norm"}, tables=IN),
}
