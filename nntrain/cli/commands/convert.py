"""``nntrain convert``: convert a table to HDF5, or a network to another format."""

from pathlib import Path

import click

from nntrain.cli.options import add_set_option, data_memory_option, input_size_option, long_size_option, unpack_repeated
from nntrain.shell_command import format_command


@click.command()
@click.argument("source", type=click.Path(path_type=Path), metavar="DATA|RUN|FILE")
@click.argument("out", type=click.Path(path_type=Path))
@click.option(
    "--target",
    multiple=True,
    callback=unpack_repeated,
    help="Column to predict, which the file records (repeatable).",
)
@add_set_option("Set a key of [data], which the file records.")
@data_memory_option
@input_size_option
@long_size_option
@click.option("--force", is_flag=True, help="Overwrite the file.")
def convert(
    source: Path,
    out: Path,
    target: str | tuple[str, ...] | None,
    overrides: tuple[str, ...],
    memory: str | None,
    input_size: tuple[int, ...] | None,
    long_size: int | None,
    force: bool,
) -> None:
    """Convert a table of any size to an HDF5 file of typed columns, which needs less time and memory to read.

    \b
    nntrain convert big.csv big.h5 --target price
    nntrain fit big.h5

    Training on it gives bit-for-bit the same results as training on the table.

    Or convert a network from one format to another: a run, a checkpoint (.h5), or a file of another framework: Torch7
    (.t7), ONNX (.onnx, write only), or safetensors.

    \b
    nntrain convert old.t7 old.h5
    nntrain convert runs/digits digits.onnx
    """
    from nntrain.errors import RunError
    from nntrain.training.inference.network_conversion import is_network
    from nntrain.training.run_folder.run_files import check_output_file

    if not source.exists():
        raise RunError(f"{source}: no such file or run folder")
    if out.exists() and not force:
        raise RunError(f"{out}: file exists; use --force to overwrite it")
    check_output_file(out, (source,))
    of_tables = {"--target": target, "--set": overrides, "--memory": memory}
    of_networks = {"--input-size": input_size, "--long-size": long_size}
    from_network = is_network(source)
    kind, other, ignored = ("network", "table", of_tables) if from_network else ("table", "network", of_networks)
    for option in (name for name, value in ignored.items() if value):
        raise click.UsageError(f"{option} applies to a {other}, and {source} is a {kind}; remove it")
    if from_network:
        convert_to_network_file(source, out, input_size, long_size)
    else:
        convert_to_hdf5(source, out, target, overrides, memory)


def convert_to_network_file(source: Path, out: Path, input_size: tuple[int, ...] | None, long_size: int | None) -> None:
    """Convert a network to another format."""
    from nntrain.cli.messages import print_note, print_warning
    from nntrain.cli.terminal import print_line
    from nntrain.training.inference.network_conversion import convert_network

    count, lines, notes = convert_network(source, out, input_size=input_size, long_size=long_size, warn=print_warning)
    print_line(f"Wrote a network of {count:,} parameters to {out}.")
    for line in lines:
        print_line(f"  {line}")
    for note in notes:
        print_note(note, err=True)


def convert_to_hdf5(
    source: Path, out: Path, target: str | tuple[str, ...] | None, overrides: tuple[str, ...], memory: str | None
) -> None:
    """Convert a table to an HDF5 file."""
    from nntrain.cli.terminal import print_line
    from nntrain.config.load import load_config_or_defaults
    from nntrain.data.streaming.table_conversion import convert_table
    from nntrain.errors import ConfigError
    from nntrain.training.building.trainer_assembly import get_data_options

    if source.suffix == ".toml":
        raise ConfigError(f"{source}: expected a table (CSV, Parquet or JSON) or a network, got a config")
    options = get_data_options(load_config_or_defaults(source, {"target": target, "memory": memory}, overrides))
    rows, columns = convert_table(options, out)
    print_line(f"Wrote {rows:,} rows of {columns} columns to {out}. Next step: {format_command('fit', out)}")
