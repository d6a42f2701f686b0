"""The transfer functions, by the door that every family uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nntrain.hooks import hookimpl
from nntrain.nn.module import Module
from nntrain_transfer.crelu import CReLU
from nntrain_transfer.elu import ELU
from nntrain_transfer.gated_linear_unit import GatedLinearUnit
from nntrain_transfer.hard_shrink import HardShrink
from nntrain_transfer.hard_tanh import HardTanh
from nntrain_transfer.leaky_relu import LeakyReLU
from nntrain_transfer.log_sigmoid import LogSigmoid
from nntrain_transfer.log_soft_max import LogSoftMax
from nntrain_transfer.maxout import Maxout
from nntrain_transfer.prelu import PReLU
from nntrain_transfer.relu import ReLU
from nntrain_transfer.relu6 import ReLU6
from nntrain_transfer.rrelu import RReLU
from nntrain_transfer.sigmoid import Sigmoid
from nntrain_transfer.soft_max import SoftMax
from nntrain_transfer.soft_min import SoftMin
from nntrain_transfer.soft_plus import SoftPlus
from nntrain_transfer.soft_shrink import SoftShrink
from nntrain_transfer.soft_sign import SoftSign
from nntrain_transfer.spatial_log_soft_max import SpatialLogSoftMax
from nntrain_transfer.spatial_soft_max import SpatialSoftMax
from nntrain_transfer.tanh import Tanh
from nntrain_transfer.tanh_shrink import TanhShrink
from nntrain_transfer.threshold import Threshold

if TYPE_CHECKING:
    from nntrain.nn.testing import Case

MODULES = (
    CReLU,
    ELU,
    GatedLinearUnit,
    HardShrink,
    HardTanh,
    LeakyReLU,
    LogSigmoid,
    LogSoftMax,
    Maxout,
    PReLU,
    ReLU,
    ReLU6,
    RReLU,
    Sigmoid,
    SoftMax,
    SoftMin,
    SoftPlus,
    SoftShrink,
    SoftSign,
    SpatialLogSoftMax,
    SpatialSoftMax,
    Tanh,
    TanhShrink,
    Threshold,
)


@hookimpl
def nntrain_modules() -> tuple[type[Module], ...]:
    return MODULES


@hookimpl
def nntrain_cases() -> tuple[Case, ...]:
    from nntrain_transfer.cases import CASES

    return CASES
