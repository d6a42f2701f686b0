"""Train neural networks from the command line: Torch7's ``nn`` in numpy."""

from __future__ import annotations

# As typing has it, which takes longer to import than all else that comes before signals are handled.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from os import PathLike
    from typing import Any

__version__ = "0.1.0"

__all__ = ["__version__", "load"]


def load(path: str | PathLike[str], *, long_size: int | None = None) -> Any:
    """The network in a run folder, a checkpoint or a file of another program, such as ``old.t7``: a Module.

    What a file of another program holds beside networks comes as it is: a criterion, arrays, lists, dicts.
    ``long_size``: the bytes of a long in a .t7 file, where it is told wrongly. Errors: CheckpointError, RunError, and
    PluginError for a layer that is not installed.
    """
    from pathlib import Path

    from nntrain.training.inference.network_loading import load_model

    return load_model(Path(path), long_size=long_size)
