"""Check that the criterion and the average of an ensemble's members fit the task."""

from nntrain.errors import ConfigError
from nntrain.hooks.registry import get_registry
from nntrain.nn.network_ends import find_last_module
from nntrain.training.trained_network import TrainedNetwork


def check_members(network: TrainedNetwork) -> None:
    """ConfigError for a network that ends with the members of an ensemble and does not compare them as the task needs.

    Such a network returns (N, members, C) in training only, so that another criterion fails in the first step. The mean
    of probabilities is that of classes.
    """
    last, criterion, target = find_last_module(network.model), network.criterion, network.preprocessor.target
    if (name := last.member_criterion) is None:
        return
    if not isinstance(criterion, get_registry().find("criterion", name).cls):
        given = type(criterion).__name__
        raise ConfigError(
            f"criterion: expected {name} for a network that ends with {type(last).__name__}, got {given}; remove the "
            f'key, or set type = "{name}" and criterion = {{ type = "{given}" }}'
        )
    if last.output_form == "logits" and target.task != "classification":
        raise ConfigError(
            f"model: expected the average of values for the {target.task} of {target.name!r}, got {last.label()}, "
            'which averages the probabilities of classes; set average = "values"'
        )
