"""Report errors in the content of a checkpoint with its path."""

from collections.abc import Iterator
from contextlib import contextmanager

from nntrain.errors import CheckpointError, NntrainError, PluginError


@contextmanager
def add_checkpoint_location(where: str) -> Iterator[None]:
    """A context in which errors about a tree become a CheckpointError with the file that it was read from.

    A PluginError for a class that is not installed passes through.
    """
    try:
        yield
    except PluginError:
        raise
    except NntrainError as error:
        raise CheckpointError(f"{where}: {error}") from error
    except KeyError as error:
        raise CheckpointError(f"{where}: incomplete checkpoint: {error} is missing") from error
    except (ArithmeticError, AttributeError, IndexError, TypeError, ValueError) as error:
        raise CheckpointError(f"{where}: incomplete checkpoint: {type(error).__name__}: {error}") from error
