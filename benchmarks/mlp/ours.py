"""The step in nntrain, as in a training run."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.mlp.mlp import MLP, Array
from benchmarks.mlp.training_step import TrainingStep
from nntrain import nn
from nntrain.nn.containers.sequential import Sequential
from nntrain.nn.module import Module
from nntrain.optim.algorithms.adam import Adam
from nntrain.optim.algorithms.sgd import SGD

__all__ = ["network", "predictor", "step", "stepper", "training_step"]


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
    made = training_step(mlp)
    return lambda: made(x, t)


def training_step(mlp: MLP) -> TrainingStep:
    """Return the step of the network with the given parameters."""
    return stepper(mlp, network(mlp))


def stepper(mlp: MLP, model: Module) -> TrainingStep:
    """Return the step of a network."""
    criterion = nn.CrossEntropyCriterion().float()
    parameters = model.get_parameters()
    model.skip_grad_input()
    optimizer = SGD(learning_rate=mlp.rate) if mlp.optimizer == "SGD" else Adam(learning_rate=mlp.rate)
    return TrainingStep(optimizer, model, criterion, *parameters)


def predictor(mlp: MLP) -> Callable[[], Array]:
    """Return the scores of the rows."""
    x, _ = mlp.rows()
    model = network(mlp)
    model.evaluate()
    return lambda: model.forward(x)
