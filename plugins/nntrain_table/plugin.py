"""The table layers."""

# ruff: noqa: F401 (the hooks return the imported classes)

from nntrain.hooks import find_imported_classes, hookimpl
from nntrain.nn.module import Module
from nntrain_table.c_add_table import CAddTable
from nntrain_table.c_add_tensor_table import CAddTensorTable
from nntrain_table.c_div_table import CDivTable
from nntrain_table.c_max_table import CMaxTable
from nntrain_table.c_min_table import CMinTable
from nntrain_table.c_mul_table import CMulTable
from nntrain_table.c_sub_table import CSubTable
from nntrain_table.cosine_distance import CosineDistance
from nntrain_table.criterion_table import CriterionTable
from nntrain_table.dot_product import DotProduct
from nntrain_table.flatten_table import FlattenTable
from nntrain_table.join_table import JoinTable
from nntrain_table.mixture_table import MixtureTable
from nntrain_table.narrow_table import NarrowTable
from nntrain_table.pairwise_distance import PairwiseDistance
from nntrain_table.select_table import SelectTable
from nntrain_table.split_table import SplitTable
from nntrain_table.zip_table import ZipTable
from nntrain_table.zip_table_one_to_many import ZipTableOneToMany


@hookimpl
def nntrain_modules() -> tuple[type[Module], ...]:
    return find_imported_classes(globals(), Module)
