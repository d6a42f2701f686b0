"""The keys next to which ``train.quality`` has no effect, because they define the network or its training."""

from collections.abc import Iterator, Sequence

from nntrain.config.config import Config
from nntrain.config.model_config import HIDDEN_KEYS
from nntrain.config.override import Override
from nntrain.config.positions import ConfigProblem

QUALITY = ("train", "quality")

CONFLICTING_KEYS = (
    *(("model", name) for name in ("from", "modules", "weight_init", *HIDDEN_KEYS)),
    *((section, "type") for section in ("criterion", "optimizer", "schedule")),
)


def find_recipe_conflict(config: Config) -> str | None:
    """Return the first key that defines the network, the loss, the optimizer or the schedule."""
    keys = (f"{section}.{name}" for section, name in CONFLICTING_KEYS if getattr(config, section).is_changed(name))
    return next(keys, None)


def find_unused_quality(config: Config, overrides: Sequence[Override]) -> Iterator[ConfigProblem]:
    """Yield a quality of the command line that the config leaves without effect.

    In a file both may stand: a run writes its network next to the quality that it was made for.
    """
    quality, key = config.train.quality, find_recipe_conflict(config)
    if quality in ("fast", "good") and key is not None and any(override.path == QUALITY for override in overrides):
        yield QUALITY, f"{quality!r} has no effect next to {key}, which decides; remove one of the two"
