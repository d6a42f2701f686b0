"""The parts of an HDF5 file."""

from __future__ import annotations

from dataclasses import dataclass

from nntrain.data.hdf5_part import HDF5Part

__all__ = ["HDF5Data"]


@dataclass(frozen=True)
class HDF5Data:
    """``parts`` by name: ``all`` for arrays at the root, else those of ``train validation test`` that exist."""

    path: str
    parts: dict[str, HDF5Part]
