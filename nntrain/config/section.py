"""The base of every table of a config."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """A table with known keys. A text is never taken for a number, nor a truth value; a whole number is a number."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
