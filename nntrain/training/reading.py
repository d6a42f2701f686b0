"""Outputs read as a criterion means them."""

from __future__ import annotations

from nntrain.data.target import Target
from nntrain.errors import ConfigError
from nntrain.nn.criterion import Criterion
from nntrain.nn.output_form import OutputForm

__all__ = ["require_form"]


def require_form(criterion: Criterion, target: Target, *forms: OutputForm) -> OutputForm:
    """The form of the outputs under a criterion.

    ConfigError unless it is one of ``forms``, which fit the target, and the criterion compares outputs with targets
    as they are.
    """
    if not criterion.keeps_targets:
        raise ConfigError(
            f"criterion.type: expected a criterion that compares outputs with {target.name!r} itself, got "
            f"{criterion.label()} with a target_module; remove target_module"
        )
    form = criterion.output_form
    if form not in forms:
        raise ConfigError(
            f"criterion.type: expected a criterion whose output_form is {' or '.join(forms)} for the {target.task} of "
            f"{target.name!r}, got {criterion.label()} with {form!r}; choose another, or declare output_form in its "
            "class"
        )
    return form
