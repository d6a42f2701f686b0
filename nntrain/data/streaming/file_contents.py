"""The description of the datasets of an HDF5 file: one JSON value with a checksum, which is written last."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from nntrain.hdf5.error_factory import ErrorFactory
from nntrain.hdf5.object_checks import check_dataset

if TYPE_CHECKING:
    import h5py

# The dataset of the JSON, and that of its CRC-32: without the second, the file is incomplete.
CONTENTS_NAME, CHECKSUM_NAME = "contents", "complete"


def write_contents(file: h5py.File, contents: Mapping[str, Any]) -> None:
    """Write a JSON value and its checksum."""
    import h5py

    text = json.dumps(contents).encode("ascii")
    file.create_dataset(CONTENTS_NAME, data=text, dtype=h5py.string_dtype("ascii", len(text)))
    file.flush()
    file.create_dataset(CHECKSUM_NAME, data=np.uint32(zlib.crc32(text)))


def read_contents(found: Mapping[str, Any], problem: ErrorFactory) -> dict[str, Any]:
    """Return the JSON value from the objects of a file by path. Raises ``problem`` if the checksum does not match."""
    if not {f"/{CONTENTS_NAME}", f"/{CHECKSUM_NAME}"} <= found.keys():
        raise problem("incomplete: the write did not finish")
    text, complete = (found[f"/{name}"] for name in (CONTENTS_NAME, CHECKSUM_NAME))
    for item in (text, complete):
        if getattr(item, "shape", None) != ():
            raise problem(CONTENTS_NAME)
        check_dataset(item, problem, filters=False)
    if zlib.crc32(text[()]) != complete[()]:
        raise problem(CONTENTS_NAME)
    contents: dict[str, Any] = json.loads(text[()])
    return contents
