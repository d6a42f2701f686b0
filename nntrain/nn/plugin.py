"""The built-in containers and criterions, registered through the same hooks as plugins."""

# ruff: noqa: F401 (the hooks return the imported classes)

from nntrain.hooks import find_imported_classes, hookimpl
from nntrain.nn.containers.bottle import Bottle
from nntrain.nn.containers.concat import Concat
from nntrain.nn.containers.concat_table import ConcatTable
from nntrain.nn.containers.decorator import Decorator
from nntrain.nn.containers.depth_concat import DepthConcat
from nntrain.nn.containers.dont_cast import DontCast
from nntrain.nn.containers.gpu import GPU
from nntrain.nn.containers.map_table import MapTable
from nntrain.nn.containers.nan import NaN
from nntrain.nn.containers.parallel import Parallel
from nntrain.nn.containers.parallel_table import ParallelTable
from nntrain.nn.containers.profile import Profile
from nntrain.nn.containers.sequential import Sequential
from nntrain.nn.containers.weight_norm import WeightNorm
from nntrain.nn.criterion import Criterion
from nntrain.nn.criterions.abs_criterion import AbsCriterion
from nntrain.nn.criterions.bce_criterion import BCECriterion
from nntrain.nn.criterions.class_nll_criterion import ClassNLLCriterion
from nntrain.nn.criterions.class_simplex_criterion import ClassSimplexCriterion
from nntrain.nn.criterions.cosine_embedding_criterion import CosineEmbeddingCriterion
from nntrain.nn.criterions.cross_entropy_criterion import CrossEntropyCriterion
from nntrain.nn.criterions.dist_kl_div_criterion import DistKLDivCriterion
from nntrain.nn.criterions.distance_ratio_criterion import DistanceRatioCriterion
from nntrain.nn.criterions.hinge_embedding_criterion import HingeEmbeddingCriterion
from nntrain.nn.criterions.l1_cost import L1Cost
from nntrain.nn.criterions.l1_hinge_embedding_criterion import L1HingeEmbeddingCriterion
from nntrain.nn.criterions.margin_criterion import MarginCriterion
from nntrain.nn.criterions.margin_ranking_criterion import MarginRankingCriterion
from nntrain.nn.criterions.module_criterion import ModuleCriterion
from nntrain.nn.criterions.mse_criterion import MSECriterion
from nntrain.nn.criterions.multi_criterion import MultiCriterion
from nntrain.nn.criterions.multi_label_margin_criterion import MultiLabelMarginCriterion
from nntrain.nn.criterions.multi_label_soft_margin_criterion import MultiLabelSoftMarginCriterion
from nntrain.nn.criterions.multi_margin_criterion import MultiMarginCriterion
from nntrain.nn.criterions.parallel_criterion import ParallelCriterion
from nntrain.nn.criterions.smooth_l1_criterion import SmoothL1Criterion
from nntrain.nn.criterions.soft_margin_criterion import SoftMarginCriterion
from nntrain.nn.criterions.spatial_auto_crop_mse_criterion import SpatialAutoCropMSECriterion
from nntrain.nn.criterions.spatial_class_nll_criterion import SpatialClassNLLCriterion
from nntrain.nn.criterions.weighted_mse_criterion import WeightedMSECriterion
from nntrain.nn.module import Module


@hookimpl
def nntrain_modules() -> tuple[type[Module], ...]:
    return find_imported_classes(globals(), Module)


@hookimpl
def nntrain_criterions() -> tuple[type[Criterion], ...]:
    return find_imported_classes(globals(), Criterion)
