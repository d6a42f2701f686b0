"""A field of a dataclass of options, with a description and limits."""

from dataclasses import field
from typing import Any


def define_setting(description: str, default: Any = None, **limits: Any) -> Any:
    """Define a field; ``limits``: arguments of pydantic's ``Field``, with which a config checks it."""
    return field(default=default, metadata={"description": description, **limits})
