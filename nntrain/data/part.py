"""Rows ready for a network."""

from __future__ import annotations

from dataclasses import dataclass

from nntrain.data.array import Array

__all__ = ["Part"]


@dataclass(frozen=True)
class Part:
    """Encoded inputs and targets of ``rows`` rows; targets are None where they are not known."""

    inputs: Array | list[Array]
    targets: Array | None
    rows: int
