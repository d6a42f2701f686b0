"""A pretrained network, from another run or another framework: ``[model] from``."""

from pathlib import Path

from nntrain.compute.array import Value
from nntrain.config.model_config import ModelConfig
from nntrain.errors import ConfigError, ModuleError, SpecError
from nntrain.nn.batch_axis import forward_batch
from nntrain.nn.building.builder import build
from nntrain.nn.building.size_inference import infer_sizes
from nntrain.nn.containers.sequential import Sequential
from nntrain.nn.module import Module
from nntrain.nn.weight_init import InitRule, initialize_weights
from nntrain.training.inference.network_loading import load_network
from nntrain.training.run_folder.folds_folder import FoldsFolder
from nntrain.training.trained_network import cast_floats, count_rows


def load_pretrained(config: ModelConfig) -> Module:
    """Return the network of ``from`` without its last modules, in the precision of the config.

    ConfigError if it has fewer modules, or for a folder of several runs; CheckpointError or RunError for a file that
    cannot be read.
    """
    assert config.source is not None
    source = Path(config.source)
    if FoldsFolder(source).is_started:
        raise ConfigError(
            f"model.from: {source}: expected the network of one run, got a folder of folds; use a fold, e.g. "
            f"{source / 'fold-1'}"
        )
    network = load_network(source)
    model = network.model.type(config.dtype)
    is_chain = isinstance(model, Sequential)
    modules = model.children() if is_chain else [model]
    if config.drop_last > (len(modules) if is_chain else 0):
        found = f"{len(modules)} modules" if is_chain else f"the one {type(model).__name__}"
        raise ConfigError(f"model.drop_last: expected at most {found} as in {config.source}, got {config.drop_last}")
    del modules[len(modules) - config.drop_last :]
    # Modules appended later are not affected.
    if config.frozen is not None:
        model.unfreeze()
    for module in modules if config.frozen else ():
        module.freeze()
    return model


def extend_network(model: Module, config: ModelConfig, inputs: Value, outputs: int, rule: InitRule) -> Module:
    """Return the network followed by the modules of the config, whose sizes are inferred.

    ConfigError if it does not accept the rows, or does not output ``outputs`` numbers per row.
    """
    y = forward_sample(model, inputs, f"model.from: {config.source}")
    if config.modules is not None:
        try:
            spec = infer_sizes({"type": "Sequential", "modules": list(config.modules)}, y, outputs)
        except SpecError as error:
            raise error.to_config_error("model") from error
        tail: Sequential = build(spec, "module", allow_inplace=True)
        initialize_weights(tail, rule)
        extended = model if isinstance(model, Sequential) else Sequential().add(model)
        for module in tail.type(config.dtype).children():
            extended.add(module)
        model, y = extended, forward_sample(extended, inputs, "model")
    if getattr(y, "shape", None) != (len(y), outputs):
        got = f"outputs of shape {y.shape[1:]}" if hasattr(y, "shape") else f"a list of {len(y)} outputs"
        raise ConfigError(
            f"model.from: expected {outputs} outputs per row, got {got} from {config.source}; replace its last layers, "
            'e.g. with drop_last = 1 and modules = [{type = "Linear"}]'
        )
    return model


def forward_sample(model: Module, inputs: Value, where: str) -> Value:
    """Return the outputs for a few rows. ConfigError if the network does not accept them."""
    model.evaluate()
    try:
        return forward_batch(model, cast_floats(inputs, model.type()), count_rows(inputs))
    except ModuleError as error:
        raise ConfigError(f"{where}: the network does not accept the rows: {error.to_line()}") from error
