"""The step in nntrain, as in a training run."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.mlp.mlp import MLP, Array
from nntrain import nn
from nntrain.nn.containers.sequential import Sequential
from nntrain.nn.lazy_zero_grad import LazyZeroGrad
from nntrain.nn.module import Module
from nntrain.optim import Optimizer
from nntrain.optim.algorithms.adam import Adam
from nntrain.optim.algorithms.sgd import SGD

__all__ = ["network", "optimize", "predictor", "step", "stepper"]


def network(mlp: MLP) -> Sequential:
    """Build the network with the given parameters."""
    modules = []
    for (weight, bias), (i, o) in zip(mlp.parameters(), mlp.sizes, strict=True):
        linear = nn.Linear(i, o)
        linear.weight[...], linear.bias[...] = weight, bias
        modules.append(linear)
        if mlp.noisy:
            normalization = nn.BatchNormalization(o)
            # Torch7 initializes it randomly, other libraries with 1.
            normalization.weight.fill(1)
            modules += [normalization, nn.Tanh(), nn.Dropout(mlp.dropped)]
        else:
            modules.append(nn.ReLU())
    return nn.Sequential(modules[: -3 if mlp.noisy else -1]).float()


def step(mlp: MLP) -> Callable[[], float]:
    """Run forward, loss, backward and update; return the loss."""
    x, t = mlp.rows()
    made = stepper(mlp, network(mlp))
    return lambda: made(x, t)


def stepper(mlp: MLP, model: Module) -> Callable[[Array, Array], float]:
    """Return the step of a network on a given batch."""
    criterion = nn.CrossEntropyCriterion().float()
    parameters = model.get_parameters()
    model.skip_grad_input()
    optimizer = SGD(learning_rate=mlp.rate) if mlp.optimizer == "SGD" else Adam(learning_rate=mlp.rate)
    return optimize(optimizer, model, criterion, *parameters)


def optimize(
    optimizer: Optimizer, model: Module, criterion: nn.Criterion, w: Array, dw: Array
) -> Callable[[Array, Array], float]:
    """Return the step of an optimizer for the parameters w and gradients dw of a network on a given batch."""
    gradients = LazyZeroGrad(model, dw)

    def made(x: Array, t: Array) -> float:
        def loss_at(w: Array) -> tuple[float, Array]:
            gradients.zero_grad()
            y = model.forward(x)
            loss = criterion.forward(y, t)
            model.backward(x, criterion.backward(y, t))
            gradients.zero_unset()
            return loss, dw

        return optimizer.advance(loss_at, w)[0]

    return made


def predictor(mlp: MLP) -> Callable[[], Array]:
    """Return the scores of the rows."""
    x, _ = mlp.rows()
    model = network(mlp)
    model.evaluate()
    return lambda: model.forward(x)
