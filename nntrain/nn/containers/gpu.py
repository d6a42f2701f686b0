"""A module that Torch would place on a device."""

from __future__ import annotations

from nntrain.nn.containers.decorator import Decorator
from nntrain.nn.module import Module

__all__ = ["GPU"]


class GPU(Decorator):
    """y = m(x). In Torch m runs on ``device`` and y goes to ``outdevice``; here nothing is placed anywhere.

    Shapes:
        those of m
    Devices count from 0; outdevice is device unless given. The class is there so that old networks keep their form.
    Source: torch/nn, GPU.lua.
    """

    def __init__(self, module: Module, device: int, outdevice: int | None = None) -> None:
        super().__init__(module)
        self.device = device
        self.outdevice = device if outdevice is None else outdevice

    def label(self) -> str:
        return f"GPU({self.device})"
