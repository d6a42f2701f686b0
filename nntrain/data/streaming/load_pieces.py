"""Rows of another file than that of a run, in pieces if it is large."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from nntrain.data.array_schema import ArraySchema
from nntrain.data.file_state import unchanged
from nntrain.data.load import load_rows, rows_like
from nntrain.data.part import Part
from nntrain.data.schema import Schema
from nntrain.data.source import Source
from nntrain.data.streaming.cache import default_folder, make_folder
from nntrain.data.streaming.disk_source import disk_source
from nntrain.data.streaming.encoded_file import EncodedFile
from nntrain.data.streaming.memory import check_rows, fit
from nntrain.data.streaming.write_encoded import kept_in, write_encoded
from nntrain.data.table_source import check_file
from nntrain.files.temporary_folder import temporary_folder

__all__ = ["load_pieces", "loaded_rows", "reader"]

# The part of a file with groups that is read.
PART = "test"


def load_pieces(path: Path, schema: Schema | ArraySchema, memory: int, *, inputs: str | None = None) -> Iterator[Part]:
    """Encoded inputs, in the order of the rows: all at once where they fit into ``memory``, else piece by piece.

    What the pieces are made from lies in the folder of the cache until the last is taken.
    """
    check_file(path)
    if fit([path], memory):
        yield load_rows(path, schema, inputs=inputs, need_targets=False)
        return
    with reader(memory) as (source, _):
        rows = rows_like(path, schema, inputs, None, None, PART, need_targets=False, source=source)
        for piece in rows.pieces(schema):
            yield piece.encode(schema, need_targets=False)


@contextmanager
def loaded_rows(
    path: Path, schema: Schema | ArraySchema, memory: int, *, inputs: str | None = None, targets: str | None = None
) -> Iterator[tuple[Part, dict[str, int]]]:
    """Encoded rows with their targets, and the values never seen in training by column: in memory where they fit.

    Else they lie in a file in the folder of the cache until the end.
    """
    check_file(path)
    if fit([path], memory):
        yield load_rows(path, schema, inputs=inputs, targets=targets, need_targets=True), schema.unseen()
        return
    with unchanged(path), ExitStack() as kept:
        folder = kept.enter_context(a_folder())
        with ExitStack() as open_files:
            source = disk_source(folder, memory, open_files)
            rows = rows_like(path, schema, inputs, targets, None, PART, need_targets=True, source=source)
            check_rows(path, rows.count, memory)
            with kept_in(default_folder()):
                unseen = write_encoded(folder / "rows.h5", "", schema, rows, {}, {PART: rows})
        file = EncodedFile(folder / "rows.h5")
        kept.callback(file.close)
        yield file.parts[PART], unseen[PART]


@contextmanager
def reader(memory: int) -> Iterator[tuple[Source, Path]]:
    """What reads files that do not fit into ``memory``, and the folder where it keeps what it needs for a while."""
    with a_folder() as folder, ExitStack() as open_files:
        yield disk_source(folder, memory, open_files), folder


@contextmanager
def a_folder() -> Iterator[Path]:
    """A folder for a while in that of the cache."""
    parent = default_folder()
    with ExitStack() as stack:
        with kept_in(parent):
            make_folder(parent)
            folder = stack.enter_context(temporary_folder(parent, "reading-"))
        yield folder
