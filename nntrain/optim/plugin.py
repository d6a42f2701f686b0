"""The built-in optimizers and schedules, registered through the same hooks as plugins."""

# ruff: noqa: F401 (the hooks return the imported classes)

from nntrain.hooks import find_imported_classes, hookimpl
from nntrain.optim.algorithms.adadelta import Adadelta
from nntrain.optim.algorithms.adagrad import Adagrad
from nntrain.optim.algorithms.adam import Adam
from nntrain.optim.algorithms.adamax import Adamax
from nntrain.optim.algorithms.adamw import AdamW
from nntrain.optim.algorithms.asgd import ASGD
from nntrain.optim.algorithms.cg import CG
from nntrain.optim.algorithms.cmaes import CMAES
from nntrain.optim.algorithms.de import DE
from nntrain.optim.algorithms.fista import FISTA
from nntrain.optim.algorithms.lbfgs import LBFGS
from nntrain.optim.algorithms.nag import NAG
from nntrain.optim.algorithms.rmsprop import RMSprop
from nntrain.optim.algorithms.rprop import Rprop
from nntrain.optim.algorithms.sgd import SGD
from nntrain.optim.optimizer import Optimizer
from nntrain.optim.schedules.constant_schedule import ConstantSchedule
from nntrain.optim.schedules.cosine_schedule import CosineSchedule
from nntrain.optim.schedules.exponential import Exponential
from nntrain.optim.schedules.flat_cosine import FlatCosine
from nntrain.optim.schedules.log_cosine import LogCosine
from nntrain.optim.schedules.one_cycle import OneCycle
from nntrain.optim.schedules.plateau import Plateau
from nntrain.optim.schedules.schedule import Schedule
from nntrain.optim.schedules.step import Step


@hookimpl
def nntrain_optimizers() -> tuple[type[Optimizer], ...]:
    return find_imported_classes(globals(), Optimizer)


@hookimpl
def nntrain_schedules() -> tuple[type[Schedule], ...]:
    return find_imported_classes(globals(), Schedule)
