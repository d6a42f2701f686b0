"""Rows of another file than that of a run, in pieces if it is large."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from nntrain.data.array_schema import ArraySchema
from nntrain.data.load import load_rows, rows_like
from nntrain.data.part import Part
from nntrain.data.schema import Schema
from nntrain.data.source import Source
from nntrain.data.streaming.cache import default_folder
from nntrain.data.streaming.disk_source import disk_source
from nntrain.data.streaming.memory import fit
from nntrain.data.table_source import check_file
from nntrain.files.temporary_folder import temporary_folder

__all__ = ["load_pieces", "reader"]


def load_pieces(path: Path, schema: Schema | ArraySchema, memory: int, *, inputs: str | None = None) -> Iterator[Part]:
    """Encoded inputs, in the order of the rows: all at once where they fit into ``memory``, else piece by piece.

    What the pieces are made from lies in the folder of the cache until the last is taken.
    """
    check_file(path)
    if fit([path], memory):
        yield load_rows(path, schema, inputs=inputs, need_targets=False)
        return
    with reader(memory) as (source, _):
        rows = rows_like(path, schema, inputs, None, None, "test", need_targets=False, source=source)
        for piece in rows.pieces(schema):
            yield piece.encode(schema, need_targets=False)


@contextmanager
def reader(memory: int) -> Iterator[tuple[Source, Path]]:
    """What reads files that do not fit into ``memory``, and the folder where it keeps what it needs for a while."""
    parent = default_folder()
    parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with temporary_folder(parent, "reading-") as folder, ExitStack() as open_files:
        yield disk_source(folder, memory, open_files), folder
