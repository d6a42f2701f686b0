"""The .t7 format: what a file holds, read and written. Nothing that is in a file is ever run."""

from nntrain_torch7.format.read import read
from nntrain_torch7.format.values import BooleanKey, Function, ObjectKey, Storage, TorchObject
from nntrain_torch7.format.write import write

__all__ = ["BooleanKey", "Function", "ObjectKey", "Storage", "TorchObject", "read", "write"]
