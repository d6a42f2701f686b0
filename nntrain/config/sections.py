"""The sections of a config by name."""

from __future__ import annotations

from nntrain.config.config import Config
from nntrain.config.section import Section

SECTIONS: dict[str, type[Section]] = {
    name: field.annotation
    for name, field in Config.model_fields.items()
    if isinstance(field.annotation, type) and issubclass(field.annotation, Section)
}
