"""Whether network, criterion and rows go together, told as problems of the config."""

from __future__ import annotations

from nntrain.data.part import Part
from nntrain.errors import ConfigError, NntrainError, ShapeError
from nntrain.training.trained_network import TrainedNetwork, rows

__all__ = ["check_fitting"]

# Rows that are tried: as few as tell a batch from a sample.
SAMPLE = 2


def check_fitting(network: TrainedNetwork, part: Part) -> None:
    """ConfigError unless the network gives what the target needs, and the criterion takes both.

    Modules that grow in use, such as a MapTable, grow here.
    """
    try:
        y = next(network.outputs(rows(part.inputs, 0, SAMPLE)))
    except NntrainError as error:
        advice = "end in a module such as Linear, whose size follows from the target where it is left out"
        raise ConfigError(f"model: {one_line(error)}; {advice}") from error
    target, criterion = network.schema.target, network.criterion
    assert part.targets is not None
    try:
        criterion.forward(y, network.task.fitted(part.targets[:SAMPLE]))
        read = criterion.to_output_form(y)
        if read.shape != y.shape:
            raise ShapeError(f"expected it to read outputs in their shape {y.shape}, got {read.shape}")
    except NntrainError as error:
        what = f"{type(criterion).__name__} does not go with the {target.task} of {target.name!r}"
        raise ConfigError(f"criterion: {what}: {one_line(error)}; choose another, or leave it out") from error


def one_line(error: NntrainError) -> str:
    """An error from inside a network without its line breaks."""
    return " ".join(str(error).split())
