"""Train neural networks from the command line: Torch7's ``nn`` in numpy."""

from __future__ import annotations

# Like typing.TYPE_CHECKING; importing typing takes longer than everything else before signals are handled.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from os import PathLike
    from typing import Any

__version__ = "0.1.0"

__all__ = ["__version__", "load"]


def load(path: str | PathLike[str], *, long_size: int | None = None) -> Any:
    """Load the network (a Module) of a run folder, a checkpoint or a file of another framework, such as ``old.t7``.

    Other content of a file of another framework is returned unchanged: a criterion, arrays, lists, dicts.
    ``long_size``: the size of a C long in a .t7 file, if detection gets it wrong. Errors: CheckpointError, RunError,
    and PluginError for a layer that is not installed.
    """
    from pathlib import Path

    from nntrain.training.inference.network_loading import load_model

    return load_model(Path(path), long_size=long_size)
