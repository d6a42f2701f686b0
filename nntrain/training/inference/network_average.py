"""The average of several networks as one network."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from nntrain.errors import ConfigError
from nntrain.nn.building.builder import build
from nntrain.nn.containers.concat_table import ConcatTable
from nntrain.nn.containers.sequential import Sequential
from nntrain.training.tasks.task import Task
from nntrain.training.trained_network import TrainedNetwork

Spec = dict[str, Any]

# Logits beyond ±80 have probabilities that single precision cannot represent.
MAX_LOGIT = 80.0


def average_networks(networks: Sequence[TrainedNetwork]) -> TrainedNetwork:
    """Return one network that averages the predictions of networks with the same preprocessing.

    Probabilities of classes and labels are averaged, not logits; numbers on the scale on which they are learned.
    ConfigError as from ``check_average``.
    """
    first = networks[0]
    check_average(first.task)
    members = ConcatTable()
    for network in networks:
        members.add(Sequential().add(network.model).add(build({"type": "Unsqueeze", "dim": 0}, "module")))
    model = Sequential().add(members).add(build({"type": "JoinTable", "dim": 0}, "module"))
    for spec in design_average(first.task):
        model.add(build(spec, "module"))
    averaged = TrainedNetwork(
        model.type(first.model.type()), first.criterion, first.preprocessor, metrics=first.metrics
    )
    averaged.task.threshold = first.task.threshold
    return averaged


def check_average(task: Task) -> None:
    """ConfigError if the outputs of the network are not the predictions that its criterion compares."""
    sample = np.linspace(0.1, 0.9, 2 * task.output_count).reshape(2, -1)
    read = task.criterion.to_output_form(sample)
    if read.shape != sample.shape or not np.array_equal(read, sample):
        raise ConfigError(
            f"criterion.type: {task.criterion.label()} transforms the outputs, which cannot be averaged; choose "
            "another criterion, or remove data.validation_folds"
        )


def design_average(task: Task) -> list[Spec]:
    """Return the modules from the outputs of all networks (networks, N, outputs) to their average (N, outputs).

    The form of the outputs stays the same. Of classes, log (1/M Σ p) is both a logit and a log-probability.
    """
    form = task.output_form
    if form in ("values", "probabilities"):
        return [{"type": "AverageMembers", "average": "values"}]
    if task.target.task == "classification" and task.output_count > 1:
        return [{"type": "AverageMembers", "average": "probabilities"}]
    if form == "log_probabilities":
        return [{"type": "Exp"}, {"type": "AverageMembers", "average": "values"}, {"type": "Log"}]
    return [
        {"type": "Clamp", "min_value": -MAX_LOGIT, "max_value": MAX_LOGIT},
        {"type": "ConcatTable", "modules": [design_log_mean(1), design_log_mean(-1)]},
        {"type": "CSubTable"},
    ]


def design_log_mean(sign: int) -> Spec:
    """Return log (1/M Σ σ(sign x)): with both signs, the logit of the mean probability is their difference."""
    modules = [{"type": "Sigmoid"}, {"type": "AverageMembers", "average": "values"}, {"type": "Log"}]
    return {"type": "Sequential", "modules": [{"type": "MulConstant", "constant_scalar": sign}, *modules]}
