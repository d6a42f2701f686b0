"""nntrain's own optimizers and schedules, by the door that a stranger's plugin uses."""

from nntrain.hooks import hookimpl
from nntrain.optim.algorithms.adam import Adam
from nntrain.optim.algorithms.sgd import SGD
from nntrain.optim.optimizer import Optimizer
from nntrain.optim.schedules.constant import Constant
from nntrain.optim.schedules.cosine import Cosine
from nntrain.optim.schedules.exponential import Exponential
from nntrain.optim.schedules.one_cycle import OneCycle
from nntrain.optim.schedules.plateau import Plateau
from nntrain.optim.schedules.schedule import Schedule
from nntrain.optim.schedules.step import Step

OPTIMIZERS = (Adam, SGD)

SCHEDULES = (Constant, Cosine, Exponential, OneCycle, Plateau, Step)


@hookimpl
def nntrain_optimizers() -> tuple[type[Optimizer], ...]:
    return OPTIMIZERS


@hookimpl
def nntrain_schedules() -> tuple[type[Schedule], ...]:
    return SCHEDULES
