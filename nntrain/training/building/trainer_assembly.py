"""Assemble a trainer from a config, and decide everything that the config omits."""

from dataclasses import fields
from pathlib import Path
from typing import Any

from nntrain.compute import random
from nntrain.config.config import Config
from nntrain.config.load import build_config
from nntrain.config.model_config import HIDDEN_KEYS
from nntrain.config.old_keys import translate_old_keys
from nntrain.data.dataset import Dataset
from nntrain.data.dataset_splits import DatasetSplits
from nntrain.data.memory_size import parse_memory_size
from nntrain.data.options.column_options import ColumnOptions
from nntrain.data.options.data_options import DataOptions
from nntrain.data.options.file_options import FileOptions
from nntrain.data.readers.data_file import DataFile
from nntrain.data.streaming.table_file import RECORDED_OPTIONS, read_file_options
from nntrain.data.targets.target import Target
from nntrain.errors import ArgumentError, ConfigError, DataError, NntrainError, ShapeError, SpecError
from nntrain.files.piped_input import receive_file
from nntrain.nn.bases.noise import Noise
from nntrain.nn.building.builder import build
from nntrain.nn.building.factory import build_registered
from nntrain.nn.criterion import Criterion
from nntrain.nn.inplace_checks import find_inplace_problems
from nntrain.nn.module import Module
from nntrain.nn.network_ends import find_end_class, find_last_module
from nntrain.nn.output_form import OutputForm
from nntrain.nn.state import named_modules
from nntrain.nn.weight_init import initialize_weights
from nntrain.training.building.class_weights import add_class_weights
from nntrain.training.building.member_check import check_members
from nntrain.training.building.network_design import design_network
from nntrain.training.building.pretrained import extend_network, load_pretrained
from nntrain.training.building.training_defaults import fill_defaults
from nntrain.training.inference.network_average import check_average
from nntrain.training.metric_collection import check_metric_memory, check_tuning_memory
from nntrain.training.metrics.metric_selection import choose_metrics
from nntrain.training.row_limit import limit_to_free_memory
from nntrain.training.tasks.threshold_tuning import check_threshold
from nntrain.training.trained_network import TrainedNetwork, slice_rows
from nntrain.training.trainer import Trainer

# Rows to try a network: the minimum that distinguishes a batch from a single row.
SAMPLE_ROWS = 2


def get_data_options(config: Config) -> DataOptions:
    """Return the data options of a config, with files in place of pipes."""
    file_keys = {field.name for field in fields(FileOptions)}
    data = config.data.model_dump(exclude={"columns", "memory", *file_keys})
    for folds, fold in (("folds", "fold"), ("validation_folds", "validation_fold")):
        if data[fold] and not data[folds]:
            raise ConfigError(f"data.{fold}: expected data.{folds} as well, got {data[fold]} alone")
    memory = None if config.data.memory is None else parse_memory_size(config.data.memory)
    for name in ("path", "validation_path", "test_path"):
        if data[name] is not None:
            data[name] = str(receive_file(Path(data[name])))
    recorded = read_recorded_options(data["path"])
    defaults = {name: type(config.data).model_fields[name].default for name in recorded}
    data |= {name: recorded[name] for name in recorded if name != "columns" and data[name] == defaults[name]}
    columns = {**recorded.get("columns", {}), **config.data.columns}
    found = {name: ColumnOptions(**column.model_dump()) for name, column in columns.items()}
    file = FileOptions(**config.data.model_dump(include=file_keys))
    refit = config.train.refit
    return DataOptions(**data, memory=memory, columns=found, file=file, dtype=config.model.dtype, refit=refit)


