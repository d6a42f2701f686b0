"""The hook of the TensorBoard logger."""

from nntrain.hooks import hookimpl
from nntrain.training import Callback
from nntrain_tensorboard.tensorboard import TensorBoard


@hookimpl
def nntrain_loggers() -> tuple[type[Callback], ...]:
    return (TensorBoard,)
