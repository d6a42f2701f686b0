"""``[model]``: the network, by the sizes of its hidden layers or module by module."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, ValidationInfo, field_validator

from nntrain.config.section import Section

Size = Annotated[int, Field(ge=1, strict=True)]


class ModelConfig(Section):
    """Either ``hidden`` and what belongs to it, or ``modules``; with neither, the sizes are decided by the data."""

    hidden: tuple[Size, ...] | None = Field(
        default=None,
        strict=False,
        description="The sizes of the hidden layers; [] for none; decided by the data when absent.",
        examples=[[128, 64]],
    )
    transfer: str = Field(default="ReLU", min_length=1, description="The module after each hidden layer.")
    dropout: float = Field(
        default=0.0, ge=0, lt=1, allow_inf_nan=False, description="The share of each hidden layer dropped in training."
    )
    batch_normalization: bool = Field(
        default=False, description="Whether each hidden layer is normalized over the batch."
    )
    modules: tuple[dict[str, Any], ...] | None = Field(
        default=None,
        strict=False,
        description="The modules of the network in order: each a table of a type and the arguments of that type. "
        "Sizes that follow from the module before may be left out.",
        examples=[[{"type": "Linear", "output_size": 64}, {"type": "ReLU"}, {"type": "Linear"}]],
    )
    initial: Literal["torch", "he", "glorot"] | None = Field(
        default=None, description="The rule for the initial weights; decided by the transfer function when absent."
    )
    double: bool = Field(default=False, description="Whether to train in 64 bits instead of 32.")

    @field_validator("modules")
    @classmethod
    def _is_the_only_description(
        cls, modules: tuple[dict[str, Any], ...] | None, info: ValidationInfo
    ) -> tuple[dict[str, Any], ...] | None:
        if modules is None:
            return modules
        if not modules:
            raise ValueError("expected at least one element, got []")
        for name in ("hidden", "transfer", "dropout", "batch_normalization"):
            if info.data.get(name, default := cls.model_fields[name].default) != default:
                raise ValueError(f"does not go with '{name}': modules is the whole network; leave one of the two out")
        return modules
