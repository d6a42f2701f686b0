"""What a checkpoint holds, when it is made use of."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from nntrain.errors import CheckpointError, NntrainError, PluginError

__all__ = ["add_checkpoint_location"]


@contextmanager
def add_checkpoint_location(where: str) -> Iterator[None]:
    """A context in which what is wrong with a tree is told as a CheckpointError of the file that it was read from.

    That a class is not installed remains a PluginError.
    """
    try:
        yield
    except PluginError:
        raise
    except NntrainError as error:
        raise CheckpointError(f"{where}: {error}") from error
    except KeyError as error:
        raise CheckpointError(f"{where}: not a whole checkpoint: {error} is missing") from error
    except (ArithmeticError, AttributeError, IndexError, TypeError, ValueError) as error:
        raise CheckpointError(f"{where}: not a whole checkpoint: {type(error).__name__}: {error}") from error
