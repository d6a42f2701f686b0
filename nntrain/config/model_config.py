"""``[model]``: the network, by the sizes of its hidden layers, module by module, or from a file."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Field, ValidationInfo, create_model, field_validator, model_validator

from nntrain.config.section import Section
from nntrain.data.options.float_type import FloatType

# What describes a network by its hidden layers.
HIDDEN_KEYS = ("hidden", "activation", "dropout", "batch_normalization", "text_embedding")

Size = Annotated[int, Field(ge=1, strict=True)]


# The key is a word of Python's own, which a class statement cannot name.
_FROM: Any = {
    "from": (
        Annotated[str, Field(min_length=1)] | None,
        Field(
            default=None,
            description="A network to go on training: a run folder, a checkpoint, or a file of another program, "
            "such as Torch7's .t7.",
            examples=["old.t7"],
        ),
    )
}
_FromConfig = create_model("_Begun", __base__=Section, **_FROM)


class ModelConfig(_FromConfig):  # type: ignore[valid-type, misc]
    """Either ``hidden`` and what belongs to it, or ``modules``, or ``from``; with none, the data decide the sizes."""

    drop_last: Annotated[int, Field(ge=0, strict=True)] = Field(
        default=0,
        description="With from: how many of its last modules are left out; modules stand in their place.",
    )
    frozen: bool | None = Field(
        default=None,
        description="With from: true keeps all parameters and statistics of its modules as they are, and false trains "
        "them; if omitted, modules that were frozen stay frozen. A module of modules is frozen by frozen = true in it.",
        examples=[True],
    )
    hidden: tuple[Size, ...] | None = Field(
        default=None,
        strict=False,
        description="The sizes of the hidden layers; [] for none; decided by the data when absent.",
        examples=[[128, 64]],
    )
    activation: str = Field(default="ReLU", min_length=1, description="Activation module after each hidden layer.")
    dropout: float = Field(
        default=0.0, ge=0, lt=1, allow_inf_nan=False, description="The share of each hidden layer dropped in training."
    )
    batch_normalization: bool = Field(
        default=False, description="Whether each hidden layer is normalized over the batch."
    )
    text_embedding: Size | None = Field(
        default=None,
        description="The numbers that each free-text column gives the hidden layers; if omitted, its words add to the "
        "outputs instead, as in a logistic regression.",
        examples=[32],
    )
    modules: tuple[dict[str, Any], ...] | None = Field(
        default=None,
        strict=False,
        description="The modules of the network in order: each a table of a type and the arguments of that type. "
        "Sizes that follow from the module before may be left out. With from: the modules behind it.",
        examples=[[{"type": "Linear", "output_size": 64}, {"type": "ReLU"}, {"type": "Linear"}]],
    )
    weight_init: Literal["torch", "he", "glorot"] | None = Field(
        default=None, description="Rule for the initial weights; default: chosen from the modules."
    )
    dtype: FloatType = Field(
        default="float32", description="Floating type in which rows are read and the network is trained."
    )

    @property
    def source(self) -> str | None:
        """``from``."""
        source: str | None = getattr(self, "from")
        return source

    @model_validator(mode="after")
    def _validate_from(self) -> Self:
        """What belongs to a network that is made anew, or to one that is not."""
        if self.source is None:
            if self.frozen is not None:
                raise ValueError("frozen goes with from alone; elsewhere, put frozen = true into a module of modules")
            if self.drop_last:
                raise ValueError("drop_last goes with from alone: which network has the modules?")
            return self
        for name in HIDDEN_KEYS:
            if getattr(self, name) != type(self).model_fields[name].default:
                raise ValueError(f"{name} does not go with from: the network is there; say what follows in modules")
        return self

    @field_validator("modules")
    @classmethod
    def _validate_modules(
        cls, modules: tuple[dict[str, Any], ...] | None, info: ValidationInfo
    ) -> tuple[dict[str, Any], ...] | None:
        if modules is None:
            return modules
        if not modules:
            raise ValueError("expected at least one element, got []")
        for name in HIDDEN_KEYS:
            if info.data.get(name, default := cls.model_fields[name].default) != default:
                raise ValueError(f"does not go with '{name}': modules is the whole network; leave one of the two out")
        return modules
