"""``nntrain verify-resume``: check that a killed run resumes bit for bit."""

from pathlib import Path
from typing import Any

import click

from nntrain.cli.options import add_source_options, json_option
from nntrain.cli.terminal import print_json, print_line


@click.command("verify-resume")
@add_source_options
@click.option(
    "--steps", type=click.IntRange(2), default=200, show_default=True, help="Maximum number of steps of each run."
)
@click.option(
    "--kills", type=click.IntRange(1), default=5, show_default=True, help="Number of times to kill the second run."
)
@click.option("--seed", type=int, default=1, show_default=True, help="Random seed for the kill steps.")
@json_option
def verify_resume(
    source: Path,
    data_options: dict[str, Any],
    overrides: tuple[str, ...],
    steps: int,
    kills: int,
    seed: int,
    as_json: bool,
) -> int:
    """Train twice, the second time in processes that are killed and resumed, and compare every bit.

    \b
    nntrain verify-resume configs/iris.toml
    nntrain verify-resume rows.csv --target price --steps 1000 --kills 20

    Compares all arrays of the last checkpoint and the best network, the metrics and the scores. Leaves no files. The
    exit code is 1 if anything differs.
    """
    from nntrain.cli.output_stream import ignore_print_errors
    from nntrain.config.load import load_config_or_defaults
    from nntrain.training.diagnostics.resume_verification import verify_resume

    ignore_print_errors()
    config = load_config_or_defaults(source, data_options, overrides)
    found = verify_resume(config, steps, kills, seed, (lambda line: None) if as_json else print_line)
    if as_json:
        print_json(found.to_dict())
    elif found.is_same:
        click.echo(f"Bit-for-bit identical: {found.compared:,} arrays, values and files; sha256 {found.sha256[:16]}.")
    else:
        print_line(f"Different: {found.different[0]}, and {len(found.different) - 1:,} more of {found.compared:,}.")
    return int(not found.is_same)
