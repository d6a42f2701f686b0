"""Options that several commands share."""

from collections.abc import Callable, Iterable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import click

from nntrain.cli.run_output import RunOutput
from nntrain.errors import ConfigError
from nntrain.shell_command import format_command

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from nntrain.config.override import Override

# The overrides of the options of a run.
RunLimits: TypeAlias = "tuple[Override, ...]"


def parse_sizes(context: click.Context, option: click.Parameter, value: str | None) -> tuple[int, ...] | None:
    """Parse 1x28x28 as (1, 28, 28). BadParameter if it is not a shape."""
    if value is None:
        return None
    parts = value.lower().replace("×", "x").split("x")
    if not all(part.isdecimal() and int(part) for part in parts):
        raise click.BadParameter(f"expected a shape, e.g. 1x28x28, got {value!r}")
    return tuple(map(int, parts))


def parse_memory(context: click.Context, option: click.Parameter, value: str | None) -> int | None:
    """Parse a memory size. BadParameter if it is not one."""
    from nntrain.data.memory_size import parse_memory_size

    try:
        return None if value is None else parse_memory_size(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


input_size_option = click.option(
    "--input-size",
    metavar="SHAPE",
    callback=parse_sizes,
    help="Shape of one input row, e.g. 1x28x28, if the network does not define it.",
)
long_size_option = click.option(
    "--long-size",
    type=click.Choice(["4", "8"]),
    callback=lambda context, option, value: None if value is None else int(value),
    help="Size of a C long in the .t7 file, if detection gets it wrong.",
)
memory_option = click.option(
    "--memory",
    metavar="SIZE",
    callback=parse_memory,
    help="Memory limit, e.g. 512MB, at least 300MB; larger files are read in chunks.  [default: the run's]",
)
data_memory_option = click.option(
    "--memory", metavar="SIZE", help="Memory limit, e.g. 512MB, at least 300MB; larger data is streamed from disk."
)
threshold_option = click.option(
    "--threshold",
    metavar="NUMBER",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    help="Probability above which the positive class, or a label, is predicted.",
)
inputs_option = click.option("--inputs", metavar="DATASET", help="HDF5 dataset of the inputs, e.g. /images.")
targets_option = click.option("--targets", metavar="DATASET", help="HDF5 dataset of the targets.")
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


Command = Callable[..., Any]


def complete_names(names: Iterable[str], start: str) -> "list[CompletionItem]":
    """The names that start with these characters, for shell completion."""
    from click.shell_completion import CompletionItem

    return [CompletionItem(name) for name in names if name.lower().startswith(start.lower())]


def unpack_repeated(
    context: click.Context, option: click.Parameter, names: tuple[str, ...]
) -> str | tuple[str, ...] | None:
    """The value of a repeatable option: None, one name, or several."""
    return names if len(names) > 1 else next(iter(names), None)


def check_source(context: click.Context, argument: click.Parameter, path: Path) -> Path:
    """Refuse a run, except for ``check``, and a network, where data or a config is expected. ConfigError."""
    from nntrain.checkpoint.reading import is_checkpoint
    from nntrain.exchange.network_files import is_exportable, is_importable

    config = path / "config.toml"
    if config.is_file() and context.info_name != "check":
        again = format_command("fit", config, options=("--out", "FOLDER"))
        raise ConfigError(f"{path}: a run; resume it: {format_command('resume', path)}; or train it again: {again}")
    if is_importable(path) or is_exportable(path) or (path.suffix == ".h5" and is_checkpoint(path)):
        raise ConfigError(
            f"{path}: expected a config or a data file, got a network; {format_command('show', path)} prints it"
        )
    return path


# The options whose values are keys of [data].
DATA_KEYS = ("target", "positive", "inputs", "targets")


def add_set_option(text: str) -> Callable[[Command], Command]:
    """The repeatable option for overrides of a config, with its help."""
    return click.option("--set", "overrides", multiple=True, metavar="KEY=VALUE", help=text)


def add_source_options(command: Command) -> Command:
    """Add the options that define a config: ``source``, ``data_options`` (keys of [data]) and ``overrides``."""

    @click.argument("source", type=click.Path(path_type=Path), metavar="CONFIG.toml|DATA", callback=check_source)
    @click.option(
        "--target",
        multiple=True,
        metavar="COLUMN",
        callback=unpack_repeated,
        help="Column to predict; several: --target a --target b.",
    )
    @click.option("--positive", metavar="VALUE", help="Positive class of two, e.g. --positive yes.")
    @inputs_option
    @targets_option
    @click.option(
        "--quality",
        type=click.Choice(["fast", "good", "best"]),
        help="Time to spend: fast, good, or best, the average of five networks.  [default: good]",
    )
    @add_set_option("Set a config key, e.g. --set train.epochs=20.")
    @wraps(command)
    def run(quality: str | None, overrides: tuple[str, ...], **values: Any) -> Any:
        from nntrain.config.override import Override

        given: tuple[str | Override, ...] = overrides
        if quality is not None:
            given = (*overrides, Override.from_option("--quality", quality, "train", "quality"))
        return command(data_options={key: values.pop(key) for key in DATA_KEYS}, overrides=given, **values)

    return run


def add_run_options(command: Command) -> Command:
    """Add the options of a run, as ``limits``, which are overrides of the config, ``output`` and ``report``."""

    @click.option("--max-time", metavar="TIME", help="Maximum training time of a network, e.g. 90s, 10min, 1h30m.")
    @data_memory_option
    @click.option(
        "--checkpoint-every",
        metavar="INTERVAL",
        help="How often to write a checkpoint, e.g. 500steps, 10min, 1epoch.",
    )
    @click.option("--log", "logs", multiple=True, metavar="LOGGER", help="Logger, e.g. tensorboard (repeatable).")
    @click.option("--profile", is_flag=True, help="Print a profile at the end: time and memory traffic.")
    @click.option("--plain", is_flag=True, help="Show progress on a terminal without a plot of the losses.")
    @click.option(
        "--report/--no-report", default=True, envvar="NNTRAIN_REPORT", help="Write report.html.  [default: --report]"
    )
    @wraps(command)
    def run(
        max_time: str | None,
        memory: str | None,
        checkpoint_every: str | None,
        logs: tuple[str, ...],
        profile: bool,
        plain: bool,
        **values: Any,
    ) -> Any:
        from nntrain.config.override import Override

        options = (
            ("--max-time", max_time, "train", "max_time"),
            ("--memory", memory, "data", "memory"),
            ("--checkpoint-every", checkpoint_every, "train", "checkpoint_every"),
            ("--log", logs or None, "train", "loggers"),
        )
        limits = (Override.from_option(name, value, *path) for name, value, *path in options if value is not None)
        return command(limits=tuple(limits), output=RunOutput(profile, plain), **values)

    return run
