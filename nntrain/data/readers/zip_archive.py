"""Zip archives that contain a table."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from zipfile import BadZipFile, ZipFile
from zlib import error as ZlibError  # noqa: N812 (an exception)

from nntrain.errors import DataError
from nntrain.files.temporary_folders import get_process_folder
from nntrain.formatting import format_names

if TYPE_CHECKING:
    from nntrain.data.readers.data_file import DataFile

ZIP_SIGNATURE = b"PK\x03\x04"

# Maximum compression ratio of deflate.
MAX_RATIO = 1032

# Maximum size of the list of files, which is read at once: about 20,000 files.
MAX_DIRECTORY_BYTES = 2**20


class DirectoryFile(FileIO):
    """An archive file that refuses to read more than MAX_DIRECTORY_BYTES at once."""

    def read(self, size: int | None = -1) -> bytes:
        if size is not None and size > MAX_DIRECTORY_BYTES:
            raise BadZipFile(f"its list of files takes {size:,} bytes, expected at most {MAX_DIRECTORY_BYTES:,}")
        return super().read(-1 if size is None else size)


def list_members(path: Path) -> list[str]:
    """Return the names of the files in an archive, except those that systems add. DataError for a corrupt one."""
    try:
        with DirectoryFile(path) as opened, ZipFile(opened) as archive:
            names = [item.filename for item in archive.infolist() if not item.is_dir()]
    except (BadZipFile, OSError, ValueError) as error:
        raise DataError(f"{path}: a corrupt zip archive: {error}") from error
    return [name for name in names if not name.startswith("__MACOSX/") and not PurePosixPath(name).name.startswith(".")]


def extract_member(file: DataFile, name: str | None) -> Path:
    """Unpack the only file in an archive, or the one of that name, until this process ends.

    DataError if there is not exactly one.
    """
    path, names = file.path, list_members(file.path)
    found = [one for one in names if one == name] if name is not None else names
    if len(found) > 1 and len(set(found)) == 1:
        raise DataError(
            f"{path}: {len(found)} files in the archive are named {found[0]!r}; rename or remove the others"
        )
    if len(found) != 1:
        many = f"{format_names(names)}; choose one with --set 'data.sheet=\"NAME\"'" if names else "none"
        asked = "one file" if name is None else repr(name)
        raise DataError(f"{path}: expected {asked} in the archive, got {len(names)}: {many}")
    return file.once(unpack_member, found[0])


@contextmanager
def report_archive_path(path: Path) -> Iterator[None]:
    """Name the archive ``path`` in a DataError about a file that was unpacked from it."""
    try:
        yield
    except DataError as error:
        inner, _, reason = str(error).partition(": ")
        if inner == str(path) or not inner.startswith(str(get_process_folder())):
            raise
        raise DataError(f"{path}: {Path(inner).name}: {reason}") from error


def unpack_member(file: DataFile, name: str) -> Path:
    """Unpack a file of an archive, under its own name.

    DataError for a file that is encrypted, or declares more bytes than it can unpack to.
    """
    path = file.path
    new = Path(tempfile.mkdtemp(dir=get_process_folder())) / PurePosixPath(name).name
    try:
        with DirectoryFile(path) as opened, ZipFile(opened) as archive:
            item = archive.getinfo(name)
            if item.flag_bits & 1:
                raise DataError(f"{path}: {name!r} is encrypted; unpack it first")
            if item.file_size > item.compress_size * MAX_RATIO:
                raise DataError(f"{path}: {name!r} declares {item.file_size:,} bytes in {item.compress_size:,}")
            with archive.open(item) as source, new.open("wb") as target:
                shutil.copyfileobj(source, target)
    except (BadZipFile, NotImplementedError, OSError, EOFError, RuntimeError, ZlibError) as error:
        raise DataError(f"{path}: {name!r} cannot be unpacked: {error}") from error
    return new
