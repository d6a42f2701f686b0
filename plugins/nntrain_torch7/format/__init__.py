"""Reading and writing of the .t7 format. No code in a file is ever run."""

from nntrain_torch7.format.t7_file import read, write
from nntrain_torch7.format.values import BooleanKey, LuaFunction, ObjectKey, Storage, TorchObject

__all__ = ["BooleanKey", "LuaFunction", "ObjectKey", "Storage", "TorchObject", "read", "write"]
