"""A module that Torch places on a device."""

from nntrain.nn.containers.decorator import Decorator
from nntrain.nn.module import Module


class GPU(Decorator):
    """y = m(x). In Torch m runs on ``device`` and y moves to ``outdevice``; here both are ignored.

    Shapes:
        as m
    Devices count from 0; outdevice: default device. The class exists so that Torch7's networks keep their structure.
    Source: torch/nn, GPU.lua.
    """

    def __init__(self, module: Module, device: int, outdevice: int | None = None) -> None:
        super().__init__(module)
        self.device = device
        self.outdevice = device if outdevice is None else outdevice

    def label(self) -> str:
        return f"GPU({self.device})"
