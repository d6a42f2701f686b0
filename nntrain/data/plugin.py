"""nntrain's own readers of files, by the door that a stranger's plugin uses."""

from __future__ import annotations

from nntrain.data.readers.arff import ARFF
from nntrain.data.readers.excel import Excel
from nntrain.data.readers.file_reader import FileReader
from nntrain.hooks import hookimpl


@hookimpl
def nntrain_sources() -> tuple[type[FileReader], ...]:
    return (ARFF, Excel)
