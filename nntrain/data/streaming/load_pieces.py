"""Rows of another file than that of a run, in pieces if it is large."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from nntrain.data.array_schema import ArraySchema
from nntrain.data.load import load_rows, rows_like
from nntrain.data.part import Part
from nntrain.data.schema import Schema
from nntrain.data.streaming.cache import default_folder
from nntrain.data.streaming.disk_source import disk_source
from nntrain.data.streaming.memory import free_share, needed
from nntrain.data.table_source import check_file
from nntrain.files.temporary_folder import temporary_folder

__all__ = ["load_pieces"]


def load_pieces(
    path: Path, schema: Schema | ArraySchema, *, inputs: str | None = None, memory: int | None = None
) -> Iterator[Part]:
    """Encoded inputs, in the order of the rows: all at once where they fit into ``memory``, else piece by piece.

    What the pieces are made from lies in the folder of the cache until the last is taken.
    """
    check_file(path)
    budget = free_share() if memory is None else memory
    if needed(path) <= budget:
        yield load_rows(path, schema, inputs=inputs, need_targets=False)
        return
    folder = default_folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with temporary_folder(folder, "predicting-") as place, ExitStack() as open_files:
        source = disk_source(place, budget, open_files)
        rows = rows_like(path, schema, inputs, None, None, "test", need_targets=False, source=source)
        for piece in rows.pieces(schema):
            yield piece.encode(schema, need_targets=False)
