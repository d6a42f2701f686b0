"""No command prints what acts on the terminal, whatever files, columns, classes and arguments are called."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest
from safetensors.numpy import save_file

from nntrain.cli.main import COMMANDS, load_plugin_commands, run_command
from nntrain.config.toml import format_toml
from nntrain_torch7.format import TorchObject, write
from tests.cli.errors.hostile_cases import CASES, QUICK, ROWS, RUN, STORE, TABLE, TARGET, H
from tests.cli.on_terminal import FORGED, check_harmless, codes_of, needs_terminals, printed


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files in which everything that has a name has a hostile one."""
    folder = tmp_path_factory.mktemp("hostile")
    random = np.random.default_rng(1)
    rows = [[f"{H} a", f"{H} b", f"{H} kind", TARGET]]
    for a, b in random.random((80, 2)):
        rows.append([f"{a:.6f}", f"{a - b:.6f}", f"{H} {int(a * 3)}", f"{H} {'yes' if b > a else 'no'}"])
    for name in ("rows.csv", TABLE):
        with (folder / name).open("w", newline="") as file:
            csv.writer(file).writerows(rows)
    with h5py.File(folder / "arrays.h5", "w") as file:
        for place in ("inputs", f"{H} x"):
            file[place] = random.random((40, 3))
        for place in ("targets", f"{H} y"):
            file[place] = np.array([f"{H} {number % 2}" for number in range(40)], object)
        file["inputs"].attrs[H] = H
    config = format_toml({"data": {"path": "rows.csv", "target": H, H: H}, "model": {"modules": [{"type": H}]}})
    (folder / "config.toml").write_text(config)
    inside = TorchObject(f"nn.{H}", 0, {"gradInput": np.zeros(1), H: H})
    write(TorchObject("nn.Sequential", 0, {"modules": {1: inside}}), folder / "class.t7")
    write({H: {H: [H, np.zeros(2)]}, "object": TorchObject(H, 0, {H: 1.0})}, folder / "table.t7")
    metadata = {H: H, "format": "nntrain", "spec": json.dumps({"type": H, "modules": [{"type": H}]})}
    save_file({H: np.zeros(3, np.float32)}, folder / "arrays.safetensors", metadata=metadata)
    return folder


@pytest.fixture(scope="module")
def trained(folder: Path) -> Path:
    """Two runs, and the checkpoint of a layer that nobody has."""
    from nntrain.checkpoint.reading import read_checkpoint
    from nntrain.checkpoint.writing import write_checkpoint as write_tree

    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(folder)
        for name in (RUN, f"{RUN} other"):
            assert run_command(["fit", *ROWS, *QUICK, "--out", name]) == 0
        assert run_command(["convert", "rows.csv", STORE, "--target", TARGET]) == 0
    tree = read_checkpoint(folder / RUN / "best.h5")
    tree["network"]["spec"]["modules"][1] = {"type": H, H: H}
    tree["network"]["origins"] = {H: f"{H} {H}"}
    write_tree(folder / "unknown.h5", tree)
    return folder


def test_every_command_has_cases() -> None:
    assert set(CASES) == {*COMMANDS, *load_plugin_commands()}


@needs_terminals
@pytest.mark.parametrize("command", CASES)
def test_nothing_that_a_command_prints_acts_on_the_terminal(command: str, trained: Path) -> None:
    wrong = [(H,), (f"--{H}",), (f"-{H}",), (H, H, H, H), ("--help",)]
    text = printed([(command, *given) for given in (*CASES[command], *wrong)], trained)
    check_harmless(text)
    codes = codes_of(text)
    assert len(codes) == len(CASES[command]) + len(wrong)
    assert codes[0] in (0, 5), text
    assert 70 not in codes


@needs_terminals
def test_a_command_that_is_not_there_is_named_on_one_line(tmp_path: Path) -> None:
    text = printed([(H,), (f"--{H}",), (f"-{H}", "fit"), ("--help",)], tmp_path)
    check_harmless(text)
    assert codes_of(text) == [2, 2, 2, 0]


@needs_terminals
def test_a_variable_of_the_environment_is_printed_like_that_too(tmp_path: Path) -> None:
    variables = {"NNTRAIN_THREADS": H, "OPENBLAS_CORETYPE": H}
    text = printed([("doctor",), ("layers", "Linear")], tmp_path, variables)
    check_harmless(text)


PLUGIN = """
import logging, sys, warnings
import click
from nntrain.errors import ConfigError
from nntrain.hooks import hookimpl

H = {H!r}

@click.command("evil", help=H, short_help=H)
@click.argument("how")
@click.option("--option", help=H, type=click.Choice([H, "b"]))
def evil(how, option):
    if how == "prints":
        print(H)
        print(H, file=sys.stderr)
        sys.stdout.write(H)
        click.echo(H)
        click.echo(H.encode())
        click.secho(H, err=True)
        sys.stdout.buffer.write(H.encode())
        warnings.warn(H)
        logging.warning(H)
    elif how == "fails":
        raise ValueError(H)
    elif how == "refuses":
        raise ConfigError(*[H] * 30)
    elif how == "aborts":
        raise click.ClickException(H)
    elif how == "system":
        raise OSError(2, H, H)

@hookimpl
def nntrain_commands():
    return [evil]
"""


@pytest.fixture
def plugin(tmp_path: Path) -> Callable[..., str]:
    """A distribution with hostile names, and one that cannot be imported."""
    path = tmp_path / "site"
    for name, code in (("evil_one", PLUGIN.replace("{H!r}", ascii(H))), ("evil_two", f"raise ImportError({H!a})")):
        about = path / f"{name}-1.dist-info"
        about.mkdir(parents=True)
        (path / f"{name}.py").write_text(code)
        (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\x1b[31m\x07\nVersion: 1\x9b2J\u202e\n")
        (about / "entry_points.txt").write_text(f"[nntrain]\n{name}\x1b[31m\u202e = {name}\n")

    def run(*commands: tuple[str, ...], **variables: str) -> str:
        return printed(commands, tmp_path, {"PYTHONPATH": str(path), **variables})

    return run


@needs_terminals
def test_what_a_plugin_and_its_libraries_print_is_harmless(plugin: Callable[..., str]) -> None:
    ways = ("prints", "refuses", "aborts", "system", H)
    wrong = ("evil", "x", "--option", H)
    text = plugin(("--help",), ("plugins",), ("evil", "--help"), *(("evil", way) for way in ways), wrong)
    check_harmless(re.sub(rf"\n( *{FORGED})+", "\n", text))  # a plugin may print several lines
    assert codes_of(text)[:4] == [0, 0, 0, 0]
    assert "and 10 more problems" in text


@needs_terminals
def test_a_traceback_is_harmless_too(plugin: Callable[..., str]) -> None:
    text = plugin(("evil", "fails"))
    assert codes_of(text) == [70]
    check_harmless(text.replace("a bug in nntrain", ""))
    text = plugin(("evil", "fails"), NNTRAIN_DEBUG="1")
    assert codes_of(text) == [70]
    assert "Traceback" in text
    check_harmless(text.replace("Traceback", "").replace(f"\n{FORGED}", "\n"))
