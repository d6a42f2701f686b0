"""The base of every section of a config."""

from collections.abc import Callable
from dataclasses import fields
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator


class Section(BaseModel):
    """A TOML table with known keys. Types are strict: a string is not a number or a boolean; an integer is a number.

    A section can inherit keys from dataclasses of options, with their types, defaults, descriptions and limits.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        options = [base for base in cls.__mro__ if "__dataclass_fields__" in vars(base)]
        for field in (field for base in options for field in fields(base)):
            inherited = cls.model_fields[field.name]
            cls.model_fields[field.name] = Field(inherited.default, **field.metadata)
            cls.model_fields[field.name].annotation = inherited.annotation
        if options:
            cls.model_rebuild(force=True)

    def is_changed(self, name: str) -> bool:
        """Whether a key differs from its default."""
        return bool(getattr(self, name) != type(self).model_fields[name].default)


def define_key(default: Any, description: str, **limits: Any) -> Any:
    """Define a key of a section; ``limits``: arguments of pydantic's ``Field``."""
    return Field(default, description=description, **limits)


def validate_strings(field: str, parse: Callable[[str], object]) -> Any:
    """A validator of a string that ``parse`` must be able to read: its ValueError is the problem."""

    def validate(text: str | None) -> str | None:
        if text is not None:
            parse(text)
        return text

    return field_validator(field)(validate)


def is_number(value: Any) -> bool:
    """Whether a TOML value is a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)