def read_recorded_options(path: str) -> dict[str, Any]:
    """Return the data keys that ``nntrain convert`` recorded in a file. DataError if they are not a config."""
    file = Path(path)
    is_converted = file.is_file() and DataFile.open(file).format == "converted"
    keys = translate_old_keys({"data": read_file_options(file) if is_converted else {}})["data"]
    recorded = {name: keys[name] for name in (*RECORDED_OPTIONS, "columns") if name in keys}
    try:
        checked = build_config({"data": {"path": path, **recorded}}, name=path).data
    except ConfigError as error:
        raise DataError(f"{error.problems[0]}; convert the data again") from error
    return {name: getattr(checked, name) for name in recorded}


@limit_to_free_memory()
def assemble_trainer(config: Config, splits: DatasetSplits) -> tuple[Trainer, Config]:
    """Return the trainer of a config and the resolved config. ConfigError if the network does not fit the data."""
    config = fill_defaults(config, splits)
    # The networks of an average also differ in their initial weights.
    random.manual_seed(config.train.seed + (config.data.validation_fold or 1) - 1)
    pretrained = None if config.model.source is None else load_pretrained(config.model)
    criterion = build_criterion(config, splits, pretrained)
    network = TrainedNetwork(Module(), criterion, splits.preprocessor)
    network.metrics = choose_metrics(network.task, config.train.metrics, config.train.monitor)
    if config.train.refit and splits.validation is None:
        raise ConfigError("train.refit: expected a validation set, which chooses the number of epochs; got none")
    check_threshold(network.task, config.train.threshold, splits.validation)
    check_scoring_memory(network, config, splits)
    if config.data.validation_folds is not None:
        check_average(network.task)
    config = config.model_copy(update={"train": config.train.model_copy(update={"metrics": tuple(network.metrics)})})
    sample = slice_rows(splits.train.inputs, 0, SAMPLE_ROWS)
    outputs = network.task.output_count
    rule = config.model.weight_init or ("he" if config.model.modules is None and pretrained is None else "torch")
    if pretrained is None:
        try:
            spec = design_network(config.model, splits.preprocessor, splits.train.inputs, outputs)
        except SpecError as error:
            raise error.to_config_error("model") from error
        model: Module = build(spec, "module", allow_inplace=True)
        initialize_weights(model, rule)
        network.model = prepare_network(model, config)
        decided = {
            "modules": tuple(spec["modules"]),
            **{name: type(config.model).model_fields[name].default for name in HIDDEN_KEYS},
        }
    else:
        network.model = prepare_network(extend_network(pretrained, config.model, sample, outputs, rule), config)
        decided = {}
    check_members(network)
    # Modules that grow on first use grow now: their parameters must be in the flat vector.
    check_network(network, splits.train)
    if any(module.frozen for module in network.model.list_modules()) and not network.model.parameters()[0]:
        raise ConfigError("model: every module with parameters is frozen, so there is nothing to train")
    config = config.model_copy(update={"model": config.model.model_copy(update={**decided, "weight_init": rule})})
    return create_trainer(network, splits, config), config


def check_network(network: TrainedNetwork, dataset: Dataset) -> None:
    """ConfigError unless the outputs fit the target, and the criterion accepts both.

    Modules that grow on first use, such as a MapTable, grow here.
    """
    try:
        y = next(network.iterate_outputs(slice_rows(dataset.inputs, 0, SAMPLE_ROWS)))
    except NntrainError as error:
        advice = "end with a module such as Linear, whose size follows from the target if omitted"
        raise ConfigError(f"model: {error.to_line()}; {advice}") from error
    target, criterion = network.preprocessor.target, network.criterion
    assert dataset.targets is not None
    try:
        criterion.forward(y, network.task.to_criterion_targets(dataset.targets[:SAMPLE_ROWS]))
        read = criterion.to_output_form(y)
        if read.shape != y.shape:
            raise ShapeError(f"expected to_output_form to keep the shape {y.shape}, got {read.shape}")
    except NntrainError as error:
        problem = f"{type(criterion).__name__} does not work with the {target.task} of {target.name!r}"
        raise ConfigError(f"criterion: {problem}: {error.to_line()}; choose another, or remove the key") from error


