"""``[model]``: the network, from hidden layer sizes, a list of modules, or a file."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, ValidationInfo, create_model, field_validator, model_validator

from nntrain.config.section import Section, define_key
from nntrain.data.options.data_options import FloatType

# The keys of a network of hidden layers.
HIDDEN_KEYS = ("hidden", "activation", "dropout", "batch_normalization", "text_embedding")

Size = Annotated[int, Field(ge=1, strict=True)]


# The key is a keyword of Python, which a class body cannot use as a name.
_FROM: Any = {
    "from": (
        Annotated[str, Field(min_length=1)] | None,
        Field(
            default=None,
            description="Pretrained network to start from: a run folder, a checkpoint, or a file from another "
            "framework, e.g. Torch7's .t7.",
            examples=["old.t7"],
        ),
    )
}
_FromConfig = create_model("_FromConfig", __base__=Section, **_FROM)


class ModelConfig(_FromConfig):  # type: ignore[valid-type, misc]
    """Either ``hidden`` and its keys, or ``modules``, or ``from``; if all are omitted, hidden layers by default."""

    drop_last: Annotated[int, Field(ge=0, strict=True)] = define_key(
        0, "With from: number of its last modules to drop; modules replace them."
    )
    frozen: bool | None = define_key(
        None,
        "With from: true freezes all parameters and statistics of its modules, false trains them; if "
        "omitted, frozen modules stay frozen. To freeze an entry of modules, set frozen = true in it.",
        examples=[True],
    )
    hidden: tuple[Size, ...] | None = define_key(
        None, "Sizes of the hidden layers; [] for none; default: [128, 64].", strict=False, examples=[[128, 64]]
    )
    activation: str = define_key("ReLU", "Activation module after each hidden layer.", min_length=1)
    dropout: float = define_key(
        0.0, "Probability of dropping each output of a hidden layer in training.", ge=0, lt=1, allow_inf_nan=False
    )
    batch_normalization: bool = define_key(False, "Whether to add batch normalization to each hidden layer.")
    text_embedding: Size | None = define_key(
        None,
        "Embedding size of each free-text column, an input of the hidden layers; if omitted, its words add "
        "to the outputs instead, as in a logistic regression.",
        examples=[32],
    )
    modules: tuple[dict[str, Any], ...] | None = define_key(
        None,
        "Modules of the network in order: each a TOML table with a type and its arguments. Sizes that "
        "follow from the previous module may be omitted. With from: the modules to append to it.",
        strict=False,
        examples=[[{"type": "Linear", "output_size": 64}, {"type": "ReLU"}, {"type": "Linear"}]],
    )
    weight_init: Literal["torch", "he", "glorot"] | None = define_key(
        None, "Rule for the initial weights; default: chosen from the modules."
    )
    dtype: FloatType = define_key("float32", "Floating type in which rows are read and the network is trained.")

    @property
    def source(self) -> str | None:
        """``from``."""
        source: str | None = getattr(self, "from")
        return source

    @model_validator(mode="after")
    def _validate_from(self) -> Self:
        """``frozen`` and ``drop_last`` need ``from``, which conflicts with the keys of hidden layers."""
        if self.source is None:
            if self.frozen is not None:
                raise ValueError("frozen requires from; without it, set frozen = true in an entry of modules")
            if self.drop_last:
                raise ValueError("drop_last requires from: the network whose last modules to drop")
            return self
        for name in HIDDEN_KEYS:
            if self.is_changed(name):
                raise ValueError(f"{name} conflicts with from, which defines the network; append layers with modules")
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
                raise ValueError(f"conflicts with '{name}': modules is the complete network; remove one of the two")
        return modules
