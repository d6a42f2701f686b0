"""Feather files, which contain Arrow tables: they are copied to Parquet, which has the same types."""

import tempfile
from pathlib import Path

from nntrain.data.readers.arrow_block import estimate_memory
from nntrain.data.readers.data_file import DataFile
from nntrain.errors import DataError
from nntrain.files.plain_name import get_plain_name
from nntrain.files.temporary_folders import get_process_folder

# Maximum bytes and rows to write together, and the maximum size of a dictionary: the values of a larger one are written
# once per row.
CHUNK_BYTES, CHUNK_ROWS = 2**25, 2**17
MAX_DICTIONARY_BYTES = 2**30


def copy_to_parquet(file: DataFile) -> Path:
    """Write the same table in Parquet. DataError if the file cannot be read, or pyarrow is not installed."""
    path = file.path
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
                    batch.validate(full=True)  # pyarrow would read past the end of the buffers
                    length = max(batch.num_rows * CHUNK_BYTES // max(batch.nbytes, 1), 1)
                    for start in range(0, batch.num_rows, min(length, CHUNK_ROWS)):
                        writer.write_table(arrow.Table.from_batches([batch.slice(start, min(length, CHUNK_ROWS))]))
    except (arrow.ArrowException, OSError) as error:
        raise DataError(f"{path}: not a Feather file, or a corrupt one: {str(error).splitlines()[0]}") from error
    return new
