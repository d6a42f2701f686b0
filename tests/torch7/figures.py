"""What Torch7 computed with the networks of its records."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from tests.torch7.records import GOLDEN, SHARED, manifest


@dataclass(frozen=True)
class Record:
    """A network in both forms, and its figures; None where there are none."""

    name: str
    kind: str
    files: tuple[Path, Path]
    input: Any
    target: Any = None
    output: Any = None
    loss: float | None = None
    output_after: Any = None
    grad_output: Any = None
    grad_input: Any = None
    params: list[Any] = field(default_factory=list)
    grad_params: list[Any] = field(default_factory=list)
    shared: list[list[str]] = field(default_factory=list)
    train: bool = True

    def __str__(self) -> str:
        return self.name


def records() -> Iterator[Record]:
    """Those of the repository, and all others beside it."""
    known = list(here())
    yield from known
    yield from (record for record in beside() if record.name not in {one.name for one in known})


def files(folder: Path, name: str) -> tuple[Path, Path]:
    return folder / f"{name}.t7", folder / f"{name}.ascii.t7"


def here() -> Iterator[Record]:
    with h5py.File(GOLDEN / "figures.h5") as file:
        for name, group in file.items():
            told = {key: value(item) for key, item in group.items()}
            said = {key: group.attrs[key].item() for key in ("loss", "train") if key in group.attrs}
            shared = json.loads(group.attrs.get("shared", "[]"))
            yield Record(name, group.attrs["kind"], files(GOLDEN, name), shared=shared, **told, **said)


def value(item: Any) -> Any:
    """An array, or a list of them in a group."""
    return [value(item[str(place)]) for place in range(len(item))] if isinstance(item, h5py.Group) else item[()]


def beside() -> Iterator[Record]:
    for told in manifest():
        if told["kind"] == "value":
            continue
        names = ("input", "target", "output", "output_after", "grad_output", "grad_input")
        arrays = {name: loaded(told[name]) for name in names if name in told}
        lists = {name: [loaded(one) for one in told.get(name, [])] for name in ("params", "grad_params")}
        said = {name: told[name] for name in ("loss", "train", "shared") if name in told}
        yield Record(told["name"], told["kind"], files(SHARED, told["name"]), **arrays, **lists, **said)


def loaded(told: dict[str, Any]) -> Any:
    """An array of the manifest, or a list of them."""
    return [loaded(one) for one in told["list"]] if "list" in told else np.load(SHARED / told["array"])
