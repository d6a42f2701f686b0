"""What an HDF5 file says of its datasets: one JSON value with a checksum, which is written last."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from nntrain.hdf5.guard import check_dataset
from nntrain.hdf5.opened import Problem

if TYPE_CHECKING:
    import h5py

__all__ = ["COMPLETE", "CONTENTS", "read_contents", "write_contents"]

# The dataset of the JSON, and that of its CRC-32: without the second, the file was not written to its end.
CONTENTS, COMPLETE = "contents", "complete"


def write_contents(file: h5py.File, contents: Mapping[str, Any]) -> None:
    """Write a JSON value, and its checksum."""
    import h5py

    text = json.dumps(contents).encode("ascii")
    file.create_dataset(CONTENTS, data=text, dtype=h5py.string_dtype("ascii", len(text)))
    file.flush()
    file.create_dataset(COMPLETE, data=np.uint32(zlib.crc32(text)))


def read_contents(found: Mapping[str, Any], problem: Problem) -> dict[str, Any]:
    """The JSON value, of all objects of a file by their paths. The error if it does not match its checksum."""
    if not {f"/{CONTENTS}", f"/{COMPLETE}"} <= found.keys():
        raise problem("it was not written to its end")
    text, complete = (found[f"/{name}"] for name in (CONTENTS, COMPLETE))
    for item in (text, complete):
        if getattr(item, "shape", None) != ():
            raise problem(CONTENTS)
        check_dataset(item, problem, filters=False)
    if zlib.crc32(text[()]) != complete[()]:
        raise problem(CONTENTS)
    contents: dict[str, Any] = json.loads(text[()])
    return contents
