"""A network of nested tables trains from a config, and resumes to the same bits."""

from pathlib import Path
from typing import Any

from nntrain.checkpoint.reading import read_checkpoint
from nntrain.config.load import load_config
from nntrain.errors import InterruptedRunError
from nntrain.training.callback import Callback
from nntrain.training.resuming.resume import resume_run
from nntrain.training.run_folder.run_folder import RunFolder
from nntrain.training.run_start import load_splits, start_run
from nntrain.training.training_loop import score_best_network, train
from tests.paths import ROOT
from tests.training.stopping import StopAfter

IRIS = ROOT / "datasets" / "iris.csv"

# A mixture of three experts whose gate sees the same flower; two copies of the mixture through clones of one layer;
# a penalty on the first of them by the way, and its number left behind.
CONFIG = """
[data]
path = "%s"
target = "species"

[[model.modules]]
type = "ConcatTable"
modules = [
    { type = "Sequential", modules = [{ type = "Linear", output_size = 3 }, { type = "SoftMax" }] },
    { type = "ConcatTable", modules = [
        { type = "Sequential", modules = [{ type = "Linear", output_size = 8 }, { type = "Tanh" }] },
        { type = "Sequential", modules = [{ type = "Linear", output_size = 8 }, { type = "ReLU" }] },
        { type = "WeightNorm", module = { type = "Linear", output_size = 8 } },
    ] },
]

[[model.modules]]
type = "MixtureTable"

[[model.modules]]
type = "ConcatTable"
modules = [{ type = "Identity" }, { type = "Dropout", p = 0.2 }]

[[model.modules]]
type = "MapTable"
module = { type = "Linear", output_size = 6 }

[[model.modules]]
type = "ParallelTable"
modules = [{ type = "Tanh" }, { type = "BatchNormalization" }]

[[model.modules]]
type = "ConcatTable"
modules = [
    { type = "JoinTable", dim = 1 },
    { type = "Sequential", modules = [
        { type = "NarrowTable", offset = 0 },
        { type = "ParallelTable", modules = [{ type = "MulConstant", constant_scalar = 0.001 }] },
        { type = "CriterionTable", criterion = { type = "L1Cost" } },
    ] },
]

[[model.modules]]
type = "SelectTable"
index = 0

[[model.modules]]
type = "Linear"

[optimizer]
type = "adam"
learning_rate = 0.01

[train]
epochs = 12
batch_size = 16
"""


def trained(folder: RunFolder, config: Path, stop: int) -> dict[str, Any]:
    settings = load_config(config)
    run, decided = start_run(settings, load_splits(settings), config.read_text(), folder, [])
    try:
        train(run, folder, decided.train, StopAfter(stop))
    except InterruptedRunError:
        run, decided = resume_run(folder)
        train(run, folder, decided.train, Callback())
    return score_best_network(run, folder)


def test_nested_tables_train_and_resume_to_the_same_bits(tmp_path: Path) -> None:
    config = tmp_path / "nested.toml"
    config.write_text(CONFIG % IRIS)
    straight, stopped = RunFolder(tmp_path / "straight"), RunFolder(tmp_path / "stopped")
    scores = trained(straight, config, 0)
    assert scores == trained(stopped, config, 40)
    assert scores["train"]["accuracy"] > 0.9
    blocks = [read_checkpoint(folder.best_network)["network"]["state"]["blocks"] for folder in (straight, stopped)]
    assert blocks[0].keys() == blocks[1].keys()
    assert all(blocks[0][name].tobytes() == blocks[1][name].tobytes() for name in blocks[0])


def test_the_resolved_config_says_every_size(tmp_path: Path) -> None:
    config = tmp_path / "nested.toml"
    config.write_text(CONFIG % IRIS)
    settings = load_config(config)
    folder = RunFolder(tmp_path / "run")
    start_run(settings, load_splits(settings), "", folder, [])
    modules: Any = load_config(folder.config).model.modules
    assert modules[3]["module"] == {"type": "Linear", "output_size": 6, "input_size": 8}
    assert modules[4]["modules"][1] == {"type": "BatchNormalization", "n_output": 6}
    assert modules[-1] == {"type": "Linear", "output_size": 3, "input_size": 12}


def test_clones_of_their_own_are_made_before_the_flat_vector(tmp_path: Path) -> None:
    config = tmp_path / "nested.toml"
    config.write_text(CONFIG.replace('type = "MapTable"', 'type = "MapTable"\nshared = false') % IRIS)
    settings = load_config(config)
    run, _ = start_run(settings, load_splits(settings), "", RunFolder(tmp_path / "run"), [])
    clones: Any = run.network.model.children()[3]
    assert len(clones) == 2
    run.w[...] = 0
    assert not clones.get(1).weight.any()
