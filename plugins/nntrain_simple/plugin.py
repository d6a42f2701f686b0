"""The simple layers, by the door that every family uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nntrain.hooks import hookimpl
from nntrain.nn.module import Module
from nntrain_simple.abs import Abs
from nntrain_simple.add import Add
from nntrain_simple.add_constant import AddConstant
from nntrain_simple.batch_normalization import BatchNormalization
from nntrain_simple.bilinear import Bilinear
from nntrain_simple.c_add import CAdd
from nntrain_simple.c_mul import CMul
from nntrain_simple.clamp import Clamp
from nntrain_simple.collapse import Collapse
from nntrain_simple.constant import Constant
from nntrain_simple.contiguous import Contiguous
from nntrain_simple.convert import Convert
from nntrain_simple.copy import Copy
from nntrain_simple.cosine import Cosine
from nntrain_simple.dropout import Dropout
from nntrain_simple.euclidean import Euclidean
from nntrain_simple.exp import Exp
from nntrain_simple.gradient_reversal import GradientReversal
from nntrain_simple.identity import Identity
from nntrain_simple.index import Index
from nntrain_simple.index_linear import IndexLinear
from nntrain_simple.kmeans import Kmeans
from nntrain_simple.l1_penalty import L1Penalty
from nntrain_simple.layer_normalization import LayerNormalization
from nntrain_simple.linear import Linear
from nntrain_simple.linear_weight_norm import LinearWeightNorm
from nntrain_simple.log import Log
from nntrain_simple.lookup_table import LookupTable
from nntrain_simple.masked_select import MaskedSelect
from nntrain_simple.max import Max
from nntrain_simple.mean import Mean
from nntrain_simple.min import Min
from nntrain_simple.mm import MM
from nntrain_simple.mul import Mul
from nntrain_simple.mul_constant import MulConstant
from nntrain_simple.mv import MV
from nntrain_simple.narrow import Narrow
from nntrain_simple.normalize import Normalize
from nntrain_simple.one_hot import OneHot
from nntrain_simple.padding import Padding
from nntrain_simple.partial_linear import PartialLinear
from nntrain_simple.power import Power
from nntrain_simple.print_size import PrintSize
from nntrain_simple.replicate import Replicate
from nntrain_simple.reshape import Reshape
from nntrain_simple.select import Select
from nntrain_simple.sparse_linear import SparseLinear
from nntrain_simple.spatial_dropout import SpatialDropout
from nntrain_simple.sqrt import Sqrt
from nntrain_simple.square import Square
from nntrain_simple.squeeze import Squeeze
from nntrain_simple.sum import Sum
from nntrain_simple.transpose import Transpose
from nntrain_simple.unsqueeze import Unsqueeze
from nntrain_simple.view import View
from nntrain_simple.volumetric_dropout import VolumetricDropout
from nntrain_simple.weighted_euclidean import WeightedEuclidean
from nntrain_simple.white_noise import WhiteNoise
from nntrain_simple.zero_grad import ZeroGrad

if TYPE_CHECKING:
    from nntrain.nn.testing import Case

MODULES = (
    Abs,
    Add,
    AddConstant,
    BatchNormalization,
    Bilinear,
    CAdd,
    Clamp,
    CMul,
    Collapse,
    Constant,
    Contiguous,
    Convert,
    Copy,
    Cosine,
    Dropout,
    Euclidean,
    Exp,
    GradientReversal,
    Identity,
    Index,
    IndexLinear,
    Kmeans,
    L1Penalty,
    LayerNormalization,
    Linear,
    LinearWeightNorm,
    Log,
    LookupTable,
    MaskedSelect,
    Max,
    Mean,
    Min,
    MM,
    Mul,
    MulConstant,
    MV,
    Narrow,
    Normalize,
    OneHot,
    Padding,
    PartialLinear,
    Power,
    PrintSize,
    Replicate,
    Reshape,
    Select,
    SparseLinear,
    SpatialDropout,
    Sqrt,
    Square,
    Squeeze,
    Sum,
    Transpose,
    Unsqueeze,
    View,
    VolumetricDropout,
    WeightedEuclidean,
    WhiteNoise,
    ZeroGrad,
)


@hookimpl
def nntrain_modules() -> tuple[type[Module], ...]:
    return MODULES


@hookimpl
def nntrain_cases() -> tuple[Case, ...]:
    from nntrain_simple.cases import CASES

    return CASES
