"""Check that network, criterion and rows work together, and report problems as config errors."""

from nntrain.data.dataset import Dataset
from nntrain.errors import ConfigError, NntrainError, ShapeError
from nntrain.training.trained_network import TrainedNetwork, slice_rows

# Rows to try: the minimum that distinguishes a batch from a single row.
SAMPLE_ROWS = 2


def check_network(network: TrainedNetwork, dataset: Dataset) -> None:
    """ConfigError unless the outputs fit the target, and the criterion accepts both.

    Modules that grow on first use, such as a MapTable, grow here.
    """
    try:
        y = next(network.iterate_outputs(slice_rows(dataset.inputs, 0, SAMPLE_ROWS)))
    except NntrainError as error:
        advice = "end with a module such as Linear, whose size follows from the target if omitted"
        raise ConfigError(f"model: {error.to_line()}; {advice}") from error
    target, criterion = network.preprocessor.target, network.criterion
    assert dataset.targets is not None
    try:
        criterion.forward(y, network.task.to_criterion_targets(dataset.targets[:SAMPLE_ROWS]))
        read = criterion.to_output_form(y)
        if read.shape != y.shape:
            raise ShapeError(f"expected to_output_form to keep the shape {y.shape}, got {read.shape}")
    except NntrainError as error:
        problem = f"{type(criterion).__name__} does not work with the {target.task} of {target.name!r}"
        raise ConfigError(f"criterion: {problem}: {error.to_line()}; choose another, or remove the key") from error
