"""Parameters in safetensors files, and networks back from them."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

import nntrain
from nntrain import nn
from nntrain.checkpoint.writing import write_checkpoint
from nntrain.cli.main import run_command
from nntrain.exchange import ExchangeNetwork
from nntrain.nn import Module, build, manual_seed
from nntrain.training.inference.raw_network import build_raw_tree


@pytest.fixture
def model(tmp_path: Path) -> Module:
    manual_seed(2)
    modules = [
        {"type": "Linear", "input_size": 4, "output_size": 3},
        {"type": "BatchNormalization", "n_output": 3},
        {"type": "Tanh"},
    ]
    made: Module = build({"type": "Sequential", "modules": modules}, "module")
    made.forward(np.random.default_rng(1).normal(size=(9, 4)).astype(np.float32))
    made.evaluate()
    write_checkpoint(tmp_path / "net.h5", build_raw_tree(ExchangeNetwork(made)))
    return made


@pytest.fixture
def file(model: Module, tmp_path: Path) -> Path:
    assert run_command(["convert", str(tmp_path / "net.h5"), str(tmp_path / "net.safetensors")]) == 0
    return tmp_path / "net.safetensors"


def test_any_reader_finds_the_parameters_by_their_places(file: Path, model: Module) -> None:
    arrays = load_file(file)
    assert sorted(arrays) == ["0.bias", "0.weight", "1.bias", "1.running_mean", "1.running_var", "1.weight"]
    np.testing.assert_array_equal(arrays["0.weight"], model.parameters()[0][0])
    with safe_open(file, "numpy") as opened:
        assert json.loads(opened.metadata()["spec"]) == model.spec()


def test_the_network_comes_back(file: Path, model: Module) -> None:
    again = nntrain.load(file)
    again.evaluate()
    x = np.random.default_rng(3).normal(size=(5, 4)).astype(np.float32)
    np.testing.assert_array_equal(again.forward(x), model.forward(x))


@pytest.mark.parametrize(
    ("spec", "what"),
    [
        (None, "parameters without a network"),
        ("{", "not a safetensors file of a network"),
        ('{"type": "Nowhere"}', "unknown module 'Nowhere'"),
        ('{"type": "Linear", "input_size": 1000000, "output_size": 1000000}', "which may be malicious"),
        ('{"type": "Linear", "input_size": 4, "output_size": 3}', "is only in the"),
        ('{"type": "Mul"}', "expected shape (1,), got (3, 4)"),
    ],
)
def test_invalid_network_is_one_line(
    spec: str | None, what: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bad.safetensors"
    name = "weight" if spec and "Mul" in spec else "other"
    save_file({name: np.zeros((3, 4), np.float32)}, path, None if spec is None else {"spec": spec})
    assert run_command(["show", str(path)]) == 5
    told = capsys.readouterr().err
    assert what in told
    assert told.count("\n") == 1


def test_a_damaged_file_is_one_line(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole = file.read_bytes()
    capsys.readouterr()
    for content in (b"", whole[:20], whole[:-7], b"\xff" * 40):
        file.write_bytes(content)
        assert run_command(["show", str(file)]) == 5
        assert capsys.readouterr().err.count("\n") == 1


def test_numbers_of_a_type_that_numpy_lacks_are_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "eighth.safetensors"
    head = json.dumps({"w": {"dtype": "F8_E4M3", "shape": [8], "data_offsets": [0, 8]}}).encode()
    path.write_bytes(len(head).to_bytes(8, "little") + head + bytes(8))
    assert run_command(["show", str(path)]) == 5
    told = capsys.readouterr().err
    assert told.startswith(f"Error: {path}: not a safetensors file of a network: ")
    assert told.count("\n") == 1


def refused_header(path: Path, header: bytes, length: int, capsys: pytest.CaptureFixture[str]) -> str:
    """The error of ``nntrain show`` for a file with this header, which declares ``length`` bytes."""
    path.write_bytes(struct.pack("<Q", length) + header)
    assert run_command(["show", str(path)]) == 5
    return capsys.readouterr().err


@pytest.mark.parametrize(
    ("header", "name"),
    [
        (
            b'{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}',
            "a",
        ),
        (b'{"__metadata__":{"spec":"1","spec":"2"}}', "spec"),
    ],
)
def test_a_name_that_is_twice_in_the_header_is_refused(
    tmp_path: Path, header: bytes, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    told = refused_header(tmp_path / "net.safetensors", header, len(header), capsys)
    assert f"{name!r} occurs twice in the header" in told


@pytest.mark.parametrize("length", [100 * 10**6, 2**64 - 1])
def test_a_long_header_is_refused_before_it_is_read(
    tmp_path: Path, length: int, capsys: pytest.CaptureFixture[str]
) -> None:
    told = refused_header(tmp_path / "net.safetensors", b"{}", length, capsys)
    assert told.endswith(
        f"expected a header of at most 33,554,432 bytes, got {length:,}; the file may be malicious or corrupt\n"
    )
    assert told.count("\n") == 1


def test_layers_that_share_one_block_do_not_fill_the_disk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    linear = {"type": "Linear", "input_size": 1000, "output_size": 1000, "bias": False}
    layers = [build(linear, "module") for _ in range(50)]
    for layer in layers[1:]:
        layer.share(layers[0], "weight", "grad_weight")
    write_checkpoint(tmp_path / "net.h5", build_raw_tree(ExchangeNetwork(nn.Sequential(layers))))
    assert run_command(["convert", str(tmp_path / "net.h5"), str(tmp_path / "net.safetensors")]) != 0
    error = capsys.readouterr().err
    assert "its arrays share 4 MB of memory and would take 200 MB in a .safetensors file" in error
    assert not (tmp_path / "net.safetensors").exists()
