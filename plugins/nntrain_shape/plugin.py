"""The shape layers."""

# ruff: noqa: F401 (the hooks return the imported classes)

from nntrain.hooks import find_imported_classes, hookimpl
from nntrain.nn.module import Module
from nntrain_shape.collapse import Collapse
from nntrain_shape.constant import Constant
from nntrain_shape.contiguous import Contiguous
from nntrain_shape.convert import Convert
from nntrain_shape.copy import Copy
from nntrain_shape.identity import Identity
from nntrain_shape.index import Index
from nntrain_shape.masked_select import MaskedSelect
from nntrain_shape.narrow import Narrow
from nntrain_shape.one_hot import OneHot
from nntrain_shape.padding import Padding
from nntrain_shape.print_size import PrintSize
from nntrain_shape.replicate import Replicate
from nntrain_shape.reshape import Reshape
from nntrain_shape.select import Select
from nntrain_shape.squeeze import Squeeze
from nntrain_shape.transpose import Transpose
from nntrain_shape.unsqueeze import Unsqueeze
from nntrain_shape.view import View


@hookimpl
def nntrain_modules() -> tuple[type[Module], ...]:
    return find_imported_classes(globals(), Module)
