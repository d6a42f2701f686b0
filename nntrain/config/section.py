"""The base of every section of a config."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """A TOML table with known keys. Types are strict: a string is not a number or a boolean; an integer is a number."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
