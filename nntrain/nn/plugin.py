"""nntrain's own containers and criterions, by the door that every family of layers uses."""

from nntrain.hooks import hookimpl
from nntrain.nn.containers.concat_table import ConcatTable
from nntrain.nn.containers.parallel_table import ParallelTable
from nntrain.nn.containers.sequential import Sequential
from nntrain.nn.criterion import Criterion
from nntrain.nn.criterions.abs_criterion import AbsCriterion
from nntrain.nn.criterions.bce_criterion import BCECriterion
from nntrain.nn.criterions.class_nll_criterion import ClassNLLCriterion
from nntrain.nn.criterions.cross_entropy_criterion import CrossEntropyCriterion
from nntrain.nn.criterions.mse_criterion import MSECriterion
from nntrain.nn.criterions.smooth_l1_criterion import SmoothL1Criterion
from nntrain.nn.module import Module

MODULES = (ConcatTable, ParallelTable, Sequential)

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
