"""A class is in the file of its name, and no file is long."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from nntrain.hooks.registry import RegisteredClass, get_registry
from tests.laws.sources import ROOT, files

LIMIT = 250
FILES_OF_A_FOLDER = 30

# A family has a file for each class.
FILES_OF_A_FAMILY = 40

# Files that may be longer, with reasons.
LONGER: dict[str, str] = {}


def registered() -> list[RegisteredClass]:
    """Return every built-in class that is registered."""
    provided = (entry for plugin in get_registry().plugins for entry in plugin.provides)
    return [entry for entry in provided if entry.distribution == "nntrain" and isinstance(entry.cls, type)]


def name_of(value: object) -> str:
    return value.cls.__name__ if isinstance(value, RegisteredClass) else str(value)


@pytest.mark.parametrize("entry", registered(), ids=name_of)
def test_a_class_lives_in_the_file_of_its_name(entry: RegisteredClass) -> None:
    stem = entry.cls.__module__.rpartition(".")[2]
    assert stem.replace("_", "") == entry.cls.__name__.lower()


def test_no_file_is_long() -> None:
    long = {
        str(path.relative_to(ROOT)): count
        for path in files("nntrain", "plugins", "tests")
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > LIMIT
    }
    assert not {path: count for path, count in long.items() if path not in LONGER}
    assert not [path for path in LONGER if path not in long], "these are no longer long"


def test_no_folder_has_many_files() -> None:
    counts = Counter(path.parent.relative_to(ROOT) for path in files("nntrain", "plugins", "tests"))
    limits = {folder: FILES_OF_A_FAMILY if folder.parent == Path("plugins") else FILES_OF_A_FOLDER for folder in counts}
    assert not {str(folder): count for folder, count in counts.items() if count > limits[folder]}


def test_every_folder_of_code_is_a_package() -> None:
    folders = {path.parent for path in files("nntrain", "plugins", "tests")} - {ROOT / "plugins"}
    assert not [str(folder) for folder in sorted(folders) if not (folder / "__init__.py").exists()]


def test_no_file_names_this_machine() -> None:
    words = ("/ro" + "ot/", "/ho" + "me/", "/tm" + "p/")
    told = [
        (str(path.relative_to(ROOT)), word)
        for path in files("nntrain", "plugins")
        for word in words
        if word in path.read_text(encoding="utf-8")
    ]
    assert not told


def test_no_file_has_a_vague_name() -> None:
    vague = {"utils", "util", "helper", "helpers", "manager", "misc", "common"}
    assert not [path for path in files("nntrain", "plugins", "tests") if path.stem in vague]


def test_the_root_is_the_project() -> None:
    assert (ROOT / "pyproject.toml").exists()
    assert isinstance(ROOT, Path)