def check_scoring_memory(network: TrainedNetwork, config: Config, splits: DatasetSplits) -> None:
    """DataError if metrics that keep all rows would take more than ``data.memory``, if it is set."""
    if config.data.memory is None:
        return
    memory = parse_memory_size(config.data.memory)
    check_metric_memory(
        network.create_metrics(), splits.datasets.values(), memory, "choose other metrics: train.metrics"
    )
    if splits.validation is not None and not isinstance(config.train.threshold, float | None):
        check_tuning_memory(splits.validation, len(network.task.target.labels), memory)


def create_trainer(network: TrainedNetwork, splits: DatasetSplits, config: Config) -> Trainer:
    """Return the trainer of a network.

    ConfigError if its schedule has no learning rate to change, or its optimizer no factors per parameter.
    """
    optimizer = build_registered(config.optimizer.spec(), "optimizer")
    schedule = None if (spec := config.schedule.spec()) is None else build_registered(spec, "schedule")
    if schedule is not None and optimizer.learning_rate is None:
        raise ConfigError(
            f"schedule: the optimizer {config.optimizer.type!r} has no learning_rate to change; "
            "remove [schedule], or choose another optimizer"
        )
    threshold = config.train.threshold
    network.task.threshold = threshold if isinstance(threshold, float) else None
    try:
        return Trainer(network, optimizer, splits, config.train, schedule)
    except ArgumentError as error:
        raise ConfigError(f"model.modules: {error.to_line()}") from error


def prepare_network(model: Module, config: Config) -> Module:
    """Return the network in its precision, with a named random stream for each stochastic module.

    ConfigError for modules that work in place on memory that is still needed, or on the data.
    """
    if found := find_inplace_problems(model, is_data_input=True):
        raise SpecError(found).to_config_error("model", *(() if config.model.source is None else ("from",)))
    if model.type() != config.model.dtype:
        model.type(config.model.dtype)
    for path, inner in named_modules(model):
        if isinstance(inner, Noise):
            inner.generator = random.create_stream(config.train.seed, f"noise/{path}")
    return model


def build_criterion(config: Config, splits: DatasetSplits, pretrained: Module | None = None) -> Criterion:
    """Return the criterion of the config, or the default for the task and the last module.

    ConfigError if the config weights classes or rows, and the criterion does not support it.
    """
    target = splits.preprocessor.target
    last = Module if pretrained is None else type(find_last_module(pretrained))
    if config.model.modules:
        last = find_end_class(config.model.modules[-1], -1)
    spec = add_class_weights(choose_criterion_spec(config, target, last), config.criterion.class_weights, target)
    criterion: Criterion = build(spec, "criterion")
    if splits.preprocessor.weight is not None and not criterion.has_row_weights:
        raise ConfigError(
            f"data.sample_weight: {type(criterion).__name__} does not support sample weights: its loss is not "
            "known to be a sum over rows; remove data.sample_weight, or choose another criterion"
        )
    return criterion


def choose_criterion_spec(config: Config, target: Target, last: type[Module]) -> dict[str, Any]:
    """Return the spec of the criterion. ``last``: the class of the last module of the network."""
    given = config.criterion.spec()
    if given is not None:
        return given
    spec = choose_task_criterion(target, last.output_form)
    return spec if last.member_criterion is None else {"type": last.member_criterion, "criterion": spec}


def choose_task_criterion(target: Target, output_form: OutputForm) -> dict[str, Any]:
    """Return the spec of the criterion for a task and the form of the outputs."""
    if target.task == "regression":
        return {"type": "MSECriterion"}
    if target.task == "multilabel":
        return {"type": "BCECriterion" if output_form == "probabilities" else "MultiLabelSoftMarginCriterion"}
    return {"type": "ClassNLLCriterion" if output_form == "log_probabilities" else "CrossEntropyCriterion"}
