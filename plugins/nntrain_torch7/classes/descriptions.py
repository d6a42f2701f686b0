"""All descriptions, by the name of the class, and the other names that a class has had."""

from __future__ import annotations

from nntrain_torch7.classes.container import CONTAINERS
from nntrain_torch7.classes.convolution import CONVOLUTIONS
from nntrain_torch7.classes.criterion import CRITERIONS
from nntrain_torch7.classes.description import Description
from nntrain_torch7.classes.normalization import NORMALIZATIONS
from nntrain_torch7.classes.pooling import POOLINGS
from nntrain_torch7.classes.resampling import RESAMPLINGS
from nntrain_torch7.classes.shape import SHAPE
from nntrain_torch7.classes.simple import SIMPLE
from nntrain_torch7.classes.table import TABLE
from nntrain_torch7.classes.transfer import TRANSFER

__all__ = ["DESCRIPTIONS", "known"]

FAMILIES = (
    CONTAINERS,
    CONVOLUTIONS,
    CRITERIONS,
    NORMALIZATIONS,
    POOLINGS,
    RESAMPLINGS,
    SHAPE,
    SIMPLE,
    TABLE,
    TRANSFER,
)

DESCRIPTIONS: dict[str, Description] = {description.name: description for family in FAMILIES for description in family}

# Packages whose classes have the names and fields of nn's.
PACKAGES = ("nn", "cudnn", "cunn")

# Other names that a class has had.
ALIASES = {"SpatialConvolutionCUDA": "SpatialConvolution", "SpatialMaxPoolingCUDA": "SpatialMaxPooling"}


def known(name: str) -> Description | None:
    """The description of Torch's class, such as ``nn.Linear`` or ``cudnn.ReLU``."""
    package, _, short = name.rpartition(".")
    return DESCRIPTIONS.get(ALIASES.get(short, short)) if package in PACKAGES else None
