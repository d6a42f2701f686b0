"""Weight initialization: He, Glorot, or Torch7's default of each class."""

import math
from typing import Literal

from nntrain.compute import random
from nntrain.nn.module import Module

InitRule = Literal["torch", "he", "glorot"]


def initialize_weights(module: Module, rule: InitRule) -> None:
    """Reinitialize the weights of every module with a fan-in and a fan-out, and set their biases to 0.

    ``he``: N(0, 2 / fan_in) (He et al., "Delving Deep into Rectifiers", 2015, eq. 10); ``glorot``: U(−s, s),
    s = √(6 / (fan_in + fan_out)) (Glorot and Bengio, 2010, eq. 16); ``torch``: the default of each class.
    """
    if rule == "torch":
        return
    for inner in module.list_modules():
        if inner.has_fan_init:
            # The weight is (fan_out, fan_in, *window).
            weight, bias = inner.get_own_parameters()[0][0], getattr(inner, "bias", None)
            window = math.prod(weight.shape[2:])
            fan_out, fan_in = weight.shape[0] * window, weight.shape[1] * window
            if rule == "he":
                weight[...] = random.initial_stream().normal(0, (2 / fan_in) ** 0.5, weight.shape)
            else:
                s = (6 / (fan_in + fan_out)) ** 0.5
                random.fill_uniform(weight, -s, s)
            if bias is not None:
                bias[...] = 0
