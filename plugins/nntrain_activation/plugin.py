"""The activation layers."""

# ruff: noqa: F401 (the hooks return the imported classes)

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nntrain.hooks import find_imported_classes, hookimpl
from nntrain.nn.module import Module
from nntrain_activation.blend import Blend
from nntrain_activation.crelu import CReLU
from nntrain_activation.elu import ELU
from nntrain_activation.gated_linear_unit import GatedLinearUnit
from nntrain_activation.gelu import GELU
from nntrain_activation.hard_shrink import HardShrink
from nntrain_activation.hard_tanh import HardTanh
from nntrain_activation.leaky_relu import LeakyReLU
from nntrain_activation.log_sigmoid import LogSigmoid
from nntrain_activation.log_soft_max import LogSoftMax
from nntrain_activation.maxout import Maxout
from nntrain_activation.mish import Mish
from nntrain_activation.prelu import PReLU
from nntrain_activation.relu import ReLU
from nntrain_activation.relu6 import ReLU6
from nntrain_activation.rrelu import RReLU
from nntrain_activation.selu import SELU
from nntrain_activation.sigmoid import Sigmoid
from nntrain_activation.silu import SiLU
from nntrain_activation.soft_max import SoftMax
from nntrain_activation.soft_min import SoftMin
from nntrain_activation.soft_plus import SoftPlus
from nntrain_activation.soft_shrink import SoftShrink
from nntrain_activation.soft_sign import SoftSign
from nntrain_activation.spatial_log_soft_max import SpatialLogSoftMax
from nntrain_activation.spatial_soft_max import SpatialSoftMax
from nntrain_activation.tanh import Tanh
from nntrain_activation.tanh_shrink import TanhShrink
from nntrain_activation.threshold import Threshold

if TYPE_CHECKING:
    from nntrain.nn.testing import Case


@hookimpl
def nntrain_modules() -> tuple[type[Module], ...]:
    return find_imported_classes(globals(), Module)


@hookimpl
def nntrain_cases() -> tuple[Case, ...]:
    """A case of Maxout, which the inferred case does not fit."""
    from nntrain.nn.testing import Case

    x = np.random.default_rng(0).normal(size=(4, 3))
    # One maximum per four numbers: every pass allocates memory for its position, which is then relatively small.
    return (Case("fours", {"type": "Maxout", "input_size": 3, "output_size": 2, "maxout_number": 4}, x, batch_axis=0),)
