"""Feather files: tables of Arrow, copied to Parquet, which has the same types."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from nntrain.data.readers.arrow_block import estimate_memory
from nntrain.data.readers.scan import Scan
from nntrain.data.readers.typed_scan import scan_parquet
from nntrain.errors import DataError
from nntrain.files.plain_name import get_plain_name
from nntrain.files.temporary_folders import get_process_folder

__all__ = ["ARROW_SIGNATURE", "scan_feather"]

# How such files begin.
ARROW_SIGNATURE = b"ARROW1"

# Bytes and rows that are written together; and the bytes of the values of a dictionary, beyond which each is written as
# often as it occurs.
CHUNK_BYTES, CHUNK_ROWS = 2**25, 2**17
MAX_DICTIONARY_BYTES = 2**30


def scan_feather(path: Path) -> Scan:
    """What DuckDB selects from in place of a file. DataError if it cannot be read, or pyarrow is not installed."""
    known = path.stat()
    return scan_parquet(path, copy_to_parquet(path, known.st_mtime_ns, known.st_size))


@cache
def copy_to_parquet(path: Path, time: int, size: int) -> Path:
    """The same table in Parquet, once for a file as it is."""
    try:
        import pyarrow as arrow
        from pyarrow.parquet import ParquetWriter
    except ImportError:
        raise DataError(
            f'{path}: Feather needs pyarrow, which is not installed: pip install "nntrain[feather]", or write Parquet'
        ) from None
    estimate_memory(path)
    new = Path(tempfile.mkdtemp(dir=get_process_folder())) / "table.parquet"
    try:
        with arrow.memory_map(get_plain_name(path)) as source:
            table = arrow.ipc.open_file(source)
            with ParquetWriter(new, table.schema, dictionary_pagesize_limit=MAX_DICTIONARY_BYTES) as writer:
                for number in range(table.num_record_batches):
                    batch = table.get_batch(number)
                    batch.validate(full=True)  # pyarrow would read beyond the bytes that there are
                    length = max(batch.num_rows * CHUNK_BYTES // max(batch.nbytes, 1), 1)
                    for begin in range(0, batch.num_rows, min(length, CHUNK_ROWS)):
                        writer.write_table(arrow.Table.from_batches([batch.slice(begin, min(length, CHUNK_ROWS))]))
    except (arrow.ArrowException, OSError) as error:
        raise DataError(f"{path}: not a Feather file, or a corrupt one: {str(error).splitlines()[0]}") from error
    return new
