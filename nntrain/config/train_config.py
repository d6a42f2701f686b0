"""``[train]``: how long, in what batches, and what is kept."""

from __future__ import annotations

from pydantic import Field

from nntrain.config.section import Section


class TrainConfig(Section):
    """How a run trains."""

    epochs: int | None = Field(
        default=None, ge=1, description="The most passes over the rows; decided by the data if absent."
    )
    batch_size: int | None = Field(default=None, ge=1, description="Rows in a batch; decided by the data when absent.")
    seed: int = Field(default=1, ge=0, description="What every random stream of the run grows from.")
    patience: int | None = Field(
        default=None, ge=0, description="Epochs without improvement before training stops; 0 never stops it early."
    )
    checkpoint_seconds: float = Field(
        default=10.0,
        ge=0,
        allow_inf_nan=False,
        description="Seconds of training between two checkpoints; 0 writes one after every epoch.",
    )
    monitor: str = Field(
        default="loss", min_length=1, description="The validation metric that says which epoch is best."
    )
    keep: int = Field(default=3, ge=1, description="Checkpoints kept.")
