"""The arithmetic layers."""

# ruff: noqa: F401 (the hooks return the imported classes)

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from nntrain.hooks import find_imported_classes, hookimpl
from nntrain.nn.module import Module
from nntrain_arithmetic.abs import Abs
from nntrain_arithmetic.add import Add
from nntrain_arithmetic.add_constant import AddConstant
from nntrain_arithmetic.c_add import CAdd
from nntrain_arithmetic.c_mul import CMul
from nntrain_arithmetic.clamp import Clamp
from nntrain_arithmetic.exp import Exp
from nntrain_arithmetic.gradient_reversal import GradientReversal
from nntrain_arithmetic.l1_penalty import L1Penalty
from nntrain_arithmetic.log import Log
from nntrain_arithmetic.mul import Mul
from nntrain_arithmetic.mul_constant import MulConstant
from nntrain_arithmetic.power import Power
from nntrain_arithmetic.sqrt import Sqrt
from nntrain_arithmetic.square import Square
from nntrain_arithmetic.zero_grad import ZeroGrad

if TYPE_CHECKING:
    from nntrain.nn.testing import Case


@hookimpl
def nntrain_modules() -> tuple[type[Module], ...]:
    return find_imported_classes(globals(), Module)


@hookimpl
def nntrain_cases() -> tuple[Case, ...]:
    """Cases of the layers whose dx is by design not the gradient of y."""
    from nntrain.nn.testing import Case

    x = np.random.default_rng(0).normal(size=(4, 3))
    reasons: tuple[tuple[dict[str, Any], str], ...] = (
        ({"type": "GradientReversal"}, "dx = −λ dy is its purpose"),
        ({"type": "ZeroGrad"}, "dx = 0 is its purpose"),
        ({"type": "L1Penalty", "l1_weight": 0.5}, "dx includes the penalty, which is not part of y"),
    )
    name = "grad_input_matches_numerical_gradient"
    return tuple(Case("meant", spec, x, batch_axis=0, skip={name: reason}) for spec, reason in reasons)
