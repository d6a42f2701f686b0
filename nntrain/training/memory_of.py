"""The memory that a command on a run may take."""

from __future__ import annotations

from pathlib import Path

from nntrain.config.load import load_config
from nntrain.config.spec_checks import UNCHECKED
from nntrain.data.byte_count import bytes_of
from nntrain.data.streaming.memory import free_share
from nntrain.training.run_folder import RunFolder

__all__ = ["memory_of"]


def memory_of(run: Path, given: int | None) -> int:
    """The bytes that are ``given``, else those of ``data.memory`` of the run, else half of what is free."""
    if given is not None:
        return given
    folder = RunFolder(run)
    said = load_config(folder.config, checks=UNCHECKED).data.memory if folder.begun else None
    return free_share() if said is None else bytes_of(said)
