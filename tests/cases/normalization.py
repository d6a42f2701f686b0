"""Cases of normalizations: what the original's figures leave out."""

from __future__ import annotations

from typing import Any

import numpy as np

from nntrain.compute.array import Array
from nntrain.nn.testing import Case


def normal(*shape: int) -> Array:
    """The same standard normal numbers for the same shape."""
    return np.random.default_rng(shape).standard_normal(shape)


def case(name: str, cls: str, kwargs: dict[str, Any], x: Array, **more: Any) -> Case:
    """A case of ``cls``."""
    return Case(name, {"type": cls, **kwargs}, x, **more)


def images(name: str, cls: str, kwargs: dict[str, Any], **more: Any) -> Case:
    """A batch of images with two planes."""
    return case(name, cls, kwargs, normal(3, 2, 4, 5), batch_axis=0, **more)


PLANES = {"n_input_plane": 2}
LOPSIDED = {"kernel": [[0, 1, 2], [3, 1, 1], [0.5, 2, 1]]}
NEGATIVE = {"kernel": [[-1, 1, 2], [3, 1, 1], [0.5, 2, -2]]}
LINE = {"kernel": [1, 2, 3, 2, 0]}
FAMILY = ("SpatialSubtractiveNormalization", "SpatialDivisiveNormalization", "SpatialContrastiveNormalization")

CASES: list[Case] = [
    case("three", "SpatialBatchNormalization", {"n_output": 2, "momentum": 0.5}, normal(3, 2, 4, 5)),
    case("one-image", "SpatialBatchNormalization", {"n_output": 2}, normal(1, 2, 4, 5)),
    images("predicting", "SpatialBatchNormalization", {"n_output": 2}, train=False),
    case("alone", "SpatialBatchNormalization", {"n_output": 2}, normal(2, 4, 5), train=False),
    case("plain", "VolumetricBatchNormalization", {"n_output": 2, "affine": False}, normal(3, 2, 2, 3, 2)),
    case("alone", "VolumetricBatchNormalization", {"n_output": 2}, normal(2, 2, 3, 2), train=False),
    images("one", "SpatialCrossMapLRN", {"size": 1, "alpha": 0.5}),
    images("wide", "SpatialCrossMapLRN", {"size": 9, "alpha": 2, "beta": 0.3, "k": 1.5}),
    case(
        "five", "SpatialCrossMapLRN", {"size": 5, "alpha": 1, "beta": 1.5, "k": 0.5}, normal(2, 7, 3, 2), batch_axis=0
    ),
    *(images("lopsided", cls, PLANES | LOPSIDED) for cls in FAMILY),
    *(images("line", cls, PLANES | LINE) for cls in FAMILY),
    *(images("default", cls, PLANES) for cls in FAMILY),
    *(case("one-plane", cls, {"kernel": [[1.0]]}, normal(2, 1, 2, 3) + 3) for cls in FAMILY[:2]),
    images("row", "SpatialSubtractiveNormalization", PLANES | {"kernel": [[1, 2, 1]]}),
    images("negative", "SpatialSubtractiveNormalization", PLANES | NEGATIVE),
    images("threshold", "SpatialDivisiveNormalization", PLANES | LINE | {"threshold": 1.0, "thresval": 0.5}),
    images("threshold", "SpatialContrastiveNormalization", PLANES | LINE | {"threshold": 0.9}),
    case("zeros", "SpatialDivisiveNormalization", LOPSIDED, np.zeros((1, 3, 3)), output=np.zeros((1, 3, 3))),
]
