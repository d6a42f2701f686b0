"""Whether network, criterion and rows go together, told as problems of the config."""

from __future__ import annotations

from nntrain.data.dataset import Dataset
from nntrain.errors import ConfigError, NntrainError, ShapeError
from nntrain.training.trained_network import TrainedNetwork, slice_rows

__all__ = ["check_network"]

# Rows that are tried: as few as tell a batch from a sample.
SAMPLE_ROWS = 2


def check_network(network: TrainedNetwork, dataset: Dataset) -> None:
    """ConfigError unless the network gives what the target needs, and the criterion takes both.

    Modules that grow in use, such as a MapTable, grow here.
    """
    try:
        y = next(network.iterate_outputs(slice_rows(dataset.inputs, 0, SAMPLE_ROWS)))
    except NntrainError as error:
        advice = "end in a module such as Linear, whose size follows from the target where it is left out"
        raise ConfigError(f"model: {join_lines(error)}; {advice}") from error
    target, criterion = network.preprocessor.target, network.criterion
    assert dataset.targets is not None
    try:
        criterion.forward(y, network.task.to_criterion_targets(dataset.targets[:SAMPLE_ROWS]))
        read = criterion.to_output_form(y)
        if read.shape != y.shape:
            raise ShapeError(f"expected it to read outputs in their shape {y.shape}, got {read.shape}")
    except NntrainError as error:
        what = f"{type(criterion).__name__} does not go with the {target.task} of {target.name!r}"
        raise ConfigError(f"criterion: {what}: {join_lines(error)}; choose another, or leave it out") from error


def join_lines(error: NntrainError) -> str:
    """An error from inside a network without its line breaks."""
    return " ".join(str(error).split())
