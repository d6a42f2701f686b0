"""A network that another run, or another program, began: ``[model] from``."""

from __future__ import annotations

from pathlib import Path

from nntrain.compute.array import Value
from nntrain.config.model_config import ModelConfig
from nntrain.errors import ConfigError, ModuleError, SpecError, format_path
from nntrain.nn.batch_axis import forward_batch
from nntrain.nn.building.builder import build
from nntrain.nn.building.size_inference import infer_sizes
from nntrain.nn.containers.sequential import Sequential
from nntrain.nn.module import Module
from nntrain.nn.weight_init import InitRule, initialize_weights
from nntrain.training.inference.network_loading import load_network
from nntrain.training.trained_network import cast_floats, count_rows

__all__ = ["extend_network", "load_pretrained"]


def load_pretrained(config: ModelConfig) -> Module:
    """The network of ``from`` without its last modules, in the precision of the config.

    ConfigError if it has not so many; CheckpointError or RunError for a file that cannot be read.
    """
    assert config.source is not None
    network = load_network(Path(config.source))
    model = network.model.type(config.dtype)
    if not config.drop_last:
        return set_frozen(model, config.frozen)
    if not isinstance(model, Sequential) or len(model.modules) < config.drop_last:
        has = f"{len(model.modules)} modules" if isinstance(model, Sequential) else f"one, {type(model).__name__}"
        raise ConfigError(f"model.drop_last: expected at most as many as {config.source} has, {has}")
    for _ in range(config.drop_last):
        model.remove()
    return set_frozen(model, config.frozen)


def set_frozen(model: Module, frozen: bool | None) -> Module:
    """The network, frozen or not; None: as it was. What follows in a chain is another matter."""
    if frozen is None:
        return model
    model.unfreeze()
    if frozen:
        for module in model.modules if isinstance(model, Sequential) else [model]:
            module.freeze()
    return model


def extend_network(model: Module, config: ModelConfig, inputs: Value, outputs: int, rule: InitRule) -> Module:
    """The network with the modules of the config behind it, which take the sizes that follow.

    ConfigError if the rows do not go through it, or it does not give ``outputs`` numbers a row.
    """
    y = forward_sample(model, inputs, f"model.from: {config.source}")
    if config.modules is not None:
        try:
            spec = infer_sizes({"type": "Sequential", "modules": list(config.modules)}, y, outputs)
        except SpecError as error:
            raise ConfigError(*(f"{format_path(('model', *path))}: {what}" for path, what in error.problems)) from error
        tail: Sequential = build(spec, "module", allow_inplace=True)
        initialize_weights(tail, rule)
        whole = model if isinstance(model, Sequential) else Sequential().add(model)
        for module in tail.type(config.dtype).children():
            whole.add(module)
        model, y = whole, forward_sample(whole, inputs, "model")
    if getattr(y, "shape", None) != (len(y), outputs):
        got = f"outputs of shape {y.shape[1:]}" if hasattr(y, "shape") else f"a table of {len(y)} outputs"
        raise ConfigError(
            f"model.from: {config.source} gives {got} a row, and the data call for {outputs}; put another last layer "
            'in its place: drop_last = 1 and modules = [{type = "Linear"}], or as many as it takes'
        )
    return model


def forward_sample(model: Module, inputs: Value, where: str) -> Value:
    """What a network gives for a few rows. ConfigError if they do not go through."""
    model.evaluate()
    try:
        return forward_batch(model, cast_floats(inputs, model.type()), count_rows(inputs))
    except ModuleError as error:
        what = " ".join(str(error).split())
        raise ConfigError(f"{where}: the rows do not go through the network: {what}") from error
