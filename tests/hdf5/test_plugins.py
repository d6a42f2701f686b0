"""HDF5 loads no code, wherever a file asks for it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import h5py
import pytest

from nntrain.hdf5.opening import import_h5py_without_plugins
from tests.hdf5.hostile import rows

# A filter that does nothing but leave a mark, of the number 256, which HDF5 keeps for tests.
SOURCE = r"""
#include <stdio.h>
#include <stdlib.h>
#include <stddef.h>

typedef struct {
    int version, id;
    unsigned encoder, decoder;
    const char *name;
    void *can_apply, *set_local;
    size_t (*filter)(unsigned, size_t, const unsigned *, size_t, size_t *, void **);
} filter_class;

static void mark(void) {
    FILE *file = fopen(getenv("NNTRAIN_TEST_MARK"), "w");
    if (file) fclose(file);
}

static size_t pass(unsigned flags, size_t count, const unsigned *values, size_t size, size_t *space, void **buffer) {
    mark();
    return size;
}

static const filter_class FILTER = {1, 256, 1, 1, "mark", NULL, NULL, pass};

int H5PLget_plugin_type(void) { mark(); return 0; }
const void *H5PLget_plugin_info(void) { mark(); return &FILTER; }
"""

# What builds the files, in a process of its own that may load the filter.
BUILD = """
import sys, h5py
from tests.hdf5.hostile import rows, filtered_group
from tests.hdf5.hidden_filter import hidden_filter
folder = sys.argv[1]
filtered_group(f"{folder}/links.h5", 256)
hidden_filter(f"{folder}/hidden.h5", 256)
with h5py.File(f"{folder}/values.h5", "w") as file:
    file["targets"] = [index % 2 for index in range(20)]
    plan = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    plan.set_chunk((20, 3))
    plan.set_filter(256, h5py.h5z.FLAG_MANDATORY, ())
    space = h5py.h5s.create_simple((20, 3))
    h5py.Dataset(h5py.h5d.create(file.id, b"inputs", h5py.h5t.IEEE_F64LE, space, plan))[...] = 1
"""

COMMANDS = (
    ("show", "{file}"),
    ("check", "{file}"),
    ("fit", "{file}", "--out", "{folder}/run"),
    ("predict", "{file}", "{file}"),
    ("convert", "{file}", "{folder}/copy.h5"),
)


@pytest.fixture(scope="module")
def plugged(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A folder with files that need the filter, and an environment in which HDF5 would find it."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None or sys.platform != "linux":
        pytest.skip("a shared library is compiled with gcc, on Linux")
    folder = tmp_path_factory.mktemp("plugged")
    (folder / "mark.c").write_text(SOURCE, encoding="ascii")
    library = folder / "plugins" / "libmark.so"
    library.parent.mkdir()
    subprocess.run([compiler, "-shared", "-fPIC", "-o", library, folder / "mark.c"], check=True, timeout=300)
    mark = {"NNTRAIN_TEST_MARK": str(folder / "mark"), "HDF5_PLUGIN_PATH": str(library.parent)}
    environment = {**os.environ, **mark}
    subprocess.run([sys.executable, "-c", BUILD, folder], env=environment, check=True, timeout=300)
    # The filter works, or this would show nothing.
    assert (folder / "mark").exists()
    (folder / "mark").unlink()
    return folder, environment


@pytest.mark.parametrize("name", ["links.h5", "hidden.h5", "values.h5"])
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_a_filter_that_lies_in_the_folder_of_plugins_is_never_run(
    plugged: tuple[Path, dict[str, str]], command: tuple[str, ...], name: str, tmp_path: Path
) -> None:
    folder, environment = plugged
    arguments = [part.format(file=folder / name, folder=tmp_path) for part in command]
    done = subprocess.run(
        [sys.executable, "-m", "nntrain", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode in (1, 2, 3, 5)
    assert "Traceback" not in done.stderr
    assert not (folder / "mark").exists()


def test_nothing_is_searched_once_a_file_was_opened(tmp_path: Path) -> None:
    h5py.h5pl.append(os.fsencode(tmp_path))
    with h5py.File(tmp_path / "rows.h5", "w") as file:
        rows(file)
    assert import_h5py_without_plugins() is h5py
    assert h5py.h5pl.size() == 0
