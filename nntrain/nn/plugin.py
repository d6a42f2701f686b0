"""nntrain's own containers and criterions, by the door that every family of layers uses."""

from nntrain.hooks import hookimpl
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
from nntrain.nn.criterions.cross_entropy_criterion import CrossEntropyCriterion
from nntrain.nn.criterions.mse_criterion import MSECriterion
from nntrain.nn.criterions.smooth_l1_criterion import SmoothL1Criterion
from nntrain.nn.module import Module

MODULES = (
    Bottle,
    Concat,
    ConcatTable,
    Decorator,
    DepthConcat,
    DontCast,
    GPU,
    MapTable,
    NaN,
    Parallel,
    ParallelTable,
    Profile,
    Sequential,
    WeightNorm,
)

CRITERIONS = (
    AbsCriterion,
    BCECriterion,
    ClassNLLCriterion,
    CrossEntropyCriterion,
    MSECriterion,
    SmoothL1Criterion,
)


@hookimpl
def nntrain_modules() -> tuple[type[Module], ...]:
    return MODULES


@hookimpl
def nntrain_criterions() -> tuple[type[Criterion], ...]:
    return CRITERIONS
