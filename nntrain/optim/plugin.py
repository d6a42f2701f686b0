"""nntrain's own optimizers, by the door that a stranger's plugin uses."""

from nntrain.hooks import hookimpl
from nntrain.optim.adam import Adam
from nntrain.optim.optimizer import Optimizer
from nntrain.optim.sgd import SGD

OPTIMIZERS = (Adam, SGD)


@hookimpl
def nntrain_optimizers() -> tuple[type[Optimizer], ...]:
    return OPTIMIZERS
